"""Whoever decides sees what changed since the last submission, why, and what is doubtful."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kieumau.formulas.values import State
from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.checks.tests.test_load import check, write
from kieumau.returns.actions import Typed, accept, enter, send_back, submit
from kieumau.returns.actions.decide import NotLookedAt
from kieumau.returns.cells import Answer
from kieumau.returns.models import Return
from kieumau.returns.reviewing import review
from kieumau.returns.rules import is_jump
from kieumau.returns.tests.cast import OPENED, World

MORNING, DAY = OPENED + timedelta(hours=1), timedelta(days=1)

# Before, now: is it a jump?
JUMPS = [
    (1, 40, True),
    (1, 20, False),  # nineteen away: small numbers multiply easily
    (10, 50, False),  # five times, not more
    (10, 51, True),
    (40, 1, True),
    (0, 20, True),
    (900, 901, False),
    (None, 40, False),
    (40, None, False),
]


@pytest.mark.parametrize(("before", "now", "expected"), JUMPS)
def test_jumps_by_hand(before: int | None, now: int | None, expected: bool) -> None:
    one, other = (None if value is None else Decimal(value) for value in (before, now))
    assert is_jump(one, other) is expected


@pytest.fixture
def sent_again(world: World) -> Return:
    """Sent in with one crime, given back, and sent in a day later with forty."""
    world.enter("C11", MORNING, "1", "0", "900")
    report = submit(world.report("C11").pk, actor=world.an, now=MORNING)
    send_back(report.pk, actor=world.binh, now=MORNING + DAY / 2, reason="Xem lại")
    enter(report.pk, {"crime.occurred": Typed("40", "1")}, actor=world.an, now=MORNING + DAY / 2)
    return submit(report.pk, actor=world.an, now=MORNING + DAY)


@pytest.mark.django_db
def test_a_change_since_the_last_submission_is_found_with_who_and_the_doubt(
    world: World, sent_again: Return
) -> None:
    found = review(sent_again)
    assert set(found.changes) == {"crime.occurred"}
    change = found.changes["crime.occurred"]
    assert (change.before.value, change.by, change.at) == (Decimal(1), "an", MORNING + DAY / 2)
    assert (found.with_reason, found.doubts, set(found.jumps)) == (0, 1, {"crime.occurred"})


@pytest.mark.django_db
def test_what_was_changed_and_changed_back_is_no_change(world: World) -> None:
    world.enter("C11", MORNING, "1", "0", "900")
    report = submit(world.report("C11").pk, actor=world.an, now=MORNING)
    assert review(report).changes == {}
    send_back(report.pk, actor=world.binh, now=MORNING + DAY / 2, reason="Xem lại")
    one = Answer(State.VALUE, Decimal(1))
    for text, was in (("2", "1"), ("1", "2"), ("", "1")):
        enter(report.pk, {"crime.occurred": Typed(text, was)}, actor=world.an, now=MORNING + DAY)
        change = review(world.report("C11")).changes.get("crime.occurred")
        assert (change.before if change else None) == (None if text == "1" else one)


@pytest.mark.django_db
def test_a_reason_given_stands_beside_the_cell(world: World) -> None:
    """A month that stood for a day wants a reason; so does a check that does not hold."""
    world.enter("C11", MORNING, "1", "0", "900")
    report = submit(world.report("C11").pk, actor=world.an, now=MORNING)
    send_back(report.pk, actor=world.binh, now=MORNING + DAY, reason="Xem lại")
    late, why = MORNING + 2 * DAY, {"restatement": "Bổ sung án cũ"}
    typed = {"crime.occurred": Typed("40", "1")}
    Return.objects.update(locks_at=late + DAY)
    enter(report.pk, typed, actor=world.an, now=late, remarks=why)
    submit(report.pk, actor=world.an, now=late)
    found = review(world.report("C11"))
    assert found.changes["crime.occurred"].reasons == ("Bổ sung án cũ",)
    assert found.with_reason == 1


@pytest.mark.django_db
def test_accepting_with_doubts_asks_whether_they_were_looked_at(world: World, sent_again: Return) -> None:
    with pytest.raises(NotLookedAt):
        accept(sent_again.pk, actor=world.binh, now=MORNING + DAY)
    done = accept(sent_again.pk, actor=world.binh, now=MORNING + DAY, looked=True)
    assert done.state == "accepted"


@pytest.mark.django_db
def test_the_page_says_it_at_the_top_and_beside_the_cells(
    world: World, sent_again: Return, client: Client, tmp_path: Path
) -> None:
    load_catalogue(write(tmp_path, check("few", "crime.occurred <= 5", "soft")))
    Return.objects.update(locks_at=MORNING + 400 * DAY)
    client.force_login(world.binh)
    with CaptureQueriesContext(connection) as queries:
        html = " ".join(client.get(f"/bao-cao/{sent_again.pk}/").content.decode().split())
    assert len(queries) <= 20  # ten of them look for what predecessors reported a year ago
    for words in ("1 ô đã đổi", "0 có ghi chú", "1 nghi vấn", "1 → 40", 'name="looked"'):
        assert words in html, words
    row = html.partition('id="c-crime.occurred"')[2].partition("</tr>")[0]
    assert "Lần nộp trước: <strong>1</strong>; an đổi" in row
    decide = f"/bao-cao/{sent_again.pk}/quyet-dinh/"
    asked = {"do": "accept", "version": world.report("C11").version}
    assert "Đã xem các nghi vấn" in client.post(decide, asked, follow=True).content.decode()
    assert world.report("C11").state == "submitted"
    client.post(decide, {**asked, "looked": "1"})
    assert world.report("C11").state == "accepted"
