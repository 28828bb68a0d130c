"""The small country of the package above, with the act that made C15 of C13 and C14."""

from pathlib import Path

import pytest

from kieumau.indicators.tests.cast import UNITS, Country, load_country, unit_rows
from kieumau.units.actions import load_rows

ACTS = [
    {
        "act": "2025",
        "takes_effect_on": "2025-07-01",
        "predecessor": old,
        "successor": "C15",
        "reference": "NQ 1",
    }
    for old in ("C13", "C14")
]


@pytest.fixture
def country(db: None, tmp_path: Path) -> Country:
    """Loaded, without figures."""
    found = load_country(tmp_path)
    load_rows(unit_rows(UNITS), ACTS, actor=None, register="m")
    return found
