"""Reminders reach those who can do something about them."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kieumau.accounts.models import User
from kieumau.returns.actions import remind, send_back, submit
from kieumau.returns.models import Return
from kieumau.returns.page_queries import reminders
from kieumau.returns.tests.cast import DUE, LOCKED, OPENED, World, at, give

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def reminded(world: World) -> None:
    """On the day before it is due, and on the day after."""
    remind(on=at("2026-10-01 12:00").date(), now=at("2026-10-01 12:00"))
    remind(on=at("2026-10-03 12:00").date(), now=at("2026-10-03 12:00"))


# What became of C11's return, and when one looks; which reminders stand then
STANDING: list[tuple[str, datetime, list[str]]] = [
    ("nothing", DUE, ["overdue"]),
    ("submitted", DUE, []),
    ("sent back", DUE, ["overdue"]),
    ("nothing", LOCKED - SECOND, ["overdue"]),
    ("nothing", LOCKED, []),  # locked: past helping
]


@pytest.mark.parametrize(("became", "when", "expected"), STANDING)
def test_which_reminders_stand(world: World, became: str, when: datetime, expected: list[str]) -> None:
    reminded(world)
    report = world.report("C11")
    if became != "nothing":
        world.enter("C11", OPENED, "1", "1", "1")
        submit(report.pk, actor=world.an, now=OPENED)
    if became == "sent back":
        send_back(report.pk, actor=world.binh, now=OPENED, reason="sai")
    found = reminders(report.unit_id, when)
    assert [one.kind for one in found] == expected
    assert {one.report.pk for one in found} <= {report.pk}


# Who gets the page of the returns of C11, and sees the reminders on it.
SEEN_BY = [
    ("officer", "C11", 200, True),
    ("verifier", "P1", 200, True),
    ("officer", "C12", 403, False),
    ("auditor", "N", 200, False),
    ("", "", 403, False),
]


@pytest.mark.parametrize(("role", "unit", "status", "is_seen"), SEEN_BY)
def test_who_sees_them(
    world: World, client: Client, role: str, unit: str, status: int, is_seen: bool
) -> None:
    reminded(world)
    Return.objects.update(locks_at=timezone.now() + timedelta(days=1))
    user = User.objects.create_user("chi")
    if role:
        give(user, role, world.country.units[unit])
    client.force_login(user)
    for language, words in (
        ("vi", ("1 lời nhắc", "Còn phải nộp", "quá hạn")),
        ("en", ("1 reminder", "Still to be submitted", "overdue")),
    ):
        client.cookies["django_language"] = language
        answer = client.get(f"/don-vi/{world.country.units['C11']}/bao-cao/")
        html = answer.content.decode()
        assert answer.status_code == status
        assert all((word in html) == is_seen for word in words[:2])
        assert (words[2] in html) == (status == 200)
