"""Trying a set before it is issued: all units judged by a draft on past periods, nothing stored.

A draft is a version that is not stored (`criteria.drafts`), and it is judged on the very road of
`actions.assess_all`: what a trial says is what judging would store.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial

from kieumau.assessments.rules import Counts, Outcome
from kieumau.assessments.setting import Setting
from kieumau.calendars.library import calendar as calendar_of
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import Definition, Measured
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Text
from kieumau.trials.outcomes import OUTCOMES, Seen, provinces_of, seen

NO_VERSIONS: Mapping[Window, CriteriaSet] = {}


@dataclass(frozen=True, slots=True)
class UnitTrial:
    """One unit in one period: what the draft says of it, and what the version compared with says.

    `was` is None where there is nothing to compare with, or where that version does not apply to the
    unit. `decided_by` are the criteria, by index, each of which alone keeps it from meeting the set.
    `class_code` is empty where the unit has no class, `is_class_open` says whether it may get one yet;
    None where the draft has no classes.
    """

    unit_id: int
    province_id: int | None
    outcome: Outcome
    outcomes: tuple[Outcome, ...]
    was: Outcome | None
    decided_by: tuple[int, ...]
    class_code: str | None = None
    was_class: str | None = None
    is_class_open: bool = False

    @property
    def changes_class(self) -> bool:
        """Is it in another class than before, where both versions have classes?"""
        return None not in (self.class_code, self.was_class) and self.class_code != self.was_class

    @property
    def is_changed(self) -> bool:
        """Does the draft change its outcome or its class?"""
        return self.was is not None and (self.was is not self.outcome or self.changes_class)


@dataclass(frozen=True, slots=True)
class CriterionTrial:
    """One criterion over all units: its outcomes, and what the units came out as that it alone decides.

    `was` are the outcomes of the criterion of the same code in the version compared with. `deciding` are
    its outcomes in those units: not met, or still open.
    """

    code: str
    title: Text
    counts: Counts
    was: Counts | None
    deciding: Counts

    @property
    def decides(self) -> int:
        """Units that would meet the set if they met this one criterion besides."""
        return self.deciding.total

    @property
    def keeps(self) -> int:
        """Those of them that do not meet it."""
        return self.deciding.not_met

    @property
    def leaves_open(self) -> int:
        """Those of them that lack a figure, an answer or the day."""
        return self.deciding.open

    @property
    def waits(self) -> int:
        """Those of them that lack an answer or the day, but no figure."""
        return self.deciding.not_judged + self.deciding.not_due


@dataclass(frozen=True)
class PeriodTrial:
    """A draft tried on one period. Only units to which the draft applies are in it."""

    window: Window
    against: CriteriaSet | None
    units: tuple[UnitTrial, ...]
    criteria: tuple[CriterionTrial, ...]

    @cached_property
    def counts(self) -> Counts:
        """How many units came out as what."""
        return Counts.of([unit.outcome for unit in self.units])

    @cached_property
    def was(self) -> Counts | None:
        """The same by the version compared with; None where there is none."""
        if self.against is None:
            return None
        return Counts.of([unit.was for unit in self.units if unit.was is not None])

    @cached_property
    def by_province(self) -> dict[int | None, Counts]:
        """How many units of each province came out as what."""
        found: dict[int | None, list[Outcome]] = defaultdict(list)
        for unit in self.units:
            found[unit.province_id].append(unit.outcome)
        return {province: Counts.of(outcomes) for province, outcomes in found.items()}

    @cached_property
    def changed(self) -> tuple[UnitTrial, ...]:
        """The units whose outcome or class the draft changes."""
        return tuple(unit for unit in self.units if unit.is_changed)

    @cached_property
    def classes(self) -> dict[str, int]:
        """How many units are in each class of the draft (empty: in none); nothing where it has none."""
        return Counter(unit.class_code for unit in self.units if unit.class_code is not None)

    @cached_property
    def was_classes(self) -> dict[str, int]:
        """The same by the version compared with."""
        return Counter(unit.was_class for unit in self.units if unit.was_class is not None)

    @cached_property
    def class_changes(self) -> dict[tuple[str, str], int]:
        """How many units change from one class to another, the most frequent first."""
        pairs = ((unit.was_class, unit.class_code) for unit in self.units if unit.changes_class)
        found = Counter((was, now) for was, now in pairs if was is not None and now is not None)
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    @cached_property
    def changes(self) -> dict[tuple[Outcome, Outcome], int]:
        """How many units change from one outcome to another, the most frequent first."""
        pairs = ((unit.was, unit.outcome) for unit in self.changed if unit.was is not unit.outcome)
        found = Counter((was, now) for was, now in pairs if was is not None)
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    @cached_property
    def deciding(self) -> tuple[CriterionTrial, ...]:
        """The criteria that alone stand between units and the set, those that keep the most from it first."""
        found = (criterion for criterion in self.criteria if criterion.decides)
        return tuple(sorted(found, key=lambda criterion: (-criterion.keeps, -criterion.decides)))


@dataclass(frozen=True, slots=True)
class Trial:
    """A draft tried on periods, in the order they were asked for."""

    draft: CriteriaSet
    judged_on: date
    periods: tuple[PeriodTrial, ...]
    assume_answered: bool = False


def may_be_assumed(*versions: CriteriaSet) -> bool:
    """Has any of the versions a criterion that no figure answers: one of documents, or judged by a person?"""
    return any(
        not isinstance(criterion, Measured)
        for version in versions
        for criterion in definition(version).criteria
    )


def try_set(
    draft: CriteriaSet,
    windows: Iterable[Window],
    *,
    on: date,
    now: datetime,
    against: Mapping[Window, CriteriaSet] = NO_VERSIONS,
    assume_answered: bool = False,
) -> Trial:
    """Judge every unit the draft applies to, in each of the periods, as of the day `on`.

    `against` names the version to compare with in a period (see `in_force`). Reads only. Raises
    Refused for a window that is not a period of the draft, or of the version compared with. Costs one
    query over all units where `outcomes` can judge all periods at once, else one for each of them.

    `assume_answered` counts criteria of documents and those judged by a person as met where they apply
    and nobody has answered them, in the draft and in the versions compared with alike: what is left is
    what figures decide. Without it the trial says exactly what judging would store.
    """
    asked = tuple(windows)
    setting = partial(Setting.of, on=on, now=now, assume_answered=assume_answered)
    settings = [setting(draft, window) for window in asked]
    others = {window: setting(against[window], window) for window in asked if window in against}
    found = seen([*settings, *others.values()])
    was = dict(zip(others, found[len(settings) :], strict=True))
    provinces = provinces_of(settings)
    periods = (
        _period(setting, one, against.get(setting.window), was.get(setting.window, {}), standing)
        for setting, one, standing in zip(settings, found, provinces, strict=False)
    )
    return Trial(draft, on, tuple(periods), assume_answered)


def in_force(code: str, windows: Iterable[Window]) -> dict[Window, CriteriaSet]:
    """The version of a set that is in force on the last day of each window, where there is one."""
    versions = list(CriteriaSet.objects.filter(code=code).order_by("-version"))
    found = {}
    for window in windows:
        last_day = calendar_of(window.calendar).last_day(window)
        for version in versions:
            if last_day in version.in_force:
                found[window] = version
                break
    return found


def _period(
    setting: Setting,
    found: Mapping[int, Seen],
    against: CriteriaSet | None,
    before: Mapping[int, Seen],
    provinces: Mapping[int, int | None],
) -> PeriodTrial:
    spelled: dict[bytes, tuple[Outcome, ...]] = {}
    units = []
    for unit_id, one in found.items():
        if (outcomes := spelled.get(one.codes)) is None:
            outcomes = spelled[one.codes] = tuple(map(OUTCOMES.__getitem__, one.codes))
        was = before[unit_id].ending if unit_id in before else (None, None)
        own = (unit_id, provinces.get(unit_id), one.outcome, outcomes)
        units.append(UnitTrial(*own, was[0], one.decided_by, one.class_code, was[1], one.is_class_open))
    earlier = _by_criterion(against, [before[unit_id].codes for unit_id in found if unit_id in before])
    criteria = _criteria(setting.definition, units, [one.codes for one in found.values()], earlier)
    return PeriodTrial(setting.window, against, tuple(units), criteria)


def _by_criterion(version: CriteriaSet | None, codes: Sequence[bytes]) -> dict[str, Counts]:
    """The outcomes of each criterion of a version, by its code."""
    if version is None:
        return {}
    criteria = definition(version).criteria
    counted = _counted(codes, len(criteria))
    return {criterion.code: counts for criterion, counts in zip(criteria, counted, strict=True)}


def _counted(codes: Sequence[bytes], width: int) -> list[Counts]:
    """How many units came out as what in each of `width` criteria."""
    every = b"".join(codes)
    return [Counts(*map(every[index::width].count, Outcome)) for index in range(width)]


def _criteria(
    says: Definition, units: Sequence[UnitTrial], codes: Sequence[bytes], was: Mapping[str, Counts]
) -> tuple[CriterionTrial, ...]:
    decided = Counter((index, unit.outcomes[index]) for unit in units for index in unit.decided_by)
    counted = _counted(codes, len(says.criteria))
    return tuple(
        CriterionTrial(
            code=criterion.code,
            title=criterion.title.text(),
            counts=counted[index],
            was=was.get(criterion.code),
            deciding=Counts(*(decided[index, outcome] for outcome in Outcome)),
        )
        for index, criterion in enumerate(says.criteria)
    )
