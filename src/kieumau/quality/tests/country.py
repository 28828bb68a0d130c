"""A small sound country: nothing in it is for a check to find. Tests plant one fault at a time.

Two provinces of twelve wards each; on 1 July 2025 the wards A13 and A14 became A15 (so P1 has twelve
before and eleven after). Five flows, a stock and a share, monthly from January 2025 to June 2026.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from kieumau.calendars.library import calendar
from kieumau.formulas.values import State
from kieumau.indicators.actions import load_catalogue, open_source, record_figures
from kieumau.indicators.actions.record import Row
from kieumau.indicators.queries import catalogue
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

NOW = datetime(2026, 7, 20, 2, tzinfo=UTC)
BEGIN, REFORM = "2024-01-01", "2025-07-01"
FLOWS = ("theft", "fraud", "fires", "tips", "visits")
CATALOGUE = """
code: kho
title: {vi: Danh mục kiểm tra, en: Catalogue for checks}
defaults:
  measure: {vi: vụ, en: cases}
  nature: flow
  polarity: neutral
  reported: {calendar: civil, kind: month}
indicators:
  - {code: theft, name: {vi: Trộm cắp, en: Theft}, main: true}
  - {code: fraud, name: {vi: Lừa đảo, en: Fraud}, main: true}
  - {code: fires, name: {vi: Cháy, en: Fires}, main: true}
  - {code: tips, name: {vi: Tin báo, en: Tips}, main: true}
  - {code: visits, name: {vi: Lượt tiếp, en: Visits}, main: true}
  - {code: people, name: {vi: Nhân khẩu, en: People}, nature: stock, measure: {vi: người, en: people}}
  - {code: mood, name: {vi: Mức hài lòng, en: Satisfaction}, share: true, over_units: none, nature: stock}
  - {code: theft.share, name: {vi: Tỷ trọng trộm cắp, en: Share of theft}, share: true,
     formula: theft / (theft + fraud)}
"""


@dataclass(frozen=True)
class Country:
    """Ids by code."""

    units: dict[str, int]
    indicators: dict[str, int]

    def words(self) -> dict[str, int]:
        """What a planted fault may name: `A01`, `theft`, `m2025_03`, …"""
        months = {f"m{year}_{month:02}": period(year, month) for year, month in _months()}
        return {**self.units, **self.indicators, **months}


def period(year: int, month: int) -> int:
    """The id of a month."""
    own = calendar("civil")
    return own.period_ids(own.window(f"{year}-{month:02}"))[0]


def load(folder: Path) -> Country:
    """The country, loaded by the real actions. Needs a database."""
    load_rows(_units(), _acts(), actor=None, register="k")
    path = folder / "kho.yaml"
    path.write_text(CATALOGUE, encoding="utf-8")
    load_catalogue(path)
    found = Country(
        dict(Term.objects.filter(register="k").values_list("code", "unit_id")),
        {
            code: one.id
            for code, one in catalogue().items()
            if code in {*FLOWS, "people", "mood", "theft.share"}
        },
    )
    source = open_source(name="báo cáo tháng", recorded_at=datetime(2026, 7, 5, tzinfo=UTC))
    record_figures(_figures(found), source=source)
    return found


def _months() -> Iterator[tuple[int, int]]:
    for number in range(18):
        yield 2025 + number // 12, number % 12 + 1


def _wards() -> Iterator[tuple[str, str, date | None, date | None]]:
    """Code, province, first day and the day before which it ends, where they are not the country's."""
    reform = date.fromisoformat(REFORM)
    for number in range(1, 13):
        yield f"A{number:02}", "P1", None, None
        yield f"B{number:02}", "P2", None, None
    yield "A13", "P1", None, reform
    yield "A14", "P1", None, reform
    yield "A15", "P1", reform, None


def _units() -> list[dict[str, str]]:
    columns = ("code", "name", "kind", "parent", "valid_from", "valid_to")
    rows = [
        ("N", "Nước", "quoc-gia", "", BEGIN, ""),
        ("P1", "Bình Minh", "tinh", "N", BEGIN, ""),
        ("P2", "Đông Hải", "tinh", "N", BEGIN, ""),
        *(
            (
                code,
                f"Phố {code}",
                "phuong",
                above,
                (first or date.fromisoformat(BEGIN)).isoformat(),
                str(end or ""),
            )
            for code, above, first, end in _wards()
        ),
    ]
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _acts() -> list[dict[str, str]]:
    columns = ("act", "takes_effect_on", "predecessor", "successor", "share", "basis")
    rows = [
        ("sap-nhap", REFORM, "A13", "A15", "1", "whole"),
        ("sap-nhap", REFORM, "A14", "A15", "1", "whole"),
    ]
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _figures(country: Country) -> Iterator[Row]:
    for year, month in _months():
        for number, (code, _, first, end) in enumerate(_wards()):
            starts = date(year, month, 1)
            if (first and starts < first) or (end and starts >= end):
                continue
            key = (period(year, month), country.units[code])
            for place, flow in enumerate(FLOWS):
                # Between 21 and 48, never the same two months running, one in ten a round number.
                count = 21 + (7 * number + 5 * month + 11 * place + 3 * (year - 2025)) % 28
                yield (*key, country.indicators[flow], State.VALUE, Decimal(count))
            yield (*key, country.indicators["people"], State.VALUE, Decimal(9_000 + 10 * number + month))
            yield (*key, country.indicators["mood"], State.VALUE, Decimal("0.88"))
