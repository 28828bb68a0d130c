"""The table of days off: filled by the package, put right by people, never filled over them."""

from datetime import UTC, date, datetime

import pytest

from kieumau.calendars.days_off import (
    ChangedMeanwhile,
    clear_day,
    load_days_off,
    set_day,
    special_days,
    unfilled_years,
    working_days,
)
from kieumau.calendars.first_filling import days_of
from kieumau.calendars.models import SpecialDay
from kieumau.kernel.messages import Refused, Text

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
NEW_YEAR = Text(vi="Nghỉ hoán đổi Tết Dương lịch", en="Swapped for New Year's Day")

# What the package knows, as printed in the yearly decisions. (day, off or worked)
KNOWN = [
    ("2024-04-29", "off"),  # Monday swapped …
    ("2024-05-04", "worked"),  # … for this Saturday
    ("2024-09-03", "off"),
    ("2025-01-27", "off"),
    ("2025-04-26", "worked"),
    ("2025-05-02", "off"),
    ("2025-09-01", "off"),
    ("2026-02-16", "off"),
    ("2026-02-20", "off"),
    ("2026-04-27", "off"),  # Hùng Kings' day fell on a Sunday
    ("2026-08-22", "worked"),
    ("2026-08-31", "off"),
]


@pytest.mark.parametrize(("on", "kind"), KNOWN)
def test_the_package_knows_the_holidays_and_swaps_of_vietnam(on: str, kind: str) -> None:
    found = {day.on: day for day in days_of([int(on[:4])])}
    assert found[date.fromisoformat(on)].is_working is (kind == "worked")


def test_a_country_the_package_does_not_know_is_refused() -> None:
    with pytest.raises(Refused):
        days_of([2026], "XX")


@pytest.mark.django_db
class TestTable:
    def test_loading_twice_adds_once(self) -> None:
        first = load_days_off([2025, 2026], actor="thử", now=NOW)
        assert first.added == len(days_of([2025, 2026])) == SpecialDay.objects.count()
        again = load_days_off([2025, 2026], actor="thử", now=NOW)
        assert (again.added, again.changed, again.kept) == (0, 0, 0)
        assert unfilled_years([2024, 2025, 2026]) == [2024]

    def test_every_row_says_where_it_comes_from(self) -> None:
        load_days_off([2026], actor="thử", now=NOW)
        assert {row.source.split(" ")[0] for row in special_days()} == {"holidays"}

    def test_what_a_person_wrote_or_took_away_survives_loading(self) -> None:
        load_days_off([2026], actor="thử", now=NOW)
        set_day(date(2026, 1, 2), is_working=False, name=NEW_YEAR, source="QĐ", actor="an", now=NOW)
        set_day(
            date(2026, 1, 10),
            is_working=True,
            name=Text(vi="Làm bù", en="Made up"),
            source="QĐ",
            actor="an",
            now=NOW,
        )
        clear_day(date(2026, 11, 24), actor="an", now=NOW)
        assert load_days_off([2026], actor="thử", now=NOW).kept == 1
        days = working_days()
        assert not days.is_working(date(2026, 1, 2))
        assert days.is_working(date(2026, 1, 10))
        assert days.is_working(date(2026, 11, 24))
        assert date(2026, 11, 24) not in {row.on for row in special_days()}

    def test_the_second_of_two_editors_is_told_what_stands_there(self) -> None:
        seen = set_day(date(2026, 1, 2), is_working=False, name=NEW_YEAR, source="QĐ", actor="an", now=NOW)
        other = Text(vi="Khác", en="Other")
        set_day(seen.on, is_working=False, name=other, source="QĐ", actor="bình", now=NOW, version=1)
        with pytest.raises(ChangedMeanwhile) as refused:
            set_day(seen.on, is_working=False, name=NEW_YEAR, source="QĐ", actor="an", now=NOW, version=1)
        assert refused.value.current is not None
        assert refused.value.current.name_vi == "Khác"

    @pytest.mark.parametrize(
        ("on", "is_working", "name", "source", "code"),
        [
            (date(2026, 1, 5), True, NEW_YEAR, "QĐ", "worked-anyway"),
            (date(2026, 1, 5), False, Text(vi="", en="x"), "QĐ", "missing-name"),
            (date(2026, 1, 5), False, NEW_YEAR, " ", "missing-source"),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, on: date, is_working: bool, name: Text, source: str, code: str
    ) -> None:
        with pytest.raises(Refused) as refused:
            set_day(on, is_working=is_working, name=name, source=source, actor="an", now=NOW)
        assert [problem.code for problem in refused.value.problems] == [code]
        assert not SpecialDay.objects.exists()

    def test_a_day_like_any_other_cannot_be_cleared(self) -> None:
        with pytest.raises(Refused):
            clear_day(date(2026, 1, 5), actor="an", now=NOW)
