"""Opening a round: asked for in a moment, prepared in the background, seen only when it is whole.

Preparing is resumable: the dossiers of each province are one short statement, which adds those that are
not there yet. Whoever is killed on the way leaves whole dossiers, and the next one goes on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min, QuerySet

from kieumau.accounts.models import User
from kieumau.assessments.actions import assess_all, assess_some
from kieumau.audit import actions as audit
from kieumau.calendars.library import decode
from kieumau.calendars.models import Period
from kieumau.calendars.working_days import day_of
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import LEVELS
from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.programmes.belonging import area_problems, kind_problems, set_problems
from kieumau.programmes.models import Programme
from kieumau.rounds import verbs
from kieumau.rounds.actions.anew import readiness
from kieumau.rounds.choosing import common_path, sql_of, units_of, wanted_of
from kieumau.rounds.models import Dossier, Round, StageDeadline
from kieumau.rounds.rules import SIDE_OF, Side, Stage
from kieumau.rounds.telling import OPENED, tell_units
from kieumau.rounds.words import LEVEL_NAMES, STAGE_NAMES
from kieumau.units.models import Level, Position, Unit
from kieumau.units.queries import AFTER_ALL_PATHS

ONE_DAY = timedelta(days=1)


class NotWhole(RuntimeError):
    """The dossiers are not those of the units that were asked for: the tree changed meanwhile."""


class CannotOpen(Refused):
    """The round cannot be: everything that is wrong with what was asked for."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to open. `only`: a sub-select of units (pilots); `kinds` empty: every kind.

    `deadlines` are for everybody; those `by_level` for whoever works on a stage at that level, instead.
    """

    name: str
    criteria_set: CriteriaSet
    period: Period
    area_id: int
    stages: tuple[Stage, ...]
    programme: Programme | None = None
    kinds: tuple[str, ...] = ()
    only: QuerySet[Any, Any] | None = None
    deadlines: Mapping[Stage, date] = field(default_factory=dict)
    by_level: Mapping[tuple[Stage, Level], date] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        """The level of the units: that to which the set applies."""
        return Level(LEVELS[definition(self.criteria_set).applies_to.level])

    @property
    def of_kinds(self) -> tuple[str, ...]:
        """The kinds of unit that are meant: where none are named, those of the programme."""
        return self.kinds or (tuple(self.programme.kinds) if self.programme else ())


@transaction.atomic
def ask_for_round(wish: Wish, *, actor: User | str, now: datetime) -> Round:
    """Put a round down, to be prepared; how many dossiers it will have is known at once.

    The job that prepares it is left by `jobs.open_soon`, in this transaction. Raises `CannotOpen`.
    """
    expected = count_units(wish)
    if problems := wrong_with(wish, expected, day_of(now)):
        raise CannotOpen(problems)
    made = Round.objects.create(
        programme=wish.programme,
        criteria_set=wish.criteria_set,
        period=wish.period,
        name=wish.name.strip(),
        area_id=wish.area_id,
        level=wish.level,
        kinds=list(wish.of_kinds),
        stages=sorted(wish.stages),
        expected_count=expected,
        made_at=now,
        made_by=actor if isinstance(actor, str) else actor.get_username(),
    )
    if wish.only is not None:
        _choose(made, wish.only)
    StageDeadline.objects.bulk_create(
        StageDeadline(round=made, stage=stage, level=wish.level, due_on=due_on)
        for stage, due_on in wish.deadlines.items()
        if stage in wish.stages
    )
    StageDeadline.objects.bulk_create(
        StageDeadline(round=made, stage=stage, level=level, due_on=due_on)
        for (stage, level), due_on in wish.by_level.items()
        if stage in wish.stages
    )
    _tell(made, actor, now)
    return made


def count_units(wish: Wish) -> int:
    """How many dossiers the round would have. At most three queries, two more where the set names areas."""
    return units_of(wish.criteria_set, wish.period, wish.area_id, wish.of_kinds, wish.only).count()


def wrong_with(wish: Wish, expected: int, today: date) -> list[Problem]:
    """Everything that is wrong with what was asked for, on a day; nothing where it can be opened."""
    return list(_problems(wish, expected, today))


def prepare(round_id: int, *, now: datetime) -> Round:
    """Make the dossiers that are still lacking, judge what figures say, and open the round.

    Safe to begin anew at any moment, and beside another who does the same. A round that is open stays as
    it is. About 2 s for 3,321 units and 34 criteria.
    """
    made = Round.objects.select_related("criteria_set", "period").get(pk=round_id)
    if made.state != Round.State.PREPARING:
        return made
    for path in _parts(made):
        prepare_part(made, path)
    judge(round_id, now)
    return _open(round_id, now)


@transaction.atomic
def prepare_part(made: Round, path: str) -> int:
    """Add the dossiers of the units at or below a path that have none yet; how many. One statement.

    None where the round is not being prepared any more: whoever cancels it waits for this, or this for him.
    """
    wanted, values = sql_of(wanted_of(made).filter(path__gte=path, path__lt=path + AFTER_ALL_PATHS))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO dossier (round_id, unit_id, path, province_id, stage, state, version, frozen_sha256)
            SELECT r.id, w.unit_id, w.path, w.province_id, %s, 'open', 1, ''
            FROM (SELECT id FROM round WHERE id = %s AND state = 'preparing' FOR SHARE) r
                CROSS JOIN ({wanted}) w (unit_id, path, province_id)
            ORDER BY w.path ON CONFLICT DO NOTHING
            """,
            [min(made.stages), made.pk, *values],
        )
        return int(cursor.rowcount)


@transaction.atomic
def _open(round_id: int, now: datetime) -> Round:
    """Open the round if every dossier is there; only one of several does."""
    made = Round.objects.select_for_update().get(pk=round_id)
    if made.state != Round.State.PREPARING:
        return made
    tree = readiness(made)
    found = tree.ready
    if found != made.expected_count or tree.lacking or tree.extra:
        raise NotWhole(f"round {round_id} has {found} dossiers instead of {made.expected_count}: {tree}")
    made.state, made.opened_at = Round.State.OPEN, now
    made.save(update_fields=["state", "opened_at"])
    audit.record(
        actor=made.made_by,
        verb=verbs.OPEN,
        object=("round", made.pk),
        name=made.name,
        unit_id=made.area_id,
        new={"dossiers": found},
        now=now,
    )
    said = Text(vi=f"Đợt đánh giá đã mở: {made.name}", en=f"A round was opened: {made.name}")
    tell_units(made, OPENED, said, now=now)
    return made


@transaction.atomic
def judge(round_id: int, now: datetime) -> None:
    """What figures say of every unit of the round: of those chosen alone, where some are.

    Nobody where it is not being prepared any more, or was begun anew meanwhile and has no dossiers yet:
    whoever cancels it waits for this, or this for him.
    """
    found = Round.objects.select_for_update(of=("self",), no_key=True).select_related(
        "criteria_set", "period"
    )
    made = found.get(pk=round_id)
    dossiers = Dossier.objects.filter(round=made).order_by()
    ends = dossiers.aggregate(first=Min("path"), last=Max("path"))
    if made.state != Round.State.PREPARING or ends["first"] is None:
        return
    said: dict[str, Any] = {
        "criteria_set": made.criteria_set,
        "window": decode(made.period_id),
        "on": day_of(now),
        "now": now,
        "actor": made.made_by,
    }
    if made.chosen.exists():
        assess_some(units=dossiers.values("unit_id"), within=common_path(ends["first"], ends["last"]), **said)
    else:
        assess_all(within=_area(made), **said)


def _area(made: Round) -> str:
    return Position.objects.get(unit=made.area_id, valid__contains=made.period.ends_before - ONE_DAY).path


def _parts(made: Round) -> list[str]:
    """The paths of the provinces in the round's area; of the area itself where it holds none."""
    on = made.period.ends_before - ONE_DAY
    area = _area(made)
    below = Position.objects.filter(valid__contains=on, path__gte=area, path__lt=area + AFTER_ALL_PATHS)
    paths = below.filter(level=Level.PROVINCE).order_by("path").values_list("path", flat=True)
    return list(paths) or [area]


def _choose(made: Round, only: QuerySet[Any, Any]) -> None:
    """Put down the units for which alone the round is held. One statement."""
    chosen, values = sql_of(Unit.objects.filter(pk__in=only).values_list("pk"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO round_unit (round_id, unit_id) SELECT %s, u.id FROM ({chosen}) u (id)",
            [made.pk, *values],
        )


def _problems(wish: Wish, expected: int, today: date) -> Iterator[Problem]:
    if not wish.name.strip():
        yield _problem("no-name", "Đặt tên cho đợt đánh giá.", "Give the round a name.")
    if Stage.SELF not in wish.stages:
        yield _problem(
            "no-self-stage", "Đợt cần có bước tự đánh giá.", "A round needs the stage of self-assessment."
        )
    period, asked = wish.period, definition(wish.criteria_set).period
    if (period.calendar.code, period.kind) != (asked.calendar, asked.kind):
        yield _problem(
            "not-a-period-of-the-set",
            "Kỳ không đúng với bộ tiêu chí.",
            "The set is not assessed for such a period.",
        )
    if wish.programme is not None:
        yield from area_problems(wish.programme, wish.area_id, period.ends_before - ONE_DAY)
        yield from kind_problems(wish.programme, wish.level, wish.of_kinds)
        yield from set_problems(wish.programme, wish.criteria_set, period.year)
    if not expected:
        yield _problem(
            "no-units",
            "Không có đơn vị nào mà bộ tiêu chí áp dụng trong phạm vi đã chọn.",
            "The set applies to no unit in what you chose.",
        )
    absent = 0 if wish.only is None else wish.only.order_by().distinct().count() - expected
    if absent > 0:
        yield _problem(
            "units-left-out",
            f"{absent} đơn vị đã chọn không thuộc phạm vi hoặc bộ tiêu chí không áp dụng.",
            f"{absent} of the units chosen lie elsewhere, or the set does not apply to them.",
        )
    yield from _about_deadlines(wish, today)


def _about_deadlines(wish: Wish, today: date) -> Iterator[Problem]:
    days: dict[Stage, list[date]] = {stage: [] for stage in sorted(wish.stages)}
    for stage, day in [*wish.deadlines.items(), *((one, day) for (one, _), day in wish.by_level.items())]:
        if stage in days:
            days[stage].append(day)
    yield from _passed(wish, today)
    if any(SIDE_OF[stage] is Side.UNIT or level >= wish.level for stage, level in wish.by_level):
        yield _problem(
            "deadline-of-nobody",
            "Hạn riêng chỉ dành cho cơ quan cấp trên của đơn vị, ở bước thẩm định hoặc phúc tra.",
            "Only offices above the units have a day of their own, for verification or appraisal.",
        )
    # Of whichever level: whoever is last at a stage is so before the first must be done with a later one.
    pairs = combinations([some for some in days.values() if some], 2)
    if any(max(earlier) > min(later) for earlier, later in pairs):
        yield _problem(
            "deadlines-out-of-order",
            "Hạn của giai đoạn sau phải không sớm hơn giai đoạn trước, ở mọi cấp.",
            "A later stage must not be due before an earlier one, whatever the level.",
        )


def _passed(wish: Wish, today: date) -> Iterator[Problem]:
    """Each last day that lies in the past: of which stage it is, and of whose offices."""
    named = [(stage, None, day) for stage, day in sorted(wish.deadlines.items())]
    for stage, level, day in [*named, *((*one, day) for one, day in sorted(wish.by_level.items()))]:
        if stage in wish.stages and day < today:
            of = STAGE_NAMES[stage]
            whose = Text(vi="", en="") if level is None else LEVEL_NAMES[level]
            vi, en = whose.vi and f" của {whose.vi}", whose.en and f" for {whose.en}"
            yield _problem(
                "deadline-has-passed",
                f"Hạn {of.vi}{vi} ({day:%d/%m/%Y}) đã qua.",
                f"The last day of {of.en}{en} ({in_words(day).en}) lies in the past.",
            )


def _problem(code: str, vi: str, en: str) -> Problem:
    return Problem(code, Text(vi=vi, en=en))


def _tell(made: Round, actor: User | str, now: datetime) -> None:
    audit.record(
        actor=actor,
        verb=verbs.ASK_FOR_ROUND,
        object=("round", made.pk),
        name=made.name,
        unit_id=made.area_id,
        new={
            "set": str(made.criteria_set),
            "period": made.period_id,
            "expected": made.expected_count,
            "stages": [Stage(stage).key for stage in made.stages],
            "draws": made.commitment,
        },
        now=now,
    )
