"""More time for a stage: later than the day in force there, in an open round, told to who works on it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import Cast
from kieumau.notices.models import Notice
from kieumau.rounds.actions import CannotExtend, close, extend, extend_each
from kieumau.rounds.models import Extension, Round, StageDeadline
from kieumau.rounds.rules import Stage
from kieumau.rounds.tests.cast import NOW, TODAY, People, open_round, staff
from kieumau.units.models import Level

Grant = Callable[..., Any]


@pytest.fixture
def cast(world: Cast, grant: Grant) -> People:
    return staff(world, grant)


@pytest.fixture
def made(world: Cast) -> Round:
    """Over Cần Thơ; every stage is due in ten days."""
    return open_round(world, due_on=day(10))


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def more(made: Round, cast: People, area_id: int, days: int, stage: Stage = Stage.SELF) -> Extension:
    return extend(
        made, stage=stage, area_id=area_id, due_on=day(days), reason="Bão", actor=cast.appraiser, now=NOW
    )


SECOND = [
    # the first extension: where, days from today; the second: where, days from today; is it one?
    ("Cần Thơ", 20, "Cần Thơ", 15, False),
    ("Cần Thơ", 20, "Cần Thơ", 21, True),
    ("Cần Thơ", 20, "Cái Khế", 15, False),  # what is above holds there as well
    ("Cái Khế", 20, "Cần Thơ", 15, True),  # the others have less
    ("Cái Khế", 20, "An Bình", 15, True),
]


@pytest.mark.parametrize(("first", "days", "second", "then", "is_one"), SECOND)
def test_it_is_later_than_the_day_in_force_there(
    world: Cast, cast: People, made: Round, first: str, days: int, second: str, then: int, is_one: bool
) -> None:
    more(made, cast, world.unit(first), days)
    if is_one:
        assert more(made, cast, world.unit(second), then).due_on == day(then)
    else:
        with pytest.raises(CannotExtend, match=f"{day(days):%d %b %Y}"):
            more(made, cast, world.unit(second), then)


def test_only_in_an_open_round_with_a_deadline(world: Cast, cast: People, made: Round) -> None:
    area = world.unit("Cần Thơ")
    StageDeadline.objects.filter(round=made, stage=Stage.APPRAISAL).delete()
    with pytest.raises(CannotExtend, match="no deadline"):
        more(made, cast, area, 20, Stage.APPRAISAL)
    seen = Round.objects.get(pk=made.pk)
    close(made, reason="Hết năm", actor=cast.appraiser, now=NOW)
    with pytest.raises(CannotExtend, match="not open"):
        more(seen, cast, area, 20)
    assert not Extension.objects.exists()


def told() -> dict[str, str]:
    rows = Notice.objects.filter(kind="rounds.extended")
    return dict(rows.values_list("person__username", "text_en"))


TOLD = [
    # the stage, where, who is told
    (Stage.SELF, "Cần Thơ", {"hoa", "beside"}),
    (Stage.SELF, "Cái Khế", {"hoa"}),
    (Stage.VERIFICATION, "Cần Thơ", {"minh", "of-ward"}),
    (Stage.VERIFICATION, "An Bình", {"minh"}),
    (Stage.APPRAISAL, "Cái Khế", {"nation"}),
]


@pytest.mark.parametrize(("stage", "area", "people"), TOLD)
def test_who_works_on_the_stage_is_told(
    world: Cast, cast: People, made: Round, grant: Grant, stage: Stage, area: str, people: set[str]
) -> None:
    for name, role, unit in (
        ("beside", "officer", "An Bình"),
        ("of-ward", "verifier", "Cái Khế"),
        ("nation", "appraiser", "Việt Nam"),
        ("elsewhere", "verifier", "Hồ Chí Minh"),
    ):
        grant(User.objects.create_user(name), role, world.unit(unit))
    more(made, cast, world.unit(area), 20, stage)
    assert set(told()) == people


def test_the_stage_and_the_place_are_named(world: Cast, cast: People, made: Round) -> None:
    more(made, cast, world.unit("Cái Khế"), 20, Stage.VERIFICATION)
    (text,) = told().values()
    assert text == f"Đánh giá năm 2026 (Cái Khế Ward): verification is extended until {day(20):%d %b %Y}. Bão"
    StageDeadline.objects.create(round=made, stage=3, level=Level.PROVINCE, due_on=day(30))
    more(made, cast, world.unit("Cần Thơ"), 25, Stage.VERIFICATION)
    last = Notice.objects.filter(kind="rounds.extended").latest("pk")
    assert last.text_vi == (
        f"Đánh giá năm 2026: gia hạn bước thẩm định đến {day(25):%d/%m/%Y}."
        " Ai có hạn riêng muộn hơn thì giữ hạn đó. Bão"
    )


def test_nobody_with_a_later_day_is_told_an_earlier_one(world: Cast, cast: People, made: Round) -> None:
    more(made, cast, world.unit("Cái Khế"), 40)
    more(made, cast, world.unit("An Bình"), 20)
    assert "later day of his own" not in Notice.objects.latest("pk").text_en
    more(made, cast, world.unit("Cần Thơ"), 30)
    assert "Whoever has a later day of his own keeps it." in Notice.objects.latest("pk").text_en


def test_several_units_at_once_or_none(world: Cast, cast: People, made: Round) -> None:
    units = [world.unit("Cái Khế"), world.unit("An Bình")]
    said: dict[str, Any] = {
        "stage": Stage.SELF,
        "due_on": day(20),
        "reason": "Bão",
        "actor": cast.appraiser,
        "now": NOW,
    }
    with pytest.raises(CannotExtend, match="1 of the units"):
        extend_each(made, area_ids=[*units, world.unit("Hồ Chí Minh")], **said)
    assert not Extension.objects.exists()
    assert [one.area_id for one in extend_each(made, area_ids=units, **said)] == sorted(
        units, key=units.index, reverse=True
    )
    assert told()["hoa"].startswith("Đánh giá năm 2026 (2 units): self-assessment is extended")
