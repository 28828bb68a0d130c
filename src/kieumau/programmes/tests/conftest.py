"""The cast, and the clock on the day it speaks of."""

import pytest

from kieumau.programmes.tests.cast import NOW, Cast


@pytest.fixture
def cast(kept_programme: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The small country with its programme, on 22 November 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return kept_programme
