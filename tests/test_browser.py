"""The pages in a real browser: they fit a phone, speak both languages and break no rule of their own.

A real server (Django's, on a free port) and the system's Chromium; skipped, with the reason, where there
is no Chromium or no style sheet.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from kieumau.assessments.tests.cast import Cast, load_world
from tests import one_browser
from tests.one_browser import IN_A_BROWSER

PHONE, DESK = (390, 844), (1440, 900)

pytestmark = IN_A_BROWSER


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The small country, committed, so that the server's own connections see it."""
    return load_world()


@pytest.fixture
def site(cast: Cast, settings: Any, _static_files_as_they_are: None) -> Iterator[str]:
    """The address of a server that anybody may read."""
    settings.KIEUMAU_OPEN_READING = True
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture
def chromium(site: str) -> Iterator[Browser]:
    """A browser, closed before the country is cleared away."""
    with one_browser.chromium() as browser:
        yield browser


class Visit:
    """One window; `faults` collects what a developer's console would show."""

    def __init__(self, browser: Browser, site: str, size: tuple[int, int]) -> None:
        self.site = site
        self.faults: list[str] = []
        self.page: Page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        self.page.on("console", lambda said: self._note(said.text) if said.type != "log" else None)
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on("requestfailed", self._note_failure)
        self.page.on("response", lambda got: self._note(got.url) if got.status >= 400 else None)

    def _note_failure(self, request: Request) -> None:
        # Whoever leaves a page before its last picture came has aborted that request; nothing failed.
        if request.failure != "net::ERR_ABORTED":
            self._note(f"{request.url} {request.failure}")

    def _note(self, fault: str) -> None:
        self.faults.append(f"{self.page.url}: {fault}")

    def open(self, address: str) -> None:
        """Go to an address of the site."""
        self.page.goto(f"{self.site}{address}")

    def spills_over(self) -> bool:
        """Is the page wider than the window?"""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def addresses(cast: Cast) -> list[str]:
    """One page of every kind."""
    commune = cast.unit("Cái Khế")
    return [
        "/",
        f"/don-vi/{cast.unit('Cần Thơ')}/",
        f"/don-vi/{commune}/",
        f"/don-vi/{cast.ended}/",
        f"/don-vi/{commune}/tieu-chi/model-ward/1/2.1/",
        "/bo-tieu-chi/",
        "/bo-tieu-chi/model-ward/1/",
        "/bo-tieu-chi/model-ward/1/2.3/",
        "/tim/?q=cai+khe",
        "/dang-nhap/",
    ]


def test_every_page_fits_phone_and_desk_without_a_fault(cast: Cast, chromium: Browser, site: str) -> None:
    for size in (PHONE, DESK):
        visit = Visit(chromium, site, size)
        for address in addresses(cast):
            visit.open(address)
            assert not visit.spills_over(), (size, address)
            assert visit.page.locator("h1").count() == 1, address
        assert visit.faults == []


def test_the_language_switch_works_and_stays(cast: Cast, chromium: Browser, site: str) -> None:
    visit = Visit(chromium, site, PHONE)
    address = f"/don-vi/{cast.unit('Cái Khế')}/?ky=2025"
    visit.open(address)
    expect(visit.page.locator("h1")).to_have_text("Phường Cái Khế")
    visit.page.locator(".phone-menu summary").click()
    visit.page.get_by_role("button", name="English").click()
    expect(visit.page.locator("h1")).to_have_text("Cái Khế Ward")
    assert visit.page.url == f"{site}{address}"
    visit.open("/bo-tieu-chi/")
    expect(visit.page.locator("h1")).to_have_text("Criteria sets")
    assert visit.faults == []


def test_on_a_phone_the_header_is_one_line_and_its_menu_holds_everything(
    cast: Cast, chromium: Browser, site: str
) -> None:
    for width in (360, 390):
        visit = Visit(chromium, site, (width, 844))
        for language, code in (("English", "en"), ("Tiếng Việt", "vi")):
            visit.open("/bo-tieu-chi/")
            header, menu = visit.page.locator(".site-header"), visit.page.locator(".phone-menu")
            assert header.evaluate("one => one.getBoundingClientRect().height") <= 64
            menu.locator("summary").click()
            inside = menu.locator("a")
            assert inside.count() >= 9  # all that lead somewhere without an account
            for place in range(inside.count()):
                box = inside.nth(place).bounding_box()
                assert box is not None
                assert 0 <= box["x"] <= box["x"] + box["width"] <= width
                assert box["y"] + box["height"] <= 844, "nothing to be scrolled for"
            menu.get_by_role("button", name=language).click()
            expect(visit.page.locator("html")).to_have_attribute("lang", code)
        assert visit.faults == []


def test_from_the_matrix_to_the_reason(cast: Cast, chromium: Browser, site: str) -> None:
    visit = Visit(chromium, site, PHONE)
    page = visit.page
    visit.open(f"/don-vi/{cast.unit('Hồ Chí Minh')}/")
    names = page.locator(".matrix tbody th")
    page.locator(".sheet:has(.matrix)").evaluate("box => { box.scrollLeft = box.scrollWidth }")
    box = names.first.bounding_box()
    assert box is not None
    assert box["x"] < 40  # the first column stays in sight
    page.locator(".matrix .cell.o-not_met a").first.click()
    page.wait_for_url("**#tc-2.3")
    criterion = page.locator("[id='tc-2.3']")
    top = criterion.evaluate("one => one.getBoundingClientRect().top")
    assert 0 <= top < PHONE[1]
    criterion.get_by_role("link", name="Vì sao?").click()
    expect(page.locator(".trace .result").nth(2)).to_be_visible()
    expect(page.locator("main")).to_contain_text("64 %")
    assert visit.faults == []


def test_filters_and_search_work_without_script(cast: Cast, chromium: Browser, site: str) -> None:
    visit = Visit(chromium, site, DESK)
    page = visit.page
    visit.open("/bo-tieu-chi/model-ward/1/2.3/")
    page.get_by_label("Kết quả").select_option(label="Chưa đạt")
    page.get_by_role("button", name="Xem").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("Phường Sài Gòn")
    visit.open("/tim/")
    page.get_by_label("Tên hoặc mã").fill("my khanh")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Xã Mỹ Khánh").click()
    expect(page.locator(".notice")).to_contain_text("30/06/2025")
    assert visit.faults == []
