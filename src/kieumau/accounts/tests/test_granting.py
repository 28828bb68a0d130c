"""Who gives which role to whom, the pages where it is done, and the sentences that say why."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kieumau.accounts import registry
from kieumau.accounts.doors import may
from kieumau.accounts.explaining import explain
from kieumau.accounts.granting import CannotEnd, CannotGive, Wanted, end_role, give_role
from kieumau.accounts.held import today
from kieumau.accounts.models import Grant, User
from kieumau.accounts.roles import roles
from kieumau.accounts.scopes import holders, in_scope, units_in_scope
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tests.test_row_security import units
from kieumau.audit.models import Entry
from kieumau.kernel.messages import Text
from kieumau.units.models import Unit
from kieumau.units.over import Over
from kieumau.units.queries import unit as unit_on

__all__ = ["units"]  # a fixture
pytestmark = pytest.mark.django_db
A_YEAR = timedelta(days=365)


@pytest.fixture
def chi(units: dict[str, int]) -> User:
    """The programme office of P1, until a year from now, in all programmes."""
    chi = User.objects.create_user("chi")
    wanted = Wanted("programme_office", units["P1"], ends_before=today() + A_YEAR)
    give_role(user=chi, wanted=wanted, actor="tests", now=timezone.now())
    return chi


def give(giver: User, to: User, role: str, unit_id: int, programme: str = "", days: int | None = 30) -> Grant:
    """Give it today for some days."""
    ends = None if days is None else today() + timedelta(days=days)
    wanted = Wanted(role, unit_id, programme, ends_before=ends)
    return give_role(user=to, wanted=wanted, actor=giver, now=timezone.now(), reason="phân công")


# What the programme office of P1 (for a year) tries to give, and what it is told.
TRIED = [
    ("officer", "C11", "", 30, ""),
    ("verifier", "P1", "pilot", 30, ""),
    ("programme_office", "P1", "", 365, ""),
    ("officer", "OLD", "", 30, "unknown-unit"),  # it is no more
    ("officer", "C21", "", 30, "not-your-place"),  # beside
    ("officer", "N", "", 30, "not-your-place"),  # above
    ("auditor", "C11", "", 30, "not-your-role"),
    ("administrator", "P1", "", 30, "not-your-role"),
    ("officer", "C11", "", 366, "longer-than-yours"),
    ("officer", "C11", "", None, "longer-than-yours"),
    ("king", "C11", "", 30, "unknown-role"),
]


@pytest.mark.parametrize(("role", "unit", "programme", "days", "told"), TRIED)
def test_nobody_gives_more_than_he_has(
    units: dict[str, int], chi: User, role: str, unit: str, programme: str, days: int | None, told: str
) -> None:
    binh = User.objects.create_user("binh")
    if not told:
        given = give(chi, binh, role, units[unit], programme, days)
        entry = Entry.objects.filter(verb="accounts.give_role").latest("pk")
        assert (given.given_by, entry.unit_id, entry.why) == (chi, units[unit], "phân công")
        return
    with pytest.raises(CannotGive) as refused:
        give(chi, binh, role, units[unit], programme, days)
    assert [one.code for one in refused.value.problems] == [told]
    assert not Grant.objects.filter(user=binh).exists()


def test_who_gives_in_one_programme_gives_in_no_other(units: dict[str, int]) -> None:
    chi, binh = (User.objects.create_user(name) for name in ("chi", "binh"))
    grant(chi, "programme_office", units["P1"], "pilot")
    give(chi, binh, "officer", units["C11"], "pilot")
    for other in ("", "khac"):
        with pytest.raises(CannotGive):
            give(chi, binh, "officer", units["C12"], other)


def test_nobody_gives_himself_or_gives_twice(units: dict[str, int], chi: User) -> None:
    with pytest.raises(CannotGive, match="himself"):
        give(chi, chi, "officer", units["C11"])
    binh = User.objects.create_user("binh")
    give(chi, binh, "officer", units["C11"])
    with pytest.raises(CannotGive, match="already"):
        give(chi, binh, "officer", units["C11"])


def test_a_role_ends_with_a_reason_and_stays(units: dict[str, int], chi: User) -> None:
    binh, dung = (User.objects.create_user(name) for name in ("binh", "dung"))
    given = give(chi, binh, "officer", units["C11"])
    assert may(binh, "returns.enter", Over(units["C11"]))
    for actor, why in ((dung, "không thích"), (chi, " ")):
        with pytest.raises(CannotEnd):
            end_role(grant_id=given.pk, reason=why, actor=actor, now=timezone.now())
    end_role(grant_id=given.pk, reason="chuyển công tác", actor=chi, now=timezone.now())
    assert not may(User.objects.get(pk=binh.pk), "returns.enter", Over(units["C11"]))
    with pytest.raises(CannotEnd):
        end_role(grant_id=given.pk, reason="lần nữa", actor=chi, now=timezone.now())
    assert Grant.objects.get(pk=given.pk).end_reason == "chuyển công tác"
    again = give(chi, binh, "officer", units["C11"])
    end_role(grant_id=again.pk, reason="xin thôi", actor=binh, now=timezone.now())


def test_scope_and_holders_say_the_same(units: dict[str, int], chi: User) -> None:
    people = {"chi": chi}
    for name, role, unit in (("an", "officer", "C11"), ("binh", "verifier", "P2"), ("dung", "auditor", "N")):
        people[name] = User.objects.create_user(name)
        grant(people[name], role, units[unit])
    for permission in ("documents.read", "documents.add", "rounds.verify", "accounts.grant", "no.such"):
        for code, unit_id in units.items():
            found = User.objects.filter(pk__in=holders(permission, unit_id))
            held = set(found.values_list("username", flat=True))
            allowed = {name for name, one in people.items() if may(one, permission, Over(unit_id))}
            inside = {name for name, one in people.items() if _has(one, permission, unit_id)}
            assert held == allowed == inside, (permission, code)
    seen = in_scope(Grant.objects.all(), chi, "documents.read")
    assert set(seen.values_list("user__username", flat=True)) == {"chi", "an"}
    assert not units_in_scope(None, "documents.read").exists()


def _has(person: User, permission: str, unit_id: int) -> bool:
    return Unit.objects.filter(pk__in=units_in_scope(person, permission), pk=unit_id).exists()


def said(person: User, permission: str, unit_id: int, programme: str = "") -> str:
    """The whole answer, in Vietnamese."""
    answer = explain(User.objects.get(pk=person.pk), permission, unit_on(unit_id, today()), programme)
    parts = [*answer.because, *([answer.missing] if answer.missing else [])]
    givers = ", ".join(one.name for one in answer.givers)
    return f"{'Có' if answer.is_allowed else 'Không'}. {' '.join(str(one) for one in parts)} {givers}".strip()


def test_the_reasons_are_said(units: dict[str, int], chi: User) -> None:
    binh = User.objects.create_user("binh")
    assert said(binh, "returns.enter", units["C11"]) == (
        "Không. Chưa có vai trò nào còn hiệu lực. Cần một trong các vai trò: Cán bộ; tại Phường An Bình hoặc "
        "cấp trên, với vai trò tính cho cả cấp dưới. chi"
    )
    given = give(chi, binh, "officer", units["C11"])
    last = today() + timedelta(days=29)
    assert said(binh, "returns.enter", units["C11"]) == (
        "Có. Vai trò Cán bộ tại Phường An Bình cho phép nhập và nộp báo cáo số liệu"
        f" đến hết ngày {last:%d/%m/%Y}."
    )
    assert "vai trò ấy không cho phép việc này." in said(binh, "rounds.verify", units["C11"])
    assert "đơn vị này không thuộc đơn vị ấy." in said(binh, "returns.enter", units["C12"])
    end_role(grant_id=given.pk, reason="nghỉ hưu", actor=chi, now=timezone.now())
    assert "đã kết thúc ngày" in said(binh, "returns.enter", units["C11"])
    assert "nghỉ hưu" in said(binh, "returns.enter", units["C11"])
    grant(binh, "officer", units["P1"])
    assert "không tính cho đơn vị cấp dưới" in said(binh, "returns.enter", units["C11"])
    grant(binh, "verifier", units["P1"], "pilot")
    assert "chỉ trong chương trình “pilot”." in said(binh, "rounds.verify", units["C11"], "khac")


def test_programmes_are_called_by_their_names(
    units: dict[str, int], chi: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = Text(vi="Phường kiểu mẫu", en="Model ward")
    monkeypatch.setattr(registry, "programmes", [lambda: {"pilot": name}])
    binh = User.objects.create_user("binh")
    grant(binh, "verifier", units["P1"], "pilot")
    assert "chỉ trong chương trình “Phường kiểu mẫu”." in said(binh, "rounds.verify", units["C11"], "khac")
    assert "chương trình “Phường kiểu mẫu”, cho phép" in said(binh, "rounds.verify", units["C11"], "pilot")
    client.force_login(chi)
    listed = client.get("/quyen/").content.decode()
    assert "Phường kiểu mẫu" in listed
    client.force_login(binh)
    assert "Phường kiểu mẫu" in client.get("/quyen/vi-sao/").content.decode()


def test_pages_give_and_end_and_say_why(units: dict[str, int], chi: User, client: Client) -> None:
    User.objects.create_user("binh")
    client.force_login(chi)
    page = client.get("/quyen/")
    assert page.status_code == 200
    assert "Bình Minh" in page.content.decode()
    typed: dict[str, Any] = {
        "person": "binh",
        "role": "officer",
        "last_day": str(today() + timedelta(days=9)),
    }
    address = f"/quyen/?don-vi={units['C11']}"
    assert client.post(address, {**typed, "person": "ai"}).status_code == 422
    assert client.post(address, {**typed, "role": "auditor"}).status_code == 422
    assert client.post(address, typed).status_code == 302
    assert "Đã giao vai trò cho binh." in client.get(address).content.decode()
    given = Grant.objects.get(user__username="binh")
    assert given.ends_before == today() + timedelta(days=10)
    assert client.get(f"/quyen/?don-vi={units['P2']}").status_code == 403
    assert client.post(f"/quyen/?don-vi={units['P2']}", typed).status_code == 403
    asked = "/quyen/vi-sao/?what=returns.enter&unit=C11&person=binh"
    assert "cho phép nhập và nộp" in client.get(asked).content.decode()
    assert client.get("/quyen/vi-sao/?what=returns.enter&unit=C21&person=binh").status_code == 403
    assert client.post(f"/quyen/{given.pk}/ket-thuc/", {"reason": ""}).status_code == 422
    assert client.post(f"/quyen/{given.pk}/ket-thuc/", {"reason": "xong"}).status_code == 302
    assert client.get(f"/quyen/{given.pk}/ket-thuc/").status_code == 404
    assert "xong" in client.get(f"{address}&het=1").content.decode()


def test_the_page_offers_what_the_person_may_give_there(
    units: dict[str, int], chi: User, client: Client
) -> None:
    client.force_login(chi)
    page = client.get(f"/quyen/?don-vi={units['C11']}").content.decode()
    offered = re.findall(r'<option value="([a-z_]+)"', page)
    assert set(offered) == set(roles()["programme_office"].gives)
    # Nothing stands below a commune: nothing is asked.
    assert 'name="alone"' not in page


def test_a_role_that_does_not_count_below_is_asked_about_above(
    units: dict[str, int], chi: User, client: Client
) -> None:
    User.objects.create_user("binh")
    client.force_login(chi)
    address = f"/quyen/?don-vi={units['P1']}"
    typed = {"person": "binh", "role": "officer", "last_day": str(today() + timedelta(days=9))}
    for language, words in (
        ("vi", "hãy mở trang này tại chính xã, phường đó"),
        ("en", "open this page at that"),
    ):
        client.cookies["django_language"] = language
        refused = client.post(address, typed)
        assert refused.status_code == 422
        assert words in refused.content.decode()
    assert not Grant.objects.filter(user__username="binh").exists()
    assert client.post(address, {**typed, "role": "verifier"}).status_code == 302
    assert client.post(address, {**typed, "alone": "on"}).status_code == 302
    assert Grant.objects.filter(user__username="binh", role="officer", unit=units["P1"]).exists()


def test_nobody_is_named_as_the_one_who_may_give_it_to_himself(units: dict[str, int], chi: User) -> None:
    over = unit_on(units["C11"], today())
    givers = [one.name for one in explain(chi, "rounds.appraise", over).givers]
    assert chi.get_username() not in givers
    binh = User.objects.create_user("binh")
    assert chi.get_username() in [one.name for one in explain(binh, "rounds.appraise", over).givers]


def test_a_closed_door_leads_to_the_reasons(units: dict[str, int], client: Client) -> None:
    client.force_login(User.objects.create_user("binh"))
    closed = client.get(f"/don-vi/{units['C11']}/van-ban/")
    assert closed.status_code == 403
    why = client.get(closed.context["why"])
    assert why.status_code == 200
    assert not why.context["answer"].is_allowed
    closed = client.get("/quyen/")
    assert closed.status_code == 403
    empty = client.get(closed.context["why"])  # a door without a unit: to be filled in, nothing is wrong yet
    assert empty.status_code == 200
    form = empty.context["form"]
    assert not form.errors
    assert form["what"].value() == "accounts.grant"
    assert "Cần điền mục này" not in empty.content.decode()
    assert '<select name="programme"' in empty.content.decode()
    there = client.get(f"/quyen/?don-vi={units['C11']}")
    assert client.get(there.context["why"]).context["place"].code == "C11"


def test_it_begins_and_ends_by_itself(units: dict[str, int]) -> None:
    binh = User.objects.create_user("binh")
    now, unit = timezone.now(), units["C11"]
    over = Wanted("officer", unit, starts_on=date(2025, 1, 1), ends_before=today())
    with pytest.raises(CannotGive):
        give_role(user=binh, wanted=over, actor="tests", now=now)
    soon = Wanted("officer", unit, starts_on=today() + timedelta(days=1))
    give_role(user=binh, wanted=soon, actor="tests", now=now)
    Grant.objects.create(
        user=binh,
        role="officer",
        unit_id=unit,
        starts_on=date(2025, 1, 1),
        ends_before=today(),
        given_at=now,
    )
    assert not binh.has_perm("returns.enter")
    assert not holders("returns.enter", unit).exists()
    assert "đã hết hạn" in said(binh, "returns.enter", unit)
    assert "bắt đầu từ" in said(binh, "returns.enter", unit)


def test_a_unit_is_meant_as_a_whole_and_what_is_alike_is_offered(
    units: dict[str, int], chi: User, client: Client
) -> None:
    """“Bình” is no unit: it is neither taken for “An Bình” nor passed over."""
    client.force_login(chi)
    asked = "/quyen/vi-sao/?what=returns.enter&unit="
    assert client.get(f"{asked}An Bình").context["place"].code == "C11"
    page = client.get(f"{asked}Bình")
    assert "answer" not in page.context
    assert "Hôm nay không có đơn vị nào có tên hoặc mã ấy." in page.content.decode()
    offered = dict(page.context["alike"])
    assert "Phường An Bình, C11, Tỉnh Bình Minh" in offered
    assert client.get(offered["Phường An Bình, C11, Tỉnh Bình Minh"]).context["place"].code == "C11"
