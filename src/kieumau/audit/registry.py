"""Where higher packages leave word: what units are called, and of which units somebody reads the log."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from kieumau.kernel.messages import Text

# Each knows the names of some of the units with the ids given.
unit_names: list[Callable[[Collection[int]], Mapping[int, Text]]] = []
# Each gives the ids of units whose entries a person may read, as a sub-select; None for every entry, also
# those of no unit. What all of them give may be read.
readable_units: list[Callable[[Any], Any]] = []


def names_of(unit_ids: Collection[int]) -> dict[int, Text]:
    """The names of units as far as anybody knows them."""
    found: dict[int, Text] = {}
    for names in unit_names:
        found |= names(unit_ids)
    return found
