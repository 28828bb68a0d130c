"""A round is asked for, prepared however often that is begun, and open only when it is whole."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext

from kieumau.accounts.models import User
from kieumau.assessments.models import Assessment
from kieumau.assessments.tests.cast import Cast
from kieumau.calendars.models import Period
from kieumau.programmes.models import Programme, ProgrammeSet
from kieumau.rounds.actions import (
    CannotAssign,
    CannotExtend,
    CannotOpen,
    Wish,
    ask_for_round,
    assign_team,
    count_units,
    extend,
    named,
    prepare,
    prepare_part,
    wrong_with,
)
from kieumau.rounds.models import Dossier, Round, Team
from kieumau.rounds.rules import Stage
from kieumau.rounds.tests.cast import ALL, NOW, TODAY, People, people
from kieumau.rounds.tests.test_pages import page
from kieumau.units.models import Position
from kieumau.web.days import ZONE


@pytest.fixture
def world(kept_judged: Cast) -> Cast:
    return kept_judged


@pytest.fixture
def cast(world: Cast) -> People:
    return people()


def wish(world: Cast, **changes: Any) -> Wish:
    given: dict[str, Any] = {
        "name": "Đợt năm 2026",
        "criteria_set": world.criteria_set,
        "period": Period.objects.get(calendar__code="tt124-commune", kind="year", year=2026),
        "area_id": world.unit("Việt Nam"),
        "stages": ALL,
        "deadlines": {Stage.SELF: TODAY + timedelta(days=10), Stage.VERIFICATION: TODAY + timedelta(days=20)},
    }
    return Wish(**{**given, **changes})


def test_a_round_over_the_nation(world: Cast, cast: People) -> None:
    made = ask_for_round(wish(world), actor=cast.appraiser, now=NOW)
    assert (made.state, made.expected_count) == (Round.State.PREPARING, 3)
    opened = prepare(made.pk, now=NOW)
    assert opened.state == Round.State.OPEN
    places = {one.unit_id: (one.path, one.province_id) for one in Dossier.objects.filter(round=made)}
    assert places == {
        one.unit_id: (one.path, one.province_id)
        for one in Position.objects.filter(level=3, valid__contains=TODAY)
    }
    assert Assessment.objects.filter(criteria_set=world.criteria_set, period=made.period_id).count() == 3


def test_pilots_alone(world: Cast, cast: People) -> None:
    only = (world.unit("An Bình"),)
    made = ask_for_round(wish(world, only=named(only)), actor=cast.appraiser, now=NOW)
    prepare(made.pk, now=NOW)
    assert list(Dossier.objects.filter(round=made).values_list("unit_id", flat=True)) == list(only)
    fresh = Assessment.objects.filter(judged_at=NOW + timedelta(hours=1))
    again = ask_for_round(wish(world, only=named(only), name="Đợt hai"), actor=cast.appraiser, now=NOW)
    Assessment.objects.all().delete()
    prepare(again.pk, now=NOW + timedelta(hours=1))
    assert list(fresh.values_list("unit", flat=True)) == list(only), "nobody else is judged"


def test_more_single_units_take_no_more_queries(world: Cast, cast: People) -> None:
    """A round of one ward and one of three: the same statements, to ask for it and to prepare it."""
    wards = [world.unit(name) for name in ("An Bình", "Cái Khế")]
    wards += [Position.objects.exclude(unit__in=wards).filter(level=3, valid__contains=TODAY).get().unit_id]
    taken: list[int] = []
    for number in (1, 1, 3):  # the first reads what is kept for the next
        with CaptureQueriesContext(connection) as queries:
            asked = wish(world, only=named(wards[:number]), name=f"Đợt {len(taken)}")
            made = ask_for_round(asked, actor=cast.appraiser, now=NOW)
            prepare(made.pk, now=NOW)
        assert Dossier.objects.filter(round=made).count() == number
        taken.append(len(queries))
    assert taken[2] <= taken[1] + 1  # wards of two provinces: a part of the tree more
    assert set(made.chosen.values_list("unit_id", flat=True)) == set(wards)


def test_a_unit_outside_is_not_chosen(world: Cast, cast: People) -> None:
    outside = wish(world, area_id=world.unit("Hồ Chí Minh"), only=named([world.unit("An Bình")]))
    with pytest.raises(CannotOpen) as caught:
        ask_for_round(outside, actor=cast.appraiser, now=NOW)
    assert [one.code for one in caught.value.problems] == ["no-units", "units-left-out"]


def test_units_stay_once_the_round_is_open(world: Cast, cast: People) -> None:
    made = ask_for_round(wish(world, only=named([world.unit("An Bình")])), actor=cast.appraiser, now=NOW)
    prepare(made.pk, now=NOW)
    with pytest.raises(IntegrityError, match="stay"), transaction.atomic():
        made.chosen.create(unit_id=world.unit("Cái Khế"))


def test_preparing_goes_on_where_it_was_left(world: Cast, cast: People) -> None:
    made = ask_for_round(wish(world), actor=cast.appraiser, now=NOW)
    path = Position.objects.get(unit=world.unit("Hồ Chí Minh"), valid__contains=TODAY).path
    assert prepare_part(made, path) == 1
    assert prepare_part(made, path) == 0
    assert prepare(made.pk, now=NOW).state == Round.State.OPEN
    assert prepare(made.pk, now=NOW + timedelta(days=1)).opened_at == NOW
    assert Dossier.objects.filter(round=made).count() == 3


REFUSED = [
    ({"name": " "}, "no-name"),
    ({"stages": (Stage.VERIFICATION,)}, "no-self-stage"),
    ({"kinds": ("dac-khu",)}, "no-units"),
    ({"deadlines": {Stage.SELF: TODAY - timedelta(days=1)}}, "deadline-has-passed"),
    (
        {"deadlines": {Stage.SELF: TODAY + timedelta(days=9), Stage.VERIFICATION: TODAY + timedelta(days=8)}},
        "deadlines-out-of-order",
    ),
]


@pytest.mark.parametrize(("changes", "code"), REFUSED)
def test_what_cannot_be_opened(world: Cast, cast: People, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(CannotOpen) as caught:
        ask_for_round(wish(world, **changes), actor=cast.appraiser, now=NOW)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert not Round.objects.exists()


def test_a_round_of_a_programme_is_within_it(world: Cast, cast: People) -> None:
    programme = Programme.objects.create(
        code="model-ward",
        name_vi="Phường kiểu mẫu",
        name_en="Model wards",
        area_id=world.unit("Cần Thơ"),
        kinds=["phuong"],
        first_year=2023,
        changed_at=NOW,
    )
    area = world.unit("Cần Thơ")

    def wrong(**changes: Any) -> list[str]:
        asked = wish(world, **{"programme": programme, "area_id": area, **changes})
        return [one.code for one in wrong_with(asked, count_units(asked), TODAY)]

    assert wrong() == ["no-set-for-the-year"]
    ProgrammeSet.objects.create(programme=programme, criteria_set=world.criteria_set, from_year=2024)
    assert wrong() == []
    assert wrong(area_id=world.unit("Việt Nam")) == ["outside-the-programme"]
    assert wrong(area_id=world.unit("Hồ Chí Minh")) == ["outside-the-programme"]
    assert "not-of-the-programme" in wrong(kinds=("xa",))
    made = ask_for_round(wish(world, programme=programme, area_id=area), actor=cast.appraiser, now=NOW)
    assert made.kinds == ["phuong"]  # of the programme, where none are named


def test_a_month_is_no_period_of_a_yearly_set(world: Cast, cast: People) -> None:
    month = Period.objects.filter(kind="month").first()
    with pytest.raises(CannotOpen, match="not assessed"):
        ask_for_round(wish(world, period=month), actor=cast.appraiser, now=NOW)


EXTENDED = [
    # days from today, reason, area, taken?
    (15, "Bão số 9", "Cần Thơ", True),
    (10, "Bão số 9", "Cần Thơ", False),  # not later than the deadline
    (15, " ", "Cần Thơ", False),
    (15, "Bão số 9", "An Bình", True),
]


@pytest.mark.parametrize(("days", "reason", "area", "is_taken"), EXTENDED)
def test_extending(world: Cast, cast: People, days: int, reason: str, area: str, is_taken: bool) -> None:
    made = prepare(ask_for_round(wish(world), actor=cast.appraiser, now=NOW).pk, now=NOW)

    def ask() -> date:
        due_on = TODAY + timedelta(days=days)
        return extend(
            made,
            stage=Stage.SELF,
            area_id=world.unit(area),
            due_on=due_on,
            reason=reason,
            actor=cast.appraiser,
            now=NOW,
        ).due_on

    if is_taken:
        assert ask() == TODAY + timedelta(days=days)
    else:
        with pytest.raises(CannotExtend):
            ask()


def test_a_round_of_before_there_were_lots_says_since_when_it_is_bound(
    world: Cast, cast: People, grant: Any
) -> None:
    """The migration that made its lot knows the day: that on which lots came to this installation."""
    old = ask_for_round(wish(world), actor=cast.appraiser, now=datetime(2020, 3, 1, tzinfo=UTC))
    came = datetime(2026, 10, 31, 20, tzinfo=UTC)  # on 1 November over there
    MigrationRecorder.Migration.objects.filter(app="rounds", name="0011_lots").update(applied=came)
    new = ask_for_round(wish(world, name="Sau"), actor=cast.appraiser, now=came + timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute(import_module("kieumau.rounds.migrations.0013_bound_late").LATE)
    assert [Round.objects.get(pk=one.pk).bound_late_at for one in (old, new)] == [came, None]
    office = User.objects.create_user("phong")
    grant(office, "programme_office", world.unit("Việt Nam"))
    day = came.astimezone(ZONE)
    said = f"made on {day.day} {day:%b %Y}: the round had been put down on 1 Mar 2020"
    assert said in " ".join(page(office, "round", old.pk).content.decode().split())
    assert "had been put down" not in page(office, "round", new.pk).content.decode()


def test_a_round_that_is_not_whole_stays_closed(world: Cast, cast: People) -> None:
    made = ask_for_round(wish(world), actor=cast.appraiser, now=NOW)
    Round.objects.filter(pk=made.pk).update(expected_count=4)
    with pytest.raises(RuntimeError, match="instead of 4"):
        prepare(made.pk, now=NOW)
    assert Round.objects.get(pk=made.pk).state == Round.State.PREPARING
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dossier")
        assert cursor.fetchone() == (3,)


def test_a_team_has_its_criteria(world: Cast, cast: People) -> None:
    made = prepare(ask_for_round(wish(world), actor=cast.appraiser, now=NOW).pk, now=NOW)
    area = world.unit("Cần Thơ")
    said: dict[str, Any] = {"area_id": area, "people": [cast.verifier], "actor": cast.appraiser, "now": NOW}
    assign_team(made, name=" Tổ 1 ", criteria=["1.1", "1.2"], **said)
    team = Team.objects.get()
    assert (team.name, team.criteria.count(), team.people.get()) == ("Tổ 1", 2, cast.verifier)
    wrongs: list[dict[str, Any]] = [
        {"criteria": ["1.1"], "name": "Tổ 1"},
        {"criteria": ["9.9"], "name": "Tổ 2"},
    ]
    for wrong in wrongs:
        with pytest.raises(CannotAssign):
            assign_team(made, **said, **wrong)
    with pytest.raises(CannotAssign):
        assign_team(made, name="", criteria=[], **said)
    assert Team.objects.count() == 1
