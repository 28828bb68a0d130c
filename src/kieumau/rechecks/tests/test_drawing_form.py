"""What can be drawn is what the round has: its areas, no more criteria than its set; and each is named."""

from typing import Any

import pytest

from kieumau.assessments.tests.cast import Cast
from kieumau.rechecks.actions import CannotDraw, Size, draw
from kieumau.rechecks.models import Draw, Recheck
from kieumau.rechecks.tests.test_pages import _clock, cast, dossier, world
from kieumau.rechecks.waiting import piles
from kieumau.rounds.models import Dossier
from kieumau.rounds.tests.cast import NOW, People
from kieumau.rounds.tests.test_pages import page, post
from kieumau.units.models import Position

__all__ = ["_clock", "cast", "dossier", "world"]

# The small set has five criteria. How many are asked of each unit; is that drawn?
COUNTS = [(0, False), (1, True), (5, True), (6, False), (50, False)]


def data(world: Cast, **more: Any) -> dict[str, Any]:
    return {
        "area": world.unit("Cần Thơ"),
        "per_province": "1",
        "criteria_count": "5",
        "reason": "Sớm",
        **more,
    }


@pytest.mark.parametrize(("count", "is_drawn"), COUNTS)
def test_no_more_criteria_are_drawn_than_there_are(
    world: Cast, cast: People, dossier: Dossier, count: int, is_drawn: bool
) -> None:
    answer = post(cast.appraiser, "recheck_draw", dossier.round_id, **data(world, criteria_count=str(count)))
    assert answer.status_code == (302 if is_drawn else 422)
    assert Draw.objects.exists() is is_drawn
    if count > 5:
        assert "The set has 5 criteria." in answer.content.decode()
        assert "Draw 5 criteria of each unit at most." in answer.content.decode()
        with pytest.raises(CannotDraw) as refused:  # as the command is told
            draw(
                dossier.round,
                area_id=world.unit("Cần Thơ"),
                size=Size(1, count),
                actor="tests",
                now=NOW,
                reason="Sớm",
            )
        assert [one.code for one in refused.value.problems] == ["more-criteria-than-there-are"]


def test_only_areas_of_the_round_are_offered(world: Cast, cast: People, dossier: Dossier, grant: Any) -> None:
    grant(cast.appraiser, "programme_office", world.unit("Việt Nam"))

    def is_offered(name: str) -> bool:
        text = page(cast.appraiser, "recheck_draw", dossier.round_id).content.decode()
        return f'<option value="{world.unit(name)}">' in text

    offered = {name: is_offered(name) for name in ("Việt Nam", "Cần Thơ", "Hồ Chí Minh")}
    assert offered == {"Việt Nam": False, "Cần Thơ": True, "Hồ Chí Minh": False}
    elsewhere = data(world, area=world.unit("Hồ Chí Minh"))
    assert post(cast.appraiser, "recheck_draw", dossier.round_id, **elsewhere).status_code == 422
    place = Position.objects.get(unit=world.unit("Sài Gòn"), valid__contains=NOW.date())
    Dossier.objects.create(
        round=dossier.round, unit_id=place.unit_id, path=place.path, province_id=place.province_id, stage=2
    )
    assert all(is_offered(name) for name in offered), "of several provinces, and of all"


def test_what_is_to_be_looked_at_is_named(world: Cast, cast: People, dossier: Dossier) -> None:
    post(cast.appraiser, "recheck_draw", dossier.round_id, **data(world))
    assert Recheck.objects.count() == 5
    drawn = page(cast.appraiser, "recheck_drawn", Draw.objects.get().pk).content.decode()
    waits = page(cast.second_officer, "rechecks").content.decode()
    for text in (drawn, waits):
        assert "1.2. Advises well" in " ".join(text.split())
    (pile,) = (one for one in piles(cast.second_officer, NOW) if one.count)
    says = [getattr(one.says, "vi", "") for one in pile.lines]
    assert "Đánh giá năm 2026: 1.2. Tham mưu tốt" in says
