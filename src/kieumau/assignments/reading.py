"""What people type: units by name or code, one a line; posts and findings, one a line."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from kieumau.kernel.messages import Problem, Text
from kieumau.kernel.text import search_key, tidy
from kieumau.units.models import Term, Unit
from kieumau.units.queries import terms

MOST_LINES = 500
_CODE = re.compile(r"\(([^()]+)\)$")  # “Phường Cái Khế (31150)”, as the pages write it


def lines(text: str) -> list[str]:
    """The lines that say something, tidy."""
    return [line for line in (tidy(one) for one in text.splitlines()) if line]


def pairs(text: str, mark: str) -> tuple[tuple[str, str], ...]:
    """Each line cut at the first mark; what stands after it may be empty."""
    cut = [line.partition(mark) for line in lines(text)]
    return tuple((before.strip(), after.strip()) for before, _, after in cut)


def units_typed(
    text: str, on: date, among: QuerySet[Unit, Any] | None = None
) -> tuple[list[int], list[Problem]]:
    """The units of the lines, each once, and every line that names none or several. One query.

    By code, by name or by the name with its kind; accents and case do not count. `among` leaves others out.
    """
    asked = lines(text)[:MOST_LINES]
    if not asked:
        return [], []
    codes = {line: _code_of(line) for line in asked}
    keys = {line: search_key(line) for line in asked}
    # The key of a unit begins with its kind (“phuong cai khe”): the name alone is its end.
    ending = "|".join(re.escape(key) for key in keys.values() if key)
    named = Q(search_key__regex=f"(^| )({ending})$") if ending else Q()
    there = terms(on).filter(Q(code__in=codes.values()) | named)
    if among is not None:
        there = there.filter(unit__in=among)
    by_code: dict[str, list[Term]] = defaultdict(list)
    by_key: dict[str, list[Term]] = defaultdict(list)
    for term in there.select_related("kind"):
        by_code[term.code].append(term)
        for key in {
            search_key(term.name),
            search_key(term.full_name("vi")),
            search_key(term.full_name("en")),
        }:
            by_key[key].append(term)
    found: dict[int, None] = {}
    problems = []
    for line in asked:
        hits = by_code.get(codes[line]) or by_key.get(keys[line]) or []
        if len(hits) == 1:
            found[hits[0].unit_id] = None
        else:
            problems.append(_many(line, hits) if hits else _none(line))
    return list(found), problems


def typed(term: Term, language: str) -> str:
    """A unit as it can be typed: its name and code."""
    return f"{term.full_name(language)} ({term.code})"


def _code_of(line: str) -> str:
    found = _CODE.search(line)
    return found.group(1) if found else line


def _none(line: str) -> Problem:
    reason = Text(
        vi=f"Không có đơn vị “{line}” trong phạm vi của bạn.", en=f"There is no unit “{line}” in your scope."
    )
    hint = Text(vi="Ghi đúng tên hoặc mã, mỗi dòng một đơn vị.", en="Its name or code, one unit a line.")
    return Problem("no-such-unit", reason, hint)


def _many(line: str, hits: Sequence[Term]) -> Problem:
    shown = "; ".join(f"{one.full_name('vi')} ({one.code})" for one in hits[:5])
    reason = Text(vi=f"Có nhiều đơn vị “{line}”: {shown}.", en=f"Several units are called “{line}”: {shown}.")
    return Problem("several-units", reason, Text(vi="Ghi mã đơn vị.", en="Give the code."))
