"""What was sent some time ago and changes much asks for a reason; what is being typed does not."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.formulas.values import State
from kieumau.indicators.actions import NeedsRemark, enter_figures, open_source
from kieumau.indicators.actions.record import remove_figures
from kieumau.indicators.checks.restating import BOUND, LEAST, RESTATEMENT, is_large
from kieumau.indicators.imports import Report, load_file, mapping_from_text
from kieumau.indicators.models import Figure, Remark
from kieumau.indicators.tests.cast import Country, load_country

SENT = datetime(2025, 10, 5, 3, tzinfo=UTC)
LATER = SENT + timedelta(days=3)
WORDS: dict[int | State, str] = {State.MISSING: "thiếu", State.NOT_APPLICABLE: "-"}
MAPPING = """
title: {vi: Một giá trị mỗi dòng, en: One value a row}
unit: {code: "{unit}", register: m}
indicator: {code: "{indicator}"}
period: {code: "{period}"}
values: {column: value}
"""


@pytest.mark.parametrize(
    ("old", "new", "large"),
    [
        ("100", "120", False),  # a fifth exactly
        ("100", "121", True),
        ("100", "80", False),
        ("100", "79", True),
        ("2", "6", False),  # four cases
        ("2", "7", True),
        ("0", "4", False),
        ("0", "5", True),
        ("10.5", "15.6", True),
        ("4", None, False),  # nothing instead is as far off as zero
        ("5", None, True),
    ],
)
def test_the_bound(old: str, new: str | None, large: bool) -> None:
    assert is_large(Decimal(old), None if new is None else Decimal(new)) is large


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_what_is_large_is_beyond_both(old: int, new: int) -> None:
    beyond = abs(new - old) >= LEAST and Fraction(abs(new - old)) > BOUND * old
    assert is_large(Decimal(old), Decimal(new)) is beyond


@pytest.fixture
def country(db: None, tmp_path: Path) -> Country:
    """The small country; An Bình has sent 40 for September 2025."""
    found = load_country(tmp_path)
    enter(found, 40, SENT)
    return found


def enter(country: Country, value: int | State, now: datetime, **remarks: str) -> None:
    period, unit, _ = country.key("2025-09", "C11", "crime.occurred")
    fact = value if isinstance(value, State) else Decimal(value)
    enter_figures(unit, period, {"crime.occurred": fact}, remarks, actor="an", now=now)


def load(country: Country, folder: Path, value: str, now: datetime) -> Report:
    """The same figure from a file."""
    path = folder / "figures.csv"
    path.write_text(f"unit,indicator,period,value\nC11,crime.occurred,2025-09,{value}\n", encoding="utf-8")
    return load_file(path, mapping_from_text(MAPPING), actor="an", now=now)


def empty(country: Country, now: datetime) -> None:
    """The cell emptied."""
    source = open_source(name="xóa", recorded_at=now)
    remove_figures([country.key("2025-09", "C11", "crime.occurred")], source=source)


# What became of the 40 that were sent, hour by hour after that (None: emptied), and which hours ask why.
HISTORIES: list[tuple[str, list[tuple[int, int | State | None]], list[int]]] = [
    ("while it is being typed", [(1, 4), (23, 400), (46, 4)], []),
    ("beyond the bound", [(72, 4)], [72]),
    ("a small correction", [(72, 44)], []),
    ("in two steps", [(72, 46), (73, 60)], [73]),
    ("in two steps, there and back", [(72, 46), (73, 36)], []),
    ("in two steps, each of a day of its own", [(72, 46), (98, 55)], []),
    ("over an emptied cell", [(72, None), (73, 4)], [73]),
    ("over a cell emptied long ago", [(72, None), (720, 4)], [720]),
    ("the old value again, over an emptied cell", [(72, None), (720, 41)], []),
    ("a value that there is none of any more", [(72, State.MISSING)], [72]),
    ("over a mark", [(72, State.MISSING), (73, 4)], [72, 73]),
    ("from one mark to another", [(72, State.MISSING), (73, State.NOT_APPLICABLE)], [72]),
    ("emptied before it had settled", [(2, None), (72, 4)], []),
    ("mistyped for a minute, then emptied", [(2, 400), (3, 40), (72, None), (96, 41)], []),
]


@pytest.mark.django_db
@pytest.mark.parametrize("is_file", [False, True], ids=["typed", "from a file"])
@pytest.mark.parametrize(("name", "history", "asked"), HISTORIES, ids=[one[0] for one in HISTORIES])
def test_histories(
    country: Country,
    tmp_path: Path,
    name: str,
    history: list[tuple[int, int | State | None]],
    asked: list[int],
    is_file: bool,
) -> None:
    """The same is asked of what is typed and of what a file brings; with a reason it is kept."""
    found = []
    for hour, value in history:
        now = SENT + timedelta(hours=hour)
        if value is None:
            empty(country, now)
        elif is_file:
            report = load(country, tmp_path, WORDS.get(value, str(value)), now)
            if report.has_failed:
                assert report.problem_counts == {"needs-remark": 1}
                found.append(hour)
                enter(country, value, now, restatement="Đã rà soát")
        else:
            try:
                enter(country, value, now)
            except NeedsRemark:
                found.append(hour)
                enter(country, value, now, restatement="Đã rà soát")
    assert found == asked


@pytest.mark.django_db
def test_taking_a_value_away_is_told(country: Country) -> None:
    with pytest.raises(NeedsRemark) as caught:
        enter(country, State.MISSING, LATER)
    assert "đã gửi 40, nay không có số liệu" in caught.value.marks[0].sentence.vi
    assert "40 was sent, now there is no figure" in caught.value.marks[0].sentence.en


@pytest.mark.django_db
def test_a_large_restatement_asks_why_and_keeps_the_answer(country: Country) -> None:
    with pytest.raises(NeedsRemark) as caught:
        enter(country, 4, LATER)
    [mark] = caught.value.marks
    assert (mark.check_code, mark.codes) == (RESTATEMENT, ("crime.occurred",))
    assert "40" in mark.sentence.vi
    assert Figure.objects.get().value == 40
    enter(country, 4, LATER, restatement="Nhập nhầm một số 0")
    assert Figure.objects.get().value == 4
    assert [(one.check_code, one.text) for one in Remark.objects.all()] == [
        (RESTATEMENT, "Nhập nhầm một số 0")
    ]


@pytest.mark.django_db
def test_who_is_still_typing_is_not_asked(country: Country) -> None:
    enter(country, 4, SENT + timedelta(hours=23, minutes=59))
    assert Figure.objects.get().value == 4


@pytest.mark.django_db
def test_a_small_correction_needs_no_reason_and_keeps_none(country: Country) -> None:
    enter(country, 45, LATER, restatement="không cần")
    assert Figure.objects.get().value == 45
    assert not Remark.objects.exists()
