"""Targets of programmes against titles that are held: real decisions, on the map of each year."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from kieumau.awards.actions import Recognition, record_earlier, withdraw
from kieumau.awards.models import Title
from kieumau.awards.rules import Decision, Ground
from kieumau.kernel.messages import Text
from kieumau.programmes import queries, reach
from kieumau.programmes.models import Target
from kieumau.programmes.rules import Reach, TargetFacts
from kieumau.programmes.tests.cast import NOW, TODAY, Cast

NAME = Text(vi="Công an phường kiểu mẫu", en="Model ward police")


@pytest.fixture
def cast(kept_programme: Cast) -> Cast:
    return kept_programme


def title(cast: Cast, code: str, since: date) -> Title:
    decision = Decision("9/QĐ-BCA", since, "Bộ Công an")
    programme, unit = cast.programme, cast.units[code]
    return record_earlier(
        unit, NAME, decision, Recognition(starts_on=since), programme=programme, actor="tests", now=NOW
    )


# Year, units of the country, holding the title, of them of Cần Thơ: the merger of 2025 took one away.
YEARS = [(2024, 7, 2, 1, 4), (2025, 6, 1, 0, 3), (2026, 6, 0, 0, 3)]


def test_each_year_is_measured_on_its_own_map(cast: Cast) -> None:
    """An Hòa held the title until it went into Cái Khế; An Hưng holds it for 2025; An Bình's is withdrawn."""
    title(cast, "31135", date(2024, 8, 1))
    title(cast, "14812", date(2024, 12, 1))
    title(cast, "14812", date(2025, 12, 1))
    given = title(cast, "31150", date(2026, 5, 1))
    taken = Decision("15/QĐ-BCA", date(2026, 6, 1), "Bộ Công an")
    withdraw(given.pk, taken, ground=Ground.FALSE_DECLARATION, reason="Khai sai", actor="tests", now=NOW)
    counted = reach.counted(cast.programme, cast.units["VN"], [2024, 2025, 2026, 2027], TODAY)
    place = cast.units["92"]
    for year, units, held, held_there, units_there in YEARS:
        parts = counted[year]
        whole = Reach(sum(one.held for one in parts.values()), sum(one.units for one in parts.values()))
        assert (whole.units, parts[place]) == (units, Reach(held_there, units_there)), year
        assert whole.held == held + (year == 2026), year  # An Hưng's second title lasts until December 2026
    assert 2027 not in counted


# What An Hòa's title is to Cái Khế, into which it went on 1 July 2025: year, held, by predecessors, of units.
MERGED = [
    ("while the unit was there, it counts", 2024, 1, 0, 4),
    ("after the merger it is told beside, as long as it would have run", 2025, 0, 1, 3),
    ("and no longer than that", 2026, 0, 0, 3),
]


@pytest.mark.parametrize(("what", "year", "held", "before", "units"), MERGED)
def test_the_title_of_a_unit_that_was_merged_is_told_beside(
    cast: Cast, what: str, year: int, held: int, before: int, units: int
) -> None:
    decision = Decision("9/QĐ-BCA", date(2024, 3, 1), "Bộ Công an")
    two_years = Recognition(starts_on=date(2024, 3, 1), ends_before=date(2026, 3, 1))
    unit = cast.units["31135"]
    record_earlier(unit, NAME, decision, two_years, programme=cast.programme, actor="tests", now=NOW)
    place = cast.units["92"]
    assert reach.counted(cast.programme, place, [year], TODAY)[year][place] == Reach(held, units, before), (
        what
    )
    title(cast, "31149", date(2025, 8, 1))
    again = reach.counted(cast.programme, place, [year], TODAY)[year][place]
    assert again.before == 0, "recognized itself, it needs no predecessor"
    assert again.held == held + (year == 2025)


def test_targets_beside_what_is_reached(cast: Cast) -> None:
    title(cast, "14812", date(2026, 1, 1))
    country, province = cast.units["VN"], cast.units["38"]
    for area, year, share in ((country, 2025, "0.3"), (country, 2030, "1"), (province, 2026, "0.5")):
        cast.add(TargetFacts(area, year, Decimal(share)))
    targets = list(Target.objects.all())
    counted = reach.counted(cast.programme, country, [2025, 2026, 2030], TODAY)
    lines = reach.year_lines(country, targets, TODAY, counted, 2026)
    assert [(one.year, one.aim, one.short) for one in lines] == [
        (2025, Fraction(3, 10), 2),  # 30 % of 6 are 1.8: two units
        (2026, None, None),
        (2030, Fraction(1), None),
    ]
    parts = {one.unit_id: one for one in reach.parts(country, 2026, targets, counted, {})}
    assert (parts[province].aim, parts[province].is_own, parts[province].short) == (Fraction(1, 2), True, 1)
    assert (parts[cast.units["92"]].aim, parts[cast.units["92"]].is_own) == (None, False)


def test_who_holds_the_title_is_told_beside_the_members(cast: Cast) -> None:
    title(cast, "14812", date(2026, 1, 1))
    cast.choose("14812", "14814", "31135")
    path = queries.areas(cast.programme, TODAY)[0].path
    found = queries.members(cast.programme, path, TODAY)
    assert [(one.unit_name, getattr(one, "is_titled")) for one in found] == [  # noqa: B009 (annotated)
        ("An Hòa", False),
        ("An Hưng", True),
        ("Đông Sơn", False),
    ]
