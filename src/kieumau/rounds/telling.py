"""Who is told when a dossier moves on: those whose turn it is, and its unit."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.accounts.scopes import holders
from kieumau.kernel.messages import Text
from kieumau.notices.actions import Word, tell
from kieumau.notices.kinds import kind
from kieumau.rounds.models import Dossier, Team
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
    """Tell whoever must go on, and the unit when it is sent back or decided; never the actor. How many.

    Where the round has teams for the unit's area, its verifiers are the people of those teams. Four queries.
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
    return tell(word, _people(dossier, act, place), now=now, but=actor.pk)


def _people(dossier: Dossier, act: Act, place: Place) -> QuerySet[Any, Any]:
    programme = dossier.round.programme.code if dossier.round.programme else ""
    if act in {Act.SEND_BACK, Act.DECIDE}:
        return holders("rounds.assess", dossier.unit_id, programme)
    if place.state is State.CONCLUDED:
        return holders("rounds.decide", dossier.unit_id, programme)
    side = SIDE_OF[place.stage]
    if side is Side.VERIFIERS and (teams := _teams(dossier)).exists():
        return User.objects.filter(pk__in=teams.values("people")).values("pk")
    return holders(_NEXT[side], dossier.unit_id, programme)


def _teams(dossier: Dossier) -> QuerySet[Team]:
    """The teams of the round whose area the unit lies in."""
    above = [int(one) for one in dossier.path.rstrip(".").split(".")]
    return Team.objects.filter(round=dossier.round_id, area__in=above)
