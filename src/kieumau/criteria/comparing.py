"""What one version of a set changes against another: criteria added, removed, changed, moved."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kieumau.criteria.rules import Definition


@dataclass(frozen=True, slots=True)
class Changed:
    """A criterion that both versions have, and the fields of its YAML in which they differ."""

    code: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """Codes of criteria, in the order of the version they stand in.

    `of_the_set` are the fields of the set's YAML that differ, criteria apart. `are_reordered`: the
    criteria that both have stand in another order.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[Changed, ...]
    of_the_set: tuple[str, ...]
    are_reordered: bool

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.of_the_set or self.are_reordered)


def compare(older: Definition, newer: Definition) -> Changes:
    """What `newer` changes against `older`. Criteria are the same where their codes are."""
    before = {criterion.code: criterion for criterion in older.criteria}
    after = {criterion.code: criterion for criterion in newer.criteria}
    shared = [code for code in after if code in before]
    changed = [
        Changed(
            code, _different(before[code].model_dump(by_alias=True), after[code].model_dump(by_alias=True))
        )
        for code in shared
    ]
    return Changes(
        added=_missing(after, before),
        removed=_missing(before, after),
        changed=tuple(one for one in changed if one.fields),
        of_the_set=_different(
            older.model_dump(by_alias=True, exclude={"criteria"}),
            newer.model_dump(by_alias=True, exclude={"criteria"}),
        ),
        are_reordered=shared != [code for code in before if code in after],
    )


def _missing(codes: Iterable[str], others: Collection[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if code not in others)


def _different(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    """Fields that differ or that only one has, in the order of the shape."""
    names = dict.fromkeys((*before, *after))
    return tuple(name for name in names if before.get(name) != after.get(name))
