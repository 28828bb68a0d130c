"""A small world to judge: eight communes in two provinces, a few indicators, three criteria sets."""

import random
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome
from kieumau.calendars.library import calendar as calendar_of
from kieumau.calendars.library import window
from kieumau.criteria.actions import load_set
from kieumau.criteria.models import CriteriaSet
from kieumau.formulas.values import State
from kieumau.formulas.windows import Window
from kieumau.indicators.actions import load_catalogue, open_source, record_figures
from kieumau.indicators.models import Indicator
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

Value = int | str | State
Figures = dict[tuple[str, str, str], Value]  # unit, indicator, month → value

NOW = datetime(2026, 1, 20, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 1, 21, 8, 0, tzinfo=UTC)
QUARTER = window("civil:2025-Q4")
AFTER_THE_END = date(2026, 1, 20)
BEFORE_THE_END = date(2025, 12, 1)
COMMUNES = ("C11", "C12", "C13", "C14", "C21", "C22", "C23", "C24")
_TREE = [("N", "quoc-gia", ""), ("P1", "tinh", "N"), ("P2", "tinh", "N")]
_TREE += [(code, "phuong" if code[-1] in "12" else "xa", f"P{code[1]}") for code in COMMUNES]

CATALOGUE = """\
code: world
title: {vi: Thế giới nhỏ, en: Small world}
defaults:
  nature: flow
  polarity: neutral
  measure: {vi: vụ, en: cases}
  reported: {calendar: civil, kind: month}
indicators:
  - {code: crime, name: {vi: Tội phạm, en: Crimes}}
  - {code: solved, name: {vi: Đã làm rõ, en: Crimes solved}}
  - {code: clearance, name: {vi: Tỷ lệ làm rõ, en: Clearance}, share: true, formula: solved / crime}
  - {code: areas, name: {vi: Khu dân cư, en: Areas}, nature: stock}
  - {code: recognised, name: {vi: Được công nhận, en: Recognized}, nature: stock}
"""

_HEAD = """\
code: {code}
title: {{vi: Bộ thử, en: Test set}}
summary: {{vi: Để thử., en: For tests.}}
verification: unverified
effective: {{from: 2020-01-01}}
period: {{calendar: civil, kind: quarter}}
applies_to: {{level: {level}, kinds: [{kinds}]}}
rule: {rule}
criteria:
"""

CRITERIA = """\
  - code: share
    kind: measured
    title: {vi: Công nhận, en: Recognized}
    formula: recognised / areas >= 70%
  - code: trend
    kind: measured
    title: {vi: Tội phạm giảm, en: Crime is down}
    formula: change(crime) <= -5%
  - code: derived
    kind: measured
    title: {vi: Làm rõ, en: Cleared}
    applies_if: crime > 0
    formula: clearance > 80% or solved = crime
  - code: several
    kind: measured
    title: {vi: Hai trong ba, en: Two of three}
    formula: "at_least(2, crime < 10, coalesce(solved, 0) >= 1, total(crime, last: 2) <= 30)"
  - code: plan
    kind: documented
    title: {vi: Có kế hoạch, en: There is a plan}
    document: {code: plan, name: {vi: kế hoạch, en: a plan}}
  - code: advice
    kind: judged
    title: {vi: Tham mưu tốt, en: Advises well}
    applies_if: areas >= 3
    question: {vi: Có tham mưu tốt không?, en: Does it advise well?}
"""

# Points for the same criteria; the second has bands.
_POINTS = {
    "share": "{max: 10}",
    "trend": '{max: 5, formula: "bands(0 - change(crime), 10%: 5, 0: 2.5, else: 0)"}',
    "derived": "{max: 10, formula: 10 * clearance / 3}",
    "several": '{max: 24, formula: "24 - 6 * count(crime > 5, crime > 10)"}',
    "plan": "{max: 1}",
    "advice": "{max: 1}",
}
POINTS_RULE = """{kind: points, meets_from: 20, classes: [
    {code: good, name: {vi: Khá, en: Good}, from: 30}, {code: fair, name: {vi: TB, en: Fair}, from: 20}]}"""


def set_text(code: str, rule: str = "{kind: all}", level: str = "commune", kinds: str = "phuong, xa") -> str:
    """The YAML of a set with the criteria above; with points where the rule counts them."""
    criteria = CRITERIA
    if "points" in rule:
        for criterion, points in _POINTS.items():
            criteria = criteria.replace(
                f"  - code: {criterion}\n", f"  - code: {criterion}\n    points: {points}\n"
            )
    return _HEAD.format(code=code, rule=rule, level=level, kinds=kinds) + criteria


class World:
    """Units and indicators by their codes, and short ways to write figures and read verdicts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rows = {
            code: {"code": code, "name": code, "kind": kind, "parent": parent, "valid_from": "2020-01-01"}
            for code, kind, parent in _TREE
        }
        load_rows(self._rows.values(), actor=None, register="m")
        (folder / "world.yaml").write_text(CATALOGUE, encoding="utf-8")
        load_catalogue(folder / "world.yaml", actor="test")
        self.units: dict[str, int] = dict(Term.objects.values_list("code", "unit_id"))
        self.indicators: dict[str, int] = dict(Indicator.objects.values_list("code", "id"))
        self.paths = {
            term.code: position.path
            for term in Term.objects.select_related("unit").prefetch_related("unit__positions")
            for position in term.unit.positions.all()
        }

    def move(self, unit: str, parent: str) -> None:
        """A correction: the unit has stood below another one from the beginning."""
        load_rows([self._rows[unit] | {"parent": parent}], actor=None, register="m")

    def end(self, unit: str, day: str) -> None:
        """A correction: the unit has not been there since a day."""
        load_rows([self._rows[unit] | {"valid_to": day}], actor=None, register="m")

    def rename(self, unit: str, kind: str) -> None:
        """A correction: the unit has been of another kind from the beginning."""
        load_rows([self._rows[unit] | {"kind": kind}], actor=None, register="m")

    def publish(self, text: str) -> CriteriaSet:
        """Publish a set."""
        path = self.folder / "set.yaml"
        path.write_text(text, encoding="utf-8")
        return load_set(path, actor="test", now=NOW)

    def record(
        self,
        figures: Figures,
        *,
        name: str = "a form",
        at: datetime = NOW,
    ) -> None:
        """Record figures, `{("C11", "crime", "2025-10"): 7}`; a State where there is no value."""
        source = open_source(name=name, actor="test", recorded_at=at)
        record_figures(
            (
                (month_id(month), self.units[unit], self.indicators[indicator], *_stated(value))
                for (unit, indicator, month), value in figures.items()
            ),
            source=source,
        )

    def assessments(self, criteria_set: CriteriaSet) -> dict[str, Assessment]:
        """The verdicts of a set by the code of the unit."""
        codes = {number: code for code, number in self.units.items()}
        return {codes[one.unit]: one for one in Assessment.objects.filter(criteria_set=criteria_set)}

    def outcomes(self, criteria_set: CriteriaSet, unit: str) -> dict[str, Outcome]:
        """The outcomes of a unit by the code of the criterion."""
        found = self.assessments(criteria_set)[unit]
        return {
            criterion.code: Outcome(found.outcomes[criterion.position - 1])
            for criterion in criteria_set.criteria.all()
        }


def _stated(value: Value) -> tuple[State, Decimal | None]:
    return (value, None) if isinstance(value, State) else (State.VALUE, Decimal(value))


def month_id(code: str) -> int:
    """The id of a civil month."""
    return period_of(window(f"civil:{code}"))


def period_of(single: Window) -> int:
    """The id of a period."""
    [found] = calendar_of(single.calendar).period_ids(single)
    return found


THIS_QUARTER = ("2025-10", "2025-11", "2025-12")
YEAR_AGO = ("2024-10", "2024-11", "2024-12")
BEFORE = ("2025-07", "2025-08", "2025-09")


def complete(
    unit: str,
    *,
    crime: Iterable[int],
    ago: Iterable[int] = (5, 5, 5),
    solved: int = 2,
    areas: int = 25,
    recognised: int = 18,
) -> Figures:
    """Every figure that the sets ask for, of one unit."""
    figures: Figures = {}
    for month, now, then in zip(THIS_QUARTER, crime, ago, strict=True):
        figures |= {(unit, "crime", month): now, (unit, "solved", month): solved}
        figures |= {(unit, "areas", month): areas, (unit, "recognised", month): recognised}
        figures[unit, "crime", month.replace("2025", "2024")] = then
    return figures | {(unit, "crime", month): 5 for month in BEFORE}


ASKED = [
    *(("crime", month) for month in (*THIS_QUARTER, *YEAR_AGO, *BEFORE)),
    *(("solved", month) for month in THIS_QUARTER),
    *((name, "2025-12") for name in ("areas", "recognised")),
]

FIGURES_ONLY = set_text("figures").partition("  - code: plan\n")[0]


def random_figures(world: World, seed: int) -> None:
    """Most figures that the sets ask for, any of them missing, refused or not applicable."""
    chance = random.Random(seed)
    figures: Figures = {}
    for unit in COMMUNES:
        for name, month in ASKED:
            if chance.random() < 0.1:
                figures[unit, name, month] = chance.choice([State.NOT_APPLICABLE, State.REFUSED])
            elif chance.random() < 0.9:
                figures[unit, name, month] = chance.choice(["0", "1", "2", "7", "12.50"])
    world.record(figures)
