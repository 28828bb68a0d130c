"""A title that runs out soon waits for whoever recognizes, unless another follows it without a gap."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import Cast
from kieumau.awards import queries
from kieumau.awards.actions import Recognition, record_earlier, withdraw
from kieumau.awards.models import Title
from kieumau.awards.reminding import remind
from kieumau.awards.rules import Decision, Ground, Standing
from kieumau.awards.waiting import piles
from kieumau.kernel.messages import Text
from kieumau.notices.models import Notice
from kieumau.rounds.tests.cast import NOW, TODAY

NAME, OTHER = Text(vi="Xã 3 không", en="Three noes"), Text(vi="Xã văn hóa", en="Cultural commune")
ENDS = date(2026, 12, 20)  # 28 days from the day looked at


@pytest.fixture
def due(world: Cast) -> Title:
    return title(world, date(2026, 1, 1), ENDS)


def title(world: Cast, starts_on: date, end: date, name: Text = NAME, unit: str = "An Bình") -> Title:
    decided = min(starts_on, TODAY)
    said = Recognition(starts_on=starts_on, ends_before=end)
    decision = Decision(f"{starts_on:%d%m}/QĐ", decided, "UBND TP Cần Thơ")
    return record_earlier(world.unit(unit), name, decision, said, programme=None, actor="tests", now=NOW)


# another title: from, until before, called, of which unit, withdrawn; is the first one due all the same?
FOLLOWED = [
    (ENDS, date(2027, 12, 20), NAME, "An Bình", False, False),
    (date(2026, 11, 1), date(2027, 11, 1), NAME, "An Bình", False, False),  # runs already
    (date(2026, 12, 21), date(2027, 12, 20), NAME, "An Bình", False, True),  # a day too late
    (date(2026, 6, 1), date(2026, 12, 1), NAME, "An Bình", False, True),  # ends before it does
    (ENDS, date(2027, 12, 20), OTHER, "An Bình", False, True),
    (ENDS, date(2027, 12, 20), NAME, "Cái Khế", False, True),
    (date(2026, 11, 1), date(2027, 11, 1), NAME, "An Bình", True, True),
]


@pytest.mark.parametrize(("starts_on", "end", "name", "unit", "is_withdrawn", "is_due"), FOLLOWED)
def test_a_title_that_another_follows_is_not_due(
    world: Cast,
    due: Title,
    starts_on: date,
    end: date,
    name: Text,
    unit: str,
    is_withdrawn: bool,
    is_due: bool,
) -> None:
    other = title(world, starts_on, end, name, unit)
    if is_withdrawn:
        taken = Decision("15/QĐ", TODAY, "UBND TP Cần Thơ")
        said: dict[str, Any] = {"reason": "Khai sai", "actor": "tests", "now": NOW}
        withdraw(other.pk, taken, ground=Ground.FALSE_DECLARATION, **said)
    found = queries.titles(TODAY).get(pk=due.pk)
    assert found.standing(TODAY) is (Standing.RENEWAL_DUE if is_due else Standing.IN_FORCE)
    for standing in Standing:
        is_listed = queries.register(TODAY, standing=standing).filter(pk=due.pk).exists()
        assert is_listed is (standing is found.standing(TODAY)), standing
    assert queries.due_for_renewal(TODAY).filter(pk=due.pk).exists() is is_due


def test_it_waits_for_whoever_recognizes_and_he_is_told_once(world: Cast, due: Title, grant: Any) -> None:
    people = [User.objects.create_user(name) for name in ("ở đây", "nơi khác", "đơn vị")]
    grant(people[0], "programme_office", world.unit("Cần Thơ"))
    grant(people[1], "programme_office", world.unit("Hồ Chí Minh"))
    grant(people[2], "officer", world.unit("An Bình"))
    here = people[0]
    found = [[pile.count for pile in piles(User.objects.get(pk=one.pk), NOW)] for one in people]
    assert found == [[1], [0], []]
    ((pile,),) = [list(piles(User.objects.get(pk=here.pk), NOW))]
    assert [(line.unit_id, line.due_on) for line in pile.lines] == [(due.unit_id, date(2026, 12, 19))]
    assert (remind(now=NOW), remind(now=NOW)) == (1, 0)
    told = Notice.objects.get(kind="awards.renewal")
    assert told.person_id == here.pk
    assert told.text_vi == "Danh hiệu “Xã 3 không” hết hiệu lực sau ngày 19/12/2026, chưa được công nhận lại"
    title(world, date(2026, 2, 1), ENDS, OTHER)
    assert remind(now=NOW) == 0, "of that programme and day he was told"


def test_my_work_and_the_register_show_it(
    world: Cast, due: Title, grant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 22, 9, tzinfo=UTC))
    office = User.objects.create_user("ở đây")
    grant(office, "programme_office", world.unit("Cần Thơ"))
    client = Client()
    client.force_login(office)
    text = client.get(reverse("my_work")).content.decode()
    assert "Danh hiệu sắp đến hạn công nhận lại" in text
    assert reverse("title", args=[due.pk]) in text
    (row,) = client.get(reverse("titles"), {"tinh-trang": "renewal_due"}).context["rows"]
    assert row[0] == due
