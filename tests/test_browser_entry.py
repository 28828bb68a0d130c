"""Entering a return in a real browser: saved as one types, from field to field by keys, nothing lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import load_world
from kieumau.indicators.models import Figure, Indicator
from kieumau.returns.actions import Typed, enter, load_form, open_periods
from kieumau.returns.models import Return
from kieumau.returns.tests.cast import give
from tests import one_browser
from tests.one_browser import IN_A_BROWSER

PHONE: ViewportSize = {"width": 390, "height": 844}

pytestmark = IN_A_BROWSER


@pytest.fixture
def report(transactional_db: None) -> Return:
    """The latest return of a commune, open for another day."""
    cast = load_world()
    now = timezone.now()
    load_form("vn-commune-month", actor="test", now=now)
    open_periods(actor="test", now=now, since=timezone.localdate() - timedelta(days=40))
    Return.objects.update(locks_at=now + timedelta(days=1))
    found = Return.objects.filter(unit_id=cast.unit("Cái Khế")).order_by("-period_id").first()
    assert found is not None
    return found


def officer(name: str, report: Return) -> User:
    """Somebody who enters the unit's figures."""
    user = User.objects.create_user(name)
    give(user, "officer", report.unit_id)
    return user


@pytest.fixture
def site(report: Return, settings: Any, _static_files_as_they_are: None) -> Iterator[str]:
    """The address of a server."""
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture
def window(site: str, report: Return) -> Iterator[BrowserContext]:
    """A phone on which An has signed in."""
    client = Client()
    client.force_login(officer("an", report))
    name = django_settings.SESSION_COOKIE_NAME
    with one_browser.chromium() as browser:
        context = browser.new_context(viewport=PHONE)
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
        yield context


def opened(window: BrowserContext, site: str, report: Return) -> Page:
    """The form of the return."""
    page = window.new_page()
    page.goto(f"{site}/bao-cao/{report.pk}/")
    return page


def apart(work: Callable[[], Any]) -> Any:
    """Look into the store while the browser is open: its loop occupies this thread."""

    def done() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


def stored(report: Return, code: str) -> Any:
    """What the store holds for a field."""

    def found() -> Any:
        indicator = Indicator.objects.get(code=code).pk
        rows = Figure.objects.filter(period=report.period_id, unit=report.unit_id, indicator=indicator)
        return rows.values_list("state", "value").first()

    return apart(found)


def is_saved(page: Page, code: str, text: str) -> None:
    """Wait until the page knows from the server that a field is saved: each field may go on its own."""
    expect(page.locator(f"input[name='o-{code}']")).to_have_value(text)


def test_a_return_is_entered_by_keys_and_saved_as_one_types(
    window: BrowserContext, site: str, report: Return
) -> None:
    page = opened(window, site, report)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    first, second = (
        page.locator("input[name='v-fire.inspections']"),
        page.locator("input[name='v-fire.drills']"),
    )
    first.fill("12")
    first.press("Enter")
    expect(second).to_be_focused()
    second.press("ArrowUp")
    expect(first).to_be_focused()
    second.fill("x")
    is_saved(page, "fire.inspections", "12")
    is_saved(page, "fire.drills", "x")
    expect(page.locator("[data-status]")).to_contain_text("Đã lưu")
    assert stored(report, "fire.inspections") == (0, 12)
    assert stored(report, "fire.drills") == (2, None)
    expect(page.locator("select[name='k-fire.drills']")).to_have_value("x")
    page.reload()
    expect(first).to_have_value("12")


def test_another_persons_figure_is_shown_and_not_overwritten(
    window: BrowserContext, site: str, report: Return
) -> None:
    page = opened(window, site, report)
    field = page.locator("input[name='v-fire.inspections']")
    was = field.input_value()

    def binh_enters() -> None:
        binh = User.objects.create_user("binh")
        enter(report.pk, {"fire.inspections": Typed("31", was)}, actor=binh, now=timezone.now())

    apart(binh_enters)
    field.fill("32")
    expect(page.locator("[id='e-fire.inspections']")).to_contain_text("binh vừa nhập 31; bạn gõ 32")
    page.locator("input[name='v-fire.drills']").fill("9")
    expect(page.locator("[data-count]")).to_contain_text("trên")
    is_saved(page, "fire.drills", "9")  # by itself: the other field is left alone
    assert stored(report, "fire.inspections") == (0, 31)
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(".notice-good")).to_be_visible()
    assert stored(report, "fire.inspections") == (0, 32)


def test_a_session_that_ends_loses_nothing(window: BrowserContext, site: str, report: Return) -> None:
    page = opened(window, site, report)
    before = stored(report, "fire.inspections")
    name = django_settings.SESSION_COOKIE_NAME
    [session] = [one["value"] for one in window.cookies() if one["name"] == name]
    window.clear_cookies(name=name)
    field = page.locator("input[name='v-fire.inspections']")
    field.fill("77")
    expect(page.locator("[data-status]")).to_contain_text("Phiên làm việc đã hết")
    assert stored(report, "fire.inspections") == before
    page.close()
    window.add_cookies([{"name": name, "value": session, "url": site}])
    again = opened(window, site, report)  # the browser kept it, and it is saved now
    expect(again.locator("input[name='v-fire.inspections']")).to_have_value("77")
    expect(again.locator("[data-status]")).to_contain_text("Đã lưu")
    assert stored(report, "fire.inspections") == (0, 77)
