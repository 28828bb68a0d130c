"""A small country that the page tests look at: loaded, counted and judged by the real actions.

Việt Nam with two provinces. In Cần Thơ the ward Cái Khế came from An Hòa, an older Cái Khế and a part
of Thới Bình on 1 July 2025; Mỹ Khánh and An Hòa ended. Every commune of today reports every month from
December 2024 to November 2026, but for the gaps that a test asks about.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from kieumau.assessments.actions import assess_all
from kieumau.calendars.library import calendar
from kieumau.criteria.actions import load_set
from kieumau.criteria.models import CriteriaSet
from kieumau.formulas.values import State
from kieumau.indicators.actions import load_catalogue, open_source, record_figures
from kieumau.indicators.models import Indicator
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

BEGIN, REFORM = "2020-01-01", "2025-07-01"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TODAY = date(2026, 11, 22)
SET = Path(__file__).with_name("model-ward.yaml")
NEVER = ""

UNITS = [
    # code, name, kind, parent, from, to
    ("VN", "Việt Nam", "quoc-gia", "", BEGIN, NEVER),
    ("92", "Cần Thơ", "thanh-pho", "VN", BEGIN, NEVER),
    ("79", "Hồ Chí Minh", "thanh-pho", "VN", BEGIN, NEVER),
    ("916", "Ninh Kiều", "quan", "92", BEGIN, REFORM),
    ("31117", "Cái Khế", "phuong", "916", BEGIN, REFORM),
    ("31120", "An Hòa", "phuong", "916", BEGIN, REFORM),
    ("31123", "Thới Bình", "phuong", "916", BEGIN, REFORM),
    ("31312", "Mỹ Khánh", "xa", "916", BEGIN, REFORM),
    ("31135", "Cái Khế", "phuong", "92", REFORM, NEVER),
    ("31150", "An Bình", "phuong", "92", REFORM, NEVER),
    ("26740", "Sài Gòn", "phuong", "79", BEGIN, NEVER),
]
ACTS = [
    # predecessor, successor, share, basis
    ("31117", "31135", "1", "whole"),
    ("31120", "31135", "1", "whole"),
    ("31123", "31135", "0.4", "area"),
    ("31123", "31150", "0.6", "area"),
    ("31312", "31150", "1", "whole"),
]


@dataclass(frozen=True, slots=True)
class Cast:
    """The country as tests name its parts."""

    criteria_set: CriteriaSet
    today: dict[str, int]
    before: dict[str, int]

    def unit(self, name: str) -> int:
        """The id of the unit that has a name today."""
        return self.today[name]

    @property
    def ended(self) -> int:
        """Mỹ Khánh, a commune that ended on 30 June 2025."""
        return self.before["Mỹ Khánh"]

    @property
    def ended_district(self) -> int:
        """Ninh Kiều, a district that ended on the same day."""
        return self.before["Ninh Kiều"]


def names(on: date) -> dict[str, int]:
    """The ids of all units by their names on a day."""
    return dict(Term.objects.filter(valid__contains=on).values_list("name", "unit_id"))


def load_units(more: int = 0) -> None:
    """The units above, and `more` communes in Cần Thơ."""
    extra = [(f"9{number:04}", f"Xã Mẫu {number}", "xa", "92", BEGIN, NEVER) for number in range(more)]
    keys = ("code", "name", "kind", "parent", "valid_from", "valid_to")
    units = [dict(zip(keys, row, strict=True)) for row in [*UNITS, *extra]]
    acts = [
        {
            "act": "2025",
            "takes_effect_on": REFORM,
            "predecessor": before,
            "successor": after,
            "share": share,
            "basis": basis,
            "reference": "Nghị quyết 1668",
        }
        for before, after, share, basis in ACTS
    ]
    load_rows(units, acts, actor=None, register="vn")


def load_world(more: int = 0) -> Cast:
    """The country with its figures, judged for 2025 and 2026."""
    load_units(more)
    load_catalogue("vn-commune")
    source = open_source(name="Báo cáo tháng", recorded_at=NOW, is_synthetic=True)
    record_figures(_figures(), source=source)
    criteria_set = load_set(SET, actor="tests", now=NOW)
    for year in ("2025", "2026"):
        window = calendar("tt124-commune").window(year)
        assess_all(criteria_set=criteria_set, window=window, on=TODAY, now=NOW)
    return Cast(criteria_set, names(TODAY), names(date(2025, 1, 1)))


def _figures() -> Iterator[tuple[int, int, int, State, Decimal | None]]:
    """Every figure of every commune of today; An Bình sent nothing for November 2026."""
    nd09 = calendar("nd09")
    months = nd09.windows("month", nd09.window("2024-12"), nd09.window("2026-11"))
    indicators = [one for one in Indicator.objects.all() if not one.formula]
    terms = Term.objects.filter(kind__level=3, valid__contains=TODAY).order_by("unit_id")
    for term in terms:
        for month in months:
            if not term.valid.lower <= nd09.last_day(month):
                continue
            if term.name == "An Bình" and month == months[-1]:
                continue
            [period] = nd09.period_ids(month)
            for one in indicators:
                state, value = figure(term.name, one.code, month.last)
                yield period, term.unit_id, one.id, state, value


def figure(name: str, code: str, month: tuple[int, int]) -> tuple[State, Decimal | None]:
    """What a commune reports: 25 areas of which 16 are recognized in Sài Gòn and 20 elsewhere."""
    if code == "fire.count" and name == "Cái Khế":
        return (State.REFUSED if month[1] == 3 else State.NOT_APPLICABLE), None
    if code == "areas.recognised":
        return State.VALUE, Decimal(16 if name == "Sài Gòn" else 20)
    if code.partition(".")[0] in {"areas", "agencies", "firms", "schools"}:
        return State.VALUE, Decimal(25)
    if code == "officers.disciplined":
        return State.VALUE, Decimal(0)
    return State.VALUE, Decimal(3 + month[1] % 4 + (1 if month[0] == 2025 else 0))
