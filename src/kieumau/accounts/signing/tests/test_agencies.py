"""An agency's sign-on lets in whom an invitation has bound to it, and nobody else."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from kieumau.accounts.models import Grant, User
from kieumau.accounts.signing.invitations import invite
from kieumau.accounts.signing.tests.agency import CLIENT, SECRET, Agency, agency
from kieumau.accounts.signing.tests.log import Log

LOGIN = "/dang-nhap/co-quan/agency/"
Unit = Callable[[str], int]


@pytest.fixture
def there(settings: Any, db: None) -> Iterator[Agency]:
    with agency() as there:
        app = {
            "provider_id": "agency",
            "name": "Công an tỉnh",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": there.address},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        yield there


def come_from(there: Agency, client: Client, address: str = LOGIN) -> Any:
    """To the agency, and back with what it says."""
    sent = client.get(address)
    assert sent.status_code == 302
    return client.get(there.authorize(sent.headers["Location"]), follow=True)


def invitation(office: User, unit_id: int) -> str:
    _, secret = invite(
        actor=office, name="canbo.an-hung", roles=["officer"], unit_id=unit_id, now=timezone.now()
    )
    return f"/loi-moi/{secret}/"


def is_in(client: Client) -> bool:
    return client.get("/tai-khoan/").status_code == 200


def test_the_page_offers_it_by_its_name(client: Client, there: Agency) -> None:
    page = client.get("/dang-nhap/").content.decode()
    assert "Đăng nhập bằng Công an tỉnh" in page
    assert LOGIN in page


def test_whoever_was_not_invited_is_turned_away_in_words(client: Client, there: Agency, office: User) -> None:
    answer = come_from(there, client)
    assert "Hệ thống chưa biết bạn" in answer.content.decode()
    assert not is_in(client)
    assert User.objects.count() == 1, "not even one of the same name or address is taken for him"
    assert not SocialAccount.objects.exists()


def test_an_invitation_binds_and_from_then_on_it_lets_in(
    client: Client, there: Agency, office: User, log: Log, unit_of: Unit
) -> None:
    link = invitation(office, unit_of("An Hưng"))
    assert "Công an tỉnh" in client.get(link).content.decode()
    come_from(there, client)
    assert is_in(client)
    user = User.objects.get(username="canbo.an-hung")
    assert (user.has_usable_password(), user.email, user.first_name) == (False, "", "")
    assert Grant.objects.get(user=user).role == "officer"
    bound = SocialAccount.objects.get()
    assert (bound.uid, bound.extra_data) == ("cb-0012", {}), "nothing else of what it told is kept"
    verbs = log.verbs()
    assert verbs[-3:] == ["signing.accept", "signing.link", "signing.signed_in"]
    assert Client().get(link).status_code == 410

    again = Client()
    come_from(there, again)
    assert is_in(again)
    assert User.objects.count() == 2
    assert SocialAccount.objects.get().extra_data == {}


def test_somebody_else_of_the_agency_is_still_nobody(
    client: Client, there: Agency, office: User, unit_of: Unit
) -> None:
    client.get(invitation(office, unit_of("An Hưng")))
    come_from(there, client)
    there.subject = "cb-9999"
    stranger = Client()
    assert "Hệ thống chưa biết bạn" in come_from(there, stranger).content.decode()
    assert not is_in(stranger)


def test_nobody_binds_an_account_without_an_invitation(client: Client, there: Agency, office: User) -> None:
    client.force_login(office)
    answer = come_from(there, client, f"{LOGIN}?process=connect")
    assert "Hệ thống chưa biết bạn" in answer.content.decode()
    assert not SocialAccount.objects.exists()


def test_a_closed_account_stays_closed(client: Client, there: Agency, office: User, unit_of: Unit) -> None:
    client.get(invitation(office, unit_of("An Hưng")))
    come_from(there, client)
    User.objects.filter(username="canbo.an-hung").update(is_active=False)
    other = Client()
    assert "đã bị đóng" in come_from(there, other).content.decode()
    assert not is_in(other)


@pytest.mark.parametrize("fault", ["called off", "for another", "another browser"])
def test_what_does_not_fit_is_refused_in_words(client: Client, there: Agency, fault: str) -> None:
    there.refuses = fault == "called off"
    if fault == "for another":
        there.audience = "somebody-else"
    sent = client.get(LOGIN)
    back = there.authorize(sent.headers["Location"])
    browser = Client() if fault == "another browser" else client
    answer = browser.get(back, follow=True)
    assert "không cho qua" in answer.content.decode()
    assert not is_in(browser)


def test_without_an_agency_there_is_no_such_address(client: Client, db: None) -> None:
    assert client.get(LOGIN).status_code == 404
