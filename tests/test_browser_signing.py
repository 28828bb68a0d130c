"""One-time codes and passkeys in a real browser, with Chromium's own virtual key."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from kieumau.accounts.models import User
from tests import one_browser
from tests.one_browser import IN_A_BROWSER

NAME, PASSWORD = "an", "mật khẩu dài 12"

pytestmark = IN_A_BROWSER


@pytest.fixture
def site(transactional_db: None, settings: Any, _static_files_as_they_are: None) -> Iterator[str]:
    """The address of a closed server; “localhost”, as a passkey belongs to a name, not to an address."""
    settings.KIEUMAU_OPEN_READING = False
    settings.ALLOWED_HOSTS = ["localhost"]
    User.objects.create_user(NAME, password=PASSWORD)
    cache.clear()
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@pytest.fixture
def chromium(site: str) -> Iterator[Browser]:
    """A browser, closed before the tables are cleared."""
    with one_browser.chromium() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A window, and a look at its console when all is done."""
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    assert not faults


def sign_in(page: Page, site: str) -> None:
    """Until the page after it stands there: to go on at once would call the sending off."""
    page.goto(f"{site}/dang-nhap/")
    page.fill("[name=username]", NAME)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn-primary")
    page.wait_for_url(re.compile("/(viec-cua-toi|dang-nhap/ma)/"))


def confirm(page: Page) -> None:
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn-primary")


def sign_out(page: Page, site: str) -> None:
    page.goto(f"{site}/tai-khoan/")
    page.click(".phone-menu summary")
    page.click(".phone-menu >> text=Đăng xuất")
    page.wait_for_url("**/dang-nhap/**")


def code_of(secret: str) -> str:
    """The one that a phone shows now; the first of those that are good may end at any moment."""
    _ends, now, _begins = yield_hotp_counters_from_time()
    code: str = format_hotp_value(hotp_value(secret, now))
    return code


def test_one_time_codes(page: Page, site: str) -> None:
    sign_in(page, site)
    page.goto(f"{site}/tai-khoan/")
    page.click("text=Bật")
    confirm(page)
    assert page.locator(".one-time-picture svg").bounding_box() is not None
    secret = page.inner_text(".one-time-key").replace(" ", "")
    page.fill("[name=code]", code_of(secret))
    page.click("main form button.btn-primary")
    page.wait_for_url(f"{site}/tai-khoan/ma-du-phong/")
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    sign_out(page, site)
    sign_in(page, site)
    page.wait_for_url("**/dang-nhap/ma/**")
    page.fill("[name=code]", codes[0])
    page.click("main form button.btn-primary")
    page.wait_for_url(f"{site}/viec-cua-toi/")
    page.goto(f"{site}/tai-khoan/")
    assert page.inner_text("h1") == "Tài khoản của tôi"


def test_a_passkey_is_made_and_then_signs_in_alone(page: Page, site: str) -> None:
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    sign_in(page, site)
    page.goto(f"{site}/tai-khoan/khoa/them/")
    confirm(page)
    page.fill("[name=name]", "Điện thoại")
    page.click("km-passkey button")
    page.wait_for_url(f"{site}/tai-khoan/ma-du-phong/")
    page.goto(f"{site}/tai-khoan/khoa/")
    assert "Điện thoại" in page.inner_text("main")
    sign_out(page, site)

    page.goto(f"{site}/dang-nhap/?next=/tai-khoan/phien/")
    page.click("km-passkey button")
    page.wait_for_url(f"{site}/tai-khoan/phien/")
    assert "phiên này" in page.inner_text("main")
    sign_out(page, site)

    sign_in(page, site)
    page.wait_for_url("**/dang-nhap/ma/**")
    page.click("km-passkey button")
    page.wait_for_url(f"{site}/viec-cua-toi/")
    page.goto(f"{site}/tai-khoan/khoa/")
    page.get_by_role("link", name="Bỏ", exact=True).click()
    confirm(page)
    page.click("main form button.btn-danger")
    page.wait_for_url(f"{site}/tai-khoan/khoa/")
    assert "Điện thoại" not in page.inner_text("main")


def test_a_passkey_that_is_called_off_is_said_in_words(page: Page, site: str) -> None:
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    page.goto(f"{site}/dang-nhap/")
    # The device knows no key for this place, so that the browser calls it off at once.
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": False,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    page.click("km-passkey button")
    page.wait_for_selector("km-passkey [role=alert]:not([hidden])")
    assert "Không đăng nhập được bằng khóa truy cập" in page.inner_text("km-passkey")
