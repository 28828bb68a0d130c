"""The small country with its form, for every test of this package."""

from pathlib import Path

import pytest

from kieumau.returns.tests.cast import World, load_world


@pytest.fixture
def world(db: None, tmp_path: Path) -> World:
    """September 2026 is open for four communes and two provinces."""
    return load_world(tmp_path)
