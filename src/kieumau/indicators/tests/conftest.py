"""The small country for every test of this package."""

import pytest

from kieumau.indicators.tests.cast import Country


@pytest.fixture
def country(kept_country: Country) -> Country:
    """The small country, loaded, without figures."""
    return kept_country
