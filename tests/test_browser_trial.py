"""Trying and issuing in a real browser: a number is dragged and taken, the draft issued and judged by."""

import re
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.tests.cast import NOW, Cast
from kieumau.criteria.actions import make_draft
from kieumau.criteria.models import Draft
from tests.test_browser import DESK, PHONE, Visit, cast, chromium, pytestmark, site

__all__ = ["cast", "chromium", "pytestmark", "site"]  # fixtures, and where they can run

DRAFT = """\
code: small-ward
title: {vi: Phường nhỏ, en: Small ward}
summary: {vi: Để thử trang chạy thử., en: To try the page of trials with.}
verification: unverified
effective: {from: 2022-01-01}
period: {calendar: tt124-commune, kind: year}
figures_slack_days: 1
applies_to: {level: commune, kinds: [phuong]}
rule: {kind: all}
criteria:
  - code: "1"
    kind: measured
    title: {vi: Khu dân cư được công nhận, en: Areas recognized}
    # mức đang bàn
    formula: areas.recognised / areas.total >= 70%
"""


@pytest.fixture
def draft(cast: Cast) -> Draft:
    """One ward has 20 of 25 areas recognized, one has 16, one sent nothing; the draft asks for 70 %."""
    return make_draft(text=DRAFT, actor="an", now=NOW)


@pytest.fixture
def session(cast: Cast) -> str:
    """The session of somebody who may issue."""
    user = User.objects.create_user("an")
    grant(user, "programme_office")
    client = Client()
    client.force_login(user)
    return str(client.cookies[site_settings.SESSION_COOKIE_NAME].value)


def signed_in(browser: Browser, site: str, session: str, size: tuple[int, int]) -> Visit:
    """A window of that somebody."""
    visit = Visit(browser, site, size)
    cookie: Any = {"name": site_settings.SESSION_COOKIE_NAME, "value": session, "url": site}
    visit.page.context.add_cookies([cookie])
    return visit


def met(page: Page, value: str, count: int) -> None:
    """The page says, in the end, how many units meet the draft at a value."""
    expect(page.locator(".slid-count")).to_have_text(re.compile(rf"Ở mức {value}:\s+{count} đơn vị đạt"))


def text_of(page: Page, site: str, draft: Draft) -> str:
    """The draft as it is downloaded."""
    return page.request.get(f"{site}/bo-tieu-chi/ban-thao/{draft.pk}/tai-ve/").text()


def test_a_number_is_dragged_by_keyboard_and_taken(
    draft: Draft, session: str, chromium: Browser, site: str
) -> None:
    for size in (PHONE, DESK):
        visit = signed_in(chromium, site, session, size)
        page = visit.page
        visit.open(f"/bo-tieu-chi/ban-thao/{draft.pk}/thu/?nguong=1")
        assert not visit.spills_over()
        slider = page.get_by_role("slider", name="Mức, phần trăm")
        assert slider.get_attribute("aria-valuetext") == "70\u00a0%"
        expect(page.get_by_role("button", name="Tính")).to_be_hidden()
        met(page, "70 %", 1)
        slider.press("End")
        met(page, "100 %", 0)
        slider.press("ArrowLeft")
        met(page, "99 %", 0)
        assert slider.get_attribute("aria-valuetext") == "99\u00a0%"
        slider.press("Home")
        met(page, "0 %", 2)
        assert visit.faults == []
    page.locator("#value").fill("80.5")
    met(page, "80,5 %", 0)
    page.locator("#value").fill("64")
    met(page, "64 %", 2)
    page.get_by_role("button", name="Lấy mức này vào bản thảo").click()
    expect(page.locator(".notice-good")).to_contain_text("Đã lưu")
    met(page, "64 %", 2)
    assert text_of(page, site, draft) == DRAFT.replace("70%", "64%")
    assert visit.faults == []


def test_what_cannot_be_read_is_not_taken_and_a_failure_is_told(
    draft: Draft, session: str, chromium: Browser, site: str
) -> None:
    page = signed_in(chromium, site, session, DESK).page
    page.goto(f"{site}/bo-tieu-chi/ban-thao/{draft.pk}/thu/?nguong=1")
    take = page.get_by_role("button", name="Lấy mức này vào bản thảo")
    page.locator("#value").fill("64,5")
    met(page, "64,5 %", 1)
    expect(take).to_be_enabled()
    page.locator("#value").fill("nhiều")
    expect(take).to_be_disabled()
    expect(page.locator(".slid")).to_contain_text("không phải là số")
    page.locator("#value").fill("3,600")
    expect(take).to_be_disabled()
    expect(page.locator(".slid")).to_contain_text("có thể là")
    page.locator("#value").fill("70")
    met(page, "70 %", 1)
    page.route("**/thu/nguong/**", lambda route: route.abort())
    page.locator("#value").fill("65")
    expect(page.locator(".slid-failed")).to_contain_text("Máy chủ không trả lời")


def test_the_same_without_script(draft: Draft, session: str, chromium: Browser, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    cookie: Any = {"name": site_settings.SESSION_COOKIE_NAME, "value": session, "url": site}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(f"{site}/bo-tieu-chi/ban-thao/{draft.pk}/thu/")
    page.get_by_label("Năm 2025").check()
    page.get_by_role("button", name="Chạy thử").click()
    expect(page.locator("h2#periods ~ .sheet").first.locator("tbody tr")).to_have_count(2)
    page.get_by_role("button", name="Chọn").click()
    page.locator("#value").fill("81")
    page.get_by_role("button", name="Tính").click()
    met(page, "81 %", 0)
    page.get_by_role("button", name="Lấy mức này vào bản thảo").click()
    expect(page.locator(".notice-good")).to_contain_text("Đã lưu")
    assert text_of(page, site, draft) == DRAFT.replace("70%", "81%")


def test_issued_and_judged_from_the_browser(draft: Draft, session: str, chromium: Browser, site: str) -> None:
    visit = signed_in(chromium, site, session, PHONE)
    page = visit.page
    visit.open(f"/bo-tieu-chi/ban-thao/{draft.pk}/ban-hanh/")
    assert not visit.spills_over()
    button = page.locator(".issue-form button")
    button.click()  # the browser asks for the box first
    assert page.request.get(f"{site}/bo-tieu-chi/small-ward/1/").status == 404
    page.get_by_label("Tôi đã xem những gì thay đổi").check()
    button.click()
    page.wait_for_url("**/bo-tieu-chi/small-ward/1/")
    page.get_by_role("link", name="Xét mọi đơn vị ngay").click()
    page.locator("main form button").click()
    expect(page.locator(".notice-good")).to_contain_text("Đã xét 3 đơn vị")
    assert "bo=small-ward:1" in page.url, "one lands on the results of the whole set"
    assert visit.faults == []
