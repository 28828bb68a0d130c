"""For every test of rounds, and of what comes after them: a world, its people, and a clock that stands."""

from datetime import UTC, datetime

import pytest

from kieumau.assessments.tests.cast import Cast
from kieumau.rounds.tests.cast import People, people

PAGES_ARE_READ = datetime(2026, 11, 22, 9, tzinfo=UTC)  # four in the afternoon; what is done is done at NOW


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a page does it hours after what was done."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: PAGES_ARE_READ)


@pytest.fixture
def world(kept_judged: Cast) -> Cast:
    """The small country, whose wards are judged."""
    return kept_judged


@pytest.fixture
def cast(world: Cast) -> People:
    """One of each, and a second officer, nobody with a role: what they do is done past the doors."""
    return people()
