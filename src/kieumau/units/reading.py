"""Rows of text into terms and acts: dates, shares, and codes that must mean one unit."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from kieumau.kernel.messages import Place, Problem, Text
from kieumau.kernel.text import Speller
from kieumau.units.csvfile import Column, Row, Sheet
from kieumau.units.rules import Act, Share, TermRow

UNIT_COLUMNS = (
    Column("code"),
    Column("name"),
    Column("kind"),
    Column("parent"),
    Column("valid_from"),
    Column("valid_to", is_required=False),
    Column("key", is_required=False),
    Column("register", is_required=False),
)
ACT_COLUMNS = (
    Column("act"),
    Column("takes_effect_on"),
    Column("predecessor"),
    Column("successor"),
    Column("share", is_required=False),
    Column("basis", is_required=False),
    Column("reference", is_required=False),
    Column("summary", is_required=False),
    Column("summary_en", is_required=False),
)
PLAIN_SHARE = re.compile(r"[0-9]{0,3}\.[0-9]{1,10}0*|[0-9]{1,3}", re.ASCII)  # no 1e30, no 1_0, no NaN


def read_units(sheet: Sheet, stored: Sequence[TermRow], register: str) -> tuple[list[TermRow], list[Problem]]:
    """Terms from rows with `UNIT_COLUMNS`; parents may be in the file or among `stored`.

    Without a key, rows of one code are one unit. Returns what could be read and every problem.
    """
    problems: list[Problem] = []
    terms: list[tuple[TermRow, str]] = []
    unreadable: set[str] = set()  # their children are not to blame
    for number, row in sheet.rows:
        cells = _Cells(sheet, number, row, problems)
        starts, ends = cells.day("valid_from"), cells.day("valid_to", is_required=False)
        own_register = row.get("register") or register or "local"
        if starts is None:
            unreadable.add(row["code"])
            continue
        term = TermRow(
            key=row.get("key") or f"{own_register}/{row['code']}",
            register=own_register,
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            parent=None,
            starts=starts,
            ends=ends,
            place=sheet.place(number),
        )
        terms.append((term, row["parent"]))
    in_file = {term.key for term, _ in terms}
    codes = Codes([term for term, _ in terms] + [term for term in stored if term.key not in in_file])
    placed = []
    for term, parent in terms:
        found = codes.unit_during(parent, term) if parent and parent not in unreadable else None
        if isinstance(found, Problem):
            problems.append(found)
            found = None
        placed.append(replace(term, parent=found))
    return placed, problems


def read_acts(sheet: Sheet, terms: Sequence[TermRow]) -> tuple[list[Act], list[Problem]]:
    """Acts from rows with `ACT_COLUMNS`, one row for each pair of units.

    The predecessor's code is read as of the day before the act, the successor's as of its day. An
    empty successor says that the unit ended without one.
    """
    problems: list[Problem] = []
    codes = Codes(terms)
    acts: dict[str, Act] = {}
    for number, row in sheet.rows:
        cells = _Cells(sheet, number, row, problems)
        day = cells.day("takes_effect_on")
        if not row["act"]:
            cells.complain("act", "Dòng phải có tên quyết định.", "The row needs the name of the act.")
        if day is None or not row["act"]:
            continue
        act = acts.setdefault(row["act"], _act(row, day, sheet.place(number)))
        if act.takes_effect_on != day:
            cells.complain(
                "takes_effect_on",
                f"Quyết định “{act.key}” đã có ngày {act.takes_effect_on}.",
                f"The act “{act.key}” already has the day {act.takes_effect_on}.",
                code="wrong-date",
            )
        acts[act.key] = _with_pair(act, cells, codes, day)
    return list(acts.values()), problems


def _with_pair(act: Act, cells: "_Cells", codes: "Codes", day: date) -> Act:
    """The act with what one row adds to it: a share, or the end of a unit; nothing where that is wrong."""
    before = cells.unit("predecessor", codes, day - timedelta(days=1))
    if before is None:
        return act
    if not cells.row["successor"]:
        return replace(act, ends=(*act.ends, before))
    after, size = cells.unit("successor", codes, day), cells.share()
    if after is None or size is None:
        return act
    basis = cells.row.get("basis") or ("whole" if size == 1 else "")
    return replace(act, shares=(*act.shares, Share(before, after, size, basis, cells.place())))


def _act(row: Mapping[str, str], day: date, place: Place) -> Act:
    summary = row.get("summary", "")
    return Act(
        key=row["act"],
        takes_effect_on=day,
        reference=row.get("reference", ""),
        summary=Text(vi=summary, en=row.get("summary_en") or summary),
        place=place,
    )


@dataclass(frozen=True, slots=True)
class _Cells(Row):
    """A row of units or of acts."""

    def unit(self, column: str, codes: "Codes", day: date) -> str | None:
        """The key of the unit that a cell means on a day; None and a problem where it means none."""
        found = codes.unit_on(self.row[column], day, self.place(column))
        if isinstance(found, Problem):
            self.problems.append(found)
            return None
        return found

    def share(self) -> Decimal | None:
        """The share of the row, 1 where it is empty."""
        text = self.row.get("share", "").replace(",", ".")
        if PLAIN_SHARE.fullmatch(text or "1"):
            return Decimal(text or "1")
        self.complain(
            "share",
            f"“{text}” không phải là một phần (ví dụ 0.25, nhiều nhất 10 chữ số thập phân).",
            f"“{text}” is not a share (such as 0.25, at most ten decimals).",
        )
        return None


class Codes:
    """Which unit a code (or a key) meant when."""

    def __init__(self, terms: Iterable[TermRow]) -> None:
        self._by_code: dict[str, list[TermRow]] = defaultdict(list)
        self._keys: set[str] = set()
        for term in terms:
            self._by_code[term.code].append(term)
            self._keys.add(term.key)
        self._speller: Speller | None = None

    def unit_during(self, code: str, child: TermRow) -> str | Problem:
        """The key of the one unit that `code` means while `child` lasts, or what is wrong."""
        if code in self._keys:
            return code
        found = [
            term
            for term in self._by_code.get(code, ())
            if term.register == child.register and term.overlaps(child)
        ]
        if len({term.key for term in found}) == 1:
            return found[0].key
        place = replace(child.place, column="parent")
        if not found:
            return self._unknown(code, child.starts, place, "unknown-parent")
        days = ", ".join(str(term.starts) for term in sorted(found, key=lambda term: term.starts)[1:])
        return Problem(
            "parent-changed",
            Text(
                vi=f"Mã {code} chỉ các đơn vị khác nhau trong thời gian của “{child.name}”.",
                en=f"The code {code} means different units during the time of “{child.name}”.",
            ),
            Text(vi=f"Tách dòng tại ngày {days}.", en=f"Split the row on {days}."),
            place,
        )

    def unit_on(self, code: str, day: date, place: Place, register: str = "") -> str | Problem:
        """The key of the one unit with that code on a day (in a register), or what is wrong."""
        if code in self._keys:
            return code
        found = {
            term.key
            for term in self._by_code.get(code, ())
            if term.is_valid_on(day) and register in ("", term.register)
        }
        if len(found) == 1:
            return found.pop()
        if not found:
            return self._unknown(code, day, place, "unknown-unit")
        reason = Text(
            vi=f"Mã {code} có trong nhiều danh mục; hãy ghi khóa của đơn vị.",
            en=f"The code {code} is in several registers; write the unit's key.",
        )
        return Problem("ambiguous-unit", reason, place=place)

    def _unknown(self, code: str, day: date, place: Place, problem: str) -> Problem:
        if known := self._by_code.get(code):
            spans = "; ".join(f"“{term.name}” {term.starts} – {term.ends or '…'}" for term in known)
            hint: Text | None = Text(vi=f"Mã này: {spans}.", en=f"That code: {spans}.")
        else:
            if self._speller is None:
                self._speller = Speller(self._by_code)
            near = self._speller.nearest(code)
            hint = Text(vi=f"Có phải “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None
        return Problem(
            problem,
            Text(
                vi=f"Ngày {day} không có đơn vị mã “{code}”.",
                en=f"There is no unit with code “{code}” on {day}.",
            ),
            hint,
            place,
        )
