"""What an act would do to figures: exactly what recording it does, and nothing is left of the trial."""

from datetime import date
from decimal import Decimal

import pytest

from kieumau.indicators.maps.previewing import preview
from kieumau.indicators.maps.rules import Mark
from kieumau.indicators.maps.tests.test_additivity import everything
from kieumau.indicators.maps.tests.test_queries import DAY, MERGER, TRANSFER, commune
from kieumau.indicators.tests.cast import Country
from kieumau.kernel.messages import Refused
from kieumau.units.rules import Act, Share

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 20)


def report(country: Country, *months: str) -> None:
    for month in months:
        country.record(*((month, code, "crime.occurred", number) for code, number in (
            ("C11", 10), ("C12", 11), ("C15", 100), ("C21", 1), ("C22", 2))))  # fmt: skip


def effects(act: Act, month: tuple[int, int]) -> set[tuple[object, ...]]:
    seen = preview(act, today=TODAY, indicators=["crime.occurred"])
    return {
        (
            one.unit.en,
            one.before and one.before.value,
            one.after and one.after.value,
            one.after and one.after.mark,
        )
        for one in seen.effects
        if one.window.kind == "month" and one.window.last == month
    }


def test_a_merger_seen_before_it_is_recorded(country: Country) -> None:
    report(country, "2026-02")
    before = everything()
    assert effects(MERGER, (2026, 2)) == {
        ("An Bình Ward", 10, None, None),
        ("Ân Thi Commune", 11, None, None),
        ("An Thi Commune", None, 21, Mark.WHOLE),
    }
    assert everything() == before


def test_a_transfer_changes_both_provinces(country: Country) -> None:
    report(country, "2026-02")
    assert effects(TRANSFER, (2026, 2)) == {
        ("Bình Minh Province", 121, 110, Mark.SAME),
        ("Đông Hải Province", 3, 14, Mark.WHOLE),
    }


def test_a_part_is_shown_as_estimated(country: Country) -> None:
    report(country, "2026-02")
    act = Act(
        "part", DAY, ends=("m/C11",), begins=(commune("C11", "An Bình"), commune("C17", "An Đông")),
        shares=(Share("m/C11", "m/C11", Decimal("0.8"), "area"),
                Share("m/C11", "m/C17", Decimal("0.2"), "area")),
    )  # fmt: skip
    assert effects(act, (2026, 2)) == {
        ("An Bình Commune", 10, 8, Mark.ESTIMATED),
        ("An Đông Commune", None, 2, Mark.ESTIMATED),
    }


def test_figures_of_later_periods_are_told_and_carried(country: Country) -> None:
    """C11 and C12 had reported March under their old names before the act of 1 March was recorded."""
    report(country, "2026-02", "2026-03")
    before = everything()
    seen = preview(MERGER, today=date(2026, 4, 20), indicators=["crime.occurred"])
    day = date(2026, 3, 31)
    assert [(one.unit.en, one.figure_count, one.first_day, one.last_day) for one in seen.carried] == [
        ("An Bình Ward", 1, day, day), ("Ân Thi Commune", 1, day, day),
    ]  # fmt: skip
    march = {one.unit.en: one.after and one.after.value for one in seen.effects
             if one.window.kind == "month" and one.window.last == (2026, 3)}  # fmt: skip
    assert march == {"An Bình Ward": None, "Ân Thi Commune": None, "An Thi Commune": 21}
    assert everything() == before


def test_an_act_that_cannot_be_is_refused(country: Country) -> None:
    before = everything()
    with pytest.raises(Refused):
        preview(Act("x", DAY, ends=("m/nobody",)), today=TODAY)
    assert everything() == before
