"""Where higher packages leave word: what things are called, and of which units somebody reads the log."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

from kieumau.kernel.messages import Text

# Each knows the names of some of the units with the ids given.
unit_names: list[Callable[[Collection[int]], Mapping[int, Text]]] = []
# By what codes in entries stand for (`parts.HOLDS`): the names of some of the codes given. A query at most.
code_names: dict[str, Callable[[Collection[str]], Mapping[str, Text]]] = {}
# By the kind of an object that has a name in each language: those of some of its ids. A query at most.
object_names: dict[str, Callable[[Collection[str]], Mapping[str, Text]]] = {}
# Each knows some of the codes that entries have for names of their parts. A query at most.
part_names: list[Callable[[Collection[str]], Mapping[str, Text]]] = []
# Each gives the ids of units whose entries a person may read, as a sub-select; None for every entry, also
# those of no unit. What all of them give may be read.
readable_units: list[Callable[[Any], Any]] = []
# Each lets every entry be seen while it lasts, where rows are hidden by who asks: to prove the chain.
seeing_all: list[Callable[[], AbstractContextManager[None]]] = []


@contextmanager
def whole_log() -> Iterator[None]:
    """While this lasts no entry is hidden, whoever asks."""
    with ExitStack() as block:
        for one in seeing_all:
            block.enter_context(one())
        yield


def names_of(unit_ids: Collection[int]) -> dict[int, Text]:
    """The names of units as far as anybody knows them."""
    found: dict[int, Text] = {}
    for names in unit_names:
        found |= names(unit_ids)
    return found


def names_of_parts(codes: Collection[str]) -> dict[str, Text]:
    """The names of codes as far as anybody knows them."""
    found: dict[str, Text] = {}
    for names in part_names:
        found |= names(codes)
    return found
