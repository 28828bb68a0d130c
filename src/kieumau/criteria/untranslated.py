"""Texts whose English is but the Vietnamese, or says other numbers: no fault, but worth a look."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Untranslated:
    """One such text; `number` counts the criterion it belongs to from 1, None for the set itself."""

    text: str
    number: int | None = None


def untranslated(content: Any) -> list[Untranslated]:
    """Every text of a set's plain content that says the same in both languages, letters there are."""
    return _texts(content, _is_same)


def contradicting(content: Any) -> list[Untranslated]:
    """Every text whose English names other numbers than the Vietnamese: 95 against 92.

    Where one only names more than the other (`31/3`, `31 March`), nothing is said; `01` is 1.
    """
    return _texts(content, _has_other_numbers)


def _texts(content: Any, is_wanted: Callable[[str, str], str]) -> list[Untranslated]:
    if not isinstance(content, Mapping):
        return []
    criteria = content.get("criteria")
    rest = {key: value for key, value in content.items() if key != "criteria"}
    found = [Untranslated(text) for text in _found(rest, is_wanted)]
    for number, one in enumerate(criteria if isinstance(criteria, list) else [], 1):
        found += [Untranslated(text, number) for text in _found(one, is_wanted)]
    return found


def _found(content: Any, is_wanted: Callable[[str, str], str]) -> Iterator[str]:
    if isinstance(content, list):
        for one in content:
            yield from _found(one, is_wanted)
    if not isinstance(content, Mapping):
        return
    vi, en = content.get("vi"), content.get("en")
    if isinstance(vi, str) and isinstance(en, str):
        if said := is_wanted(vi, en):
            yield said
        return
    for one in content.values():
        yield from _found(one, is_wanted)


def _is_same(vi: str, en: str) -> str:
    return vi if vi.split() == en.split() and any(sign.isalpha() for sign in vi) else ""


def _has_other_numbers(vi: str, en: str) -> str:
    numbers = [set(map(int, re.findall(r"[0-9]+", text))) for text in (vi, en)]
    return f"{vi} – {en}" if numbers[0] - numbers[1] and numbers[1] - numbers[0] else ""
