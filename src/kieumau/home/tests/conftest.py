"""Pages can be read without signing in unless a test says otherwise."""

from typing import Any

import pytest

from kieumau.assessments.tests.cast import Cast


@pytest.fixture(autouse=True)
def _open_pages(settings: Any) -> None:
    settings.KIEUMAU_OPEN_READING = True


@pytest.fixture
def cast(kept_judged: Cast) -> Cast:
    """The small country, loaded and judged."""
    return kept_judged
