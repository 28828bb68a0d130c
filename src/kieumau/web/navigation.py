"""The entries of the header, filled by the packages that own the pages.

A package calls `add` or `add_own` in its `AppConfig.ready()`: the frame knows no package above it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise


def everybody(user: Any) -> bool:
    """A page that is open to strangers too, as far as reading is open."""
    return True


def signed_in(user: Any) -> bool:
    """A page for people with an account."""
    return user is not None and bool(user.is_authenticated)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: where it stands, the name of its URL (without arguments), its label, whom it is shown to.

    What is not `is_main` stands behind “More”, so that the header stays one line. `opens_to` says of a person
    (None: a stranger) whether the page would let him in: no entry leads to a closed door.
    """

    position: int
    url_name: str
    label: str | Promise
    is_main: bool = True
    opens_to: Callable[[Any], bool] = everybody


@dataclass(frozen=True, slots=True)
class Own:
    """What somebody who has signed in finds beside his name: his inbox, say, with how much is new in it."""

    url_name: str
    label: str | Promise
    count: Callable[[Any], int] = field(compare=False)


_entries: dict[str, Entry] = {}
_own: dict[str, Own] = {}


def add(
    url_name: str,
    label: str | Promise,
    position: int,
    *,
    is_main: bool = True,
    opens_to: Callable[[Any], bool] = everybody,
) -> None:
    """Puts an entry into the header; the same URL again replaces it."""
    _entries[url_name] = Entry(position, url_name, label, is_main, opens_to)


def add_own(url_name: str, label: str | Promise, count: Callable[[Any], int]) -> None:
    """Puts an entry beside the name of whoever has signed in; `count` costs one small query a page."""
    _own[url_name] = Own(url_name, label, count)


def entries() -> list[Entry]:
    """Every entry in the order of the header."""
    return sorted(_entries.values(), key=lambda entry: (entry.position, entry.url_name))


def entries_for(user: Any) -> list[Entry]:
    """Those entries whose pages let the person in."""
    return [entry for entry in entries() if entry.opens_to(user)]


def own(user: Any) -> list[tuple[Own, int]]:
    """The entries beside the name of somebody, with their counts; none for a stranger."""
    if not signed_in(user):
        return []
    return [(entry, entry.count(user)) for entry in _own.values()]
