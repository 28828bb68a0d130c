"""When figures change, the verdicts that rest on them are judged again, in the same transaction."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile

from django.db import connection

from kieumau.assessments import locks
from kieumau.assessments.actions import judge_unit, judge_units
from kieumau.assessments.setting import Setting
from kieumau.calendars.library import decode
from kieumau.criteria.models import CriteriaSet
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.models import Source
from kieumau.indicators.queries import catalogue
from kieumau.indicators.registry import Changed
from kieumau.indicators.runs import runs_of
from kieumau.units.models import Position

# So many units are judged one by one; beyond that one query over all of them is quicker.
FEW = 20

# Verdicts on the units whose figures changed and on every unit that ever stood above one of them.
_TOUCHED = """
WITH touched AS (
    SELECT DISTINCT unit FROM {table}
), concerned AS (
    SELECT unit FROM touched
    UNION
    SELECT string_to_table(rtrim(path, '.'), '.')::int
    FROM unit_position WHERE unit_id IN (SELECT unit FROM touched)
)
SELECT criteria_set_id, period, judged_on, array_agg(unit ORDER BY unit)
FROM assessment JOIN concerned USING (unit)
GROUP BY criteria_set_id, period, judged_on
ORDER BY criteria_set_id, period, judged_on
"""


@dataclass(frozen=True, slots=True)
class _Stale:
    """Verdicts that may rest on changed figures: one version, one period, one day of judging."""

    criteria_set_id: int
    period: int
    judged_on: date
    unit_ids: list[int]


def judge_again(changed: Changed) -> None:
    """Judge again the verdicts that there are, where their figures are among the changed ones.

    Each keeps the day as of which it was judged. Nothing is judged for the first time.
    """
    locks.share_gate()
    stale = list(_stale(changed))
    if not stale:
        return
    figures, known = _figures(changed), catalogue()
    now = Source.objects.values_list("recorded_at", flat=True).get(pk=changed.source_id)
    versions = CriteriaSet.objects.in_bulk({one.criteria_set_id for one in stale})
    judged: set[str] = set()
    for setting, unit_ids in _in_order(stale, versions, now):
        if not figures.isdisjoint(_rests_on(setting, known)) or not judged.isdisjoint(setting.placed.sets):
            _judge(setting, unit_ids)
            judged.add(setting.criteria_set.code)


def _in_order(
    stale: Iterable[_Stale], versions: Mapping[int, CriteriaSet], now: datetime
) -> list[tuple[Setting, list[int]]]:
    """The settings, each behind those whose verdicts it asks for, as far as they can be put so.

    A set may ask for its own verdict on the year before, so earlier periods come first.
    """
    waiting = [
        (Setting.of(versions[one.criteria_set_id], decode(one.period), one.judged_on, now), one.unit_ids)
        for one in stale
    ]
    waiting.sort(key=lambda each: each[0].last_day)
    ordered: list[tuple[Setting, list[int]]] = []
    while waiting:
        codes = {setting.criteria_set.code for setting, _ in waiting}
        free = [each for each in waiting if not (each[0].placed.sets & (codes - {each[0].criteria_set.code}))]
        ordered += free or waiting
        waiting = [each for each in waiting if each not in free] if free else []
    return ordered


def _stale(changed: Changed) -> Iterator[_Stale]:
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED.format(table=changed.table))
        for row in cursor.fetchall():
            yield _Stale(*row)


def _figures(changed: Changed) -> set[tuple[int, int]]:
    """Indicator and period of every changed figure."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT indicator, period FROM {changed.table}")
        return set(cursor.fetchall())


def _rests_on(setting: Setting, known: Mapping[str, Definition]) -> set[tuple[int, int]]:
    """Indicator and reporting period of every figure that a setting's operands are made of."""
    operands = (*setting.placed.operands, *setting.placed.operands_below)
    runs = runs_of(operands, known, setting.slack_days)
    return {(run.indicator_id, period) for run in runs for period in run.periods}


def _judge(setting: Setting, unit_ids: list[int]) -> None:
    applying = setting.unit_ids(unit_ids)
    if len(applying) > FEW:
        judge_units(setting, applying, within=_common_path(setting, applying))
        return
    for unit_id in sorted(applying):
        judge_unit(setting, unit_id)


def _common_path(setting: Setting, unit_ids: set[int]) -> str:
    """The path of the lowest unit that all of them stand below."""
    paths = Position.objects.filter(valid__contains=setting.last_day, unit__in=unit_ids)
    ways = [path.rstrip(".").split(".") for path in paths.values_list("path", flat=True)]
    shared = takewhile(lambda step: len(set(step)) == 1, zip(*ways, strict=False))
    return "".join(f"{step[0]}." for step in shared)
