"""What the dossier of a unit came to, for the public page where figures alone give their verdict."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from kieumau.accounts.acting import everywhere
from kieumau.assessments.rules import Outcome
from kieumau.awards.models import Title
from kieumau.awards.words import STANDINGS
from kieumau.rounds.access import READ, may
from kieumau.rounds.models import Dossier, Move, StageFinding
from kieumau.rounds.rules import Act, Stage, State
from kieumau.rounds.words import STAGES


@dataclass(frozen=True, slots=True)
class Beside:
    """How many criteria of how many that apply were met as last found, when the last stage was done.

    `title` is what it led to; `dossier_id` is empty for somebody who may not read the dossier itself.
    """

    met: int
    total: int
    stage: Stage
    done_on: date
    title: Title | None
    dossier_id: int | None
    is_refused: bool

    @property
    def stage_words(self) -> str:
        """The last stage, in the language of the page."""
        return str(STAGES[self.stage])

    @property
    def standing_words(self) -> str:
        """How the title stands today, in the language of the page; empty without one."""
        return str(STANDINGS[self.title.standing(timezone.localdate())]) if self.title else ""


def beside(unit_id: int, set_id: int, period_id: int, user: Any) -> Beside | None:
    """What the dossier of a unit for a set and a period came to; None before all of its stages are done.

    One that led to a title is as public as that is; any other is shown to those who may read it. One query.
    """
    with everywhere():  # a public title says what it rests on to whoever looks
        found = _found(unit_id, set_id, period_id)
    if found is None or found.done_at is None:
        return None
    title, may_read = getattr(found, "title", None), may(user, READ, found)
    if title is None and not may_read:
        return None
    return Beside(
        met=found.outcomes.count(Outcome.MET),
        total=sum(one != Outcome.NOT_APPLICABLE for one in found.outcomes),
        stage=Stage(found.stage),
        done_on=timezone.localdate(found.done_at),
        title=title,
        dossier_id=found.pk if may_read else None,
        is_refused=found.is_met is False,
    )


def _found(unit_id: int, set_id: int, period_id: int) -> Any:
    """The dossier, rather one with a title than another, with how it was found and when."""
    moves = Move.objects.filter(dossier=OuterRef("pk")).order_by("-number")
    last = StageFinding.objects.filter(dossier=OuterRef("pk")).order_by("criterion", "-stage")
    rows = Dossier.objects.filter(
        unit=unit_id,
        round__criteria_set=set_id,
        round__period=period_id,
        state__in=[State.CONCLUDED.value, State.DECIDED.value],
    ).select_related("round__programme", "title__withdrawal")
    return (
        rows.defer("frozen")
        .annotate(
            done_at=Subquery(moves.filter(act__in=[Act.CONCLUDE.value, Act.SUBMIT.value]).values("at")[:1]),
            is_met=Subquery(moves.filter(act=Act.DECIDE.value).values("is_met")[:1]),
            outcomes=ArraySubquery(last.distinct("criterion").values("outcome")),
        )
        .order_by(F("title__pk").desc(nulls_last=True), "-pk")
        .first()
    )
