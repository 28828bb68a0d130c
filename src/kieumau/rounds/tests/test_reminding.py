"""Who is reminded of a dossier, and when: once before its last day, once after it."""

from datetime import timedelta
from typing import Any

import pytest

from kieumau.assessments.tests.cast import Cast
from kieumau.notices.models import Notice
from kieumau.rounds.actions import assign_team
from kieumau.rounds.models import Dossier, Hand
from kieumau.rounds.reminding import remind
from kieumau.rounds.rules import Side
from kieumau.rounds.tests.cast import NOW, People, open_round, people
from kieumau.rounds.tests.test_pages import submitted

DAY = timedelta(days=1)
TOLD = [
    # days from today (the last day is the 30th), who is told anew
    (26, set()),
    (27, {"hoa", "lan"}),
    (30, set()),
    (31, {"hoa", "lan"}),
    (40, set()),
]


@pytest.fixture
def cast(world: Cast, grant: Any) -> People:
    """Hoa assesses Cái Khế, Lan submits for it; the others look at the province and the nation."""
    made = people()
    grant(made.officer, "officer", world.unit("Cái Khế"))
    grant(made.second_officer, "approver", world.unit("Cái Khế"))
    grant(made.verifier, "verifier", world.unit("Cần Thơ"))
    grant(made.appraiser, "appraiser")
    return made


def names(since: int) -> set[str]:
    rows = Notice.objects.filter(pk__gt=since, kind__startswith="rounds.")
    return set(rows.values_list("person__username", flat=True))


def latest() -> int:
    return Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_before_and_after_the_last_day(world: Cast, cast: People) -> None:
    open_round(world)
    for days, expected in TOLD:
        since = latest()
        assert remind(now=NOW + days * DAY) >= 0
        assert names(since) == expected, days
    texts = list(Notice.objects.order_by("pk").values_list("text_en", flat=True).distinct())
    assert texts[0] == "The dossier is due 22 Dec 2026: Đánh giá năm 2026"
    assert "overdue since" in texts[-1]


def test_many_dossiers_are_one_notice(world: Cast, cast: People) -> None:
    made = open_round(world)
    submitted(Dossier.objects.get(round=made, unit=world.unit("Cái Khế")), cast)
    others = Dossier.objects.filter(round=made, stage=2)
    others.update(stage=3, version=2, submitted_at=NOW, frozen={"operands": {}})
    since = latest()
    remind(now=NOW + 29 * DAY)
    (one,) = Notice.objects.filter(pk__gt=since)
    assert (one.person.username, one.url) == ("minh", f"/dot-danh-gia/{made.pk}/")
    assert one.text_vi.startswith("2 hồ sơ đến hạn 22/12/2026")


RESTING = [
    # for what others have a team; has Minh worked on it for the unit; is he reminded?
    ((), False, True),
    (("1.1",), False, True),  # 1.2 is for everybody
    (("1.1", "1.2"), False, False),
    ((), True, False),
]


@pytest.mark.parametrize(("criteria", "is_of_the_unit", "is_told"), RESTING)
def test_whoever_cannot_act_is_not_reminded(
    world: Cast, cast: People, grant: Any, criteria: tuple[str, ...], is_of_the_unit: bool, is_told: bool
) -> None:
    grant(cast.second_officer, "verifier", world.unit("Cần Thơ"))
    made = open_round(world, wards=("Cái Khế",))
    dossier = Dossier.objects.get(round=made)
    submitted(dossier, cast)
    if criteria:
        assign_team(
            made,
            area_id=world.unit("Cần Thơ"),
            name="Tổ 1",
            criteria=criteria,
            people=[cast.second_officer],
            actor=cast.appraiser,
            now=NOW,
        )
    if is_of_the_unit:
        Hand.objects.create(dossier=dossier, person=cast.verifier, side=Side.UNIT)
    since = latest()
    remind(now=NOW + 29 * DAY)
    assert names(since) == {"lan", *(["minh"] if is_told else [])}
