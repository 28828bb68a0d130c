"""Pages can be drawn without collected files, and read without signing in unless a test says otherwise."""

from pathlib import Path
from typing import Any

import pytest

from kieumau.home.tests.cast import Cast, load_world


@pytest.fixture(autouse=True)
def _open_pages(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.KIEUMAU_OPEN_READING = True
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def cast(db: None) -> Cast:
    """The small country, loaded and judged."""
    return load_world()
