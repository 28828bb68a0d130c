"""The small country with its form, for every test of this package."""

import pytest

from kieumau.returns.tests.cast import World


@pytest.fixture
def world(kept_owing: World) -> World:
    """September 2026 is open for four communes and two provinces."""
    return kept_owing
