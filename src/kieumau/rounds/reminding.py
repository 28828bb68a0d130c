"""Whoever must work on a dossier is told before its last day, and once it has passed; each day once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse

from kieumau.accounts.scopes import holders_of_each
from kieumau.calendars.working_days import day_of
from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Text
from kieumau.notices.actions import Word, tell_each
from kieumau.notices.kinds import kind
from kieumau.rounds.access import APPRAISE, ASSESS, SUBMIT, VERIFY
from kieumau.rounds.last_days import WITH_EARLIEST_DAY, due_days
from kieumau.rounds.left import pairs_left_to_others
from kieumau.rounds.models import Dossier, Hand, Round
from kieumau.rounds.rules import SIDE_OF, Side, Stage, State

DAYS_AHEAD = 3
SOON = kind("rounds.soon", vi="Hồ sơ sắp đến hạn", en="A dossier is due soon")
OVERDUE = kind("rounds.overdue", vi="Hồ sơ quá hạn", en="A dossier is overdue")
# Who is reminded of a stage: whoever answers, and whoever hands on.
_WHOM = {Side.UNIT: (ASSESS, SUBMIT), Side.VERIFIERS: (VERIFY,), Side.APPRAISERS: (APPRAISE,)}


@dataclass(frozen=True, slots=True)
class Due:
    """Dossiers of one round at the same stage that may be due for somebody: their ids by unit."""

    round_id: int
    round_name: str
    programme: str
    stage: Stage
    dossiers: dict[int, int]


def due(on: date) -> list[Due]:
    """The dossiers of open rounds whose earliest last day has come by a day, or had before. One query."""
    rows = (
        Dossier.objects.filter(round__state=Round.State.OPEN, state__in=[State.OPEN, State.SENT_BACK])
        .annotate(earliest=WITH_EARLIEST_DAY)
        .filter(earliest__lte=on)
        .order_by("round", "stage", "pk")
        .values_list("pk", "unit_id", "round_id", "round__name", "round__programme__code", "stage")
    )
    found: dict[tuple[int, int], Due] = {}
    for pk, unit_id, round_id, name, programme, stage in rows:
        one = found.setdefault(
            (round_id, stage), Due(round_id, name, programme or "", Stage(stage), dossiers={})
        )
        one.dossiers[unit_id] = pk
    return list(found.values())


@transaction.atomic
def remind(*, now: datetime, days_ahead: int = DAYS_AHEAD) -> int:
    """Tell whoever must act what is due within some days, and what is overdue; how many were told.

    Each by his own due day (see `last_days.due_day`). One notice a person for each
    round, stage and last day, however many dossiers; never twice. A few queries for each round and stage.
    """
    today = day_of(now)
    told: list[tuple[Word, int]] = []
    for one in due(today + timedelta(days=days_ahead)):
        for (person, last_day), units in _people(one, today, today + timedelta(days=days_ahead)).items():
            told.append((_word(one, sorted(units), last_day, is_late=last_day < today), person))
    return tell_each(told, now=now)


def _people(one: Due, today: date, until: date) -> dict[tuple[int, date], set[int]]:
    """By person and his last day, where that is not after a day: the units whose dossiers wait for him.

    As in My work (see `waiting`): not where he was on another side, nor where all that is left to verify
    belongs to teams of others.
    """
    side, pairs = SIDE_OF[one.stage], dict[tuple[int, int], int]()
    for permission in _WHOM[side]:
        for unit_id, people in holders_of_each(one.dossiers.keys(), permission, one.programme).items():
            pairs |= {(one.dossiers[unit_id], person): unit_id for person in people}
    hands = Hand.objects.filter(dossier__round=one.round_id, dossier__stage=one.stage).exclude(side=side)
    resting = set(hands.values_list("dossier_id", "person_id"))
    if side is Side.VERIFIERS:
        resting |= pairs_left_to_others(pairs, today)
    found: dict[tuple[int, date], set[int]] = defaultdict(set)
    for (dossier, person), last_day in due_days(pairs.keys() - resting, today).items():
        if last_day is not None and last_day <= until:
            found[person, last_day].add(pairs[dossier, person])
    return found


def _word(one: Due, units: Iterable[int], last_day: date, *, is_late: bool) -> Word:
    ids = list(units)
    day_vi, day_en = f"{last_day:%d/%m/%Y}", in_words(last_day).en
    vi, en = ("quá hạn", "overdue since") if is_late else ("đến hạn", "due")
    what_vi = f"{len(ids)} hồ sơ" if len(ids) > 1 else "Hồ sơ"
    what_en = f"{len(ids)} dossiers are" if len(ids) > 1 else "The dossier is"
    url = (
        reverse("dossier", args=[one.dossiers[ids[0]]])
        if len(ids) == 1
        else reverse("round", args=[one.round_id]) + ("?o-dau=overdue" if is_late else "")
    )
    text = Text(
        vi=f"{what_vi} {vi} {day_vi}: {one.round_name}", en=f"{what_en} {en} {day_en}: {one.round_name}"
    )
    state = "overdue" if is_late else "soon"
    key = f"round:{one.round_id}:{one.stage}:{state}:{last_day.isoformat()}"
    return Word(OVERDUE if is_late else SOON, text, url, key, unit_id=ids[0] if len(ids) == 1 else None)
