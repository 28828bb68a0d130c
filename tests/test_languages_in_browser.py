"""Another language is chosen while somebody writes: the words come along, with script and without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.tests.cast import load_world
from tests import one_browser
from tests.one_browser import IN_A_BROWSER
from tests.test_keeping_in_browser import PASSWORD, sign_in

pytestmark = IN_A_BROWSER
TASK = "Rà soát hồ sơ <lần> hai"


@pytest.fixture
def address(transactional_db: None, _static_files_as_they_are: None) -> Iterator[str]:
    """The form in which an assignment is given, for Lan of the programme office."""
    load_world()
    grant(User.objects.create_user("lan", password=PASSWORD), "programme_office")
    server = LiveServer("127.0.0.1")
    yield f"{server.url}/nhiem-vu/moi/"
    server.stop()


def speak(page: Page, name: str, code: str) -> None:
    """Press the button of a language, and see the page in it."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", code)


@pytest.mark.slow
def test_what_is_typed_comes_along_to_the_other_language(address: str) -> None:
    with one_browser.chromium() as browser:
        page = browser.new_context(locale="vi-VN").new_page()
        sign_in(page, address)
        page.locator("main textarea[name=text]").fill(TASK)
        speak(page, "English", "en")
        expect(page).to_have_url(address)
        expect(page.locator("main textarea[name=text]")).to_have_value(TASK)
        expect(page.locator("main")).to_contain_text("What you had typed and not saved is back.")
        # A page that says what is wrong: the same words, in the language before.
        page.locator("main form").filter(has=page.locator("textarea[name=text]")).evaluate(
            "form => { form.noValidate = true; form.requestSubmit() }"
        )
        expect(page.locator("main [role=alert], main .field-error").first).to_be_visible()
        speak(page, "Tiếng Việt", "vi")
        expect(page.locator("main textarea[name=text]")).to_have_value(TASK)
        # Given up, it does not come back.
        page.get_by_role("button", name="Bỏ những gì đã gõ").click()
        expect(page.locator("main textarea[name=text]")).to_have_value("")


@pytest.mark.slow
def test_without_script_what_was_sent_is_given_back_in_the_other_language(address: str) -> None:
    with one_browser.chromium() as browser:
        page = browser.new_context(locale="vi-VN", java_script_enabled=False).new_page()
        sign_in(page, address)
        page.locator("main textarea[name=text]").fill(TASK)
        page.locator("main form").filter(has=page.locator("textarea[name=text]")).locator(
            "button"
        ).last.click()
        expect(page.locator("main [role=alert], main .field-error").first).to_be_visible()
        speak(page, "English", "en")
        expect(page.locator("h1")).to_have_text("Not saved yet")
        expect(page.locator("main [name=text]")).to_have_value(TASK)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page).to_have_url(address)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("main textarea[name=text]")).to_have_value(TASK)
