"""The entries of the header, filled by the packages that own the pages.

A package calls `add` or `add_own` in its `AppConfig.ready()`: the frame knows no package above it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One entry: where it stands, the name of its URL (without arguments), its label.

    What is not `is_main` stands behind “More”, so that the header stays one line.
    """

    position: int
    url_name: str
    label: str | Promise
    is_main: bool = True


@dataclass(frozen=True, slots=True)
class Own:
    """What somebody who has signed in finds beside his name: his inbox, say, with how much is new in it."""

    url_name: str
    label: str | Promise
    count: Callable[[Any], int] = field(compare=False)


_entries: dict[str, Entry] = {}
_own: dict[str, Own] = {}


def add(url_name: str, label: str | Promise, position: int, *, is_main: bool = True) -> None:
    """Puts an entry into the header; the same URL again replaces it."""
    _entries[url_name] = Entry(position, url_name, label, is_main)


def add_own(url_name: str, label: str | Promise, count: Callable[[Any], int]) -> None:
    """Puts an entry beside the name of whoever has signed in; `count` costs one small query a page."""
    _own[url_name] = Own(url_name, label, count)


def entries() -> list[Entry]:
    """Every entry in the order of the header."""
    return sorted(_entries.values(), key=lambda entry: (entry.position, entry.url_name))


def own(user: Any) -> list[tuple[Own, int]]:
    """The entries beside the name of somebody, with their counts; none for a stranger."""
    if user is None or not user.is_authenticated:
        return []
    return [(entry, entry.count(user)) for entry in _own.values()]
