"""Nobody comes in unasked: by whom, to where, with what, and once only."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from urllib.parse import quote_plus

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from kieumau.accounts import registry
from kieumau.accounts.models import Grant, User
from kieumau.accounts.signing import invitations
from kieumau.accounts.signing.invitations import InvitationIsOver, accept, invite, open_invitation, take_back
from kieumau.accounts.signing.models import Invitation
from kieumau.accounts.signing.tests.log import Log
from kieumau.accounts.tests.granting import grant
from kieumau.kernel.messages import Refused, Text

PASSWORD = "mật khẩu dài 12"
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
ONE_DAY = timedelta(days=1)
LAST_DAY = date(2026, 11, 29)  # of a link that is good for seven days
Unit = Callable[[str], int]


def invited(office: User, unit_id: int, **more: Any) -> tuple[Invitation, str]:
    given = {"name": "canbo.an-hung", "roles": ["officer"], "now": NOW, **more}
    return invite(actor=office, unit_id=unit_id, **given)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


# Who invites whom to where: what comes of it.
TABLE = [
    ("an officer to a ward below", "An Hưng", {"roles": ["officer"]}, ""),
    ("an officer of one programme", "An Hưng", {"programme": "pilot"}, ""),
    ("a verifier to the province itself", "Bình Minh", {"roles": ["verifier"]}, ""),
    ("somebody without any role", "An Hưng", {"roles": []}, "no-role"),
    ("somebody to another province", "Đông Hải", {}, "may-not-invite"),
    ("somebody to a ward of another province", "Ea Súp", {}, "may-not-invite"),
    ("somebody to the whole country", "Nước Mẫu", {}, "may-not-invite"),
    ("a role that does not exist", "An Hưng", {"roles": ["king"]}, "unknown-role"),
    ("somebody whose name is taken", "An Hưng", {"name": "Office"}, "bad-name"),
    ("a name that is none", "An Hưng", {"name": "a b<c>"}, "bad-name"),
    ("an empty name", "An Hưng", {"name": "  "}, "bad-name"),
    ("for a year", "An Hưng", {"days": 365}, "bad-days"),
    ("for no day", "An Hưng", {"days": 0}, "bad-days"),
    ("an officer until the link's last day", "An Hưng", {"roles_until": LAST_DAY}, ""),
    ("whose role ends before the link", "An Hưng", {"roles_until": LAST_DAY - ONE_DAY}, "roles-end-before"),
]


@pytest.mark.parametrize(("what", "unit", "more", "code"), TABLE)
def test_who_may_invite_whom(
    office: User, unit_of: Unit, what: str, unit: str, more: dict[str, Any], code: str
) -> None:
    if not code:
        made, secret = invited(office, unit_of(unit), **more)
        assert made.digest != secret
        assert len(secret) >= 43
    else:
        with pytest.raises(Refused) as refused:
            invited(office, unit_of(unit), **more)
        assert codes(refused) == [code], what
        assert not Invitation.objects.exists()


def test_who_may_invite_but_not_give_a_role_does_not_give_it_by_inviting(unit_of: Unit) -> None:
    office = User.objects.create_user("programme")
    grant(office, "programme_office", unit_of("Bình Minh"))
    with pytest.raises(Refused) as refused:
        invited(office, unit_of("An Hưng"), roles=["administrator", "auditor"])
    assert codes(refused) == ["not-your-role"]


def test_accepting_makes_the_account_and_gives_the_roles_in_the_inviters_name(
    office: User, log: Log, unit_of: Unit
) -> None:
    made, secret = invited(office, unit_of("An Hưng"), email="a@b.vn", roles_until=date(2030, 12, 31))
    assert open_invitation(secret, now=NOW) == made
    user = accept(invitation_id=made.pk, password=PASSWORD, now=NOW)
    held = Grant.objects.get(user=user)
    assert (held.role, held.unit_id, held.given_by) == ("officer", unit_of("An Hưng"), office)
    assert held.ends_before == date(2031, 1, 1)
    assert user.check_password(PASSWORD)
    assert user.email == "a@b.vn"
    said = log.verbs()
    assert said[-3:] == ["signing.invite", "accounts.give_role", "signing.accept"]
    assert "a@b.vn" not in str(list(log.entries().values()))


def test_an_invitation_is_good_once(office: User, unit_of: Unit) -> None:
    made, secret = invited(office, unit_of("An Hưng"))
    accept(invitation_id=made.pk, password=PASSWORD, now=NOW)
    with pytest.raises(InvitationIsOver):
        open_invitation(secret, now=NOW)
    with pytest.raises(InvitationIsOver):
        accept(invitation_id=made.pk, password=PASSWORD, now=NOW)
    assert User.objects.filter(username="canbo.an-hung").count() == 1


def test_an_invitation_ends(office: User, unit_of: Unit) -> None:
    made, secret = invited(office, unit_of("An Hưng"), days=7)
    assert open_invitation(secret, now=NOW + timedelta(days=7, seconds=-1)) == made
    for late in (NOW + timedelta(days=7), NOW + timedelta(days=70)):
        with pytest.raises(InvitationIsOver):
            open_invitation(secret, now=late)
        with pytest.raises(InvitationIsOver):
            accept(invitation_id=made.pk, password=PASSWORD, now=late)
    again, _ = invited(office, unit_of("An Hưng"), now=NOW + timedelta(days=8))
    assert again != made


def test_one_name_has_one_open_invitation(office: User, unit_of: Unit) -> None:
    invited(office, unit_of("An Hưng"))
    with pytest.raises(Refused) as refused:
        invited(office, unit_of("An Hưng"), name="CanBo.An-Hung")
    assert codes(refused) == ["bad-name"]


def test_an_invitation_is_taken_back(office: User, log: Log, unit_of: Unit) -> None:
    made, secret = invited(office, unit_of("An Hưng"))
    take_back(actor=office, invitation_id=made.pk, now=NOW)
    take_back(actor=office, invitation_id=made.pk, now=NOW)
    with pytest.raises(InvitationIsOver):
        open_invitation(secret, now=NOW)
    assert log.verbs().count("signing.take_back") == 1
    stranger = User.objects.create_user("stranger")
    with pytest.raises(Refused):
        take_back(actor=stranger, invitation_id=made.pk, now=NOW)


def test_whoever_lost_the_right_meanwhile_gives_nothing(office: User, unit_of: Unit) -> None:
    made, _ = invited(office, unit_of("An Hưng"))
    User.objects.filter(pk=office.pk).update(is_active=False)
    with pytest.raises(Refused):
        accept(invitation_id=made.pk, password=PASSWORD, now=NOW)
    assert not User.objects.filter(username="canbo.an-hung").exists(), "all or nothing"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_account(office: User, unit_of: Unit) -> None:
    made, _ = invited(office, unit_of("An Hưng"))
    begin, outcomes = Barrier(2), []

    def come_in() -> None:
        begin.wait()
        try:
            accept(invitation_id=made.pk, password=None, now=NOW)
            outcomes.append("in")
        except InvitationIsOver:
            outcomes.append("over")
        finally:
            connection.close()

    threads = [Thread(target=come_in) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "over"]


def test_the_pages_from_the_invitation_to_the_first_sign_in(
    client: Client, office: User, unit_of: Unit, settings: Any
) -> None:
    settings.KIEUMAU_MAIL = True
    client.force_login(office)
    address = f"/don-vi/{unit_of('An Hưng')}/loi-moi/"
    assert "Cán bộ" in client.get(address).content.decode()
    typed = {"name": "canbo.an-hung", "email": "a@b.vn", "roles": ["officer"], "days": "7"}
    shown = client.post(address, typed).content.decode()
    found = re.search(r"http://testserver(/loi-moi/[\w-]+/)", shown)
    assert found
    assert found[0] in str(mail.outbox[0].body)
    assert found[1] not in client.get(address).content.decode(), "shown once"
    assert "đã có lời mời" in client.post(address, typed).content.decode().lower()

    guest = Client()
    page = guest.get(found[1])
    assert "An Hưng" in page.content.decode()
    short = guest.post(found[1], {"password1": "ngắn", "password2": "ngắn"})
    assert "Có lỗi cần sửa" in short.content.decode()
    assert quote_plus("ngắn") not in short.content.decode(), "nor comes it along to the other language"
    done = guest.post(found[1], {"password1": PASSWORD, "password2": PASSWORD})
    assert (done.status_code, done.headers["Location"]) == (302, "/tai-khoan/")
    account = guest.get("/tai-khoan/").content.decode()
    assert "Cán bộ" in account
    assert "An Hưng" in account
    over = Client().get(found[1])
    assert over.status_code == 410
    assert "không còn hiệu lực" in over.content.decode()


@pytest.mark.parametrize("is_taken", [True, False])
def test_the_page_says_whether_the_mail_server_took_the_link(
    client: Client, office: User, unit_of: Unit, settings: Any, is_taken: bool
) -> None:
    settings.KIEUMAU_MAIL = True
    if not is_taken:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    client.force_login(office)
    typed = {"name": "canbo.an-hung", "email": "a@b.vn", "roles": ["officer"], "days": "7"}
    shown = client.post(f"/don-vi/{unit_of('An Hưng')}/loi-moi/", typed).content.decode()
    assert "testserver/loi-moi/" in shown
    assert ("cũng đã được gửi tới a@b.vn" in shown) is is_taken
    assert ("Không gửi được tới a@b.vn" in shown) is not is_taken


def test_the_form_offers_programmes_and_asks_for_a_role(
    client: Client, unit_of: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever gives roles in one programme only chooses that one, and invites into it."""
    names = {"pilot": Text("Thí điểm", "Pilot"), "other": Text("Khác", "Other")}
    monkeypatch.setattr(registry, "programmes", [lambda: names])
    everywhere, one = (User.objects.create_user(name) for name in ("rộng", "hẹp"))
    grant(everywhere, "administrator", unit_of("Bình Minh"))
    grant(one, "administrator", unit_of("Bình Minh"), "pilot")
    grant(one, "officer", unit_of("Bình Minh"))
    address = f"/don-vi/{unit_of('An Hưng')}/loi-moi/"
    client.force_login(everywhere)
    assert offered(client, address) == ["", "other", "pilot"]
    typed = {"name": "canbo.an-hung", "days": "7"}
    said = client.post(address, typed)
    assert (said.status_code, Invitation.objects.count()) == (422, 0)
    client.force_login(one)
    assert offered(client, address) == ["pilot"]
    typed = {**typed, "roles": "officer", "programme": "pilot"}
    assert client.post(address, {**typed, "programme": "other"}).status_code == 422
    assert client.post(address, typed).status_code == 200
    made = Invitation.objects.get()
    assert (made.roles, made.programme) == (["officer"], "pilot")
    user = accept(invitation_id=made.pk, password=PASSWORD, now=timezone.now())
    assert Grant.objects.get(user=user).programme == "pilot"


def test_an_officer_is_invited_above_communes_only_where_that_is_meant(client: Client, unit_of: Unit) -> None:
    office = User.objects.create_user("tỉnh")
    grant(office, "programme_office", unit_of("Bình Minh"))
    client.force_login(office)
    address = f"/don-vi/{unit_of('Bình Minh')}/loi-moi/"
    typed = {"name": "canbo.tinh", "days": "7", "roles": "officer"}
    said = client.post(address, typed)
    assert (said.status_code, Invitation.objects.count()) == (422, 0)
    assert "không thấy việc của xã, phường nào" in said.content.decode()
    assert client.post(address, {**typed, "alone": "on"}).status_code == 200
    assert Invitation.objects.get().roles == ["officer"]
    # Below a commune there is nothing: nobody asks.
    assert "alone" not in client.get(f"/don-vi/{unit_of('An Hưng')}/loi-moi/").context["form"].fields


def offered(client: Client, address: str) -> list[str]:
    """The programmes of the form."""
    return [code for code, _ in client.get(address).context["form"].fields["programme"].choices]


def test_the_pages_are_closed_to_others(client: Client, office: User, unit_of: Unit) -> None:
    client.force_login(office)
    assert client.get(f"/don-vi/{unit_of('Đông Hải')}/loi-moi/").status_code == 404
    made, _ = invited(office, unit_of("An Hưng"), now=timezone.now())
    client.force_login(User.objects.create_user("stranger"))
    address = f"/don-vi/{unit_of('An Hưng')}/loi-moi/"
    assert client.get(address).status_code == 404
    assert client.post(f"{address}{made.pk}/thu-hoi/").status_code == 404
    client.force_login(office)
    assert client.post(f"{address}{made.pk}/thu-hoi/").status_code == 302
    assert not invitations.is_open(Invitation.objects.get(), now=timezone.now())
