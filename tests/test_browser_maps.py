"""The switch of the map and the form of acts in a real browser, on a phone and at a desk, by keyboard."""

import pytest
from django.conf import settings as site_settings
from django.test import Client
from playwright.sync_api import Browser, expect

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.tests.cast import Cast
from tests.test_browser import DESK, PHONE, Visit, cast, chromium, pytestmark, site
from tests.test_browser_trial import signed_in

__all__ = ["cast", "chromium", "pytestmark", "site"]  # fixtures, and where they can run


@pytest.fixture
def session(cast: Cast) -> str:
    """The session of somebody who may record acts."""
    user = User.objects.create_user("office")
    grant(user, "programme_office")
    client = Client()
    client.force_login(user)
    return str(client.cookies[site_settings.SESSION_COOKIE_NAME].value)


def test_the_map_is_switched_and_a_figure_looked_at(cast: Cast, chromium: Browser, site: str) -> None:
    for size in (PHONE, DESK):
        visit = Visit(chromium, site, size)
        page = visit.page
        visit.open(f"/don-vi/{cast.unit('Cái Khế')}/")
        assert not visit.spills_over()
        tabs = page.get_by_role("navigation", name="Xem trên bản đồ nào")
        expect(tabs.locator("[aria-current]")).to_have_text("Bản đồ hiện nay")
        tabs.get_by_role("link", name="Như đã báo cáo").click()
        expect(tabs.locator("[aria-current]")).to_have_text("Như đã báo cáo")
        page.get_by_text("Ngày khác").click()
        page.get_by_label("Bản đồ ngày").fill("2026-01-01")
        page.locator(".map-switch button").click()
        expect(tabs.locator("[aria-current]")).to_have_text("Bản đồ ngày 01/01/2026")
        why = page.locator("details.why").first
        why.locator("summary").press("Enter")
        expect(why.locator("p")).to_be_visible()
        page.locator("a.figure-link").first.click()
        expect(page.locator("h1")).to_have_text("Tội phạm về trật tự xã hội xảy ra")
        expect(tabs.locator("[aria-current]")).to_have_text("Bản đồ ngày 01/01/2026")
        assert not visit.spills_over()


def test_a_merger_is_recorded_and_undone(cast: Cast, session: str, chromium: Browser, site: str) -> None:
    visit = signed_in(chromium, site, session, PHONE)
    page = visit.page
    visit.open("/don-vi/thay-doi/moi/?loai=sap-nhap")
    page.get_by_label("Số quyết định").fill("NQ 12/2026")
    page.get_by_label("Ngày có hiệu lực").fill("2026-12-01")
    for words, name in (("an binh", "Phường An Bình"), ("cai khe", "Phường Cái Khế")):
        page.get_by_label("Tìm đơn vị theo tên hoặc mã").fill(words)
        page.keyboard.press("Enter")
        page.get_by_role("button", name=f"Chọn {name}").click()
        expect(page.locator(".chosen")).to_contain_text(name)
    expect(page.get_by_label("Số quyết định")).to_have_value("NQ 12/2026")
    page.get_by_label("Tên mới, không kèm loại").fill("Ninh Kiều")
    assert not visit.spills_over()
    page.get_by_role("button", name="Xem trước thay đổi").click()
    expect(page.locator("main summary").first).to_have_text("Phường Ninh Kiều")
    assert not visit.spills_over()
    page.get_by_role("button", name="Ghi quyết định").click()
    expect(page.locator("table")).to_contain_text("Phường Ninh Kiều")
    page.get_by_role("link", name="Hoàn tác quyết định này").click()
    page.locator("#why").fill("Ghi nhầm quyết định")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("h1")).to_have_text("Thay đổi đơn vị")
    expect(page.locator("table")).not_to_contain_text("NQ 12/2026")
