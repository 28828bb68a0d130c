"""The country of the checks: two provinces of twelve wards, A13 and A14 became A15 on 1 July 2025."""

from pathlib import Path

import pytest

from kieumau.quality.tests.country import Country, load


@pytest.fixture
def country(db: None, tmp_path: Path) -> Country:
    """Loaded by the real actions."""
    return load(tmp_path)
