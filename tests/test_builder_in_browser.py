"""From nothing to an issued set in a real browser, as a newcomer who knows spreadsheets would do it.

Once with script and once without; on a phone and on a desk; in Vietnamese.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.tests.cast import load_world
from kieumau.criteria.models import CriteriaSet
from tests import one_browser
from tests.one_browser import IN_A_BROWSER
from tests.test_browser import DESK, PHONE, Visit

PASSWORD = "mật khẩu dài 12"

pytestmark = IN_A_BROWSER


@pytest.fixture
def site(transactional_db: None, settings: Any, _static_files_as_they_are: None) -> Iterator[str]:
    """A server with the small country, and somebody of the programme office."""
    load_world()
    grant(User.objects.create_user("lan", password=PASSWORD), "programme_office")
    settings.KIEUMAU_OPEN_READING = True
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


class Newcomer(Visit):
    """One window of somebody who writes a set."""

    def __init__(self, browser: Browser, site: str, size: tuple[int, int], *, script: bool) -> None:
        super().__init__(browser, site, size)
        self.page.close()
        self.script = script
        window = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=script, locale="vi-VN"
        )
        self.page: Page = window.new_page()
        self.page.on("console", lambda said: self._note(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self._note(str(error)))

    def press(self, name: str) -> None:
        """Press a button or follow a link by its words."""
        found = self.page.locator("main").get_by_role("button", name=name, exact=True)
        link = self.page.locator("main").get_by_role("link", name=name, exact=True)
        found.or_(link).first.click()

    def fill(self, label: str, text: str) -> None:
        """Write into the field with this label that can be seen."""
        self.page.get_by_label(label, exact=True).locator("visible=true").first.fill(text)

    def formula(self, text: str) -> None:
        """Write the formula, into the editor or, without script, into the plain field."""
        if not self.script:
            self.page.locator("#at-formula textarea").fill(text)
            return
        editor = self.page.locator("#at-formula .cm-content")
        editor.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Escape")


@pytest.mark.slow
@pytest.mark.parametrize(("size", "script"), [(DESK, True), (PHONE, False)], ids=["with script", "without"])
def test_three_criteria_are_written_mended_tried_and_issued(
    site: str, size: tuple[int, int], script: bool
) -> None:
    with one_browser.chromium() as browser:
        visit = Newcomer(browser, site, size, script=script)
        write(visit)
        try_and_issue(visit)
    issued = CriteriaSet.objects.get(code="phuong-an-toan-2026")
    assert [one["kind"] for one in issued.definition["criteria"]] == ["measured", "judged", "documented"]
    assert issued.loaded_by == "lan"
    assert visit.faults == []


def write(visit: Newcomer) -> None:
    """Sign in, begin a set, write three criteria, mend the mistake in the first, put them in order."""
    page = visit.page
    visit.open("/dang-nhap/?next=/bo-tieu-chi/")
    visit.fill("Tên đăng nhập", "lan")
    visit.fill("Mật khẩu", PASSWORD)
    visit.press("Đăng nhập")
    visit.press("Soạn bộ tiêu chí")  # which is offered to whoever may
    visit.fill("Tên tiếng Việt", "Phường an toàn 2026")
    visit.press("Bắt đầu soạn")

    visit.press("+ Đo bằng số liệu")
    visit.fill("Tên tiếng Việt", "Công nhận khu dân cư")
    visit.formula("areas.recognized / areas.total >= 70%")
    if visit.script:
        expect(page.locator("#at-formula")).to_contain_text("có phải là areas.recognised?")
    visit.press("Lưu")
    expect(page.locator(".building .field-error")).to_contain_text("có phải là areas.recognised?")
    visit.press("Công nhận khu dân cư")
    visit.formula("areas.recognised / areas.total >= 70%")
    visit.press("Lưu")
    expect(page.locator("main")).to_contain_text("Không có lỗi nào.")

    visit.press("+ Thể hiện bằng văn bản")
    visit.fill("Tên tiếng Việt", "Có kế hoạch trong quý I")
    visit.fill("Văn bản nào (tiếng Việt)", "Kế hoạch của Ủy ban nhân dân")
    visit.press("Lưu")
    visit.press("+ Do người đánh giá kết luận")
    visit.fill("Tên tiếng Việt", "Tham mưu tốt")
    visit.fill("Câu hỏi tiếng Việt", "Công an phường có tham mưu tốt không?")
    visit.press("Lưu")
    expect(page.locator(".building > li")).to_have_count(3)
    visit.press("Đưa tiêu chí 3 lên")
    expect(page.locator(".building > li").nth(1)).to_contain_text("Tham mưu tốt")
    expect(page.locator("main")).to_contain_text("Không có lỗi nào.")
    page.wait_for_load_state()
    if visit.script:
        assert not visit.spills_over()


def try_and_issue(visit: Newcomer) -> None:
    """Look at what the set would do, then issue it."""
    page = visit.page
    visit.press("Chạy thử")
    expect(page.locator("h1")).to_contain_text("Phường an toàn 2026")
    visit.press("Ban hành")
    page.locator("main").get_by_role("checkbox").check()
    page.locator("main").get_by_role("button", name="Ban hành", exact=True).click()
    page.wait_for_url("**/bo-tieu-chi/phuong-an-toan-2026/1/")
    expect(page.locator("main")).to_contain_text("phuong-an-toan-2026")
