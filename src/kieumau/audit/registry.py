"""Where higher packages leave word: what units are called."""

from collections.abc import Callable, Collection, Mapping

from kieumau.kernel.messages import Text

# Each knows the names of some of the units with the ids given.
unit_names: list[Callable[[Collection[int]], Mapping[int, Text]]] = []


def names_of(unit_ids: Collection[int]) -> dict[int, Text]:
    """The names of units as far as anybody knows them."""
    found: dict[int, Text] = {}
    for names in unit_names:
        found |= names(unit_ids)
    return found
