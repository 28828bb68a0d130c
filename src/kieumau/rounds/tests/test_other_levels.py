"""A round is of the level to which its set applies: provinces are assessed as communes are."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import SET, Cast
from kieumau.criteria.actions import load_set
from kieumau.criteria.models import CriteriaSet
from kieumau.programmes.models import Programme, ProgrammeSet
from kieumau.rounds.actions import CannotOpen, ask_for_round, count_units, wrong_with
from kieumau.rounds.jobs import prepare_round
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.rules import Stage
from kieumau.rounds.tests.cast import NOW, TODAY
from kieumau.rounds.tests.test_office import typed
from kieumau.rounds.tests.test_opening import wish
from kieumau.rounds.tests.test_pages import page, post
from kieumau.units.models import Level


@pytest.fixture
def of_provinces(world: Cast, tmp_path: Path) -> CriteriaSet:
    """The small set, for provinces."""
    text = SET.read_text("utf-8").replace("code: model-ward", "code: model-province", 1)
    path = tmp_path / "model-province.yaml"
    path.write_text(text.replace("level: commune, kinds: [xa, phuong]", "level: province"), "utf-8")
    return load_set(path, actor="tests", now=NOW)


@pytest.fixture
def programme(of_provinces: CriteriaSet, world: Cast) -> Programme:
    made = Programme.objects.create(
        code="model-province",
        name_vi="Tỉnh kiểu mẫu",
        name_en="Model provinces",
        area_id=world.unit("Việt Nam"),
        level=Level.PROVINCE,
        kinds=["thanh-pho"],
        first_year=2023,
        changed_at=NOW,
    )
    ProgrammeSet.objects.create(programme=made, criteria_set=of_provinces, from_year=2024)
    return made


def test_a_programme_for_provinces_has_its_round(world: Cast, programme: Programme, grant: Any) -> None:
    office = User.objects.create_user("phong")
    grant(office, "programme_office", world.unit("Việt Nam"))
    given = typed(world, criteria_set="", programme=programme.pk, area=world.unit("Việt Nam"), do="open")
    assert post(office, "round_new", **given).status_code == 302
    made = Round.objects.get()
    assert (made.level, made.expected_count) == (Level.PROVINCE, 2)
    prepare_round(made.pk)
    dossiers = Dossier.objects.filter(round=made)
    assert set(dossiers.values_list("unit", flat=True)) == {
        world.unit("Cần Thơ"),
        world.unit("Hồ Chí Minh"),
    }
    assert "Cần Thơ" in page(office, "round", made.pk).content.decode()
    assert page(office, "dossier", dossiers[0].pk).status_code == 200


def test_a_set_of_another_level_is_not_of_the_programme(world: Cast, programme: Programme) -> None:
    asked = wish(world, programme=programme)  # by the set of communes
    assert "not-of-the-programme" in [one.code for one in wrong_with(asked, count_units(asked), TODAY)]


NOBODY = [
    # who has a day of his own in a round of provinces, at which stage; may he?
    (Level.NATION, Stage.APPRAISAL, True),
    (Level.PROVINCE, Stage.APPRAISAL, False),  # they are assessed
    (Level.COMMUNE, Stage.VERIFICATION, False),
    (Level.NATION, Stage.SELF, False),
]


@pytest.mark.parametrize(("level", "stage", "may"), NOBODY)
def test_only_offices_above_have_days_of_their_own(
    world: Cast, of_provinces: CriteriaSet, level: Level, stage: Stage, may: bool
) -> None:
    day = TODAY + timedelta(days=25)
    asked = wish(world, criteria_set=of_provinces, deadlines={}, by_level={(stage, level): day})
    quang = User.objects.create_user("quang")
    if may:
        assert ask_for_round(asked, actor=quang, now=NOW).level == Level.PROVINCE
        return
    with pytest.raises(CannotOpen, match="above the units"):
        ask_for_round(asked, actor=quang, now=NOW)
