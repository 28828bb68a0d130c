"""Figures and verdicts as SDMX-CSV 2.0: the columns of the standard, codes of its own lists.

The first three columns are the standard's (`STRUCTURE`, `STRUCTURE_ID`, `ACTION`), then the dimensions,
the measure `OBS_VALUE`, and attributes. A month of a calendar that cuts months on the 15th is no month of
SDMX: its `TIME_PERIOD` is a time range (`2025-10-15/P1M`), and `CALENDAR` and `PERIOD` name it as we do.
Source: SDMX 3.0, section 2 (time) and SDMX-CSV 2.0 field guide; cross-domain lists CL_FREQ, CL_OBS_STATUS.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from kieumau.calendars.library import calendar
from kieumau.calendars.rules import KINDS
from kieumau.exports.formats import Blocks
from kieumau.exports.rows import Column, Compared, FigureRow
from kieumau.exports.verdicts import VerdictRow

FIGURES_ID, VERDICTS_ID = "KIEUMAU:FIGURES(1.0.0)", "KIEUMAU:VERDICTS(1.0.0)"
FREQUENCIES = {"month": "M", "quarter": "Q", "half": "S", "nine_months": "_O", "year": "A"}
MISSING = {"missing": "O", "not_applicable": "M", "refused": "L"}
OBSERVED = {Compared.ESTIMATED.value: "E", Compared.DEFINITION.value: "D"}

_HEAD = (Column("STRUCTURE"), Column("STRUCTURE_ID"), Column("ACTION"))
FIGURE_COLUMNS = (
    *_HEAD,
    Column("FREQ"),
    Column("REF_AREA"),
    Column("INDICATOR"),
    Column("CALENDAR"),
    Column("MAP"),
    Column("TIME_PERIOD"),
    Column("OBS_VALUE", "decimal"),
    Column("OBS_STATUS"),
    Column("UNIT_MEASURE"),
    Column("PERIOD"),
    Column("COMPARABILITY"),
    Column("FRACTION"),
    Column("REPORTED", "whole"),
    Column("EXPECTED", "whole"),
    Column("SOURCE"),
    Column("YEAR_AGO", "decimal"),
    Column("YEAR_AGO_FRACTION"),
    Column("YEAR_AGO_STATUS"),
    Column("CHANGE", "decimal"),
    Column("YEAR_AGO_REPORTED", "whole"),
    Column("YEAR_AGO_EXPECTED", "whole"),
    Column("YEAR_AGO_COMPARABILITY"),
    Column("KNOWN_ON", "day"),
)
VERDICT_COLUMNS = (
    *_HEAD,
    Column("FREQ"),
    Column("REF_AREA"),
    Column("JUDGED_AREA"),
    Column("CRITERIA_SET"),
    Column("CRITERION"),
    Column("CALENDAR"),
    Column("MAP"),
    Column("TIME_PERIOD"),
    Column("OBS_VALUE"),
    Column("OBS_STATUS"),
    Column("POINTS", "decimal"),
    Column("PERIOD"),
    Column("COMPARABILITY"),
    Column("KNOWN_ON", "day"),
)


def figures(blocks: Sequence[Any] | Iterator[Sequence[FigureRow]]) -> Blocks:
    """Rows of figures in the standard's columns."""
    times = _Times()
    for block in blocks:
        yield [
            (
                "dataflow", FIGURES_ID, "I", times.frequency(row), row.unit, row.indicator, row.calendar,
                row.map, times.time(row), row.value, _status(row.state, row.comparability), row.measure,
                row.period, row.comparability, row.fraction, row.reported, row.expected, row.source,
                row.year_ago, row.year_ago_fraction, _ago(row), row.change, row.year_ago_reported,
                row.year_ago_expected, row.year_ago_comparability, row.known_on,
            )
            for row in block
        ]  # fmt: skip


def verdicts(blocks: Sequence[Any] | Iterator[Sequence[VerdictRow]]) -> Blocks:
    """Rows of verdicts in the standard's columns: the outcome is the observation."""
    times = _Times()
    for block in blocks:
        yield [
            (
                "dataflow", VERDICTS_ID, "I", times.frequency(row), row.unit,
                row.judged_unit, f"{row.criteria_set}/{row.version}", row.criterion, row.calendar, row.map,
                times.time(row), row.outcome, "A" if row.outcome else "O", row.points,
                row.period, row.comparability, row.known_on,
            )
            for row in block
        ]  # fmt: skip


def _ago(row: FigureRow) -> str:
    """The status a year ago; empty where it was not asked for."""
    return MISSING.get(row.year_ago_state, "A") if row.year_ago_state else ""


def _status(state: str, compared: str) -> str:
    """Of the list CL_OBS_STATUS: A normal, E estimated, D definition differs, O, M and L missing."""
    return MISSING.get(state) or OBSERVED.get(compared, "A")


class _Times:
    """Periods as SDMX writes them; each is worked out once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[str, str]] = {}

    def frequency(self, row: FigureRow | VerdictRow) -> str:
        """Of the list CL_FREQ."""
        return self._of(row)[0]

    def time(self, row: FigureRow | VerdictRow) -> str:
        """A period of the Gregorian calendar where it is one, else a time range."""
        return self._of(row)[1]

    def _of(self, row: FigureRow | VerdictRow) -> tuple[str, str]:
        key = (row.calendar, row.period)
        if key not in self._known:
            window = calendar(row.calendar).window(row.period)
            months = KINDS[window.kind][1]
            start = row.period_start
            plain = {1: f"{start:%Y-%m}", 3: f"{start.year}-Q{(start.month + 2) // 3}", 12: f"{start.year}"}
            plain[6] = f"{start.year}-S{1 if start.month < 7 else 2}"
            is_gregorian = start.day == 1 and (start.month - 1) % months == 0 and months in plain
            duration = "P1Y" if months == 12 else f"P{months}M"
            time = plain[months] if is_gregorian else f"{start.isoformat()}/{duration}"
            self._known[key] = (FREQUENCIES[window.kind], time)
        return self._known[key]
