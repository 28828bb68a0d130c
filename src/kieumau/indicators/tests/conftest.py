"""The small country for every test of this package."""

from pathlib import Path

import pytest

from kieumau.indicators.tests.cast import Country, load_country


@pytest.fixture
def country(db: None, tmp_path: Path) -> Country:
    """The small country, loaded, without figures."""
    return load_country(tmp_path)
