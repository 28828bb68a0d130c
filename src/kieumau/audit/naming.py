"""What the ids and codes in entries are called: asked once for all the entries of a page."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kieumau.audit.models import Entry
from kieumau.audit.parts import COUNTED, HOLDS, PROGRAMME, ROLE, UNIT, name_of
from kieumau.audit.registry import code_names, names_of, names_of_parts, object_names
from kieumau.audit.values import word_of
from kieumau.kernel.messages import Text


@dataclass(frozen=True, slots=True)
class Names:
    """Names by what a value stands for (`parts.HOLDS`) and by the value; names of parts by their codes; names
    of objects by kind and id, of kinds that have one in each language."""

    values: Mapping[str, Mapping[Any, Text]] = field(default_factory=dict)
    parts: Mapping[str, Text] = field(default_factory=dict)
    objects: Mapping[tuple[str, str], Text] = field(default_factory=dict)

    def of_value(self, part: str, value: Any) -> Text | None:
        """What a value of a part is called; None for what is only itself."""
        known = self.values.get(HOLDS.get(part, ""), {})
        found = known.get(value) if isinstance(value, str | int) else None
        return found or word_of(part, value)

    def of_unit(self, unit_id: int | None) -> Text | None:
        """What a unit is called; None where nobody knows it."""
        return self.values.get(UNIT, {}).get(unit_id)


def names_in(entries: Iterable[Entry]) -> Names:
    """Names of everything that these entries speak of: a query each for units, programmes, indicators and
    titles, and none where they speak of none."""
    of = {UNIT: set[Any](), ROLE: set[Any](), PROGRAMME: set[Any]()}
    unnamed = set()
    spoken_of: dict[str, set[str]] = {kind: set() for kind in object_names}
    for entry in entries:
        if entry.object_kind in spoken_of:
            spoken_of[entry.object_kind].add(entry.object_id)
        of[UNIT] |= {entry.unit_id} - {None}
        for part, value in _said(entry):
            if part in HOLDS:
                of[HOLDS[part]].update(_held(part, value))
            if name_of(part) is None:
                unnamed.add(part)
    values: dict[str, Mapping[Any, Text]] = {UNIT: names_of(of.pop(UNIT))}
    values |= {what: code_names[what](codes) for what, codes in of.items() if codes and what in code_names}
    objects = {
        (kind, one): name
        for kind, ids in spoken_of.items()
        if ids
        for one, name in object_names[kind](ids).items()
    }
    return Names(values, names_of_parts(unnamed) if unnamed else {}, objects)


def _said(entry: Entry) -> Iterator[tuple[str, Any]]:
    yield from (entry.old or {}).items()
    yield from (entry.new or {}).items()


def _held(part: str, value: Any) -> Iterator[Any]:
    """The ids or codes in a value of a part that holds some."""
    wanted = int if HOLDS[part] == UNIT else str
    each = value if isinstance(value, list) else [] if part in COUNTED else [value]
    yield from (one for one in each if type(one) is wanted and one)
