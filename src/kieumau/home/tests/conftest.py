"""Pages can be read without signing in unless a test says otherwise."""

from typing import Any

import pytest

from kieumau.assessments.tests.cast import Cast, load_world


@pytest.fixture(autouse=True)
def _open_pages(settings: Any) -> None:
    settings.KIEUMAU_OPEN_READING = True


@pytest.fixture
def cast(db: None) -> Cast:
    """The small country, loaded and judged."""
    return load_world()
