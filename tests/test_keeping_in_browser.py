"""What is typed into a draft outlives an ended session, a closed tab and somebody else's saving."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.tests.cast import load_world
from kieumau.criteria import actions
from kieumau.criteria.models import Draft
from kieumau.criteria.tests.sets import SMALL
from tests import one_browser
from tests.one_browser import IN_A_BROWSER

T = TypeVar("T")
PASSWORD = "mật khẩu dài 12"

pytestmark = IN_A_BROWSER


@pytest.fixture
def site(transactional_db: None, _static_files_as_they_are: None) -> Iterator[str]:
    """A server with the small country, and somebody who writes drafts."""
    load_world()
    grant(User.objects.create_user("lan", password=PASSWORD), "programme_office")
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


def elsewhere(work: Callable[[], T]) -> T:
    """Something done in the database: Playwright runs a loop of its own in this thread, so in another."""

    def done() -> T:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


def sign_in(page: Page, address: str) -> None:
    """Go to a page by way of signing in."""
    page.goto(address)
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(address)


def is_kept(page: Page, *words: str) -> None:
    """Wait until the browser keeps what was typed, which it does a moment after."""
    for _ in range(600):
        kept = page.evaluate("JSON.stringify({...localStorage})")
        if all(word in kept for word in words):
            return
        page.wait_for_timeout(50)
    raise AssertionError(kept)


@pytest.mark.slow
def test_nothing_typed_is_lost(site: str) -> None:
    draft = actions.make_draft(text=SMALL, actor="lan", now=timezone.now())
    address = f"{site}/bo-tieu-chi/ban-thao/{draft.pk}"
    with one_browser.chromium() as browser:
        window = browser.new_context(locale="vi-VN")
        page = window.new_page()
        sign_in(page, f"{address}/tieu-chi/2/")

        # The tab is closed with words in it: they come back, in the editor of the formula too.
        page.get_by_label("Tên tiếng Việt", exact=True).first.fill("Công phu")
        page.locator("#at-formula .cm-content").click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("areas.total > 7")
        is_kept(page, "Công phu", "areas.total > 7")
        page.close(run_before_unload=False)
        page = window.new_page()
        asked: list[str] = []

        def stay(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        page.on("dialog", stay)
        # Meanwhile somebody else has changed another criterion.
        text = SMALL.replace("Tham mưu tốt,", "Tham mưu kịp thời,")
        elsewhere(
            lambda: actions.save_text(draft=draft, text=text, based_on=1, actor="binh", now=timezone.now())
        )
        page.goto(f"{address}/tieu-chi/2/")
        expect(page.get_by_label("Tên tiếng Việt", exact=True).first).to_have_value("Công phu")
        expect(page.locator("#at-formula .cm-content")).to_contain_text("areas.total > 7")
        expect(page.locator("main")).to_contain_text("Đã lấy lại những gì bạn gõ")

        # Leaving is asked about.
        with page.expect_event("dialog"):
            page.get_by_role("link", name="Quay lại, không lưu").click()
        assert asked == ["beforeunload"]
        assert page.url.endswith("/tieu-chi/2/")

        # The session has ended: everything is given back, and saved after signing in elsewhere.
        elsewhere(Session.objects.all().delete)
        page.get_by_role("button", name="Lưu", exact=True).click()
        expect(page.locator("h1")).to_have_text("Chưa lưu")
        other = window.new_page()
        sign_in(other, f"{address}/yaml/")
        page.get_by_role("button", name="Lưu", exact=True).click()
        expect(page.locator("main")).to_contain_text("Bạn đã đăng nhập lại sau khi mở trang này")
        page.get_by_role("button", name="Lưu", exact=True).click()
        page.wait_for_url(f"{address}/#tc-2")
        expect(page.locator("main")).to_contain_text("Công phu")
        stands = elsewhere(lambda: Draft.objects.get(pk=draft.pk).text)
        assert "Công phu" in stands
        assert "areas.total > 7" in stands
        assert "Tham mưu kịp thời" in stands

        # What has arrived is not brought back.
        page.goto(f"{address}/tieu-chi/2/")
        expect(page.locator("main")).not_to_contain_text("Đã lấy lại những gì bạn gõ")
