"""The small country of the package above, with the act that made C15 of C13 and C14."""

import pytest

from kieumau.indicators.tests.cast import Country


@pytest.fixture
def country(kept_merged: Country) -> Country:
    """Loaded, without figures."""
    return kept_merged
