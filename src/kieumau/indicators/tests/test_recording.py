"""Figures in: what is refused, what is kept, and the four states kept apart."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from kieumau.formulas.values import State
from kieumau.indicators.actions import check_totals, open_source, record_figures, remove_figures
from kieumau.indicators.actions.references import NotRecorded
from kieumau.indicators.models import Figure, Superseded, Total
from kieumau.indicators.registry import Changed, after_figures
from kieumau.indicators.tests.cast import Country, at
from kieumau.units.models import Term

VALUE = State.VALUE


def test_the_same_file_twice_changes_nothing(country: Country) -> None:
    figures = [("2025-01", "C11", "crime.solved", 3), ("2025-01", "C12", "crime.solved", State.REFUSED)]
    assert country.record(*figures).inserted == 2
    again = country.record(*figures, source=open_source(name="lại", recorded_at=at(2)))
    assert (again.inserted, again.revised, again.unchanged) == (0, 0, 2)
    assert Superseded.objects.count() == 0
    assert set(Figure.objects.values_list("source", flat=True)) == {Figure.objects.first().source}  # type: ignore[union-attr]


def test_rows_may_be_read_from_the_database_while_they_are_recorded(country: Country) -> None:
    codes = Term.objects.filter(kind__level=3, valid__contains=date(2025, 1, 31)).order_by("code")
    rows = (country.row("2025-01", term.code, "people", 1_000) for term in codes)
    assert record_figures(rows, source=open_source(name="tệp", recorded_at=at(1))).inserted == 6


def test_equal_numbers_written_differently_are_no_revision(country: Country) -> None:
    country.record(("2025-01", "C11", "people", "7.0"))
    assert country.record(("2025-01", "C11", "people", "7.00")).unchanged == 1


def test_a_revision_keeps_what_was(country: Country) -> None:
    first = open_source(name="lần 1", recorded_at=at(1))
    second = open_source(name="lần 2", recorded_at=at(5))
    country.record(("2025-01", "C11", "crime.solved", 3), source=first)
    assert country.record(("2025-01", "C11", "crime.solved", 4), source=second).revised == 1
    was = Superseded.objects.get()
    assert was.value == 3
    assert (was.source, was.superseded_by, was.superseded_at) == (first.pk, second.pk, at(5))


def test_the_four_states_stay_apart(country: Country) -> None:
    country.record(
        ("2025-01", "C11", "crime.solved", 0),
        ("2025-01", "C12", "crime.solved", State.MISSING),
        ("2025-01", "C13", "crime.solved", State.NOT_APPLICABLE),
        ("2025-01", "C14", "crime.solved", State.REFUSED),
    )
    total = Total.objects.get()
    assert total.value == 0
    assert (total.value_count, total.missing_count) == (1, 1)
    assert (total.not_applicable_count, total.refused_count) == (1, 1)


def test_exact_to_the_last_digit(country: Country) -> None:
    long = Decimal("12345678901234567890.12345678901234567890")
    country.record(
        ("2025-01", "C11", "crime.solved", "0.1"),
        ("2025-01", "C12", "crime.solved", "0.2"),
        ("2025-01", "C13", "crime.solved", long),
    )
    assert Total.objects.get().value == Decimal("12345678901234567890.42345678901234567890")
    assert Figure.objects.get(unit=country.units["C13"]).value == long


def problems_of(country: Country, *rows: tuple[int, int, int, int, Decimal | None]) -> set[str]:
    with pytest.raises(NotRecorded) as refused:
        record_figures(rows, source=open_source(name="sai", recorded_at=at(1)))
    assert Figure.objects.count() == 0
    assert all(problem.reason.vi and problem.reason.en for problem in refused.value.problems)
    return {problem.code for problem in refused.value.problems}


def test_every_wrong_reference_in_one_pass(country: Country) -> None:
    period, unit, indicator = country.key("2025-01", "C11", "crime.solved")
    quarter, _, _ = country.key("2025-Q1", "C11", "crime.solved")
    derived = country.indicators["crime.clearance"].id
    one = Decimal(1)
    assert problems_of(
        country,
        (1, unit, indicator, VALUE, one),
        (period, 999_999, indicator, VALUE, one),
        (period, unit, 999_999, VALUE, one),
        (period, unit, derived, VALUE, one),
        (quarter, unit, indicator, VALUE, one),
        (period, country.units["C15"], indicator, VALUE, one),  # made by the merger half a year later
        (period, country.units["C12"], indicator, State.REFUSED, one),
    ) == {
        "unknown-period",
        "unknown-unit",
        "unknown-indicator",
        "derived-indicator",
        "wrong-period",
        "unit-not-there",
        "wrong-value",
    }


@pytest.mark.parametrize(
    ("state", "value"),
    [
        (0, None),
        (1, Decimal(0)),
        (2, Decimal(1)),
        (7, None),
        (0, Decimal("NaN")),
        (0, Decimal("Infinity")),
        (0, Decimal("-Infinity")),
    ],
)
def test_a_state_and_a_value_that_do_not_fit(country: Country, state: int, value: Decimal | None) -> None:
    key = country.key("2025-01", "C11", "crime.solved")
    assert problems_of(country, (*key, state, value)) == {"wrong-value"}


def test_a_figure_given_twice_is_refused(country: Country) -> None:
    row = country.row("2025-01", "C11", "crime.solved", 1)
    assert problems_of(country, row, row) == {"repeated-figure"}
    country.record(("2025-01", "C12", "crime.solved", 1))  # the period has figures: the other way of writing
    with pytest.raises(NotRecorded):
        record_figures([row, row], source=open_source(name="sai"))
    assert Figure.objects.count() == 1


def test_binary_floats_are_refused(country: Country) -> None:
    key = country.key("2025-01", "C11", "crime.solved")
    with pytest.raises(TypeError, match="Decimal"):
        record_figures([(*key, VALUE, 0.1)], source=open_source(name="x"))  # type: ignore[list-item]


def test_removed_figures_leave_their_history(country: Country) -> None:
    country.record(("2025-01", "C11", "crime.solved", 3), ("2025-01", "C12", "crime.solved", 4))
    remover = open_source(name="gỡ", recorded_at=at(9))
    keys = [country.key("2025-01", unit, "crime.solved") for unit in ("C11", "C13")]
    assert remove_figures(keys, source=remover) == 1
    was = Superseded.objects.get()
    assert was.value == 3
    assert (was.superseded_by, was.superseded_at) == (remover.pk, at(9))
    assert Total.objects.get().value == 4
    assert check_totals() == []


def test_those_who_listen_hear_only_of_what_changed(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[int, list[int], list[int]]] = []

    def listen(changed: Changed) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT array_agg(DISTINCT unit ORDER BY unit), array_agg(DISTINCT indicator)"
                f" FROM {changed.table}"
            )
            heard.append((changed.count, *cursor.fetchone()))

    monkeypatch.setattr("kieumau.indicators.actions.writing.after_figures", [*after_figures, listen])
    solved = country.indicators["crime.solved"].id
    country.record(("2025-01", "C11", "crime.solved", 3), ("2025-01", "C12", "crime.solved", 4))
    second = open_source(name="2", recorded_at=at(2))
    country.record(
        ("2025-01", "C11", "crime.solved", 3), ("2025-01", "C12", "crime.solved", 5), source=second
    )
    country.record(("2025-01", "C12", "crime.solved", 5), source=second)
    assert heard == [
        (2, sorted([country.units["C11"], country.units["C12"]]), [solved]),
        (1, [country.units["C12"]], [solved]),
    ]


def test_the_database_refuses_what_nobody_can_have_counted(country: Country) -> None:
    with pytest.raises(IntegrityError, match="figure_is_within_bounds"), transaction.atomic():
        country.record(("2025-01", "C11", "people", "1e31"))
