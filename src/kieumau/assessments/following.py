"""When figures or the tree change, the verdicts that rest on them are judged again, in the same transaction.

Each keeps the day as of which it was judged. Nothing is judged for the first time. Sets that ask for
the verdicts of others are judged behind those.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import takewhile

from django.db import connection

from kieumau.assessments import locks
from kieumau.assessments.actions import judge_unit, judge_units
from kieumau.assessments.setting import Setting
from kieumau.assessments.storing import remove
from kieumau.calendars.library import decode
from kieumau.criteria.models import CriteriaSet
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.queries import catalogue
from kieumau.indicators.registry import Changed
from kieumau.indicators.runs import runs_of
from kieumau.units.models import Position
from kieumau.units.registry import MOVED_UNITS

# So many units are judged one by one; beyond that one query over all of them is quicker.
FEW = 20

# The units whose figures changed and every unit that ever stood above one of them. Of a few it is asked
# as an array, so that the few verdicts on them are found by their index.
_TOUCHED = """
WITH touched AS (
    SELECT DISTINCT unit FROM {table}
)
SELECT unit FROM touched
UNION
SELECT string_to_table(rtrim(path, '.'), '.')::int
FROM unit_position WHERE unit_id IN (SELECT unit FROM touched)
"""
_TOUCHED_AT = """
unit = ANY(ARRAY(
    SELECT {unit}
    UNION
    SELECT string_to_table(rtrim(path, '.'), '.')::int FROM unit_position WHERE unit_id = {unit}
))
"""
# The units that moved or were renamed, with every unit they ever stood below, before or now.
_MOVED = f"""
SELECT unit_id AS unit FROM {MOVED_UNITS}
UNION
SELECT string_to_table(rtrim(path, '.'), '.')::int FROM {MOVED_UNITS}
UNION
SELECT string_to_table(rtrim(path, '.'), '.')::int
FROM unit_position WHERE unit_id IN (SELECT unit_id FROM {MOVED_UNITS})
"""
_VERDICTS = """
SELECT criteria_set_id, digest, period, judged_on, units
FROM (
    SELECT criteria_set_id, period, judged_on, array_agg(unit ORDER BY unit) AS units
    FROM assessment {among}
    GROUP BY criteria_set_id, period, judged_on
) verdicts JOIN criteria_set ON criteria_set.id = criteria_set_id
ORDER BY criteria_set_id, period, judged_on
"""


@dataclass(slots=True)
class _Stale:
    """Verdicts that may have changed: one version, one period, one day of judging; units in order."""

    setting: Setting
    unit_ids: list[int]


def judge_after_figures(changed: Changed) -> None:
    """Judge again the verdicts that there are, where their figures are among the changed ones.

    Verdicts are given the time of the figures' source. That a set applies to a unit it has judged is not
    asked again: those of other units were removed when the tree changed.
    """
    stale = _stale(_concerned(changed), changed.recorded_at, locks.SHARE_GATE)
    if not stale:
        return
    figures, known = _figures(changed), changed.known or catalogue()
    judged: set[str] = set()
    moved = []
    for one in _in_order(stale):
        placed = one.setting.placed
        if not figures.isdisjoint(_rests_on(one.setting, known)) or not judged.isdisjoint(placed.sets):
            moved.append(one)
            judged.add(one.setting.criteria_set.code)
    _judge(moved, known)


def judge_after_tree_change() -> None:
    """Judge again the verdicts on units that moved or were renamed and on those above them, and remove
    those on units that a set no longer applies to.

    To be told after the totals, which lock the figures and on which verdicts above communes rest. A
    set over the 3,321 communes of a country takes about a second for each of its periods.
    """
    stale = _stale(f"JOIN ({_MOVED}) concerned USING (unit)", _transaction_time(), locks.CLOSE_GATE)
    for one in stale:
        applying = one.setting.unit_ids(one.unit_ids)
        if gone := set(one.unit_ids) - applying:
            remove(one.setting.occasion, gone)
            one.unit_ids = sorted(applying)
    _judge(_in_order(one for one in stale if one.unit_ids), catalogue())


def _concerned(changed: Changed) -> str:
    """SQL that narrows verdicts to those on units whose figures changed and on the units above them."""
    if changed.place is not None:
        return f"WHERE {_TOUCHED_AT.format(unit=int(changed.place.unit))}"
    return f"JOIN ({_TOUCHED.format(table=changed.table)}) concerned USING (unit)"


def _stale(among: str, now: datetime, gate: str) -> list[_Stale]:
    """The verdicts there are behind the gate, with what is needed to judge them again. One query.

    `among` is SQL that narrows them; `gate` is SQL that shares or closes it.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{gate}; {_VERDICTS.format(among=among)}")
        cursor.nextset()
        rows = cursor.fetchall()
    return [
        _Stale(Setting.of(_version(version, digest), decode(period), judged_on, now), unit_ids)
        for version, digest, period, judged_on, unit_ids in rows
    ]


@lru_cache(maxsize=64)
def _version(pk: int, digest: str) -> CriteriaSet:
    """A published version: long, never changed, and asked for with every form that is saved."""
    return CriteriaSet.objects.get(pk=pk, digest=digest)


def _in_order(stale: Iterable[_Stale]) -> list[_Stale]:
    """The same, each behind those whose verdicts it asks for, as far as they can be put so.

    A set may ask for its own verdict on the year before, so earlier periods come first.
    """
    waiting = sorted(stale, key=lambda one: one.setting.last_day)
    ordered: list[_Stale] = []
    while waiting:
        codes = {one.setting.criteria_set.code for one in waiting}
        free = [one for one in waiting if not _asks(one.setting, codes)] or waiting
        ordered += free
        waiting = [one for one in waiting if one not in free]
    return ordered


def _asks(setting: Setting, codes: set[str]) -> bool:
    """Does it ask for the verdict of any of these sets, itself apart?"""
    return bool(setting.placed.sets & (codes - {setting.criteria_set.code}))


def _transaction_time() -> datetime:
    """When the change began, by the clock of the database: the tree's listeners are given no other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def _figures(changed: Changed) -> set[tuple[int, int]]:
    """Indicator and period of every changed figure."""
    if changed.place is not None:
        return {(indicator, changed.place.period) for indicator in changed.place.indicators}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT indicator, period FROM {changed.table}")
        return set(cursor.fetchall())


# By version and period, with the catalogue it was found out by: a changed one is another object.
_rests: dict[tuple[int, str, int], tuple[Mapping[str, Definition], frozenset[tuple[int, int]]]] = {}


def _rests_on(setting: Setting, known: Mapping[str, Definition]) -> frozenset[tuple[int, int]]:
    """Indicator and reporting period of every figure that a setting's operands are made of."""
    key = (setting.criteria_set.pk, setting.criteria_set.digest, setting.occasion.period)
    kept = _rests.get(key)
    if kept is None or kept[0] is not known:
        operands = (*setting.placed.operands, *setting.placed.operands_below)
        runs = runs_of(operands, known, setting.slack_days)
        found = frozenset((run.indicator_id, period) for run in runs for period in run.periods)
        kept = _rests[key] = (known, found)
    return kept[1]


def _judge(stale: Collection[_Stale], known: Mapping[str, Definition]) -> None:
    """Judge the units in this order; all locks come before the first verdict."""
    locks.hold((one.setting.occasion, one.unit_ids if len(one.unit_ids) <= FEW else None) for one in stale)
    for one in stale:
        if len(one.unit_ids) > FEW:
            judge_units(one.setting, one.unit_ids, within=_common_path(one.setting, one.unit_ids))
        else:
            for unit_id in one.unit_ids:
                judge_unit(one.setting, unit_id, known)


def _common_path(setting: Setting, unit_ids: Collection[int]) -> str:
    """The path of the lowest unit that all of them stand below."""
    paths = Position.objects.filter(valid__contains=setting.last_day, unit__in=unit_ids)
    ways = [path.rstrip(".").split(".") for path in paths.values_list("path", flat=True)]
    shared = takewhile(lambda step: len(set(step)) == 1, zip(*ways, strict=False))
    return "".join(f"{step[0]}." for step in shared)
