"""Units of a round found by name, province and where their dossiers stand; as rows for a page or a file."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan

from kieumau.calendars.working_days import ONE_DAY
from kieumau.kernel.numbers import whole_number
from kieumau.kernel.text import search_key
from kieumau.rounds.last_days import WITH_DUE_DAY
from kieumau.rounds.models import Dossier, Evidence, Round, StageFinding
from kieumau.rounds.rules import Stage, State
from kieumau.rounds.steps import LATE, Progress, Step, key_of, points_of
from kieumau.units.models import Term

_WORKED_ON = Q(state__in=[State.OPEN, State.SENT_BACK])
# Where a dossier may stand, as a page is asked for it.
PLACES = {
    "with-unit": Q(state=State.OPEN, stage__lt=Stage.VERIFICATION),
    "sent-back": Q(state=State.SENT_BACK),
    "verification": Q(state=State.OPEN, stage=Stage.VERIFICATION),
    "appraisal": Q(state=State.OPEN, stage=Stage.APPRAISAL),
    "concluded": Q(state=State.CONCLUDED),
    "decided": Q(state=State.DECIDED),
}
_BY_A_PERSON = StageFinding.objects.filter(
    dossier=OuterRef("pk"), stage=OuterRef("stage"), person__isnull=False
)
# For rows of dossiers: has somebody found anything in the stage where it stands, or begun to prove it?
IS_BEGUN = ExpressionWrapper(
    Q(Exists(_BY_A_PERSON))
    | Q(Exists(Evidence.objects.filter(dossier=OuterRef("pk"))), stage__lt=Stage.VERIFICATION),
    output_field=BooleanField(),
)


def is_late_in(made: Round, today: date) -> Case:
    """For rows of dossiers of a round: are they still worked on, though their due day has passed?

    The round comes with its `due` (see `access.readable_round`).
    """
    # Only where it may have passed is the due day of a dossier asked for, which takes longer than the rest:
    # what was sent back may be due before its stage is.
    running = {
        one["stage"]
        for one in vars(made)["due"]
        if one["level"] == made.level and date.fromisoformat(one["due_on"]) >= today
    }
    late = Coalesce(LessThan(WITH_DUE_DAY, today), False, output_field=BooleanField())
    return Case(
        When(_WORKED_ON & (~Q(stage__in=running) | Q(state=State.SENT_BACK)), then=late), default=Value(False)
    )


def _at(step: Step, point: str) -> Q:
    """Which dossiers are at a point of a step, as `steps.progress` says; asks for `is_begun`."""
    through = Q(state__in=[State.CONCLUDED, State.DECIDED])
    if step is None:
        places = {Progress.THROUGH: Q(state=State.DECIDED), Progress.NOT_BEGUN: Q(state=State.CONCLUDED)}
        return places.get(Progress(point), ~through)
    here = Q(stage=step)
    places = {
        Progress.TO_COME: Q(stage__lt=step),
        Progress.NOT_BEGUN: here & Q(state=State.OPEN, is_begun=False),
        Progress.UNDER_WAY: here & Q(state=State.OPEN, is_begun=True),
        Progress.SENT_BACK: here & Q(state=State.SENT_BACK),
        Progress.THROUGH: Q(stage__gt=step) | here & through,
    }
    return here & Q(is_late=True) if point == LATE else places[Progress(point)]


# What the table of steps leads to, by its keys.
AT_STEPS = {key_of(step, point): _at(step, point) for step in (*Stage, None) for point in points_of(step)}


@dataclass(frozen=True, slots=True)
class Sought:
    """What a list is asked for; empty and null ask for everything."""

    words: str = ""
    place: str = ""
    province_id: int | None = None

    @property
    def is_asked(self) -> bool:
        """Is anything looked for?"""
        return bool(self.words or self.place or self.province_id)


def sought(asked: Any, words: str, area: str, where: str) -> Sought:
    """What the address asks for; what makes no sense is left out."""
    place, province = asked.get(where, ""), whole_number(asked.get(area))
    return Sought(words, place if place in {*PLACES, LATE, *AT_STEPS} else "", province)


def units(made: Round, found: QuerySet[Dossier], asked: Sought, today: date) -> QuerySet[Dossier]:
    """The dossiers that fit, in Vietnamese order of their units, each with its `last_day` and `sort_key`.

    That is the day by which it is due.
    """
    named = Q(unit__terms__valid__contains=made.period.ends_before - ONE_DAY)
    if asked.words:
        named &= Q(unit__terms__search_key__contains=search_key(asked.words))
    rows = found.filter(named).annotate(last_day=WITH_DUE_DAY, sort_key=F("unit__terms__sort_key"))
    if asked.province_id is not None:
        rows = rows.filter(province_id=asked.province_id)
    if asked.place == LATE:
        rows = rows.filter(_WORKED_ON, last_day__lt=today)
    elif asked.place in AT_STEPS:
        rows = rows.alias(is_begun=IS_BEGUN, is_late=is_late_in(made, today)).filter(AT_STEPS[asked.place])
    elif asked.place:
        rows = rows.filter(PLACES[asked.place])
    return rows.order_by("sort_key", "unit_id").defer("frozen")


def with_names(dossiers: list[Dossier], on: date) -> Iterator[tuple[Term, Dossier]]:
    """Each dossier with what its unit was called. One query."""
    units_ = [one.unit_id for one in dossiers]
    terms = Term.objects.filter(unit__in=units_, valid__contains=on).select_related("kind")
    by_unit = {one.unit_id: one for one in terms}
    return ((by_unit[one.unit_id], one) for one in dossiers)


def names(unit_ids: Collection[int], on: date, language: str = "vi") -> dict[int, str]:
    """The full names of units. One query."""
    terms = Term.objects.filter(unit__in=unit_ids, valid__contains=on).select_related("kind")
    return {one.unit_id: one.full_name(language) for one in terms}


def last_day(one: Dossier) -> date | None:
    """The last day of a row of `units`."""
    found: date | None = vars(one)["last_day"]
    return found


def is_late(one: Dossier, today: date) -> bool:
    """Is a row of `units` still worked on after its last day?"""
    due = last_day(one)
    return one.state in {State.OPEN, State.SENT_BACK} and due is not None and due < today
