"""The page of a unit tells what the dossier of its title came to, and leads there whoever may read it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.awards.actions import Recognition, recognize
from kieumau.awards.tests.cast import DECISION, appraise, verified_in_programme
from kieumau.rounds.models import Dossier
from kieumau.rounds.tests.cast import NOW, people


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 22, 9, tzinfo=UTC))


@pytest.fixture
def dossier(kept_judged: Cast) -> Dossier:
    """That of Cái Khế, recognized."""
    cast = people()
    found = appraise(verified_in_programme(kept_judged, cast), cast, Outcome.MET)
    recognize(found, DECISION, Recognition(starts_on=date(2026, 11, 20)), actor=cast.appraiser, now=NOW)
    return found


def client_of(user: User | None) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    if user is not None:
        client.force_login(user)
    return client


# The role, where it is held, and whether the words lead to the dossier.
READERS = [("officer", "Cái Khế", True), ("officer", "An Bình", False), ("", "", False)]


@pytest.mark.parametrize(("role", "where", "leads"), READERS)
def test_who_is_led_to_the_dossier(
    dossier: Dossier, kept_judged: Cast, grant: Any, role: str, where: str, *, leads: bool
) -> None:
    user = None
    if role:
        user = User.objects.create_user("ai-do")
        grant(user, role, kept_judged.unit(where))
    client, address = client_of(user), f"{reverse('unit', args=[dossier.unit_id])}?ky=2026"
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        text = " ".join(client.get(address).content.decode().split())
    assert "Dossier: " in text
    assert (f'href="{reverse("dossier", args=[dossier.pk])}"' in text) is leads
    assert len(queries) <= 12
