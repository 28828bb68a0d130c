"""Periods as rows: made once, never doubled, as the YAML says."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from kieumau.calendars import library
from kieumau.calendars.actions import load_calendars
from kieumau.calendars.models import Calendar, Period

pytestmark = pytest.mark.django_db


def test_every_period_has_its_row_and_loading_again_adds_none() -> None:
    load_calendars()
    assert load_calendars() == 0
    assert Calendar.objects.count() == len(library.calendars())
    for code in ("civil:2026-02", "nd09:2026-9M", "tt124-commune:2026", "city-1022:2025-10"):
        window = library.window(code)
        calendar = library.calendar(window.calendar)
        row = Period.objects.get(id=calendar.period_ids(window)[0])
        assert str(row) == code
        assert (row.starts_on, row.ends_before) == calendar.bounds(window)
        assert library.decode(row.id) == window


def test_a_period_knows_the_longer_one_it_is_part_of() -> None:
    chain = []
    period: Period | None = Period.objects.get(calendar__code="nd09", code="2026-05")
    while period is not None:
        chain.append(period.code)
        period = period.parent
    assert chain == ["2026-05", "2026-Q2", "2026-H1", "2026"]


def test_a_moved_period_is_put_right() -> None:
    Period.objects.filter(calendar__code="teams", code="2089").update(
        ends_before=date(2100, 1, 1), starts_on=date(2099, 1, 1)
    )
    load_calendars()
    assert Period.objects.get(calendar__code="teams", code="2089").starts_on == date(2088, 11, 15)


def test_the_database_refuses_overlapping_periods() -> None:
    period = Period.objects.get(calendar__code="nd09", code="2026-05")
    period.id, period.code = 1, "copy"
    with pytest.raises(IntegrityError), transaction.atomic():
        period.save(force_insert=True)
