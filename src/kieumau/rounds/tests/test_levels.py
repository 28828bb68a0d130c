"""Each level may have its own last day of a stage; what was extended stands on the page of the round."""

from datetime import date, timedelta
from typing import Any

import pytest

from kieumau.accounts.models import Grant, User
from kieumau.assessments.tests.cast import Cast, load_world
from kieumau.notices.models import Notice
from kieumau.rounds.access import readable
from kieumau.rounds.actions import (
    CannotExtend,
    CannotOpen,
    ask_for_round,
    count_units,
    extend,
    wrong_with,
)
from kieumau.rounds.holding import hold
from kieumau.rounds.last_days import WITH_LAST_DAY, due_days
from kieumau.rounds.last_days import last_day as own_last_day
from kieumau.rounds.models import Dossier, Round, StageDeadline
from kieumau.rounds.reminding import remind
from kieumau.rounds.rules import Stage
from kieumau.rounds.tests.cast import NOW, TODAY, People, open_round
from kieumau.rounds.tests.test_office import typed
from kieumau.rounds.tests.test_opening import wish
from kieumau.rounds.tests.test_pages import page, post, submitted
from kieumau.units.models import Level


@pytest.fixture
def world(db: None) -> Cast:
    return load_world()


@pytest.fixture
def office(world: Cast, grant: Any) -> User:
    made = User.objects.create_user("phong")
    grant(made, "programme_office", world.unit("Cần Thơ"))
    return made


EVERYBODY, PROVINCE, NATION = (TODAY + timedelta(days=days) for days in (10, 20, 30))
COMMUNES, PROVINCES, ALL = Level.COMMUNE, Level.PROVINCE, Level.NATION
WHO = [
    # deadlines by level, the unit of his role, his last day of verification
    ({COMMUNES: EVERYBODY}, "Cần Thơ", EVERYBODY),
    ({COMMUNES: EVERYBODY, PROVINCES: PROVINCE}, "Cần Thơ", PROVINCE),
    ({COMMUNES: EVERYBODY, PROVINCES: PROVINCE}, "Việt Nam", EVERYBODY),
    ({COMMUNES: EVERYBODY, PROVINCES: PROVINCE, ALL: NATION}, "Việt Nam", NATION),
    ({PROVINCES: PROVINCE}, "Việt Nam", None),
    ({PROVINCES: PROVINCE, COMMUNES: NATION}, "Cần Thơ", PROVINCE),
]


@pytest.mark.parametrize(("levels", "held_over", "last_day"), WHO)
def test_whose_last_day_it_is(
    world: Cast, cast: People, grant: Any, levels: dict[int, date], held_over: str, last_day: date | None
) -> None:
    made = open_round(world)
    dossier = Dossier.objects.get(round=made, unit=world.unit("Cái Khế"))
    submitted(dossier, cast)
    deadlines(made, levels)
    grant(cast.verifier, "verifier", world.unit(held_over))
    assert hold(dossier.pk, person_id=cast.verifier.pk, on=TODAY).last_day == last_day
    rows = Dossier.objects.filter(pk=dossier.pk)
    shown = rows.annotate(latest=WITH_LAST_DAY, own=own_last_day(cast.verifier.pk, TODAY)).get()
    assert (shown.latest, shown.own) == (max(levels.values()), last_day)
    pair = (dossier.pk, cast.verifier.pk)
    assert due_days([pair], TODAY) == {pair: last_day}
    assert vars(readable(cast.verifier, dossier.pk))["last_day"] == last_day, "what the page shows"


COUNTS = [
    # days from today on which his role of the province begins and before which it ends, in which programme;
    # does it give him the province's day?
    (-5, None, "", True),
    (-5, 1, "", True),
    (-5, 0, "", False),
    (1, None, "", False),
    (-5, None, "vc", False),
]


@pytest.mark.parametrize(("begins", "ends", "programme", "counts"), COUNTS)
def test_only_roles_that_count_that_day_and_there(
    world: Cast, cast: People, begins: int, ends: int | None, programme: str, counts: bool
) -> None:
    made = open_round(world)
    dossier = Dossier.objects.get(round=made, unit=world.unit("Cái Khế"))
    submitted(dossier, cast)
    deadlines(made, {COMMUNES: EVERYBODY, ALL: NATION, PROVINCES: PROVINCE})
    for unit, first, before, code in (
        ("Cần Thơ", begins, ends, programme),
        ("Cái Khế", -5, None, ""),  # so that he works there in any case
    ):
        Grant.objects.create(
            user=cast.verifier,
            role="verifier",
            unit_id=world.unit(unit),
            programme=code,
            starts_on=TODAY + timedelta(days=first),
            ends_before=None if before is None else TODAY + timedelta(days=before),
            given_at=NOW,
        )
    expected = PROVINCE if counts else EVERYBODY
    assert hold(dossier.pk, person_id=cast.verifier.pk, on=TODAY).last_day == expected
    assert due_days([(dossier.pk, cast.verifier.pk)], TODAY).popitem()[1] == expected


def test_whoever_has_no_role_there_sees_the_latest(world: Cast, cast: People) -> None:
    made = open_round(world)
    dossier = Dossier.objects.get(round=made, unit=world.unit("Cái Khế"))
    submitted(dossier, cast)
    deadlines(made, {COMMUNES: EVERYBODY, PROVINCES: PROVINCE})
    shown = Dossier.objects.annotate(own=own_last_day(cast.officer.pk, TODAY)).get(pk=dossier.pk)
    assert shown.own == PROVINCE


def test_units_have_the_day_of_their_level(world: Cast, cast: People) -> None:
    made = open_round(world)
    deadlines(made, {COMMUNES: EVERYBODY, PROVINCES: PROVINCE}, Stage.SELF)
    dossier = Dossier.objects.get(round=made, unit=world.unit("Cái Khế"))
    rows = Dossier.objects.filter(pk=dossier.pk)
    shown = rows.annotate(latest=WITH_LAST_DAY, own=own_last_day(cast.officer.pk, TODAY)).get()
    assert (shown.latest, shown.own) == (EVERYBODY, EVERYBODY)
    assert hold(dossier.pk, person_id=cast.officer.pk, on=TODAY).last_day == EVERYBODY


def test_each_is_reminded_of_his_own_day(world: Cast, cast: People, grant: Any) -> None:
    made = open_round(world)
    submitted(Dossier.objects.get(round=made, unit=world.unit("Cái Khế")), cast)
    deadlines(made, {COMMUNES: EVERYBODY, PROVINCES: PROVINCE})
    grant(cast.verifier, "verifier", world.unit("Cần Thơ"))
    grant(cast.appraiser, "verifier", world.unit("Việt Nam"))
    remind(now=NOW + timedelta(days=8))
    told = Notice.objects.filter(kind="rounds.soon")
    assert set(told.values_list("person__username", flat=True)) == {"quang"}
    remind(now=NOW + timedelta(days=18))
    (one,) = told.filter(person=cast.verifier)
    assert f"{PROVINCE:%d %b %Y}" in one.text_en


EXTENDS = [
    # until which day from today; until when the ward's level, and the province's, may then work
    (15, 15, 20),
    (25, 25, 25),
    (10, None, None),
]


@pytest.mark.parametrize(("days", "ward", "province"), EXTENDS)
def test_a_level_is_extended_below_another(
    world: Cast,
    cast: People,
    office: User,
    grant: Any,
    days: int,
    ward: int | None,
    province: int | None,
) -> None:
    made = open_round(world)
    dossier = Dossier.objects.get(round=made, unit=world.unit("Cái Khế"))
    submitted(dossier, cast)
    deadlines(made, {COMMUNES: EVERYBODY, PROVINCES: PROVINCE})
    grant(cast.verifier, "verifier", world.unit("Cần Thơ"))
    grant(cast.appraiser, "verifier", world.unit("Việt Nam"))
    said: dict[str, Any] = {"area_id": world.unit("Cần Thơ"), "reason": "Bão số 9", "actor": office}
    until = TODAY + timedelta(days=days)
    if ward is None or province is None:
        with pytest.raises(CannotExtend, match="after the old one"):
            extend(made, stage=Stage.VERIFICATION, due_on=until, now=NOW, **said)
        return
    extend(made, stage=Stage.VERIFICATION, due_on=until, now=NOW, **said)
    for person, expected in ((cast.appraiser, ward), (cast.verifier, province)):
        held = hold(dossier.pk, person_id=person.pk, on=TODAY)
        assert held.last_day == TODAY + timedelta(days=expected)


def deadlines(made: Round, levels: dict[int, date], stage: Stage = Stage.VERIFICATION) -> None:
    """Only these, by level."""
    StageDeadline.objects.filter(round=made, stage=stage).delete()
    for level, due_on in levels.items():
        StageDeadline.objects.create(round=made, stage=stage, level=level, due_on=due_on)


def test_deadlines_of_levels_are_typed_and_shown(world: Cast, office: User) -> None:
    days = {
        "due_verification": EVERYBODY,
        "due_verification_province": PROVINCE,
        "due_verification_nation": NATION,
    }
    given = {name: day.isoformat() for name, day in days.items()}
    assert post(office, "round_new", **typed(world, do="open", **given)).status_code == 302
    found = StageDeadline.objects.filter(stage=Stage.VERIFICATION).values_list("level", "due_on")
    assert dict(found) == {COMMUNES: EVERYBODY, PROVINCES: PROVINCE, ALL: NATION}
    text = page(office, "round", Round.objects.get().pk).content.decode()
    assert "offices" in text
    early = {**given, "due_verification_province": (TODAY + timedelta(days=1)).isoformat()}
    answer = post(office, "round_new", **typed(world, **early))
    assert "due before" in answer.content.decode()


ORDERS = [
    # days from today: of verification for everybody, the province and the nation; of appraisal for everybody,
    # the province and the nation; are they in order? (Self-assessment: 10.)
    ((20, None, None), (20, None, None), True),
    ((None, 5, None), (None, None, None), False),  # before self-assessment ends
    ((20, 30, None), (40, None, None), True),
    ((20, 30, None), (25, None, None), False),  # the province may still verify
    ((20, None, None), (40, None, 15), False),  # the nation appraises what nobody verified
    ((None, 30, None), (None, 25, None), False),
    ((None, 20, 30), (None, 30, 25), False),
    ((None, 20, 30), (None, 30, 40), True),
]


@pytest.mark.parametrize(("verified", "appraised", "is_in_order"), ORDERS)
def test_no_level_is_due_before_another_at_the_stage_before(
    world: Cast,
    verified: tuple[int | None, ...],
    appraised: tuple[int | None, ...],
    is_in_order: bool,
) -> None:
    stages = ((Stage.VERIFICATION, verified), (Stage.APPRAISAL, appraised))
    days = {
        (stage, level): TODAY + timedelta(days=number)
        for stage, numbers in stages
        for level, number in zip((None, Level.PROVINCE, Level.NATION), numbers, strict=True)
        if number is not None
    }
    asked = wish(
        world,
        deadlines={
            Stage.SELF: TODAY + timedelta(days=10),
            **{stage: day for (stage, level), day in days.items() if level is None},
        },
        by_level={(stage, level): day for (stage, level), day in days.items() if level is not None},
    )
    codes = [one.code for one in wrong_with(asked, count_units(asked), TODAY)]
    assert codes == ([] if is_in_order else ["deadlines-out-of-order"])


def test_a_round_with_days_out_of_order_is_not_opened(world: Cast, cast: People) -> None:
    asked = wish(world, by_level={(Stage.VERIFICATION, Level.PROVINCE): TODAY + timedelta(days=5)})
    with pytest.raises(CannotOpen, match="due before"):
        ask_for_round(asked, actor=cast.appraiser, now=NOW)


def test_what_was_extended_stands_on_the_page(world: Cast, cast: People, office: User) -> None:
    made = open_round(world, due_on=EVERYBODY)
    for area, reason in (("Cái Khế", "Cháy trụ sở"), ("Cần Thơ", "Bão số 9")):
        extend(
            made,
            stage=Stage.SELF,
            area_id=world.unit(area),
            due_on=NATION,
            reason=reason,
            actor=office,
            now=NOW,
        )
    text = " ".join(page(office, "round", made.pk).content.decode().split())
    for said in ("All units", "Bão số 9", "Cái Khế Ward", "Cháy trụ sở", "phong"):
        assert said in text
