"""Each level may have its own last day of a stage; what was extended stands on the page of the round."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import Cast, load_world
from kieumau.rounds.actions import CannotOpen, ask_for_round, extend
from kieumau.rounds.holding import WITH_LAST_DAY, hold
from kieumau.rounds.models import Dossier, Round, StageDeadline
from kieumau.rounds.rules import Stage
from kieumau.rounds.tests.cast import NOW, TODAY, People, open_round, people
from kieumau.rounds.tests.test_office import typed
from kieumau.rounds.tests.test_opening import wish
from kieumau.rounds.tests.test_pages import page, post, submitted
from kieumau.units.models import Level


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 22, 9, tzinfo=UTC))


@pytest.fixture
def world(db: None) -> Cast:
    return load_world()


@pytest.fixture
def cast(world: Cast) -> People:
    return people()


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
    StageDeadline.objects.filter(round=made).delete()
    for level, due_on in levels.items():
        StageDeadline.objects.create(round=made, stage=Stage.VERIFICATION, level=level, due_on=due_on)
    grant(cast.verifier, "verifier", world.unit(held_over))
    assert hold(dossier.pk, person_id=cast.verifier.pk).last_day == last_day
    found = Dossier.objects.annotate(last_day=WITH_LAST_DAY).get(pk=dossier.pk)
    assert found.last_day == max(levels.values())


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


def test_a_level_is_not_due_before_the_stage_before(world: Cast, cast: People) -> None:
    asked = wish(world, by_level={(Stage.VERIFICATION, Level.PROVINCE): TODAY + timedelta(days=5)})
    with pytest.raises(CannotOpen, match="due before"):
        ask_for_round(asked, actor=cast.appraiser, now=NOW)


def test_what_was_extended_stands_on_the_page(world: Cast, cast: People, office: User) -> None:
    made = open_round(world, due_on=EVERYBODY)
    for area, reason in (("Cần Thơ", "Bão số 9"), ("Cái Khế", "Cháy trụ sở")):
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
