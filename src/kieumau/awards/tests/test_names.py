"""A title bears the name that its unit had when it was given, whatever the unit is called since."""

from datetime import UTC, date, datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from kieumau.assessments.tests.cast import Cast
from kieumau.audit.lines import lines_of
from kieumau.audit.models import Entry
from kieumau.awards import queries
from kieumau.awards.actions import Recognition, record_earlier
from kieumau.awards.models import Title
from kieumau.awards.queries import Borne
from kieumau.awards.rules import Decision
from kieumau.kernel.messages import Text
from kieumau.rounds.tests.cast import NOW
from kieumau.units.models import Kind, Term

RENAMED = date(2026, 7, 1)
XA, PHUONG = Text(vi="Xã An Bình", en="An Bình Commune"), Text(vi="Phường An Bình", en="An Bình Ward")
NAME = Text(vi="Xã 3 không", en="Commune of three noes")


@pytest.fixture
def world(kept_judged: Cast) -> Cast:
    """An Bình, a commune since the reform, becomes a ward on 1 July 2026."""
    whole = Term.objects.get(unit=kept_judged.unit("An Bình"), valid__contains=RENAMED)
    since = whole.valid.lower
    Term.objects.filter(pk=whole.pk).update(
        valid=DateRange(since, RENAMED), kind=Kind.objects.get(code="xa"), search_key="xa an binh"
    )
    whole.pk, whole.valid = None, DateRange(RENAMED, None)
    whole.save()
    return kept_judged


def title(world: Cast, decided_on: date, starts_on: date, unit: str = "An Bình") -> Title:
    decision = Decision(f"{decided_on:%d}/QĐ-UBND", decided_on, "UBND TP Cần Thơ")
    said = Recognition(starts_on=starts_on, ends_before=date(2027, 12, 1))
    unit_id = world.before.get(unit, world.today.get(unit))
    assert unit_id
    return record_earlier(unit_id, NAME, decision, said, programme=None, actor="tests", now=NOW)


# decided on, held from, looked at on: the name on the title, and today's where it differs
NAMES = [
    (date(2026, 3, 1), date(2026, 4, 1), date(2026, 6, 30), XA, None),
    (date(2026, 3, 1), date(2026, 4, 1), date(2026, 7, 1), XA, PHUONG),
    (date(2026, 7, 1), date(2026, 4, 1), date(2026, 8, 1), PHUONG, None),
    (date(2025, 6, 1), date(2025, 7, 1), date(2026, 8, 1), XA, PHUONG),  # decided before there was the unit
]


@pytest.mark.parametrize(("decided_on", "starts_on", "today", "then", "now"), NAMES)
def test_the_name_on_a_title_is_that_of_the_day_of_the_decision(
    world: Cast, decided_on: date, starts_on: date, today: date, then: Text, now: Text | None
) -> None:
    made = title(world, decided_on, starts_on)
    assert queries.borne([made], today) == {made.pk: Borne(then, now)}


def test_a_unit_that_is_no_more_keeps_its_last_name(world: Cast) -> None:
    made = title(world, date(2024, 12, 1), date(2024, 12, 1), "An Hòa")
    assert queries.borne([made], date(2026, 11, 22)) == {
        made.pk: Borne(Text(vi="Phường An Hòa", en="An Hòa Ward"), None)
    }


# What is typed in the register: is the title of An Bình found?
SOUGHT = [
    ("an binh", True),
    ("AN BÌNH", True),
    ("phuong an binh", True),
    ("xã an bình", True),
    ("01/QĐ", True),
    ("an hưng", False),
    ("…", False),
]


@pytest.mark.parametrize(("words", "is_found"), SOUGHT)
def test_units_are_found_without_their_marks(world: Cast, words: str, is_found: bool) -> None:
    title(world, date(2026, 3, 1), date(2026, 4, 1))
    assert queries.register(date(2026, 11, 22), words=words).exists() is is_found


@pytest.mark.parametrize(
    ("page", "is_one"), [("titles", False), ("title", True), ("title_certificate", True)]
)
def test_pages_say_both_names(world: Cast, page: str, is_one: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 22, 9, tzinfo=UTC))
    made = title(world, date(2026, 3, 1), date(2026, 4, 1))
    text = Client().get(reverse(page, args=[made.pk] if is_one else [])).content.decode()
    assert "Xã An Bình" in text
    assert "nay là Phường An Bình" in text


def test_the_log_calls_a_title_as_its_reader_does(world: Cast) -> None:
    made = title(world, date(2026, 3, 1), date(2026, 4, 1))
    entry = Entry.objects.get(verb="awards.record_earlier", object_id=str(made.pk))
    (line,) = lines_of([entry])
    for language in ("vi", "en"):
        own = made.name_vi if language == "vi" else made.name_en
        assert line.said.sentence.in_(language).endswith(own)
