"""Verdicts as they were known at a moment: worked out again from what was known then, nothing is stored.

A stored verdict that has not changed since is the one. Any other is judged again from the figures known
then, by the same version, as of the day of the last run over its unit that the log tells of. The tree is
that of the period: as recorded by the moment where `audit.past.as_known` is entered, as pages, commands and
exports do, else as recorded today.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import QuerySet

from kieumau.accounts.acting import everywhere
from kieumau.assessments import verbs
from kieumau.assessments.actions import judged_each, judged_units
from kieumau.assessments.known import Said, Verdict
from kieumau.assessments.models import Assessment
from kieumau.assessments.setting import Setting
from kieumau.assessments.storing import unstored
from kieumau.audit.models import Entry
from kieumau.calendars.library import decode
from kieumau.criteria.models import CriteriaSet
from kieumau.formulas.windows import Window
from kieumau.units.models import Position
from kieumau.units.queries import AFTER_ALL_PATHS

# So many units are judged one by one; beyond that one query over all of them is quicker.
FEW = 20


@dataclass(frozen=True, slots=True)
class _Run:
    """Judging that the log tells of: as of which day, which units alone, or all below a path (empty: all)."""

    on: date
    units: frozenset[int] | None
    within: str

    def judged(self, asked: set[int], day: date) -> set[int]:
        """Which of the units were judged by it, as they stand on a day."""
        if self.units is not None:
            return asked & self.units
        return asked & _below(self.within, day) if self.within else set(asked)


@dataclass(frozen=True)
class Earlier:
    """What was known at a moment. What was worked out is kept as long as this lives."""

    known_at: datetime
    _found: dict[tuple[Verdict, frozenset[int] | str | None], dict[int, Assessment]] = field(
        default_factory=dict
    )
    _asked: list[Verdict] = field(default_factory=list)

    def verdict(self, criteria_set: CriteriaSet, window: Window, unit_id: int) -> Assessment | None:
        """The verdict on one unit, an unsaved row where it has changed since; None: not judged by then."""
        return self.verdicts(criteria_set, window, unit_ids=[unit_id]).get(unit_id)

    def verdicts(
        self,
        criteria_set: CriteriaSet,
        window: Window,
        *,
        unit_ids: Collection[int] | None = None,
        within: str | None = None,
    ) -> Mapping[int, Assessment]:
        """The verdicts on some units, or on all below a path, by unit.

        A few queries for few units; for a country of 3,321 communes one to three seconds. Raises Refused
        for a window that is not a period of the set.
        """
        setting = Setting.of(criteria_set, window, self.known_at.date(), self.known_at, self)
        key = (criteria_set.pk, setting.occasion.period)
        kept_as = (key, within if unit_ids is None else frozenset(unit_ids))
        if kept_as not in self._found:
            self._asked.append(key)
            self._found[kept_as] = self._verdicts(setting, unit_ids, within)
            self._asked.pop()
        return self._found[kept_as]

    def _verdicts(
        self, setting: Setting, unit_ids: Collection[int] | None, within: str | None
    ) -> dict[int, Assessment]:
        stored = Assessment.objects.filter(
            criteria_set=setting.criteria_set, period=setting.occasion.period, judged_at__lte=self.known_at
        )
        stored = stored.defer("operands") if unit_ids is None else stored.filter(unit__in=unit_ids)
        if within:
            stored = stored.filter(unit__in=_standing(within, setting.last_day))
        found = {row.unit: row for row in stored}
        if unit_ids is not None and found.keys() >= set(unit_ids):
            return found
        runs = _runs(setting, self.known_at)
        wanted = setting.unit_ids(unit_ids) - found.keys() if runs else set()
        if wanted and within:
            wanted &= _below(within, setting.last_day)
        for on, units in _days(runs, wanted, setting.last_day).items():
            found |= self._judged(setting, on, units, within)
        return found

    def _judged(
        self, setting: Setting, on: date, unit_ids: set[int], within: str | None
    ) -> Iterable[tuple[int, Assessment]]:
        then = Setting.of(setting.criteria_set, setting.window, on, self.known_at, self)
        if len(unit_ids) <= FEW:
            judged = judged_each(then, sorted(unit_ids))
        else:
            judged = judged_units(then, unit_ids, within=within)
        return [(one.unit_id, unstored(then.occasion, one)) for one in judged]

    # What formulas ask of other sets

    def was_judged(self, verdict: Verdict) -> bool:
        """Had anybody been judged by that version for that period?"""
        version, period = verdict
        rows = Assessment.objects.filter(criteria_set=version, period=period, judged_at__lte=self.known_at)
        return rows.exists() or (version, decode(period).key) in runs_by(self.known_at)

    def said(
        self, verdict: Verdict, *, unit_ids: Collection[int] | None, within: str | None
    ) -> Mapping[int, Said]:
        """The verdicts on some units, or on all below a path. Nothing of a set that is just asking."""
        if verdict in self._asked:
            return {}
        version, period = verdict
        rows = self.verdicts(
            CriteriaSet.objects.get(pk=version), decode(period), unit_ids=unit_ids, within=within
        )
        return {unit: (row.outcome, row.points, row.points_possible) for unit, row in rows.items()}


_VERBS = (verbs.ASSESS_ALL.code, verbs.ASSESS_UNIT.code)


def runs_by(known_at: datetime) -> set[tuple[int, str]]:
    """The versions and the keys of the periods for which the log tells of judging by a moment. One query."""
    told = Entry.objects.filter(verb__in=_VERBS, object_kind="criteria_set", at__lte=known_at)
    with everywhere():  # that judging was done is no secret; who did it is for those who read the log
        rows = list(told.values_list("object_id", "new__period").distinct())
    return {(int(version), period) for version, period in rows}


def _runs(setting: Setting, known_at: datetime) -> list[_Run]:
    """What the log tells of one version and period by a moment, the latest first."""
    told = Entry.objects.filter(
        verb__in=_VERBS,
        object_kind="criteria_set",
        object_id=str(setting.criteria_set.pk),
        new__period=setting.window.key,
        at__lte=known_at,
    ).order_by("-at", "-id")
    with everywhere():
        rows = list(told.values_list("unit_id", "new__units", "new__as_of", "new__within"))
    return [
        _Run(date.fromisoformat(on), _alone(unit_id, units), within or "")
        for unit_id, units, on, within in rows
    ]


def _alone(unit_id: int | None, units: list[int] | None) -> frozenset[int] | None:
    """The units that an entry names; None: it is of all below its path."""
    if unit_id is not None:
        return frozenset({unit_id})
    return None if units is None else frozenset(units)


def _days(runs: Sequence[_Run], unit_ids: Collection[int], day: date) -> dict[date, set[int]]:
    """The units by the day as of which they had been judged; those that had not are left out."""
    found: dict[date, set[int]] = defaultdict(set)
    left = set(unit_ids)
    for run in runs:
        if not left:
            break
        units = run.judged(left, day)
        found[run.on] |= units
        left -= units
    return {on: units for on, units in found.items() if units}


def _below(path: str, day: date) -> set[int]:
    return set(_standing(path, day))


def _standing(path: str, day: date) -> QuerySet[Position, int]:
    """The units at or below a path, as a sub-select."""
    standing = Position.objects.filter(valid__contains=day, path__gte=path, path__lt=path + AFTER_ALL_PATHS)
    return standing.values_list("unit", flat=True)
