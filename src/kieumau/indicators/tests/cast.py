"""A small invented country and its figures, made by the real actions. Other packages may use it.

Two provinces (P1 with four communes, P2 with two), one district (D1: C11 and C12), and a merger: on
1 July 2025 C13 and C14 became C15.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from kieumau.calendars.library import calendar
from kieumau.formulas.values import State
from kieumau.formulas.windows import Operand, Window
from kieumau.indicators.actions import load_catalogue, open_source, record_figures
from kieumau.indicators.actions.record import Recorded, Row
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.models import Source
from kieumau.indicators.queries import catalogue
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

CATALOGUE = """
code: mau
title: {vi: Danh mục mẫu, en: Sample catalogue}
defaults:
  measure: {vi: vụ, en: cases}
  nature: flow
  polarity: neutral
  reported: {calendar: civil, kind: month}
indicators:
  - {code: crime.occurred, name: {vi: Vụ xảy ra, en: Crimes occurred}, polarity: bad}
  - {code: crime.solved, name: {vi: Vụ làm rõ, en: Crimes solved}}
  - {code: people, name: {vi: Nhân khẩu, en: People}, nature: stock, measure: {vi: người, en: people}}
  - {code: rank, name: {vi: Hạng, en: Rank}, over_units: none}
  - {code: fires, name: {vi: Vụ cháy, en: Fires}, reported: {calendar: nd09, kind: month}}
  - {code: crime.clearance, name: {vi: Tỷ lệ làm rõ, en: Clearance}, share: true, decimals: 2,
     formula: crime.solved / crime.occurred}
"""

UNITS = [
    # code, name, kind, parent, from, to (the day before which it ends)
    ("N", "Nước Mẫu", "quoc-gia", "", "2020-01-01", ""),
    ("P1", "Bình Minh", "tinh", "N", "2020-01-01", ""),
    ("P2", "Đông Hải", "tinh", "N", "2020-01-01", ""),
    ("D1", "Huyện Ân Thi", "huyen", "P1", "2020-01-01", "2025-07-01"),
    ("C11", "An Bình", "phuong", "D1", "2020-01-01", "2025-07-01"),
    ("C12", "Ân Thi", "xa", "D1", "2020-01-01", "2025-07-01"),
    ("C11", "An Bình", "phuong", "P1", "2025-07-01", ""),
    ("C12", "Ân Thi", "xa", "P1", "2025-07-01", ""),
    ("C13", "Cần Thơ", "phuong", "P1", "2020-01-01", "2025-07-01"),
    ("C14", "Đại Lộc", "xa", "P1", "2020-01-01", "2025-07-01"),
    ("C15", "Phú Lộc", "xa", "P1", "2025-07-01", ""),
    ("C21", "Ea Súp", "xa", "P2", "2020-01-01", ""),
    ("C22", "Ê Đê", "xa", "P2", "2020-01-01", ""),
]
ACTS = [
    {
        "act": "2025",
        "takes_effect_on": "2025-07-01",
        "predecessor": old,
        "successor": "C15",
        "reference": "NQ 1",
    }
    for old in ("C13", "C14")
]


def at(day: int, hour: int = 9) -> datetime:
    """A moment in January 2026."""
    return datetime(2026, 1, day, hour, tzinfo=UTC)


@dataclass(frozen=True)
class Country:
    """Ids of the units by code, and the catalogue."""

    units: dict[str, int]
    indicators: dict[str, Definition]

    def row(self, period: str, unit: str, indicator: str, value: object) -> Row:
        """A figure from words: a number (or its text), or a state without one."""
        key = self.key(period, unit, indicator)
        if isinstance(value, State):
            return (*key, value, None)
        return (*key, State.VALUE, Decimal(str(value)))

    def key(self, period: str, unit: str, indicator: str) -> tuple[int, int, int]:
        """Ids of a figure: `2025-03`, `C11`, `crime.solved`."""
        definition = self.indicators[indicator]
        own = calendar(definition.calendar)
        return own.period_ids(own.window(period))[0], self.units[unit], definition.id

    def record(self, *figures: tuple[str, str, str, object], source: Source | None = None) -> Recorded:
        """Store figures given as (period, unit, indicator, value or state)."""
        source = source or open_source(name="thử", recorded_at=at(1))
        return record_figures([self.row(*figure) for figure in figures], source=source)


def operand(indicator: str, window: str, to: str = "", calendar_code: str = "civil") -> Operand:
    """An operand from words: `operand("crime.solved", "2025-01", to="2025-06")`."""
    own = calendar(calendar_code)
    first, last = own.window(window), own.window(to or window)
    return Operand(indicator, Window(calendar_code, first.kind, first.first, last.last))


def unit_rows(units: Iterable[Sequence[str]]) -> list[dict[str, str]]:
    """Rows as a file of units would have them."""
    columns = ("code", "name", "kind", "parent", "valid_from", "valid_to")
    return [dict(zip(columns, unit, strict=True)) for unit in units]


def load_country(folder: Path) -> Country:
    """The country and its catalogue, loaded. Needs a database."""
    load_rows(unit_rows(UNITS), actor=None, register="m")
    path = folder / "mau.yaml"
    path.write_text(CATALOGUE, encoding="utf-8")
    load_catalogue(path)
    units = dict(Term.objects.filter(register="m").values_list("code", "unit_id"))
    return Country(units, dict(catalogue()))


def load_merged(folder: Path) -> Country:
    """The same with the act that made C15 of C13 and C14."""
    found = load_country(folder)
    load_rows(unit_rows(UNITS), ACTS, actor=None, register="m")
    return found


def load_shipped() -> None:
    """No country, but the shipped catalogue of communes."""
    load_catalogue("vn-commune")
