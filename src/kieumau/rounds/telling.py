"""Who is told when a dossier moves on: those whose turn it is, and its unit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value
from django.urls import reverse

from kieumau.accounts.models import Grant, User
from kieumau.accounts.roles import with_permission
from kieumau.accounts.scopes import holders, holders_of_each, nearest_holders
from kieumau.calendars.working_days import ONE_DAY, day_of
from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Text
from kieumau.notices.actions import Word, tell
from kieumau.notices.kinds import Kind, kind
from kieumau.rounds.models import Dossier, Extension, Round, Team
from kieumau.rounds.rules import SIDE_OF, Act, Place, Side, Stage, State
from kieumau.rounds.words import STAGE_NAMES
from kieumau.units.models import Position
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
}
# By whether it was decided to be met (the title is given), and whether the set's own rule finds it met.
_DECIDED = {
    (True, True): Text(
        vi="{unit} được công nhận, hồ sơ đạt ({met}/{total} tiêu chí). {round}: {reason}",
        en="{unit} was recognized, its dossier is met ({met} of {total} criteria). {round}: {reason}",
    ),
    (True, False): Text(
        vi="{unit} được công nhận dù hồ sơ chưa đạt ({met}/{total} tiêu chí). {round}: {reason}",
        en="{unit} was recognized although its dossier is not met ({met} of {total} criteria). "
        "{round}: {reason}",
    ),
    (False, True): Text(
        vi="{unit} không được công nhận dù hồ sơ đạt ({met}/{total} tiêu chí). {round}: {reason}",
        en="{unit} was not recognized although its dossier is met ({met} of {total} criteria). "
        "{round}: {reason}",
    ),
    (False, False): Text(
        vi="{unit} không được công nhận, hồ sơ chưa đạt ({met}/{total} tiêu chí). {round}: {reason}",
        en="{unit} was not recognized, its dossier is not met ({met} of {total} criteria). {round}: {reason}",
    ),
}
_NEXT = {Side.UNIT: "rounds.assess", Side.VERIFIERS: "rounds.verify", Side.APPRAISERS: "rounds.appraise"}


@dataclass(frozen=True, slots=True)
class Way:
    """Which way a dossier was decided, and what it shows: is it met by the set's own rule, how many of how
    many criteria that apply."""

    is_met: bool
    is_found_met: bool
    met: int
    total: int

    def sentence(self) -> Text:
        """What is told of it, with places for the unit, the round and the reason."""
        said, places = _DECIDED[self.is_met, self.is_found_met], {"met": self.met, "total": self.total}
        kept = {one: f"{{{one}}}" for one in ("unit", "round", "reason")}
        return Text(vi=said.vi.format(**places, **kept), en=said.en.format(**places, **kept))


def tell_of_move(
    dossier: Dossier,
    act: Act,
    place: Place,
    *,
    actor: User,
    reason: str,
    now: Any,
    way: Way | None = None,
    until: date | None = None,
) -> int:
    """Tell the nearest who must go on, and the unit when sent back or decided; never the actor. How many.

    Where the round has teams for the unit's area, its verifiers are the people of those teams who may verify
    there; the nearest where none may any more. Of a decision it is said which `way` it went, of
    what was sent back `until` when it is asked for. Three queries.
    """
    last = history(dossier.unit_id).filter(valid__startswith__lt=dossier.round.period.ends_before).last()
    names = Text(vi=last.full_name("vi"), en=last.full_name("en")) if last else Text(vi="–", en="–")
    said = way.sentence() if way is not None else _SENTENCES[act]
    text = Text(
        vi=said.vi.format(unit=names.vi, round=dossier.round.name, reason=reason.strip()),
        en=said.en.format(unit=names.en, round=dossier.round.name, reason=reason.strip()),
    )
    if until is not None:
        until_vi, until_en = (
            f"Làm lại đến hết {until:%d/%m/%Y}.",
            f"To be done again until {in_words(until).en}.",
        )
        text = Text(vi=f"{text.vi.rstrip('. ')}. {until_vi}", en=f"{text.en.rstrip('. ')}. {until_en}")
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
_WORK = ("rounds.assess", "rounds.submit")  # of the unit's side


def tell_units(made: Round, what: Kind, text: Text, *, now: datetime) -> int:
    """Tell those who assess or submit for the units of a round; how many.

    Two statements for any number of units. Those whose role is of the very unit: offices above know already.
    """
    word = Word(
        kind=what,
        text=text,
        url=reverse("round", args=[made.pk]),
        key=f"round:{made.pk}:{what.code}:",
        unit_id=made.area_id,
    )
    return tell(word, _of_units(made, Dossier.objects.filter(round=made), now), now=now)


@dataclass(frozen=True, slots=True)
class MoreTime:
    """A stage that was extended, and why. `areas`: what they are called; none for the whole round.

    `is_later_for_some`: some levels, or parts of the areas, have a day of their own that is later still.
    """

    stage: Stage
    due_on: date
    reason: str
    areas: Sequence[Text]
    is_later_for_some: bool

    def text(self, round_name: str) -> Text:
        """What is told: of many areas only how many they are."""
        many = len(self.areas) > 1
        vi = f" ({len(self.areas)} đơn vị)" if many else "".join(f" ({one.vi})" for one in self.areas)
        en = f" ({len(self.areas)} units)" if many else "".join(f" ({one.en})" for one in self.areas)
        stage, day = STAGE_NAMES[self.stage], self.due_on
        vi = f"{round_name}{vi}: gia hạn bước {stage.vi} đến {day:%d/%m/%Y}."
        en = f"{round_name}{en}: {stage.en} is extended until {in_words(day).en}."
        if self.is_later_for_some:
            vi += " Ai có hạn riêng muộn hơn thì giữ hạn đó."
            en += " Whoever has a later day of his own keeps it."
        return Text(vi=f"{vi} {self.reason}", en=f"{en} {self.reason}")


def tell_of_more_time(
    more: MoreTime, given: Sequence[Extension], *, now: datetime, but: int | None = None
) -> int:
    """Tell those who work on the stage in what was extended, all of one round; how many.

    Of the units those whose role is of the very unit; of the other sides all who may verify, or appraise.
    """
    made, side = given[0].round, SIDE_OF[more.stage]
    paths = [one.path for one in given]
    if side is Side.UNIT:
        people = _of_units(made, Dossier.objects.filter(_below(paths), round=made), now)
    else:
        people = _who_look_at(made, _NEXT[side], [one.area_id for one in given], paths, now)
    word = Word(
        kind=EXTENDED,
        text=more.text(made.name),
        url=reverse("round", args=[made.pk]),
        key=f"round:{made.pk}:{EXTENDED.code}:{given[0].pk}",
        unit_id=given[0].area_id if len(given) == 1 else made.area_id,
    )
    return tell(word, people, now=now, but=but)


def _of_units(made: Round, dossiers: QuerySet[Dossier], now: datetime) -> QuerySet[Any, Any]:
    """The ids of those who assess or submit for the very units of dossiers."""
    roles = reduce(or_, map(with_permission, _WORK))
    return _grants(made, roles, now).filter(unit_id__in=dossiers.order_by().values("unit_id")).values("user")


def _who_look_at(
    made: Round, permission: str, area_ids: Collection[int], paths: list[str], now: datetime
) -> QuerySet[Any, Any]:
    """The ids of those who may do that over areas as a whole, or over units in them. One query more."""
    programme = made.programme.code if made.programme else ""
    above = chain.from_iterable(holders_of_each(area_ids, permission, programme).values())
    inside = Position.objects.filter(_below(paths), valid__contains=made.period.ends_before - ONE_DAY)
    below = _grants(made, with_permission(permission), now).filter(unit_id__in=inside.values("unit_id"))
    return User.objects.filter(Q(pk__in=set(above)) | Q(pk__in=below.values("user"))).values("pk")


def _grants(made: Round, roles: Collection[str], now: datetime) -> QuerySet[Grant]:
    """Roles that are held now in the round's programme, or in all."""
    programme = made.programme.code if made.programme else ""
    found = Grant.objects.in_force(day_of(now)).filter(role__in=roles, programme__in={"", programme})
    return found.order_by()


def _below(paths: list[str]) -> Func:
    """Does a row's path lie at or below one of some?"""
    some = Value(paths, output_field=ArrayField(TextField()))
    return Func(
        F("path"), some, template="(%(expressions)s))", arg_joiner=" ^@ ANY (", output_field=BooleanField()
    )
