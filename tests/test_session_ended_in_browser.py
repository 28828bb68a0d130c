"""A session ends, or somebody else is faster, while somebody writes about a criterion: no words are lost."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.tests.cast import load_world
from kieumau.rounds.models import Dossier, StageFinding
from kieumau.rounds.tests.cast import open_round, resolution
from tests import one_browser
from tests.one_browser import IN_A_BROWSER
from tests.test_keeping_in_browser import PASSWORD, elsewhere

REMARK = "Đã họp dân hai lần"

pytestmark = IN_A_BROWSER


@pytest.fixture
def dossier(transactional_db: None, _static_files_as_they_are: None) -> Dossier:
    """Of Cái Khế, where Lan and Hoa answer; a document stands on the shelf."""
    world = load_world()
    for name in ("lan", "hoa"):
        grant(User.objects.create_user(name, password=PASSWORD), "officer", world.unit("Cái Khế"))
    found = Dossier.objects.get(round=open_round(world), unit=world.unit("Cái Khế"))
    resolution(found.unit_id)
    return found


@pytest.fixture
def address(dossier: Dossier) -> Iterator[str]:
    """The page of criterion 1.1."""
    server = LiveServer("127.0.0.1")
    yield f"{server.url}/ho-so/{dossier.pk}/tieu-chi/1.1/"
    server.stop()


def sign_in(page: Page, name: str) -> None:
    """On the page that asks for it."""
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def written(window: BrowserContext, address: str) -> Page:
    """Lan has written about the criterion; her session ends, and she presses Save."""
    page = window.new_page()
    page.goto(address)
    sign_in(page, "lan")
    page.wait_for_url(address)  # with its script
    page.get_by_label("Chưa đạt").check()
    page.get_by_label("Ghi chú").fill(REMARK)
    elsewhere(Session.objects.all().delete)
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("h1")).to_have_text("Chưa lưu")
    expect(page.locator("main")).to_contain_text(REMARK)
    return page


def found() -> list[tuple[str, str]]:
    """What was saved, and by whom."""
    return elsewhere(lambda: list(StageFinding.objects.values_list("remark", "person__username")))


@pytest.mark.slow
@pytest.mark.parametrize("has_script", [True, False])
def test_words_outlive_a_session(address: str, *, has_script: bool) -> None:
    with one_browser.chromium() as browser:
        window = browser.new_context(locale="vi-VN", java_script_enabled=has_script)
        page = written(window, address)
        with window.expect_page() as opened:
            page.get_by_role("link", name="Đăng nhập ở thẻ khác").click()
        other = opened.value
        sign_in(other, "lan")
        other.wait_for_url(address)
        if has_script:  # it is there at once
            expect(other.locator("main")).to_contain_text("Đã lấy lại những gì bạn gõ")
            expect(other.get_by_label("Ghi chú")).to_have_value(REMARK)
            expect(other.get_by_label("Chưa đạt")).to_be_checked()
            page = other
        else:  # it comes along from the page that gave it back
            expect(other.get_by_label("Ghi chú")).to_have_value("")
            page.get_by_role("button", name="Lưu", exact=True).click()
            expect(page.locator("main")).to_contain_text("Bạn vừa đăng nhập lại")
            expect(page.get_by_label("Ghi chú")).to_have_value(REMARK)
            assert found() == []
        page.get_by_role("button", name="Lưu", exact=True).click()
        page.wait_for_url("**/ho-so/*/#c-1.1")
        assert found() == [(REMARK, "lan")]


@pytest.mark.slow
def test_words_are_for_nobody_else_and_outlive_adding_evidence(address: str) -> None:
    with one_browser.chromium() as browser:
        window = browser.new_context(locale="vi-VN")
        page = written(window, address)
        page.close(run_before_unload=False)

        # Hoa signs in at the same browser.
        page = window.new_page()
        page.goto(address)
        sign_in(page, "hoa")
        page.wait_for_url(address)
        expect(page.get_by_label("Ghi chú")).to_have_value("")
        expect(page.locator("main")).not_to_contain_text(REMARK)

        # What she types stays while she adds a document; a line typed and ended with Enter sends nothing.
        page.get_by_label("Đạt", exact=True).check()
        page.get_by_label("Ghi chú").fill("Của Hoa")
        page.get_by_label("Số, ký hiệu").press("Enter")
        page.wait_for_timeout(200)
        expect(page.get_by_label("Ghi chú")).to_have_value("Của Hoa")
        page.get_by_text("Thêm văn bản từ kho minh chứng").click()
        page.get_by_role("checkbox", name="Nghị quyết về an ninh").check()
        page.get_by_role("button", name="Thêm", exact=True).click()
        expect(page.locator(".pieces")).to_contain_text("Nghị quyết về an ninh trật tự")
        expect(page.get_by_label("Ghi chú")).to_have_value("Của Hoa")
        expect(page.get_by_label("Đạt", exact=True)).to_be_checked()
        page.get_by_role("button", name="Lưu", exact=True).click()
        page.wait_for_url("**/ho-so/*/#c-1.1")
        assert found() == [("Của Hoa", "hoa")]

        # What has arrived is not brought back.
        page.goto(address)
        expect(page.locator("main")).not_to_contain_text("Đã lấy lại những gì bạn gõ")


@pytest.mark.slow
def test_keeping_theirs_gives_up_what_was_typed(address: str) -> None:
    asked: list[str] = []

    def told(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    with one_browser.chromium() as browser:
        windows = {}
        for name in ("lan", "hoa"):
            windows[name] = browser.new_context(locale="vi-VN").new_page()
            windows[name].goto(address)
            sign_in(windows[name], name)
            windows[name].wait_for_url(address)
        hers, page = windows["lan"], windows["hoa"]
        page.on("dialog", told)
        hers.get_by_label("Chưa đạt").check()
        hers.get_by_role("button", name="Lưu", exact=True).click()
        hers.wait_for_url("**/ho-so/*/#c-1.1")

        def conflict() -> None:
            page.get_by_label("Đạt", exact=True).check()
            page.get_by_label("Ghi chú").fill(REMARK)
            page.get_by_role("button", name="Lưu", exact=True).click()
            expect(page.locator(".errors")).to_contain_text("lan")

        conflict()
        page.get_by_role("link", name="Giữ kết quả của người kia").click()
        expect(page.locator(".errors")).to_have_count(0)
        expect(page.get_by_label("Chưa đạt")).to_be_checked()
        expect(page.get_by_label("Ghi chú")).to_have_value("")
        expect(page.locator("main")).not_to_contain_text("Đã lấy lại những gì bạn gõ")
        assert asked == []
        assert found() == [("", "lan")]

        # Whoever saves over theirs presses what says so.
        hers.goto(address)
        hers.get_by_label("Ghi chú").fill("Của Lan")
        hers.get_by_role("button", name="Lưu", exact=True).click()
        hers.wait_for_url("**/ho-so/*/#c-1.1")
        conflict()
        page.get_by_role("button", name="Lưu đè lên kết quả của người kia").click()
        page.wait_for_url("**/ho-so/*/#c-1.1")
        assert found() == [(REMARK, "hoa")]
