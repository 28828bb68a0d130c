"""Judging: all units at once, or one unit, always in one transaction."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from kieumau.assessments import locks, verbs
from kieumau.assessments.models import Assessment
from kieumau.assessments.reading import UnitReading, all_units, one_unit
from kieumau.assessments.setting import Setting
from kieumau.assessments.storing import Judged, remove_others, store
from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor
from kieumau.audit.verbs import Verb
from kieumau.criteria.models import CriteriaSet
from kieumau.formulas.windows import Window
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.queries import catalogue, operand_values, own_values
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.models import Level
from kieumau.units.queries import terms


@dataclass(frozen=True, slots=True)
class Tally:
    """What judging did: units judged, rows new or changed, rows of units no longer there removed."""

    judged: int
    written: int
    removed: int


@transaction.atomic
def assess_all(
    *,
    criteria_set: CriteriaSet,
    window: Window,
    on: date,
    now: datetime,
    within: str | None = None,
    actor: Actor = None,
) -> Tally:
    """Judge every unit the set applies to, as of the day `on`; or those below the path `within`.

    Units are those of the set's level and kinds on the window's last day. Rows that come out the
    same stay untouched; rows of units that are no longer there are removed. Raises Refused for a
    window that is not a period of the set.
    """
    setting = Setting.of(criteria_set, window, on, now)
    locks.close_gate()
    locks.hold([(setting.occasion, None)])
    judged, written = judge_units(setting, setting.unit_ids(), within=within)
    removed = remove_others(setting.occasion, judged, within, setting.last_day)
    counts = {"judged": len(judged), "written": written, "removed": removed}
    _tell(verbs.ASSESS_ALL, setting, actor, None, {**counts, "within": within or ""})
    return Tally(**counts)


@transaction.atomic
def assess_some(
    *,
    criteria_set: CriteriaSet,
    window: Window,
    units: QuerySet[Any, Any],
    within: str,
    on: date,
    now: datetime,
    actor: Actor = None,
) -> Tally:
    """Judge the units of a sub-select (of their ids) that stand below a path, and nobody else.

    As many queries as for one unit: figures are read for all below the path, verdicts are made of these.
    The log names the units judged, as the path says of others below it too. Raises Refused for a window
    that is not a period of the set.
    """
    setting = Setting.of(criteria_set, window, on, now)
    locks.close_gate()
    locks.hold([(setting.occasion, None)])
    chosen = setting.unit_ids(units)
    judged, written = judge_units(setting, chosen, within=within)
    counts = {"judged": len(judged), "written": written, "removed": 0}
    _tell(verbs.ASSESS_ALL, setting, actor, None, {**counts, "within": within, "units": sorted(judged)})
    return Tally(**counts)


@transaction.atomic
def assess_unit(
    *,
    criteria_set: CriteriaSet,
    window: Window,
    unit_id: int,
    on: date,
    now: datetime,
    actor: Actor = None,
) -> Assessment:
    """Judge one unit exactly, as of the day `on`; the stored verdict.

    Raises Refused where the set does not apply to the unit, and for a window that is not a period
    of the set.
    """
    setting = Setting.of(criteria_set, window, on, now)
    kept = Assessment.objects.filter(criteria_set=criteria_set, period=setting.occasion.period, unit=unit_id)
    if kept.exists():
        locks.share_gate()
    else:
        locks.close_gate()
    if not setting.unit_ids([unit_id]):  # asked behind the gate: the tree may just have changed
        raise Refused([_does_not_apply(criteria_set)])
    locks.hold([(setting.occasion, [unit_id])])
    written = judge_unit(setting, unit_id)
    _tell(verbs.ASSESS_UNIT, setting, actor, unit_id, {"written": written})
    return kept.get()


def _tell(
    verb: Verb, setting: Setting, actor: Actor, unit_id: int | None, new: dict[str, int | str | list[int]]
) -> None:
    """The entry of one run: by which version, for which period, as of which day."""
    audit.record(
        actor=actor,
        verb=verb,
        object=("criteria_set", setting.criteria_set.pk),
        name=f"{setting.criteria_set.code}/{setting.criteria_set.version}",
        unit_id=unit_id,
        new={"period": setting.window.key, "as_of": setting.occasion.judged_on.isoformat(), **new},
        now=setting.occasion.judged_at,
    )


def judge_unit(setting: Setting, unit_id: int, known: Mapping[str, Definition] | None = None) -> int:
    """Judge and store one unit to which the set applies; how many rows changed (0 or 1).

    For callers that hold the unit (see `locks`). `known` is the catalogue, where the caller has just read
    it.
    """
    return store(setting.occasion, judged_each(setting, [unit_id], known))


def judge_units(setting: Setting, unit_ids: Collection[int], *, within: str | None) -> tuple[list[int], int]:
    """Judge and store those of `unit_ids` that stand below the path `within`, at once.

    Returns the units judged and how many rows changed. For callers that hold the set and period (see
    `locks`).
    """
    judged = judged_units(setting, unit_ids, within=within)
    return [one.unit_id for one in judged], store(setting.occasion, judged)


def judged_units(setting: Setting, unit_ids: Collection[int], *, within: str | None) -> list[Judged]:
    """The verdicts on those of `unit_ids` that stand below the path `within`; nothing is stored."""
    readings = _read(setting, unit_ids, within) if unit_ids else ()
    return [setting.judged(reading) for reading in readings if reading.unit_id in unit_ids]


def judged_each(
    setting: Setting, unit_ids: Collection[int], known: Mapping[str, Definition] | None = None
) -> list[Judged]:
    """The same for few units, one by one; the set applies to them. `known` is the catalogue, if at hand."""
    return [setting.judged(reading) for reading in _read_each(setting, unit_ids, None, known)]


def _read(setting: Setting, unit_ids: Collection[int], within: str | None) -> Iterator[UnitReading]:
    """Communes by one query; the few units above them one by one, as their figures are roll-ups."""
    if setting.level == Level.COMMUNE:
        yield from all_units(
            setting.placed,
            within=within,
            on=setting.last_day,
            slack_days=setting.slack_days,
            judge=setting.judge,
            asking=setting.asking,
        )
        return
    standing = terms(setting.last_day, within=within, level=setting.level).filter(unit__in=unit_ids)
    yield from _read_each(setting, list(standing.values_list("unit_id", flat=True)), within)


def _read_each(
    setting: Setting,
    unit_ids: Collection[int],
    within: str | None,
    known: Mapping[str, Definition] | None = None,
) -> Iterator[UnitReading]:
    """Units one by one; what is asked of the units below them is read for all of them at once."""
    placed, asking, slack_days = setting.placed, setting.asking, setting.slack_days
    facts = asking.of_units(placed.facts, unit_ids)
    tallies = asking.tallies(unit_ids, within=within, slack_days=slack_days)
    is_own = setting.level == Level.COMMUNE and asking.known_at is None
    if is_own and known is None:
        known = catalogue()
    for unit_id in unit_ids:
        if is_own and known is not None:
            values = own_values(unit_id, placed.operands, slack_days, known)
        else:
            values = operand_values(unit_id, placed.operands, slack_days, asking.known_at)
        beside = {**facts[unit_id], **tallies[unit_id]}
        yield one_unit(placed, unit_id, values, beside, setting.judge)


def _does_not_apply(criteria_set: CriteriaSet) -> Problem:
    reason = Text(
        vi=f"Bộ tiêu chí {criteria_set.code} không áp dụng cho đơn vị này.",
        en=f"The set {criteria_set.code} does not apply to this unit.",
    )
    return Problem("does-not-apply", reason)
