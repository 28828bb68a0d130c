"""Who is told when a dossier moves on: those whose turn it is, and its unit."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from kieumau.accounts.models import Grant, User
from kieumau.accounts.roles import with_permission
from kieumau.accounts.scopes import holders, nearest_holders
from kieumau.calendars.working_days import day_of
from kieumau.kernel.messages import Text
from kieumau.notices.actions import Word, tell
from kieumau.notices.kinds import Kind, kind
from kieumau.rounds.models import Dossier, Round, Team
from kieumau.rounds.rules import SIDE_OF, Act, Place, Side, State
from kieumau.units.queries import history

SUBMITTED = kind("rounds.submitted", vi="Hồ sơ được trình", en="A dossier was submitted")
SENT_BACK = kind("rounds.sent_back", vi="Hồ sơ bị trả lại", en="A dossier was sent back")
CONCLUDED = kind("rounds.concluded", vi="Hồ sơ đến bước tiếp theo", en="A dossier went on to the next stage")
DECIDED = kind("rounds.decided", vi="Hồ sơ có quyết định", en="A dossier was decided")
_KINDS = {Act.SUBMIT: SUBMITTED, Act.SEND_BACK: SENT_BACK, Act.CONCLUDE: CONCLUDED, Act.DECIDE: DECIDED}
_SENTENCES = {
    Act.SUBMIT: Text(vi="{unit} đã trình hồ sơ: {round}", en="{unit} has submitted its dossier: {round}"),
    Act.SEND_BACK: Text(
        vi="Hồ sơ của {unit} bị trả lại ({round}): {reason}",
        en="The dossier of {unit} was sent back ({round}): {reason}",
    ),
    Act.CONCLUDE: Text(
        vi="Hồ sơ của {unit} đã qua một giai đoạn: {round}",
        en="The dossier of {unit} has passed a stage: {round}",
    ),
    Act.DECIDE: Text(
        vi="Hồ sơ của {unit} đã có quyết định: {reason}",
        en="The dossier of {unit} has been decided: {reason}",
    ),
}
_NEXT = {Side.UNIT: "rounds.assess", Side.VERIFIERS: "rounds.verify", Side.APPRAISERS: "rounds.appraise"}


def tell_of_move(dossier: Dossier, act: Act, place: Place, *, actor: User, reason: str, now: Any) -> int:
    """Tell the nearest who must go on, and the unit when sent back or decided; never the actor. How many.

    Where the round has teams for the unit's area, its verifiers are the people of those teams who may verify
    there; the nearest where none may any more. Four queries.
    """
    last = history(dossier.unit_id).filter(valid__startswith__lt=dossier.round.period.ends_before).last()
    names = Text(vi=last.full_name("vi"), en=last.full_name("en")) if last else Text(vi="–", en="–")
    said = _SENTENCES[act]
    text = Text(
        vi=said.vi.format(unit=names.vi, round=dossier.round.name, reason=reason.strip()),
        en=said.en.format(unit=names.en, round=dossier.round.name, reason=reason.strip()),
    )
    word = Word(
        kind=_KINDS[act],
        text=text,
        url=reverse("dossier", args=[dossier.pk]),
        key=f"dossier:{dossier.pk}:{dossier.version}",
        unit_id=dossier.unit_id,
    )
    return tell(word, to_tell(dossier, act, place), now=now, but=actor.pk)


def to_tell(dossier: Dossier, act: Act, place: Place) -> QuerySet[Any, Any]:
    """The ids of those whose turn it is after an act; of the unit's people where it is back or decided."""
    programme = dossier.round.programme.code if dossier.round.programme else ""
    if act in {Act.SEND_BACK, Act.DECIDE}:
        own = (holders(one, dossier.unit_id, programme) for one in ("rounds.assess", "rounds.submit"))
        return User.objects.filter(reduce(or_, (Q(pk__in=one) for one in own))).values("pk")
    if place.state is State.CONCLUDED:
        return nearest_holders("rounds.decide", dossier.unit_id, programme)
    side = SIDE_OF[place.stage]
    if side is Side.VERIFIERS:
        able = holders(_NEXT[side], dossier.unit_id, programme)
        members = User.objects.filter(pk__in=_teams(dossier).values("people")).filter(pk__in=able)
        if members.exists():
            return members.values("pk")
    asked = holders if side is Side.UNIT else nearest_holders
    return asked(_NEXT[side], dossier.unit_id, programme)


def _teams(dossier: Dossier) -> QuerySet[Team]:
    """The teams of the round whose area the unit lies in."""
    above = [int(one) for one in dossier.path.rstrip(".").split(".")]
    return Team.objects.filter(round=dossier.round_id, ended_at=None, binds=True, area__in=above)


OPENED = kind("rounds.opened", vi="Đợt đánh giá được mở", en="A round was opened")
EXTENDED = kind("rounds.extended", vi="Hạn của đợt được lùi", en="A deadline was extended")
CLOSED = kind("rounds.closed", vi="Đợt đánh giá đã đóng", en="A round was closed")


def tell_units(
    made: Round,
    what: Kind,
    text: Text,
    *,
    now: datetime,
    path: str = "",
    note: str = "",
    but: int | None = None,
) -> int:
    """Tell those who assess or submit for the units of a round, or of its part at a path; how many.

    Two statements for any number of units. Those whose role is of the very unit: offices above know already.
    """
    programme = made.programme.code if made.programme else ""
    dossiers = Dossier.objects.filter(round=made, path__startswith=path)
    grants = Grant.objects.in_force(day_of(now)).filter(
        role__in=with_permission("rounds.assess") | with_permission("rounds.submit"),
        programme__in={"", programme},
        unit_id__in=dossiers.order_by().values("unit_id"),
    )
    word = Word(
        kind=what,
        text=text,
        url=reverse("round", args=[made.pk]),
        key=f"round:{made.pk}:{what.code}:{note}",
        unit_id=made.area_id,
    )
    return tell(word, grants.order_by().values("user_id"), now=now, but=but)
