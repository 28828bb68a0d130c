"""Periods and units as people type them: 9/2026, quý 3/2026, 1/2026 – 9/2026; Phường Cái Khế, or its code."""

import re
from datetime import date

from kieumau.kernel.days import MONTHS, in_words
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.models import Term
from kieumau.units.naming import typed, units_meant
from kieumau.units.queries import UnknownUnit, search, term, terms

RANGE = ".."
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = r"(?P<year>\d{4})"
_WRITTEN = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("M", rf"(?:tháng|thang|month)?\s*(?P<number>0?[1-9]|1[0-2])\s*(?:/|năm|nam)\s*{_YEAR}"),
        ("Q", rf"(?:quý|quy|quarter|q)\s*(?P<number>[1-4]|i{{1,3}}|iv)\s*(?:/|năm|nam|,)?\s*{_YEAR}"),
        ("H", rf"(?:h|nửa năm)\s*(?P<number>[12])\s*(?:/|,)?\s*{_YEAR}"),
        ("name", rf"(?P<number>{'|'.join(MONTHS)})[a-z]*\.?\s*{_YEAR}"),
        ("Y", rf"(?:năm|nam|year)\s*{_YEAR}"),
    )
)
_BETWEEN = re.compile(r"\s*(?:\.\.|…|–|—|\s-\s|\s(?:đến|den|to|until)\s)\s*", re.IGNORECASE)


def as_code(text: str) -> str:
    """The code of a period as calendars read it, of what people write; anything else as it is."""
    text = " ".join(text.split())
    for kind, pattern in _WRITTEN:
        if (found := pattern.fullmatch(text)) is None:
            continue
        year, number = found["year"], found.groupdict().get("number") or ""
        if kind == "M":
            return f"{year}-{int(number):02}"
        if kind == "name":
            return f"{year}-{[one.lower() for one in MONTHS].index(number[:3].lower()) + 1:02}"
        return year if kind == "Y" else f"{year}-{kind}{_ROMAN.get(number.lower()) or number}"
    return text


def as_typed(code: str) -> str:
    """The code of a period as people write it: 11/2026, Q3/2026; a year as it is."""
    year, _, part = code.partition("-")
    if part.isdecimal():
        return f"{int(part)}/{year}"
    return f"{part}/{year}" if part[:1] in {"Q", "H"} else code


def run_of(text: str) -> tuple[str, str]:
    """The codes of the first period and the last of a run; the last is empty for a single one."""
    parts = _BETWEEN.split(text.strip(), maxsplit=1)
    return as_code(parts[0]), as_code(parts[1]) if len(parts) > 1 else ""


def place_named(text: str, on: date) -> Term:
    """The unit of that code or name on a day. Raises `Refused` where there is none, or several."""
    if terms(on).filter(code=text).exists():  # also a code without a figure, which could be a name
        return term(text, on)
    found = units_meant(text, on)
    if len(found) == 1:
        return found[0]
    if not found and any(letter.isdigit() for letter in text):
        return term(text, on)  # which says what the code meant on other days
    if not found:
        near = [typed(one, "vi") for one in search(text, on, limit=3)]
        hint = (
            Text(vi=f"Có phải: {'; '.join(near)}?", en=f"Did you mean: {'; '.join(near)}?") if near else None
        )
        day = in_words(on)
        reason = Text(
            vi=f"Ngày {day.vi} không có đơn vị “{text}”.", en=f"There is no unit “{text}” on {day.en}."
        )
        raise UnknownUnit([Problem("unknown-unit", reason, hint)])
    shown = [(typed(one, "vi"), typed(one, "en")) for one in found[:5]]
    raise Refused(
        [
            Problem(
                "ambiguous-unit",
                Text(vi=f"Có nhiều đơn vị “{text}”.", en=f"Several units are called “{text}”."),
                Text(
                    vi=f"Hãy ghi mã: {', '.join(vi for vi, _ in shown)}.",
                    en=f"Write the code: {', '.join(en for _, en in shown)}.",
                ),
            )
        ]
    )
