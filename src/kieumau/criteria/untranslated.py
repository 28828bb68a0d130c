"""Texts of a set whose English words are but the Vietnamese ones: no fault, but worth a look."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Untranslated:
    """One such text; `number` counts the criterion it belongs to from 1, None for the set itself."""

    text: str
    number: int | None = None


def untranslated(content: Any) -> list[Untranslated]:
    """Every text of a set's plain content that says the same in both languages, letters there are."""
    if not isinstance(content, Mapping):
        return []
    criteria = content.get("criteria")
    rest = {key: value for key, value in content.items() if key != "criteria"}
    found = [Untranslated(text) for text in _same(rest)]
    for number, one in enumerate(criteria if isinstance(criteria, list) else [], 1):
        found += [Untranslated(text, number) for text in _same(one)]
    return found


def _same(content: Any) -> Iterator[str]:
    if isinstance(content, list):
        for one in content:
            yield from _same(one)
    if not isinstance(content, Mapping):
        return
    vi, en = content.get("vi"), content.get("en")
    if isinstance(vi, str) and isinstance(en, str):
        if vi.split() == en.split() and any(sign.isalpha() for sign in vi):
            yield vi
        return
    for one in content.values():
        yield from _same(one)
