"""The one day by which what was sent back is due: shown everywhere, while the stage closes with its own."""

import html
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import Cast
from kieumau.notices.models import Notice
from kieumau.rounds.access import readable, readable_round
from kieumau.rounds.actions import extend, send_back, submit
from kieumau.rounds.dossier_page import page_of
from kieumau.rounds.finding import Sought, units
from kieumau.rounds.holding import hold
from kieumau.rounds.last_days import due_days
from kieumau.rounds.models import Dossier
from kieumau.rounds.rules import Stage
from kieumau.rounds.tests.cast import NOW, TODAY, People, open_round, staff
from kieumau.rounds.tests.test_life import submitted
from kieumau.rounds.tests.test_pages import page, post
from kieumau.rounds.waiting import piles

CLOSES = TODAY + timedelta(days=30)  # the stage's own last day
SOONER, LATER, LATEST = (TODAY + timedelta(days=days) for days in (8, 40, 50))


@pytest.fixture
def cast(world: Cast, grant: Any) -> People:
    return staff(world, grant)


@pytest.fixture
def dossier(world: Cast, cast: People) -> Dossier:
    """That of Cái Khế, submitted."""
    found = Dossier.objects.get(round=open_round(world, wards=("Cái Khế",)))
    submitted(found, cast)
    return found


def back(dossier: Dossier, cast: People, until: date | None) -> None:
    send_back(dossier.pk, reason="Thiếu", criteria=["1.2"], due_until=until, actor=cast.verifier, now=NOW)


def more_time(dossier: Dossier, until: date, *, hours: int) -> None:
    extend(
        dossier.round,
        stage=Stage.SELF,
        area_id=dossier.unit_id,
        due_on=until,
        reason="Bão",
        actor="tests",
        now=NOW + timedelta(hours=hours),
    )


# The day of sending back, what is extended and how many hours after it, the day that is due, the last of all.
DAYS = [
    (None, None, 0, CLOSES, CLOSES),
    (SOONER, None, 0, SOONER, CLOSES),
    (LATER, None, 0, LATER, LATER),
    (SOONER, LATER, -1, SOONER, LATER),  # extended before: the day asked for since is what counts
    (SOONER, LATER, 1, LATER, LATER),  # extended since: so there is more time
    (LATER, LATEST, -1, LATER, LATEST),
]


@pytest.mark.parametrize(("until", "extended", "hours", "due", "closes"), DAYS)
def test_which_day_is_due_and_when_it_closes(
    dossier: Dossier,
    cast: People,
    until: date | None,
    extended: date | None,
    hours: int,
    due: date,
    closes: date,
) -> None:
    if extended and hours < 0:
        more_time(dossier, extended, hours=hours)
    back(dossier, cast, until)
    if extended and hours > 0:
        more_time(dossier, extended, hours=hours)
    shown = page_of(readable(cast.officer, dossier.pk), NOW)
    made = readable_round(cast.verifier, dossier.round_id)
    listed = vars(units(made, Dossier.objects.filter(pk=dossier.pk), Sought(), TODAY).get())["last_day"]
    pair = (dossier.pk, cast.officer.pk)
    assert (shown.due_on, listed, due_days([pair], TODAY)[pair], in_my_work(cast.officer)) == (due,) * 4
    assert (shown.last_day, hold(dossier.pk, person_id=cast.officer.pk, on=TODAY).last_day) == (closes,) * 2


def in_my_work(person: User) -> date | None:
    (line,) = next(one.lines for one in piles(User.objects.get(pk=person.pk), NOW) if one.lines)
    return line.due_on


def test_the_page_tells_one_day_and_when_the_stage_closes(dossier: Dossier, cast: People) -> None:
    back(dossier, cast, SOONER)
    text = read(page(cast.officer, "dossier", dossier.pk))
    assert "Due <strong >30 Nov 2026</strong>" in text
    assert (
        "It is asked for until 30 Nov 2026, which is the day that counts as due; "
        "the stage closes only after 22 Dec 2026." in text
    )
    assert text.count("22 Dec 2026") == 1
    notice = Notice.objects.get(person=cast.officer, kind="rounds.sent_back")
    assert notice.text_vi.endswith(": Thiếu. Làm lại đến hết 30/11/2026.")


def test_it_can_be_submitted_late_until_the_stage_closes(dossier: Dossier, cast: People) -> None:
    back(dossier, cast, SOONER)
    late = NOW + timedelta(days=20)
    shown = page_of(readable(cast.officer, dossier.pk), late)
    assert (shown.is_late, shown.is_in_time) == (True, True)
    assert submit(dossier.pk, actor=cast.officer, now=late).stage == Stage.VERIFICATION


def test_a_day_that_has_passed_is_said_at_its_field(dossier: Dossier, cast: People) -> None:
    with override("en"):
        answer = post(
            cast.verifier, "dossier_move", dossier.pk, do="send_back", reason="X", until="2026-11-01"
        )
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"until": ["The new day must be today or later."]}
    assert '<a href="#back-until">' in answer.content.decode()


def read(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())
