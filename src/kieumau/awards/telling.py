"""Who is told when a title is withdrawn or put right: the unit, those who verified it, the nearest office."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.accounts.scopes import holders, nearest_holders
from kieumau.audit.actions import Actor
from kieumau.awards.access import RECOGNIZE
from kieumau.awards.changes import changes_of
from kieumau.awards.models import Correction, Title, Withdrawal
from kieumau.awards.queries import borne
from kieumau.calendars.working_days import day_of
from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Text
from kieumau.notices.actions import Word, tell
from kieumau.notices.kinds import Kind, kind

WITHDRAWN = kind("awards.withdrawn", vi="Danh hiệu bị thu hồi", en="A title was withdrawn")
PUT_RIGHT = kind("awards.put_right", vi="Danh hiệu được đính chính", en="A title was put right")


def tell_of_withdrawal(made: Withdrawal, *, actor: Actor, now: datetime) -> int:
    """Tell the people of a title that it was withdrawn, by which decision and why; how many."""
    name, day = _name(made.title, now), in_words(made.withdrawn_on)
    text = Text(
        vi=f"{name.vi} bị thu hồi theo {made.reference} ngày {day.vi}: {made.reason}",
        en=f"{name.en} was withdrawn by {made.reference} of {day.en}: {made.reason}",
    )
    return _tell(made.title, WITHDRAWN, text, f"title:{made.title_id}:withdrawn", actor, now)


def tell_of_correction(made: Correction, *, actor: Actor, now: datetime) -> int:
    """Tell the people of a title what was put right, and why; how many."""
    name, changes = _name(made.title, now), changes_of(made)
    said = Text(
        vi=", ".join(one.in_("vi") for one in changes), en=", ".join(one.in_("en") for one in changes)
    )
    text = Text(
        vi=f"{name.vi} được đính chính: {said.vi}, vì: {made.reason}",
        en=f"{name.en} was put right: {said.en}, because: {made.reason}",
    )
    return _tell(made.title, PUT_RIGHT, text, f"title:{made.title_id}:put-right:{made.pk}", actor, now)


def to_tell(title: Title) -> QuerySet[Any, Any]:
    """The ids of who assesses and submits for the unit, of the nearest who verify it and who recognize."""
    programme = title.programme.code if title.programme else ""
    own = (holders(one, title.unit_id, programme) for one in ("rounds.assess", "rounds.submit"))
    above = (nearest_holders(one, title.unit_id, programme) for one in ("rounds.verify", RECOGNIZE))
    return User.objects.filter(reduce(or_, (Q(pk__in=one) for one in (*own, *above)))).values("pk")


def _tell(title: Title, what: Kind, text: Text, key: str, actor: Actor, now: datetime) -> int:
    word = Word(what, text, reverse("title", args=[title.pk]), key, unit_id=title.unit_id)
    return tell(word, to_tell(title), now=now, but=actor.pk if isinstance(actor, User) else None)


def _name(title: Title, now: datetime) -> Text:
    unit = borne([title], day_of(now))[title.pk].then
    return Text(
        vi=f"Danh hiệu “{title.name_vi}” của {unit.vi}", en=f"The title “{title.name_en}” of {unit.en}"
    )
