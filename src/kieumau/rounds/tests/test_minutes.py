"""Minutes of a council: of the unit's shelf, or of one that stands above it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kieumau.assessments.tests.cast import Cast
from kieumau.rounds.models import Dossier
from kieumau.rounds.tests.cast import TODAY, People, open_round, people, resolution
from kieumau.rounds.tests.test_pages import page, post
from kieumau.rounds.tests.test_waiting import through


@pytest.fixture
def cast(kept_judged: Cast, grant: Callable[..., Any]) -> People:
    made = people()
    grant(made.appraiser, "programme_office")
    return made


@pytest.fixture
def dossier(kept_judged: Cast, cast: People) -> Dossier:
    """Through all stages."""
    found = Dossier.objects.get(round=open_round(kept_judged), unit=kept_judged.unit("Cái Khế"))
    through(found, cast)
    return found


SHELVES = [
    # whose shelf the minutes are of, when they were issued; are they offered, and taken?
    ("Cái Khế", date(2024, 5, 6), True),
    ("Cần Thơ", TODAY, True),
    ("Việt Nam", TODAY, True),
    ("Việt Nam", date(2025, 5, 6), False),  # before the period
    ("An Bình", TODAY, False),
]


@pytest.mark.parametrize(("shelf", "issued_on", "is_offered"), SHELVES)
def test_minutes_are_of_the_unit_s_shelf_or_of_one_above(
    kept_judged: Cast, dossier: Dossier, cast: People, shelf: str, issued_on: date, is_offered: bool
) -> None:
    minutes = resolution(kept_judged.unit(shelf), issued_on)
    text = page(cast.appraiser, "dossier_vote", dossier.pk).content.decode()
    assert (f'<option value="{minutes.pk}">' in text) is is_offered
    given = {"council": "Hội đồng", "held_on": TODAY.isoformat(), "members": 9, "in_favor": 8, "against": 1}
    answer = post(cast.appraiser, "dossier_vote", dossier.pk, **given, minutes=minutes.pk)
    assert answer.status_code == (302 if is_offered else 422)
