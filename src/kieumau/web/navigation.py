"""The entries of the header, filled by the packages that own the pages.

A package calls `add` in its `AppConfig.ready()`: the frame knows no package above it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One entry: where it stands, the name of its URL (without arguments), its label."""

    position: int
    url_name: str
    label: str | Promise


_entries: dict[str, Entry] = {}


def add(url_name: str, label: str | Promise, position: int) -> None:
    """Puts an entry into the header; the same URL again replaces it."""
    _entries[url_name] = Entry(position, url_name, label)


def entries() -> list[Entry]:
    """Every entry in the order of the header."""
    return sorted(_entries.values(), key=lambda entry: (entry.position, entry.url_name))
