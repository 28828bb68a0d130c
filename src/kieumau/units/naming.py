"""Units named by people: a code, a name, or both in one line, as a spreadsheet or a letter gives them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from kieumau.kernel.messages import Place, Problem, Text
from kieumau.kernel.text import search_key, tidy
from kieumau.units.models import Kind, Level, Term, Unit
from kieumau.units.queries import terms

MOST_LINES = 5000
_CELLS = re.compile(r"[\t;,|()]+")
_CODE = re.compile(r"(?=.*[0-9])[0-9A-Za-z.:-]{1,40}")
_NUMBER = re.compile(r"[0-9]{1,4}\.?")  # of a line in a list
_SHOWN = 5
Pattern = tuple[str, str]  # a full name in Vietnamese and English, with {name}


@dataclass(frozen=True, slots=True)
class Named:
    """Units that were found, in the order of the lines, each once; and every line that is none."""

    found: list[Term] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def ids(self) -> list[int]:
        """The ids of the units."""
        return [one.unit_id for one in self.found]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    whole: str
    cells: tuple[str, ...]

    @property
    def codes(self) -> list[str]:
        """The cells that may be codes."""
        return [cell for cell in self.cells if _CODE.fullmatch(cell)]

    @property
    def name(self) -> str:
        """The cells that are no codes, as one name: some have a comma of their own."""
        return " ".join(cell for cell in self.cells if not _CODE.fullmatch(cell))


@dataclass(frozen=True, slots=True)
class _Known:
    """The units that lines may mean: by code, by the key of a full name; provinces by id."""

    by_code: Mapping[str, list[Term]]
    by_key: Mapping[str, list[Term]]
    patterns: Sequence[Pattern]
    provinces: Mapping[int, Term]

    def named(self, name: str) -> list[Term]:
        """The units of that name, full or short; only those spelled so where accents tell them apart."""
        rows = {one.unit_id: one for key in _keys(name, self.patterns) for one in self.by_key.get(key, ())}
        spelled = [one for one in rows.values() if name.casefold() in _spellings(one)]
        return spelled or list(rows.values())

    def coded(self, cell: str) -> list[Term]:
        """The units of that code, of the register before a colon where there is one."""
        register, _, bare = cell.rpartition(":")
        return [one for one in self.by_code.get(bare, ()) if register in {"", one.register}]

    def agrees(self, unit: Term, cell: str) -> bool:
        """Is that the unit's own code or name, or its province?"""
        return (
            unit in self.coded(cell)
            or unit.search_key in _keys(cell, self.patterns)
            or self.lies_in(unit, cell)
        )

    def lies_in(self, unit: Term, cell: str) -> bool:
        """Does the unit lie in the province of that name or code?"""
        province = self.provinces.get(unit.province_id or 0)
        return province is not None and (
            cell in {province.code, f"{province.register}:{province.code}"}
            or search_key(cell)
            in {
                search_key(province.name),
                search_key(province.full_name("vi")),
                search_key(province.full_name("en")),
            }
        )


def units_named(
    text: str,
    on: date,
    within: str | None = None,
    level: int | None = None,
    among: QuerySet[Unit, Any] | None = None,
) -> Named:
    """The units that the lines of a text name on a day: in a subtree, of one level, or among some.

    A line has a code, a name (full or short, accents as far as they are needed) and perhaps the province,
    parted by tab, comma, semicolon or brackets: “Phường Cái Khế (31150)”; a list may be numbered. A name is
    meant as a whole: “An Hưng” is never “Thuận Hưng”. Whatever else is in the line must agree with the unit:
    a name that is not known never gives way to the province behind it. Every line that names no unit, or
    several, is told. Three queries.
    """
    lines = list(_lines(text))
    if not lines:
        return Named()
    if len(lines) > MOST_LINES:
        reason = Text(vi=f"Quá {MOST_LINES} dòng.", en=f"More than {MOST_LINES} lines.")
        return Named([], [Problem("too-many-lines", reason)])
    there = terms(on, within, level)
    if among is not None:
        there = there.filter(unit__in=among)
    known = _known(lines, on, there, level)
    found: dict[int, Term] = {}
    problems: list[Problem] = []
    for line in lines:
        place = Place(row=line.number) if len(lines) > 1 else Place()
        units = _meant(line, known)
        if len(units) == 1:
            found[units[0].unit_id] = units[0]
        elif units:
            problems.append(_several(line, units, known, place))
        else:
            problems.append(_none(line, known, place))
    return Named(list(found.values()), problems)


def units_meant(line: str, on: date) -> list[Term]:
    """The units that one line may mean on a day, read as `units_named` reads it; none, one or several.

    What is empty means none. Three queries.
    """
    lines = list(_lines(line))[:1]
    return _meant(lines[0], _known(lines, on, terms(on), None)) if lines else []


def typed(unit: Term, language: str) -> str:
    """A unit as it can be typed: its name and code."""
    return f"{unit.full_name(language)} ({unit.code})"


def _lines(text: str) -> Iterator[_Line]:
    for number, raw in enumerate(text.splitlines(), start=1):
        whole = tidy(raw.replace("\x00", ""))
        cells = [cell for cell in map(tidy, _CELLS.split(raw.replace("\x00", ""))) if cell]
        if whole:
            yield _Line(number, " ".join(cells)[:80] or whole[:80], whole, tuple(cells))


def _known(lines: Sequence[_Line], on: date, there: QuerySet[Term], level: int | None) -> _Known:
    kinds = Kind.objects.all() if level is None else Kind.objects.filter(level=level)
    patterns = sorted({("{name}", "{name}"), *((one.full_vi, one.full_en) for one in kinds)})
    spelled = {name for line in lines for name in (line.whole, line.name, *line.cells)}
    keys = {key for name in spelled for key in _keys(name, patterns)}
    asked = Q(code__in={_bare(code) for line in lines for code in line.codes}) | Q(search_key__in=keys)
    by_code, by_key = defaultdict(list), defaultdict(list)
    for one in there.filter(asked):
        by_code[one.code].append(one)
        by_key[one.search_key].append(one)
    provinces = {one.unit_id: one for one in terms(on, level=Level.PROVINCE)}
    return _Known(by_code, by_key, patterns, provinces)


def _meant(line: _Line, known: _Known) -> list[Term]:
    first, *others = line.cells or ("",)
    if units := _agreeing(known.coded(first) or known.named(first), others, known):
        return units
    for code in line.codes:  # behind other cells: then all of them must be this unit's
        if units := _agreeing(known.coded(code), line.cells, known):
            return units
    if units := known.named(line.whole) or _agreeing(known.named(line.name), line.codes, known):
        return units
    if others and _NUMBER.fullmatch(first) and not known.coded(first):
        return _meant(replace(line, cells=tuple(others)), known)
    return []


def _agreeing(units: Sequence[Term], cells: Sequence[str], known: _Known) -> list[Term]:
    return [one for one in units if all(known.agrees(one, cell) for cell in cells)]


def _keys(name: str, patterns: Sequence[Pattern]) -> set[str]:
    """The keys that units of that name may have: keys are made of full names in Vietnamese."""
    bare, keys = search_key(name), set()
    for vi, en in patterns:
        word = search_key(en.replace("{name}", ""))
        short = bare.removesuffix(f" {word}") if word else bare
        keys |= {search_key(vi.replace("{name}", one)) for one in {bare, short}}
    return keys - {""}


def _spellings(unit: Term) -> set[str]:
    return {spelled.casefold() for spelled in (unit.name, unit.full_name("vi"), unit.full_name("en"))}


def _bare(code: str) -> str:
    return code.rpartition(":")[2]


def _several(line: _Line, units: Sequence[Term], known: _Known, place: Place) -> Problem:
    def listed(language: str) -> str:
        said = []
        for one in units[:_SHOWN]:
            province = known.provinces.get(one.province_id or 0)
            where = f"{one.code}, {province.name}" if province else one.code
            said.append(f"{one.full_name(language)} ({where})")
        return "; ".join(said) + ("; …" if len(units) > _SHOWN else "")

    return Problem(
        "ambiguous-unit",
        Text(
            vi=f"“{line.text}” có thể là nhiều đơn vị: {listed('vi')}.",
            en=f"“{line.text}” may be several units: {listed('en')}.",
        ),
        Text(vi="Hãy ghi mã hoặc thêm tên tỉnh.", en="Write the code, or add the province."),
        place,
    )


def _none(line: _Line, known: _Known, place: Place) -> Problem:
    other = next((one for code in line.codes for one in known.by_code.get(_bare(code), ())), None)
    if other is not None:
        reason = Text(
            vi=f"“{line.text}”: mã {other.code} là {other.full_name('vi')}.",
            en=f"“{line.text}”: the code {other.code} is {other.full_name('en')}.",
        )
        return Problem("code-of-another", reason, place=place)
    reason = Text(
        vi=f"Không có đơn vị “{line.text}” trong phạm vi này.",
        en=f"There is no unit “{line.text}” in this area.",
    )
    return Problem("unknown-unit", reason, place=place)
