"""Another language is chosen while somebody writes: the words come along, with script and without."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.tests.cast import load_world
from kieumau.documents.tests.hostile import pdf
from kieumau.units.models import Unit
from tests import one_browser
from tests.one_browser import IN_A_BROWSER
from tests.test_keeping_in_browser import PASSWORD, sign_in

pytestmark = IN_A_BROWSER
TASK = "Rà soát hồ sơ <lần> hai"


@pytest.fixture
def site(transactional_db: None, _static_files_as_they_are: None) -> Iterator[str]:
    """The small country, and Lan of the programme office."""
    load_world()
    grant(User.objects.create_user("lan", password=PASSWORD), "programme_office")
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture
def address(site: str) -> str:
    """The form in which an assignment is given."""
    return f"{site}/nhiem-vu/moi/"


@pytest.fixture
def shelf(site: str, settings: Any, tmp_path: Path) -> str:
    """The form by which a document is put on a shelf."""
    settings.KIEUMAU_FILES = str(tmp_path / "files")
    return f"{site}{reverse('document_new', args=[Unit.objects.earliest('pk').pk])}"


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
def test_a_file_that_is_held_comes_along(shelf: str) -> None:
    """It is named in the page that says what is wrong beside it, and by no other."""
    with one_browser.chromium() as browser:
        page = browser.new_context(locale="vi-VN").new_page()
        sign_in(page, shelf)
        page.locator("main [name=summary]").fill(TASK)
        page.locator("main #files").set_input_files(
            {"name": "dang-ky.pdf", "mimeType": "application/pdf", "buffer": pdf()}
        )
        form = page.locator("main form").filter(has=page.locator("#files"))
        form.evaluate("form => { form.noValidate = true; form.requestSubmit() }")
        expect(page.locator("main")).to_contain_text("dang-ky.pdf")
        page.locator("main [name=reference]").fill("12/ĐK-UBND")
        speak(page, "English", "en")
        expect(page.locator("h1")).to_have_text("Not saved yet")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page).to_have_url(shelf)
        expect(page.locator("main")).to_contain_text("dang-ky.pdf")
        expect(page.locator("main [name=summary]")).to_have_value(TASK)
        expect(page.locator("main [name=reference]")).to_have_value("12/ĐK-UBND")


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
