"""An account is closed for good by whoever looks after it; what is known of people is forgotten in time."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from kieumau.accounts.acting import acting
from kieumau.accounts.granting import end_role
from kieumau.accounts.models import Grant, User
from kieumau.accounts.signing.closing import CannotClose, close_account, forget
from kieumau.accounts.signing.models import Invitation, RunningSession
from kieumau.accounts.signing.tests.log import Log
from kieumau.accounts.signing.tests.test_invitations import invited
from kieumau.accounts.signing.tests.test_signing_in import PASSWORD, sign_in
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tests.test_row_security import serving
from kieumau.kernel.messages import Refused

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
Unit = Callable[[str], int]


@pytest.fixture
def an(unit_of: Unit) -> User:
    """An officer of An Hưng with a password, codes and a mail address."""
    an = User.objects.create_user("an", password=PASSWORD, email="an@b.vn")
    grant(an, "officer", unit_of("An Hưng"))
    return an


def test_a_closed_account_lets_nobody_in_and_keeps_its_name(
    client: Client, an: User, office: User, log: Log, unit_of: Unit
) -> None:
    sign_in(client)
    TOTP.activate(an, generate_totp_secret())
    assert client.get("/tai-khoan/").status_code == 200
    close_account(person=an, reason="nghỉ hưu", actor=office, now=timezone.now())
    assert client.get("/tai-khoan/").status_code == 302, "no session goes on"
    assert not Session.objects.exists()
    assert not RunningSession.objects.exists()
    assert not Authenticator.objects.exists()
    assert Grant.objects.get(user=an).end_reason == "nghỉ hưu"
    assert sign_in(Client()).status_code == 200, "the form again, with what is wrong"
    an.refresh_from_db()
    assert (an.username, an.is_active, an.has_usable_password()) == ("an", False, False)
    assert log.verbs()[-1] == "signing.close_account"
    with pytest.raises(Refused, match="closed for good"):
        invited(office, unit_of("An Hưng"), name="An")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=an.pk).update(is_active=True)


# Who closes whose account: what comes of it.
WHO = [
    ("the administrator of the province", "administrator", "Bình Minh", "an", True),
    ("its programme office, which gave the role", "programme_office", "Bình Minh", "an", True),
    ("the administrator of another province", "administrator", "Đông Hải", "an", False),
    ("an auditor", "auditor", "Bình Minh", "an", False),
    ("one's own", "administrator", "Bình Minh", "who", False),
    ("somebody who works elsewhere as well", "administrator", "Bình Minh", "binh", False),
    ("somebody who works in two provinces", "administrator", "Nước Mẫu", "binh", True),
    ("somebody who worked here and works elsewhere", "administrator", "Bình Minh", "chi", False),
    ("somebody who worked elsewhere and works here", "administrator", "Đông Hải", "chi", True),
    ("somebody who worked here last", "administrator", "Bình Minh", "em", True),
    ("somebody who worked elsewhere last", "administrator", "Đông Hải", "em", False),
    ("somebody who never held a role", "administrator", "Nước Mẫu", "dung", False),
    ("an operator's", "administrator", "Nước Mẫu", "root", False),
]


@pytest.mark.parametrize(("what", "role", "unit", "whose", "may"), WHO)
def test_who_closes_an_account(
    an: User, unit_of: Unit, what: str, role: str, unit: str, whose: str, may: bool
) -> None:
    who = User.objects.create_user("who")
    grant(who, role, unit_of(unit))
    for name, places, ended in (
        ("binh", ("An Hưng", "Ea Súp"), ()),
        ("chi", ("An Hưng", "Ea Súp"), ("An Hưng",)),
        ("dung", (), ()),
        ("em", ("Ea Súp", "An Hưng"), ("Ea Súp", "An Hưng")),
    ):
        works(
            User.objects.create_user(name), [unit_of(one) for one in places], [unit_of(one) for one in ended]
        )
    User.objects.create_superuser("root")
    client, person = Client(), User.objects.get(username=whose)
    client.force_login(who)
    address = f"/quyen/nguoi/{person.pk}/dong/"
    with acting(who), serving():
        assert (client.get(address).status_code == 200) is may, what
        if may:
            assert client.post(address, {"reason": " "}).status_code == 422
            assert client.post(address, {"reason": "chuyển công tác"}).status_code == 302
            assert client.get(address).status_code == 404, "once"
        else:
            with pytest.raises(CannotClose):
                close_account(person=person, reason="x", actor=who, now=NOW)
            page = client.get(address)
            is_told = role == "administrator" and whose in {"binh", "chi", "em"}
            assert page.status_code == (403 if is_told else 404), what
            assert ("vai trò mà bạn không kết thúc được" in page.content.decode()) is is_told
            assert "<form method" not in page.content.decode().partition("<main")[2], what
    assert (User.objects.get(pk=person.pk).closed_at is not None) is may
    assert not (may and Grant.objects.filter(user=person, ended_at=None).exists()), "no role runs on unseen"


def works(person: User, places: list[int], ended: list[int]) -> None:
    """The person is an officer of these places, of some of them no more."""
    for place in places:
        for given in grant(person, "officer", place):
            if place in ended:
                end_role(grant_id=given.pk, reason="chuyển công tác", actor="tests", now=NOW)


def test_a_role_that_one_may_not_end_offers_no_end(unit_of: Unit, an: User) -> None:
    """A colleague of the same office gives officers their roles, not administrators."""
    people = {name: User.objects.create_user(name) for name in ("office", "admin")}
    grant(people["office"], "programme_office", unit_of("Bình Minh"))
    grant(people["admin"], "administrator", unit_of("Bình Minh"))
    offered = {}
    for name, person in people.items():
        client = Client()
        client.force_login(person)
        page = client.get("/quyen/").content.decode()
        links = re.findall(r'href="(/quyen/(?:nguoi/)?\d+/(?:ket-thuc|dong)/)"', page)
        assert [client.get(link).status_code for link in links] == [200] * len(links), name
        ends = {int(link.split("/")[2]) for link in links if link.endswith("/ket-thuc/")}
        offered[name] = set(Grant.objects.filter(pk__in=ends).values_list("user__username", flat=True))
    assert offered == {"office": {"an", "office"}, "admin": {"an", "office", "admin"}}


# Days since it was over: is the address still known?
KEPT = [("accepted", 29, True), ("accepted", 31, False), ("expired", 31, False), ("open", 0, True)]


@pytest.mark.parametrize(("what", "days", "is_kept"), KEPT)
def test_the_address_of_an_invitation_is_forgotten(
    office: User, unit_of: Unit, what: str, days: int, is_kept: bool
) -> None:
    made, _ = invited(office, unit_of("An Hưng"), email="a@b.vn", days=1)
    if what == "accepted":
        Invitation.objects.filter(pk=made.pk).update(accepted_at=NOW)
    over = made.expires_at if what == "expired" else NOW
    forgotten = forget(now=over + timedelta(days=days))
    assert (Invitation.objects.get().email == "a@b.vn") is is_kept
    assert forgotten.addresses == (not is_kept)


def test_the_address_of_a_closed_account_and_dead_sessions_are_forgotten(
    client: Client, an: User, office: User, log: Log
) -> None:
    other = User.objects.create_user("binh", password=PASSWORD, email="binh@b.vn")
    client.force_login(other)
    sign_in(Client())
    now = timezone.now()
    close_account(person=an, reason="nghỉ hưu", actor=office, now=now)
    assert forget(now=now + timedelta(days=1)).addresses == 0
    done = forget(now=now + timedelta(days=91))
    assert done.addresses == 1
    assert done.sessions >= 1
    assert log.entries().latest("pk").new == {"addresses": 1, "sessions": done.sessions}, "counts, no address"
    assert log.verbs()[-1] == "signing.forget"
    forget(now=now + timedelta(days=91))
    assert log.verbs().count("signing.forget") == 1, "nothing is left to forget"
    assert not RunningSession.objects.exists()
    assert dict(User.objects.values_list("username", "email")) == {
        "an": "",
        "binh": "binh@b.vn",
        "office": "",
    }
