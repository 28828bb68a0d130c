"""The small world, loaded."""

import pytest

from kieumau.assessments.tests.world import World


@pytest.fixture
def world(kept_world: World) -> World:
    return kept_world
