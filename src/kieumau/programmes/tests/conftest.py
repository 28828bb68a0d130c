"""The cast, and the clock on the day it speaks of."""

import pytest

from kieumau.programmes.tests.cast import NOW, Cast, load_cast


@pytest.fixture
def cast(db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The small country with its programme, on 22 November 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return load_cast()
