"""More time for a stage that goes past the last day of a later one: warned of, given knowingly, shown."""

import html
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import Cast
from kieumau.notices.models import Notice
from kieumau.rounds.actions import extend
from kieumau.rounds.models import Dossier, Extension, Round, StageDeadline
from kieumau.rounds.overtaking import overtaken
from kieumau.rounds.rules import Stage
from kieumau.rounds.tests.cast import NOW, TODAY, People, open_round, staff
from kieumau.rounds.tests.test_pages import Grant, page, post, signed_in

S, V, A = Stage.SELF, Stage.VERIFICATION, Stage.APPRAISAL
PROVINCE, WARD, BESIDE = "1.2.", "1.2.9.", "1.2.8."
DUE = [(S, date(2026, 12, 1)), (V, date(2026, 12, 10)), (V, date(2026, 12, 20)), (A, date(2026, 12, 25))]

TABLE: list[tuple[Stage, int, str, list[tuple[Stage, int, str]], list[tuple[Stage, int]]]] = [
    # the stage, until which day of December, where; extended before; later stages that end before, when
    (S, 9, WARD, [], []),
    (S, 10, WARD, [], []),  # a round may be opened so, too
    (S, 11, WARD, [], [(V, 10)]),  # of some level, though others have until the 20th
    (S, 28, WARD, [], [(V, 10), (A, 25)]),
    (V, 28, WARD, [], [(A, 25)]),
    (A, 31, WARD, [], []),  # nothing comes after it
    (S, 15, WARD, [(V, 22, PROVINCE)], []),  # verifiers have more time there already
    (S, 15, WARD, [(V, 22, WARD)], []),
    (S, 15, WARD, [(V, 22, BESIDE)], [(V, 10)]),
    (S, 15, PROVINCE, [(V, 22, WARD)], [(V, 10)]),  # but not everywhere
    (S, 15, WARD, [(S, 22, WARD)], [(V, 10)]),
]


@pytest.mark.parametrize(("stage", "day", "where", "before", "past"), TABLE)
def test_which_later_stages_end_before(
    stage: Stage, day: int, where: str, before: list[tuple[Stage, int, str]], past: list[tuple[Stage, int]]
) -> None:
    given = [(of, date(2026, 12, until), area) for of, until, area in before]
    found = overtaken(stage, date(2026, 12, day), where, DUE, given)
    assert found == [(later, date(2026, 12, of)) for later, of in past]


def test_a_stage_without_a_deadline_ends_never() -> None:
    assert overtaken(S, date(2026, 12, 31), WARD, [(S, date(2026, 12, 1))], []) == []


@pytest.fixture
def cast(world: Cast, grant: Grant) -> People:
    return staff(world, grant)


@pytest.fixture
def office(world: Cast, grant: Grant) -> User:
    made = User.objects.create_user("văn phòng")
    grant(made, "programme_office", world.unit("Cần Thơ"))
    return made


@pytest.fixture
def made(world: Cast) -> Round:
    """Self-assessment is due on 22 December, verification on the 27th, appraisal on 1 January."""
    found = open_round(world)
    for stage, days in ((S, 30), (V, 35), (A, 40)):
        StageDeadline.objects.filter(round=found, stage=stage).update(due_on=TODAY + timedelta(days=days))
    return found


def typed(world: Cast, until: str, *, named: str = "", knowing: str = "") -> dict[str, str]:
    data = {"area": str(world.unit("Cần Thơ")), "stage": "2", "due_on": until, "reason": "Bão số 9"}
    return {**data, "named": named, **({"knowing": knowing} if knowing else {})}


def test_it_is_warned_of_before_it_is_given(world: Cast, office: User, made: Round) -> None:
    answer = post(office, "round_extend", made.pk, **typed(world, "2026-12-29"))
    assert answer.status_code == 422
    text = " ".join(html.unescape(answer.content.decode()).split())
    said = "The new last day of self-assessment, 29 Dec 2026, lies after that of verification, 27 Dec 2026."
    assert said in text
    assert "lies after that of appraisal" not in text
    assert "Not given yet" in text
    assert "There is a problem" not in text
    assert "Bão số 9</textarea>" in text
    assert 'value="self:2026-12-29"' in text
    assert not Extension.objects.exists()
    assert not Notice.objects.exists()


def test_it_is_given_knowingly_and_says_so(world: Cast, office: User, made: Round) -> None:
    client = signed_in(office)
    data = typed(world, "2026-12-29", named="31135", knowing="self:2026-12-29")
    answer = client.post(reverse("round_extend", args=[made.pk]), data, follow=True)
    assert Extension.objects.get().area_id == world.unit("Cái Khế")
    text = " ".join(html.unescape(answer.content.decode()).split())
    assert "Cái Khế Ward: the new last day of self-assessment, 29 Dec 2026, lies after" in text
    assert "Extended." in text
    assert "after the last day of verification, 27 Dec 2026" in text


def test_another_day_than_the_one_warned_of_is_warned_of_anew(world: Cast, office: User, made: Round) -> None:
    data = typed(world, "2027-01-05", knowing="self:2026-12-29")
    text = " ".join(post(office, "round_extend", made.pk, **data).content.decode().split())
    for later in ("verification, 27 Dec 2026", "appraisal, 1 Jan 2027"):
        assert f"lies after that of {later}" in text
    assert not Extension.objects.exists()


@pytest.mark.parametrize("until", ["2026-12-25", "2026-12-27"])
def test_what_goes_past_nothing_is_given_at_once(world: Cast, office: User, made: Round, until: str) -> None:
    assert post(office, "round_extend", made.pk, **typed(world, until)).status_code == 302
    assert "after the last day" not in page(office, "round", made.pk).content.decode()


def test_what_cannot_be_given_is_refused_before_it_is_warned_of(
    world: Cast, office: User, made: Round
) -> None:
    text = post(office, "round_extend", made.pk, **typed(world, "2026-12-22")).content.decode()
    assert "must lie after the old one" in text
    assert "all the same" not in text


def give(made: Round, cast: People, area_id: int, days: int, stage: Stage = S) -> None:
    due_on = TODAY + timedelta(days=days)
    extend(made, stage=stage, area_id=area_id, due_on=due_on, reason="Bão", actor=cast.appraiser, now=NOW)


def shown(who: User, name: str, pk: int) -> list[str]:
    """The lines under “Extended”, without their reasons."""
    text = html.unescape(page(who, name, pk).content.decode())
    if '<details class="extensions"' not in text:
        return []
    lines = text.partition('<details class="extensions"')[2].partition("</details>")[0].split("<li>")[1:]
    return [" ".join(line.partition("<span")[0].replace("<p>", "").split()) for line in lines]


def test_where_an_extension_is_shown(world: Cast, cast: People, office: User, made: Round) -> None:
    """On the round all of them; on a dossier those of its own unit and what is around it."""
    ward, beside = (Dossier.objects.get(unit=world.unit(name)) for name in ("Cái Khế", "An Bình"))
    assert shown(office, "round", made.pk) == []
    assert shown(cast.officer, "dossier", ward.pk) == []
    give(made, cast, world.unit("Cái Khế"), 33)
    give(made, cast, world.unit("Cần Thơ"), 38, V)
    of_ward = "Self-assessment, until 25 Dec 2026"
    of_all = "<strong>All units:</strong> Verification, until 30 Dec 2026"
    assert shown(office, "round", made.pk) == [of_all, f"<strong>Cái Khế Ward:</strong> {of_ward}"]
    assert shown(cast.officer, "dossier", ward.pk) == [of_all, f"<strong>This unit:</strong> {of_ward}"]
    assert shown(cast.verifier, "dossier", beside.pk) == [of_all]


def test_more_time_for_the_later_stage_mends_it(world: Cast, cast: People, made: Round) -> None:
    ward = Dossier.objects.get(unit=world.unit("Cái Khế"))
    give(made, cast, world.unit("Cần Thơ"), 37)
    said = "after the last day of verification, 27 Dec 2026"
    assert said in page(cast.officer, "dossier", ward.pk).content.decode()
    give(made, cast, world.unit("Cái Khế"), 38, V)
    assert said not in page(cast.officer, "dossier", ward.pk).content.decode()
    assert said in page(cast.verifier, "round", made.pk).content.decode()  # still so of An Bình


def test_the_pages_take_no_more_queries(world: Cast, cast: People, made: Round) -> None:
    give(made, cast, world.unit("Cái Khế"), 37)
    ward = Dossier.objects.get(unit=world.unit("Cái Khế"))
    client = signed_in(cast.verifier)
    for name, pk in (("dossier", ward.pk), ("round", made.pk)):
        client.get(reverse(name, args=[pk]))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name, args=[pk]))
        assert len(queries) <= 12, name
