"""An act recorded after its day: figures already sent for units that it ends count on, on every map."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from kieumau.formulas.values import State
from kieumau.indicators.actions import open_source, remove_figures
from kieumau.indicators.actions.references import NotRecorded
from kieumau.indicators.actions.totals import check_totals, rebuild_totals
from kieumau.indicators.maps.queries import MappedValue, values_on_map, year_on_year
from kieumau.indicators.maps.rules import REPORTED, Amount, Map, Mark
from kieumau.indicators.maps.tests.test_additivity import everything
from kieumau.indicators.maps.wide import wide_on_map
from kieumau.indicators.tests.cast import Country, at, operand
from kieumau.units.actions import record_change, undo_change
from kieumau.units.actions.store import stored_terms
from kieumau.units.models import Carried, Level, Unit
from kieumau.units.queries import terms
from kieumau.units.rules import Act, Share, TermRow, Tree, even_shares

pytestmark = pytest.mark.django_db

DAY = date(2026, 2, 1)  # the acts; February and March had been sent before they were recorded
MARCH = operand("crime.occurred", "2026-03")
TODAY = Map(date(2026, 4, 10))
JOINED = Act("join", DAY, ends=("m/C22",), shares=even_shares("m/C22", ["m/C21"]))
ACROSS = Act("across", DAY, ends=("m/C22",), shares=even_shares("m/C22", ["m/C11"]))
GONE = Act("gone", DAY, ends=("m/C22",))


def commune(code: str, parent: str) -> TermRow:
    return TermRow(f"m/{code}", "m", code, code, "xa", f"m/{parent}", DAY)


DIVIDED = Act(
    "divided", DAY, ends=("m/C22",), begins=(commune("C31", "P1"), commune("C32", "P2")),
    shares=(Share("m/C22", "m/C31", Decimal("0.75"), "people"),
            Share("m/C22", "m/C32", Decimal("0.25"), "people")),
)  # fmt: skip


@pytest.fixture
def reported(country: Country) -> Country:
    """C21 counts 1,800, C22 counts 22, in January, February and March; P1 has one commune with 5."""
    for month in ("2026-01", "2026-02", "2026-03"):
        country.record(*((month, code, "crime.occurred", number) for code, number in (
            ("C21", 1800), ("C22", 22), ("C11", 5), ("C12", 0), ("C15", 0))))  # fmt: skip
    return country


def shown(key: str, on: Map) -> MappedValue:
    return values_on_map(Unit.objects.get(key=key).pk, [MARCH], on)[MARCH]


def number(key: str, on: Map = TODAY) -> tuple[Fraction | None, Mark]:
    return shown(key, on).value, shown(key, on).mark


def test_22_joined_to_1800_is_1822_though_recorded_late(reported: Country) -> None:
    before = everything()
    record_change(act=JOINED, actor=None)
    assert number("m/C21") == (Fraction(1822), Mark.WHOLE)
    for on in (REPORTED, TODAY, Map(DAY), Map(date(2025, 12, 1))):
        assert shown("m/N", on).value == 1827
        assert shown("m/P2", on).value == 1822
    assert check_totals() == []
    assert rebuild_totals() == 0
    undo_change(key="join", actor=None)
    assert everything() == before


@pytest.mark.parametrize(
    ("act", "communes", "p1", "p2"),
    [
        (JOINED, {"m/C21": (1822, Mark.WHOLE)}, 5, 1822),
        (ACROSS, {"m/C11": (27, Mark.WHOLE), "m/C21": (1800, Mark.SAME)}, 27, 1800),
        (
            DIVIDED,
            {"m/C31": (Fraction(33, 2), Mark.ESTIMATED), "m/C32": (Fraction(11, 2), Mark.ESTIMATED)},
            Fraction(43, 2),
            Fraction(3611, 2),
        ),
        (GONE, {"m/C21": (1800, Mark.SAME)}, 5, 1822),  # without a successor: its province keeps them
    ],
)
def test_every_kind_of_end(
    reported: Country, act: Act, communes: dict[str, tuple[Fraction, Mark]], p1: Fraction, p2: Fraction
) -> None:
    record_change(act=act, actor=None)
    assert {key: number(key) for key in communes} == communes
    assert (shown("m/P1", TODAY).value, shown("m/P2", TODAY).value) == (p1, p2)
    assert shown("m/N", TODAY).value == shown("m/N", REPORTED).value == 1827
    assert check_totals() == []


def test_a_divided_unit_counts_in_the_province_that_took_most_of_it(reported: Country) -> None:
    """As reported nothing is divided: 22 is in the kept total of one province."""
    record_change(act=DIVIDED, actor=None)
    assert (shown("m/P1", REPORTED).value, shown("m/P2", REPORTED).value) == (Fraction(27), Fraction(1800))


def test_all_at_once_say_the_same(reported: Country) -> None:
    for act in (JOINED, DIVIDED, ACROSS):
        record_change(act=act, actor=None)
        for level in (Level.PROVINCE, Level.COMMUNE):
            for unit_id, row in wide_on_map([MARCH], date(2026, 4, 10), level=level).items():
                alone = values_on_map(unit_id, [MARCH], TODAY)[MARCH]
                assert (row[MARCH].value, row[MARCH].mark) == (alone.value, alone.mark)
                assert row[MARCH].amount == alone.amount
        undo_change(key=act.key, actor=None)


def test_never_more_figures_than_expected(reported: Country) -> None:
    record_change(act=JOINED, actor=None)
    for key in ("m/N", "m/P2", "m/C21"):
        for on in (TODAY, REPORTED):
            amount = shown(key, on).amount
            assert amount.reported <= amount.expected
    assert shown("m/C21", TODAY).amount == Amount(Fraction(1822), value_count=2, expected=2)
    april = operand("crime.occurred", "2026-04")  # nothing was sent for it: nobody waits for C22
    assert values_on_map(reported.units["C21"], [april], TODAY)[april].amount.expected == 1


def test_a_rate_is_that_of_all_parts(reported: Country) -> None:
    reported.record(("2026-03", "C21", "crime.solved", 900), ("2026-03", "C22", "crime.solved", 11))
    record_change(act=JOINED, actor=None)
    pair = year_on_year(reported.units["C21"], ["crime.clearance"], MARCH.window, TODAY)
    assert pair["crime.clearance"].now.value == Fraction(911, 1822)


def test_a_carried_figure_can_be_corrected_and_taken_back(reported: Country) -> None:
    record_change(act=JOINED, actor=None)
    reported.record(("2026-03", "C22", "crime.occurred", 20))
    assert shown("m/C21", TODAY).value == shown("m/P2", REPORTED).value == 1820
    source = open_source(name="sửa", recorded_at=at(9))
    remove_figures([reported.key("2026-03", "C22", "crime.occurred")], source=source)
    for key, on in (("m/C21", TODAY), ("m/P2", REPORTED)):
        assert (shown(key, on).amount.value_count, shown(key, on).amount.expected) == (1, 2)
    assert check_totals() == []
    kept = everything()
    undo_change(key="join", actor=None)
    record_change(act=JOINED, actor=None)
    assert everything() == kept


def test_a_unit_made_of_units_that_reported_cannot_report_the_same_again(reported: Country) -> None:
    """C31 and C32 are all of C22: what they would send for March is there already."""
    record_change(act=DIVIDED, actor=None)
    reported.units.update({code: Unit.objects.get(key=f"m/{code}").pk for code in ("C31", "C32")})
    for code in ("C31", "C32"):
        with pytest.raises(NotRecorded, match=r"predecessors|đơn vị cũ"):
            reported.record(("2026-03", code, "crime.occurred", 16))
    reported.record(("2026-04", "C31", "crime.occurred", 16))
    with pytest.raises(NotRecorded):
        reported.record(("2026-04", "C22", "crime.occurred", 22))


def test_the_successor_ends_too(reported: Country) -> None:
    """A chain: C22 went to C21, which went over to P1 with all it had."""
    record_change(act=JOINED, actor=None)
    before = everything()
    over = Act("over", date(2026, 3, 1), ends=("m/C21",), shares=even_shares("m/C21", ["m/C12"]))
    record_change(act=over, actor=None)
    assert number("m/C12")[0] == 1822
    assert shown("m/P1", REPORTED).value == 1827
    assert shown("m/P2", REPORTED).value is None  # nothing is left of it
    assert number("m/C21", Map(date(2026, 2, 28)))[0] == 1822
    assert check_totals() == []
    undo_change(key="over", actor=None)
    assert everything() == before


def test_a_figure_refused_or_missing_is_carried_as_such(reported: Country) -> None:
    reported.record(("2026-03", "C22", "crime.occurred", State.REFUSED))
    record_change(act=JOINED, actor=None)
    assert shown("m/C21", TODAY).amount.refused_count == 1
    assert check_totals() == []


def test_only_days_with_figures_are_carried(reported: Country) -> None:
    record_change(act=JOINED, actor=None)
    days = Carried.objects.filter(unit__key="m/C22", valid__startswith__gte=DAY).values_list(
        "valid", flat=True
    )
    assert sorted(valid.lower for valid in days) == [date(2026, 2, 28), date(2026, 3, 31)]
    assert not terms(date(2026, 3, 31)).filter(unit__key="m/C22").exists()


def test_the_rule_says_so_too(reported: Country) -> None:
    record_change(act=DIVIDED, actor=None)
    tree = Tree(stored_terms(), [DIVIDED])
    pieces = tree.trace("m/C22", date(2026, 3, 31), date(2026, 4, 10))
    assert {piece.unit: piece.share for piece in pieces} == {
        "m/C31": Fraction(3, 4),
        "m/C32": Fraction(1, 4),
    }
    assert [piece.unit for piece in tree.trace("m/C22", date(2026, 3, 31), DAY.replace(month=1))] == ["m/C22"]
