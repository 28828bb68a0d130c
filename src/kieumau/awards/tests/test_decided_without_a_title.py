"""A decision without a title is told on the page of the unit, where its results may be read, and no more."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from kieumau.accounts.acting import acting
from kieumau.accounts.models import User
from kieumau.accounts.tests.test_row_security import serving
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.awards.access import Knows, may_know
from kieumau.awards.actions import decline
from kieumau.awards.tests.cast import DECISION, appraise, verified_in_programme
from kieumau.rounds.actions import decide
from kieumau.rounds.models import Dossier
from kieumau.rounds.tests.cast import NOW, People

SAID = "Đánh giá năm 2026 Phường kiểu mẫu · 12/QĐ-BCA, 22/11/2026 · đã đánh giá, không công nhận"


@pytest.fixture
def dossier(world: Cast, cast: People) -> Dossier:
    """That of Cái Khế, which the appraisers do not find met."""
    return appraise(verified_in_programme(world, cast), cast, Outcome.NOT_MET)


def page(unit_id: int, user: User | None = None, asked: str = "") -> str:
    client = Client()
    if user:
        client.force_login(user)
    with acting(user), serving():
        return client.get(reverse("unit", args=[unit_id]) + asked).content.decode()


def told(text: str) -> bool:
    return SAID in " ".join(strip_tags(text).split())


def test_the_page_of_the_unit_tells_it_where_reading_is_open(
    dossier: Dossier, cast: People, settings: Any
) -> None:
    settings.KIEUMAU_OPEN_READING = True
    assert not told(page(dossier.unit_id))
    decline(dossier, DECISION, reason="Có vụ án", actor=cast.appraiser, now=NOW)
    text = page(dossier.unit_id)
    assert told(text)
    assert "Có vụ án" not in text, "why is for who may read the dossier"
    assert reverse("dossier", args=[dossier.pk]) not in text
    assert not told(page(dossier.unit_id, asked="?biet-ngay=2026-11-21")), "what was known the day before"


WHO = [
    # the role held, where; what is told where reading is closed, and where it is open
    (None, "", Knows.NOTHING, Knows.DECISION),
    ("verifier", "An Bình", Knows.NOTHING, Knows.DECISION),
    ("verifier", "Cần Thơ", Knows.DOSSIER, Knows.DOSSIER),
    ("officer", "Cái Khế", Knows.DOSSIER, Knows.DOSSIER),
]


@pytest.mark.parametrize(("role", "where", "closed", "is_open"), WHO)
def test_who_is_told(
    world: Cast,
    grant: Callable[..., Any],
    settings: Any,
    role: str | None,
    where: str,
    closed: Knows,
    is_open: Knows,
) -> None:
    reader = User.objects.create_user("ai-do")
    if role:
        grant(reader, role, world.unit(where))
    for settings.KIEUMAU_OPEN_READING, knows in ((False, closed), (True, is_open)):
        assert may_know(reader, world.unit("Cái Khế"), "model-ward") is knows


def test_whoever_may_read_the_dossier_is_led_there(
    dossier: Dossier, cast: People, world: Cast, grant: Callable[..., Any]
) -> None:
    decide(dossier.pk, is_met=False, decision="12/QĐ-BCA", actor=cast.appraiser, now=NOW)
    grant(cast.officer, "officer", dossier.unit_id)
    text = page(dossier.unit_id, cast.officer)
    assert reverse("dossier", args=[dossier.pk]) in text
    assert "12/QĐ-BCA, 22/11/2026" not in text, "its number is not known where it was put down without one"
    assert "22/11/2026 · đã đánh giá, không công nhận" in " ".join(strip_tags(text).split())
