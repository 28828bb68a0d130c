"""The country of the checks: two provinces of twelve wards, A13 and A14 became A15 on 1 July 2025."""

import pytest

from kieumau.quality.tests.country import Country


@pytest.fixture
def country(kept_checked: Country) -> Country:
    """Loaded by the real actions."""
    return kept_checked
