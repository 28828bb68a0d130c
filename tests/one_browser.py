"""One Chromium for all browser tests of a worker: starting it takes longer than most of them look at pages.

Each test has windows of its own, and what they keep (cookies, store, connections) ends with it. Playwright's
loop is this thread's only while a test has the browser: to Django a thread with a loop may not wait.
"""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
BUILT = Path(__file__).resolve().parent.parent / "build" / "static" / "kieumau"

# What every file of browser tests calls its `pytestmark`.
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.skipif(not (BUILT / "kieumau.css").exists(), reason="the style sheet is not built"),
    pytest.mark.skipif(not (BUILT / "kieumau.js").exists(), reason="the script is not built"),
]


class Started:
    """Chromium, and the loop by which this process talks to it."""

    def __init__(self) -> None:
        self._playwright: Playwright = sync_playwright().start()
        self.loop = asyncio.get_running_loop()
        self.browser: Browser = self._playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )

    def end(self) -> None:
        """No process is left."""
        self.browser.close()
        self._playwright.stop()


_started: list[Started] = []


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, without a window; what is opened in it is closed, its connections too, at the end.

    One that broke is not the next test's.
    """
    with _loop_of_this_thread():
        if not _started:
            _started.append(Started())
        [started] = _started
        try:
            yield started.browser
        finally:
            for context in started.browser.contexts:
                context.close()
            if not started.browser.is_connected():
                _started.clear()


def end() -> None:
    """With the worker."""
    with _loop_of_this_thread():
        while _started:
            _started.pop().end()


@contextmanager
def _loop_of_this_thread() -> Iterator[None]:
    """It runs here, and afterwards none does."""
    if _started:
        asyncio._set_running_loop(_started[0].loop)
    try:
        yield
    finally:
        asyncio._set_running_loop(None)
