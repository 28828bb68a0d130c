"""Re-checks that found otherwise than whoever looked last: said on pages, waiting for who decides, told."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.accounts.scopes import in_scope_of_each, nearest_holders
from kieumau.assessments.rules import Outcome
from kieumau.assessments.sentences import WORDS
from kieumau.calendars.working_days import ONE_DAY, day_of
from kieumau.formulas.phrases import MONTHS_EN
from kieumau.kernel.messages import Text
from kieumau.notices.actions import Word, tell
from kieumau.notices.kinds import kind
from kieumau.rechecks.access import may_read_of
from kieumau.rechecks.models import Recheck
from kieumau.rounds.access import DECIDE
from kieumau.rounds.finding import names
from kieumau.rounds.models import Dossier, StageFinding
from kieumau.rounds.rules import Stage, State
from kieumau.rounds.words import SAID_AT

DIFFERS = kind(
    "rechecks.differs",
    vi="Kiểm tra xác suất khác kết quả hồ sơ",
    en="A re-check differs from the dossier",
)


@dataclass(frozen=True, slots=True)
class Differs:
    """A re-check that found otherwise: which, on which day, what, and what had been found at which stage."""

    recheck_id: int
    dossier_id: int
    unit_id: int
    on: date
    code: str
    outcome: Outcome
    was: Outcome
    stage: Stage

    @property
    def sentence(self) -> Text:
        """“Kiểm tra xác suất ngày 22/11/2026: 3.1 chưa đạt, đã thẩm định là đạt”."""
        found, was, by = WORDS[self.outcome], WORDS[self.was], SAID_AT[self.stage]
        day = f"{self.on.day} {MONTHS_EN[self.on.month - 1]} {self.on.year}"
        return Text(
            vi=f"Kiểm tra xác suất ngày {self.on:%d/%m/%Y}: {self.code} {found.vi}, {by.vi} {was.vi}",
            en=f"Re-check on {day}: {self.code} {found.en}, {by.en} {was.en}",
        )


def compared_with(one: Recheck) -> Text | None:
    """“đã thẩm định là đạt”: what it is compared with; None where that is not known."""
    if one.was is None or one.stage is None:
        return None
    was, by = WORDS[Outcome(one.was)], SAID_AT[Stage(one.stage)]
    return Text(vi=f"{by.vi} {was.vi}", en=f"{by.en} {was.en}")


def differing() -> QuerySet[Recheck, Any]:
    """Re-checks that found otherwise than the dossier had when they were drawn, as long as that stands.

    One differs no more when the dossier says by now what it found, nor when the unit has submitted anew since
    and the criterion was looked at after that: it speaks of what was there before.
    """
    last = StageFinding.objects.filter(dossier=OuterRef("dossier"), criterion=OuterRef("criterion"))
    last = last.order_by("-stage")
    rows = Recheck.objects.exclude(outcome=None).exclude(was=None).exclude(outcome=F("was"))
    rows = rows.alias(is_now=Subquery(last.values("outcome")[:1]), looked_at=Subquery(last.values("at")[:1]))
    is_of_before = Q(dossier__submitted_at__gt=F("at"), looked_at__gt=F("at"))
    return rows.exclude(outcome=F("is_now")).exclude(is_of_before)


def differing_on(dossier: Dossier, user: Any) -> list[Differs]:
    """Those of a dossier, newest first, for somebody who may read re-checks there. One query, or none."""
    return said(differing().filter(dossier=dossier)) if may_read_of(user, dossier) else []


def warnings(user: Any, dossier: Dossier) -> list[tuple[Text, str]]:
    """The same as sentences with the address of each."""
    found = differing_on(dossier, user)
    return [(one.sentence, reverse("recheck", args=[one.recheck_id])) for one in found]


def to_be_weighed(user: Any) -> QuerySet[Recheck, Any]:
    """Those of dossiers that wait for a decision which the person may take: until it is taken, or the
    dossier goes back."""
    waiting = differing().filter(dossier__state=State.CONCLUDED, draw__round__programme__isnull=False)
    return in_scope_of_each(waiting, user, DECIDE, "dossier__unit_id", "draw__round__programme__code")


def tell_if_it_differs(one: Recheck, *, actor: User, now: datetime) -> int:
    """Tell the nearest who decide on the dossier that somebody else found otherwise; how many."""
    found = said(differing().filter(pk=one.pk))
    if not found:
        return 0
    made, unit_id = one.draw.round, one.dossier.unit_id
    last_day, sentence = made.period.ends_before - ONE_DAY, found[0].sentence
    unit = Text(
        vi=names({unit_id}, last_day, "vi").get(unit_id, "–"),
        en=names({unit_id}, last_day, "en").get(unit_id, "–"),
    )
    word = Word(
        kind=DIFFERS,
        text=Text(vi=f"{sentence.vi} ({unit.vi}, {made.name})", en=f"{sentence.en} ({unit.en}, {made.name})"),
        url=reverse("dossier", args=[one.dossier_id]),
        key=f"recheck:{one.pk}",
        unit_id=unit_id,
    )
    programme = made.programme.code if made.programme else ""
    return tell(word, nearest_holders(DECIDE, unit_id, programme), now=now, but=actor.pk)


def said(rows: QuerySet[Recheck, Any], most: int | None = None) -> list[Differs]:
    """What such re-checks say, newest first, so many at most. One query."""
    asked = ("pk", "dossier", "dossier__unit_id", "at", "criterion__code", "outcome", "was", "stage")
    return [
        Differs(pk, dossier, unit, day_of(at), code, Outcome(outcome), Outcome(was), Stage(stage))
        for pk, dossier, unit, at, code, outcome, was, stage in rows.order_by("-at", "-pk").values_list(
            *asked
        )[:most]
    ]
