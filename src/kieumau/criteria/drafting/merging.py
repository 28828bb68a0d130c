"""What somebody changed in a form, put to what others have written since he opened it.

Three readings of the same fields: as the page showed them (`read`), as they were sent (`mine`), as they
stand now (`now`). Only what differs between the first two is anybody's change.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Merged:
    """The names of the fields that were changed here, and of those that others changed otherwise."""

    changed: frozenset[str]
    conflicts: frozenset[str]


def merge(read: Values, mine: Values, now: Values) -> Merged:
    """Compares three readings that are comparable as they are."""
    changed = frozenset(name for name in mine if mine[name] != read.get(name))
    differ = (name for name in changed if now.get(name) not in (read.get(name), mine[name]))
    return Merged(changed, frozenset(differ))


@dataclass(frozen=True, slots=True)
class MergedRows:
    """What was changed in the rows of a short list, by their keys.

    `changed` names the fields of a row, `gone` the rows taken away, `conflicts` those of either that
    others changed, or took away, too.
    """

    changed: Mapping[str, frozenset[str]]
    gone: frozenset[str]
    conflicts: frozenset[str]


def merge_rows(
    read: Mapping[str, Values], mine: Mapping[str, Values], now: Mapping[str, Values], names: Collection[str]
) -> MergedRows:
    """Rows by their keys; one without any of `names` is taken away.

    A row that somebody else has put in stays; so does one that was left as it was.
    """
    found = {key: merge(read[key], values, now.get(key, {})) for key, values in mine.items() if key in read}
    changed = {key: one.changed for key, one in found.items() if one.changed}
    gone = {key for key in changed if not any(mine[key].get(name) for name in names)}
    conflicts = {
        key
        for key in changed
        if (now.get(key, read[key]) != read[key] if key in gone else key not in now or found[key].conflicts)
    }
    kept = {key: one for key, one in changed.items() if key not in gone and key in now}
    return MergedRows(kept, frozenset(gone), frozenset(conflicts))
