"""The small world, loaded."""

from pathlib import Path

import pytest

from kieumau.assessments.tests.world import World


@pytest.fixture
def world(db: None, tmp_path: Path) -> World:
    return World(tmp_path)
