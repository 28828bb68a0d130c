"""A second round over units that have a dossier for that period: said, and opened only knowingly."""

import html
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import Cast
from kieumau.rounds.jobs import prepare_round
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.rules import State
from kieumau.rounds.tests.cast import open_round
from kieumau.rounds.tests.test_office import typed
from kieumau.rounds.tests.test_pages import page, post, signed_in

MOST_QUERIES = 12


@pytest.fixture
def office(world: Cast, grant: Any) -> User:
    """The programme office of Cần Thơ."""
    made = User.objects.create_user("phong")
    grant(made, "programme_office", world.unit("Cần Thơ"))
    return made


def read(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def stand_in(state: State, **which: Any) -> None:
    """Dossiers stand there, however they came to."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE dossier DISABLE TRIGGER USER")
        Dossier.objects.filter(**which).update(state=state.value)
        cursor.execute("ALTER TABLE dossier ENABLE TRIGGER USER")


def test_the_first_round_of_a_period_is_opened_without_a_word(world: Cast, office: User) -> None:
    assert "already" not in read(post(office, "round_new", **typed(world)))
    assert post(office, "round_new", **typed(world, do="open")).status_code == 302


def test_the_second_says_how_many_which_and_in_which_round(world: Cast, office: User) -> None:
    first = open_round(world)
    stand_in(State.DECIDED, unit=world.unit("An Bình"))
    said = (
        f"2 units have a dossier in round {first.pk} already, “Đánh giá năm 2026” (Cần Thơ City, "
        "made on 22 Nov 2026, 1 of the dossiers decided): An Bình Ward, Cái Khế Ward."
    )
    seen = post(office, "round_new", **typed(world))
    assert seen.status_code == 200
    assert said in read(seen)
    refused = post(office, "round_new", **typed(world, do="open"))
    assert refused.status_code == 422
    assert said in read(refused)
    assert Round.objects.count() == 1
    knowing = refused.context["token"]
    assert post(office, "round_new", **typed(world, do="", knowing=knowing)).status_code == 302
    assert Round.objects.count() == 2


def test_who_knew_of_one_unit_is_asked_again_of_two(world: Cast, office: User) -> None:
    open_round(world, wards=("An Bình",))
    knowing = post(office, "round_new", **typed(world, do="open")).context["token"]
    open_round(world, wards=("Cái Khế",))
    answer = post(office, "round_new", **typed(world, do="", knowing=knowing))
    assert answer.status_code == 422
    assert Round.objects.count() == 2


def test_pressed_twice_before_the_first_is_prepared_it_is_asked_for_once(world: Cast, office: User) -> None:
    post(office, "round_new", **typed(world, do="open"))
    assert not Dossier.objects.exists()
    answer = post(office, "round_new", **typed(world, do="open"))
    assert answer.status_code == 422
    assert "2 units have a dossier" in read(answer)
    assert Round.objects.count() == 1


# What another round is, what became of its dossiers, and whether its units count.
COUNTED = [
    (Round.State.OPEN, State.OPEN, True),
    (Round.State.OPEN, State.DECIDED, True),
    (Round.State.CLOSED, State.DECIDED, True),
    (Round.State.CLOSED, State.CONCLUDED, True),
    (Round.State.CLOSED, State.OPEN, False),
    (Round.State.CLOSED, State.SENT_BACK, False),
]


@pytest.mark.parametrize(("of_round", "of_dossiers", "counts"), COUNTED)
def test_a_closed_round_counts_with_what_is_through(
    world: Cast, office: User, of_round: str, of_dossiers: State, *, counts: bool
) -> None:
    open_round(world)
    Round.objects.update(state=of_round)
    stand_in(of_dossiers)
    answer = post(office, "round_new", **typed(world))
    assert bool(answer.context["there"]) is counts


def test_it_costs_a_page_a_few_queries(world: Cast, office: User) -> None:
    open_round(world)
    client = signed_in(office)
    client.post(reverse("round_new"), typed(world))
    with CaptureQueriesContext(connection) as queries:
        client.post(reverse("round_new"), typed(world))
    assert len(queries) <= MOST_QUERIES


def test_two_rounds_of_one_name_are_told_apart(world: Cast, office: User) -> None:
    first = open_round(world)
    knowing = post(office, "round_new", **typed(world, name=first.name, do="open")).context["token"]
    post(office, "round_new", **typed(world, name=first.name, do="", knowing=knowing))
    second = Round.objects.exclude(pk=first.pk).get()
    prepare_round(second.pk)
    listed = read(page(office, "rounds"))
    for one in (first, second):
        assert f"No. {one.pk}, made on 22 Nov 2026" in listed
        head = read(page(office, "round", one.pk))
        assert f"No. {one.pk}, made on 22 Nov 2026" in head
        assert "Cần Thơ City" in head
    assert listed.count("Cần Thơ City") >= 2
