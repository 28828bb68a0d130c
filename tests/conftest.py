"""For tests that cross packages: pages are drawn without collected files."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _static_files_as_they_are(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
