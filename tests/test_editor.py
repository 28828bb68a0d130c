"""The editor of rules in a real browser: it underlines, completes, and is a textarea without script."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect
from pytest_django.live_server_helper import LiveServer

from kieumau.accounts.models import User
from kieumau.indicators.actions.catalogue import load_catalogue
from tests import one_browser
from tests.one_browser import IN_A_BROWSER
from tests.test_browser import DESK, PHONE, Visit

ADDRESS, PASSWORD = "/soan-thu/", "mật khẩu dài 12"

pytestmark = IN_A_BROWSER


@pytest.fixture
def site(transactional_db: None, settings: Any, _static_files_as_they_are: None) -> Iterator[str]:
    """A server with the page of both editors, a catalogue, and one person who may sign in."""
    load_catalogue("vn-commune")
    User.objects.create_user("an", password=PASSWORD)
    settings.ROOT_URLCONF = "tests.editor_page"
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture
def chromium(site: str) -> Iterator[Browser]:
    """A browser, closed before the country is cleared away."""
    with one_browser.chromium() as browser:
        yield browser


def signed_in(browser: Browser, site: str, size: tuple[int, int] = DESK) -> Visit:
    """A window of somebody who has signed in, on the page of both editors."""
    visit = Visit(browser, site, size)
    visit.open(f"/dang-nhap/?next={ADDRESS}")
    visit.page.locator("input[name=username]").fill("an")
    visit.page.locator("input[name=password]").fill(PASSWORD)
    visit.page.locator("main button").first.click()
    visit.page.wait_for_url(f"**{ADDRESS}")
    expect(visit.page.locator(".cm-content")).to_have_count(2)
    return visit


def editor(visit: Visit, language: str) -> Locator:
    """One of the two editors."""
    return visit.page.locator(f"km-editor[language={language}]")


def take_offered(box: Locator, words: str) -> None:
    """Take what is offered for all that was typed; the editor wants it to have stood there for a moment."""
    offered = ".cm-tooltip-autocomplete:not(.cm-tooltip-autocomplete-disabled) li[aria-selected]"
    expect(box.locator(offered)).to_contain_text(words)
    box.page.wait_for_timeout(150)
    box.page.keyboard.press("Enter")


def write(box: Locator, text: str) -> None:
    """Type as a person does."""
    box.locator(".cm-content").click()
    box.page.keyboard.type(text, delay=5)


def test_a_misspelt_indicator_is_underlined_and_the_right_one_named(chromium: Browser, site: str) -> None:
    visit = signed_in(chromium, site)
    box = editor(visit, "formula")
    write(box, "areas.recognized / areas.total >= 70%")
    visit.page.keyboard.press("Escape")
    expect(box.locator(".editor-problems")).to_contain_text("có phải là areas.recognised?")
    expect(box.locator(".cm-lintRange-error")).to_have_text("areas.recognized")
    box.get_by_role("button", name="Dòng 1").click()
    assert visit.page.evaluate("getSelection().toString()") == "areas.recognized"
    visit.page.keyboard.type("areas.recognised")
    visit.page.keyboard.press("Escape")
    expect(box.locator(".editor-says")).to_contain_text("ít nhất 70 %")
    expect(box.locator(".editor-problems")).to_be_hidden()
    assert visit.faults == []


def test_an_indicator_is_found_by_its_name_without_accents(chromium: Browser, site: str) -> None:
    visit = signed_in(chromium, site)
    box = editor(visit, "formula")
    write(box, "khu dan cu duoc cong nhan")
    take_offered(box, "areas.recognised")
    expect(box.locator(".cm-content")).to_have_text("areas.recognised")
    write(box, " > 0 and criterion(")
    expect(box.locator(".cm-tooltip-autocomplete li")).to_have_count(3)
    assert visit.faults == []


def test_a_form_sends_what_stands_in_the_editor_and_tab_leaves_it(chromium: Browser, site: str) -> None:
    visit = signed_in(chromium, site)
    write(editor(visit, "formula"), "fire.count = 0")
    visit.page.keyboard.press("Escape")
    visit.page.keyboard.press("Tab")
    expect(editor(visit, "formula").locator(".cm-focused")).to_have_count(0)
    visit.page.get_by_role("button", name="Lưu").click()
    expect(visit.page.locator("body")).to_have_text("fire.count = 0")


def test_a_set_is_checked_and_its_keys_are_completed(chromium: Browser, site: str) -> None:
    visit = signed_in(chromium, site)
    box = editor(visit, "yaml")
    expect(box.locator(".editor-status")).to_have_text("Không thấy lỗi nào.")
    expect(box.locator(".cm-line .tok-variableName").first).to_have_text("areas.recognised")
    box.locator(".cm-line", has_text="areas.recognised").click()
    visit.page.keyboard.press("End")
    visit.page.keyboard.type(" and areas.totl > 0")
    visit.page.keyboard.press("Escape")
    expect(box.locator(".editor-problems")).to_contain_text("có phải là areas.total?")
    expect(box.locator(".cm-lintRange-error")).to_have_text("areas.totl")
    visit.page.keyboard.press("End")
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.type("appl")
    take_offered(box, "applies_if")
    visit.page.keyboard.type("vu chay")
    expect(box.locator(".cm-tooltip-autocomplete li[aria-selected]")).to_contain_text("fire.count")
    assert visit.faults == []


def test_it_fits_a_phone(chromium: Browser, site: str) -> None:
    visit = signed_in(chromium, site, PHONE)
    write(editor(visit, "formula"), "at_least(2, areas.recognised / areas.total >= 70%, tuyen")
    expect(visit.page.locator(".cm-tooltip-autocomplete")).to_be_visible()
    assert not visit.spills_over()
    assert visit.faults == []


def test_whoever_is_signed_out_meanwhile_is_told(chromium: Browser, site: str) -> None:
    visit = signed_in(chromium, site)
    visit.page.context.clear_cookies()
    write(editor(visit, "formula"), "fire.count = 0")
    expect(editor(visit, "formula").locator(".editor-status")).to_contain_text("đăng nhập lại")


def test_without_script_it_is_a_textarea(chromium: Browser, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/dang-nhap/?next={ADDRESS}")
    page.locator("input[name=username]").fill("an")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button").first.click()
    page.get_by_label("Công thức").fill("fire.count = 0")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("body")).to_have_text("fire.count = 0")
