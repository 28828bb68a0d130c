"""Every address of signing in: who may open it, in both languages."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from kieumau.accounts.models import User
from kieumau.accounts.signing.tests.test_signing_in import PASSWORD, sign_in
from kieumau.accounts.signing.urls import urlpatterns

# Open to all: signing in, a forgotten password, what an agency answers, the link of an invitation.
OPEN = {
    "login": "/dang-nhap/",
    "account_login": "/dang-nhap/",
    "mfa_authenticate": "/dang-nhap/ma/",
    "mfa_login_webauthn": "/dang-nhap/khoa/",
    "account_inactive": "/dang-nhap/da-dong/",
    "socialaccount_login_cancelled": "/dang-nhap/thoi/",
    "socialaccount_login_error": "/dang-nhap/loi/",
    "openid_connect_login": "/dang-nhap/co-quan/agency/",
    "openid_connect_callback": "/dang-nhap/co-quan/agency/xong/",
    "account_reset_password": "/quen-mat-khau/",
    "account_reset_password_done": "/quen-mat-khau/da-gui/",
    "account_reset_password_from_key_done": "/quen-mat-khau/xong/",
    "account_reset_password_from_key": "/quen-mat-khau/1-abc/",
    "invitation": "/loi-moi/abc/",
}
# One's own.
OWN = {
    "account": "/tai-khoan/",
    "account_change_password": "/tai-khoan/mat-khau/",
    "account_reauthenticate": "/tai-khoan/xac-nhan/",
    "mfa_reauthenticate": "/tai-khoan/xac-nhan/ma/",
    "mfa_deactivate_totp": "/tai-khoan/ma-mot-lan/tat/",
    "mfa_view_recovery_codes": "/tai-khoan/ma-du-phong/",
    "mfa_generate_recovery_codes": "/tai-khoan/ma-du-phong/moi/",
    "mfa_list_webauthn": "/tai-khoan/khoa/",
    "mfa_add_webauthn": "/tai-khoan/khoa/them/",
    "sessions": "/tai-khoan/phien/",
}
# One's own, but elsewhere for somebody with a password, with codes and without a passkey.
ELSEWHERE = {
    "account_set_password": "/tai-khoan/mat-khau/dat/",
    "mfa_activate_totp": "/tai-khoan/ma-mot-lan/",
    "mfa_reauthenticate_webauthn": "/tai-khoan/xac-nhan/khoa/",
    "mfa_index": "/tai-khoan/xac-thuc/",
    "account_email": "/tai-khoan/thu/",
    "socialaccount_connections": "/tai-khoan/co-quan/",
}
NOT_THERE = {
    "mfa_edit_webauthn": "/tai-khoan/khoa/99/ten/",
    "mfa_remove_webauthn": "/tai-khoan/khoa/99/bo/",
    "unit_invitations": "/don-vi/99999999/loi-moi/",
    "person_close": "/quyen/nguoi/99999999/dong/",
}
FILES = {"mfa_download_recovery_codes": "/tai-khoan/ma-du-phong/tai/"}
BUTTONS = {
    "logout": "/dang-xuat/",
    "session_end": "/tai-khoan/phien/99/",
    "sessions_end_others": "/tai-khoan/phien/khac/",
    "invitation_take_back": "/don-vi/99999999/loi-moi/99/thu-hoi/",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def an(client: Client) -> User:
    """Somebody with codes who has just said once more who he is."""
    an = User.objects.create_user("an", password=PASSWORD)
    sign_in(client)
    client.post("/tai-khoan/xac-nhan/?next=/tai-khoan/", {"password": PASSWORD})
    TOTP.activate(an, generate_totp_secret())
    RecoveryCodes.activate(an)
    return an


def test_every_address_is_walked() -> None:
    walked = {**OPEN, **OWN, **ELSEWHERE, **NOT_THERE, **FILES, **BUTTONS}
    assert {entry.name for entry in urlpatterns} == set(walked)


@pytest.mark.parametrize("is_open", [True, False])
def test_ways_in_are_open_and_the_rest_asks_who_one_is(client: Client, is_open: bool) -> None:
    with override_settings(KIEUMAU_OPEN_READING=is_open):
        for name, address in OPEN.items():
            response = client.get(address)
            assert response.status_code in {200, 302, 401, 404, 410}, name
            assert "next=" not in response.headers.get("Location", ""), name
        for name, address in {**OWN, **ELSEWHERE, **NOT_THERE, **FILES}.items():
            response = client.get(address)
            assert response.headers["Location"].startswith("/dang-nhap/?next="), name
        for name, address in BUTTONS.items():
            assert client.post(address).status_code == 302, name
            assert client.get(address).status_code in {302, 405}, name


def test_every_page_speaks_both_languages(client: Client, an: User) -> None:
    for language in ("vi", "en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for name, address in OWN.items():
            response = client.get(address)
            html = response.content.decode()
            assert response.status_code == 200, name
            assert f'<html lang="{language}">' in html, name
            assert html.count("<h1") == 1, name
            assert "<script>" not in html, name
            assert not re.search(r"\bstyle=", html), name
        for name, address in ELSEWHERE.items():
            assert client.get(address).headers["Location"].startswith("/tai-khoan/"), name
        for name, address in NOT_THERE.items():
            assert client.get(address).status_code == 404, name
    saved = client.get(FILES["mfa_download_recovery_codes"])
    assert len(saved.content.split()) == 10


# How many questions each page asks of the database at most: who asks, from where he may see, what is shown.
QUERIES = {
    "/dang-nhap/": 2,
    "/tai-khoan/": 8,
    "/tai-khoan/phien/": 5,
    "/tai-khoan/khoa/": 5,
    "/tai-khoan/mat-khau/": 4,
}


@pytest.mark.parametrize(("address", "most"), QUERIES.items())
def test_the_pages_ask_little(client: Client, an: User, address: str, most: int) -> None:
    browser = Client() if address == "/dang-nhap/" else client
    with CaptureQueriesContext(connection) as asked:
        browser.get(address)
    assert len(asked) <= most, [query["sql"][:100] for query in asked]


def test_nobody_signs_up(client: Client) -> None:
    for address in ("/dang-ky/", "/accounts/signup/", "/dang-nhap/co-quan/agency/?process=connect"):
        assert client.get(address).status_code in {302, 404}
    assert not User.objects.exists()


# What is typed for a new password twice, and what is said of it.
REFUSED = [
    ("ngắn", "ngắn", "Mật khẩu này quá ngắn: phải có ít nhất 12 ký tự."),
    ("password1234", "password1234", "Nhiều người dùng mật khẩu này: hãy chọn mật khẩu khác."),
    ("mật khẩu dài 13", "mật khẩu dài 14", "Hai mật khẩu không giống nhau."),
    ("", "", "Cần điền mục này."),
]


@pytest.mark.parametrize(("first", "second", "said"), REFUSED)
def test_a_password_is_refused_in_vietnamese(
    client: Client, an: User, first: str, second: str, said: str
) -> None:
    typed = {"oldpassword": PASSWORD, "password1": first, "password2": second}
    shown = client.post("/tai-khoan/mat-khau/", typed).content.decode()
    assert said in shown
    assert "password" not in re.sub(r"<[^>]+>", "", shown.partition("<main")[2]).replace("password1234", "")
