"""The Vietnamese demo: real units, synthetic figures, real verdicts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from kieumau.assessments.actions import assess_all
from kieumau.assessments.models import Assessment
from kieumau.calendars import library
from kieumau.calendars.rules import Calendar
from kieumau.criteria.actions import load_set
from kieumau.demo import behaviour
from kieumau.demo.behaviour import Character, Size
from kieumau.formulas.windows import Window
from kieumau.indicators.actions import load_catalogue, open_source, record_figures
from kieumau.indicators.models import Indicator, Source
from kieumau.units.actions import load_vietnam
from kieumau.units.models import Level, Lineage, Mapping, Unit
from kieumau.units.queries import terms

Step = Callable[[int, int], None]
Row = tuple[int, int, int, int, Decimal | None]
Return = tuple[str, date, list[Row]]  # name of the source, the day it was recorded, its figures

CATALOGUE = "vn-commune"
SET = "tt124-commune"
FIRST, LAST = "2024-02", "2026-11"  # 34 months of the reporting regime
YEARS = ("2025", "2026")
JUDGED_ON = date(2026, 11, 20)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ACTOR = "kieumau demo"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of the country: a name, the codes of its provinces (None: all), the last months only."""

    name: str
    provinces: list[str] | None
    month_count: int | None = None

    @property
    def mark(self) -> str:
        """What the sources of this demo carry, so that the same work is not done twice."""
        return f"demo:{self.name}"


def is_loaded(scope: Scope) -> bool:
    """Has the last step been taken already? Every commune of the scope has its newest verdict."""
    window = library.window(YEARS[-1], SET)
    calendar = library.calendar(SET)
    last_month = Source.objects.filter(mapping=scope.mark, name__contains=LAST).exists()
    found = Assessment.objects.filter(criteria_set__code=SET, period=calendar.period_ids(window)[0])
    judged = set(found.values_list("unit", flat=True))
    paths = _paths(scope)
    there = [terms(calendar.last_day(window), path, Level.COMMUNE).filter(register="vn") for path in paths]
    units = {unit for rows in there for unit in rows.values_list("unit_id", flat=True)}
    return last_month and bool(units) and units <= judged


def load(scope: Scope, step: Step) -> int:
    """Units, 34 months of figures, the criteria set and its verdicts; how many figures were stored.

    Every source is a transaction of its own, and the figures are always the same: interrupted, it
    goes on where it stopped when it is called again.
    """
    load_vietnam(provinces=scope.provinces, actor=ACTOR)
    load_catalogue(CATALOGUE, actor=ACTOR)
    stored = _load_figures(scope, step)
    criteria_set = load_set(SET, actor=ACTOR, now=_noon(JUDGED_ON))
    now = _noon(JUDGED_ON)
    for window in (library.window(year, criteria_set.calendar) for year in YEARS):
        for path in _paths(scope):
            assess_all(
                criteria_set=criteria_set, window=window, on=JUDGED_ON, now=now, within=path, actor=ACTOR
            )
    return stored


def _paths(scope: Scope) -> list[str | None]:
    """The paths below which the scope's units stand today; None is the whole country."""
    if scope.provinces is None:
        return [None]
    here = terms(JUDGED_ON, level=Level.PROVINCE).filter(register="vn", code__in=scope.provinces)
    return [term.path for term in here]


def _of_scope(scope: Scope) -> set[int] | None:
    """The units of the scope, with those that they came from; None for all there are."""
    if scope.provinces is None:
        return None
    here = {
        unit for path in _paths(scope) for unit in terms(JUDGED_ON, path).values_list("unit_id", flat=True)
    }
    before = Mapping.objects.filter(to_unit__in=here, on_map__contains=JUDGED_ON)
    return here | set(before.values_list("from_unit", flat=True))


def _load_figures(scope: Scope, step: Step) -> int:
    calendar = library.calendar("nd09")
    all_months = calendar.windows("month", calendar.window(FIRST), calendar.window(LAST))
    months = all_months[-(scope.month_count or len(all_months)) :]
    world = _World.read(_of_scope(scope))
    stored = 0
    for number, month in enumerate(months, start=len(all_months) - len(months)):
        for name, recorded_on, rows in world.returns(calendar, month, number):
            stored += _record(scope, name, recorded_on, rows)
        step(months.index(month) + 1, len(months))
    return stored


@transaction.atomic
def _record(scope: Scope, name: str, recorded_on: date, rows: list[Row]) -> int:
    """One source with its figures, unless it was recorded before."""
    if not rows or Source.objects.filter(mapping=scope.mark, name=name).exists():
        return 0
    source = open_source(
        name=name,
        mapping=scope.mark,
        recorded_at=_noon(recorded_on),
        recorded_by=ACTOR,
        register="vn",
        is_synthetic=True,
    )
    recorded = record_figures(rows, source=source)
    return recorded.inserted + recorded.revised


@dataclass(frozen=True, slots=True)
class _World:
    """What the generator knows of the units: their keys, sizes and characters, and indicator ids.

    Only the units of the scope report, but for `units` None: all.
    """

    units: set[int] | None
    keys: dict[int, str]
    sizes: dict[int, Size]
    characters: dict[int, Character]
    indicators: dict[str, int]

    @classmethod
    def read(cls, units: set[int] | None) -> "_World":
        keys = dict(Unit.objects.filter(register="vn").values_list("id", "key"))
        return cls(
            units=units,
            keys=keys,
            sizes=_sizes(keys),
            characters={unit: behaviour.character(key) for unit, key in keys.items()},
            indicators=dict(Indicator.objects.filter(catalogue=CATALOGUE).values_list("code", "id")),
        )

    def returns(
        self, calendar: Calendar, month: Window, number: int
    ) -> Iterator[tuple[str, date, list[Row]]]:
        """The month's sources: returns in time, those that came late, a few corrections."""
        (year, ordinal), period = month.first, calendar.period_ids(month)[0]
        ended = calendar.last_day(month)
        in_time: list[Row] = []
        late: list[Row] = []
        corrections: list[Row] = []
        for term in terms(ended, level=Level.COMMUNE).filter(register="vn"):
            unit = term.unit_id
            if self.units is not None and unit not in self.units:
                continue
            key, is_like = self.keys[unit], self.characters[unit]
            rows = late if behaviour.is_late(key, year, ordinal, is_like) else in_time
            figures = behaviour.month_figures(key, self.sizes[unit], is_like, year, ordinal, number)
            for code, value in figures:
                rows.append((period, unit, self.indicators[code], *value))
                if new := behaviour.corrected(key, year, ordinal, code, value):
                    corrections.append((period, unit, self.indicators[code], *new))
        label = calendar.period_code(month)
        for name, rows, days in (
            (f"Báo cáo tháng {label} (giả lập)", in_time, 1),
            (f"Báo cáo muộn tháng {label} (giả lập)", late, 11),
            (f"Đính chính tháng {label} (giả lập)", corrections, 25),
        ):
            yield name, min(ended + timedelta(days=days), JUDGED_ON), rows


def _sizes(keys: dict[int, str]) -> dict[int, Size]:
    """The size of every unit; a successor's is what its predecessors gave it."""
    sizes = {unit: behaviour.size(key) for unit, key in keys.items()}
    inherited: dict[int, Size] = {}
    for predecessor, successor, share in (
        Lineage.objects.exclude(predecessor=F("successor"))
        .filter(predecessor__register="vn")
        .order_by("change__takes_effect_on", "id")
        .values_list("predecessor", "successor", "share")
    ):
        so_far = inherited.get(successor, behaviour.NOTHING)
        inherited[successor] = so_far.plus(sizes[predecessor], float(share))
    return sizes | inherited


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZONE)
