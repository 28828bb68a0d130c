"""Lines: exact, with gaps where figures are missing."""

import re
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.web.charts import SIDE, Exact, Series, line, spark

SVG = "{http://www.w3.org/2000/svg}"


def series(*values: Exact | None, earlier: tuple[Exact | None, ...] = ()) -> Series:
    return Series([f"T{index}" for index in range(len(values))], values, earlier)


def path_of(drawing: str, css_class: str) -> str | None:
    found = re.search(f'<path class="{css_class}" d="([^"]*)"', drawing)
    return found.group(1) if found else None


@pytest.mark.parametrize(
    ("values", "path"),
    [
        pytest.param((0, 10), "M0 1000L1000 0", id="from the floor to the top"),
        pytest.param((10, 5, 10), "M0 0L500 500L1000 0", id="half is in the middle"),
        pytest.param((10, None, 10), "M0 0M1000 0", id="a missing figure is a gap, not a zero"),
        pytest.param((10, 0, 10), "M0 0L500 1000L1000 0", id="zero is a figure"),
        pytest.param((None, 4, 8), "M500 500L1000 0", id="missing at the start"),
        pytest.param((8, 4, None), "M0 0L500 500", id="missing at the end"),
        pytest.param((5,), "M1000 0", id="one figure stands at the right"),
        pytest.param((0, 0), "M0 500L1000 500", id="all zero is a level line"),
        pytest.param((-5, 5), "M0 1000L1000 0", id="negative figures have room"),
        pytest.param((Fraction(1, 3), Fraction(2, 3)), "M0 500L1000 0", id="thirds are exact"),
        pytest.param(
            (Decimal("0.1"), Decimal("0.3"), Decimal("0.2")), "M0 667L500 0L1000 333", id="decimals"
        ),
        pytest.param((None, None), None, id="no figure at all draws nothing"),
    ],
)
def test_line(values: tuple[Exact | None, ...], path: str | None) -> None:
    assert path_of(line(series(*values), title="t"), "chart-line") == path


def test_the_last_known_figure_is_marked() -> None:
    assert path_of(line(series(10, 5, None), title="t"), "chart-last") == "M500 500h0"


def test_a_figure_between_two_gaps_is_a_dot() -> None:
    drawing = line(series(10, None, 5, None, 10), title="t")
    assert path_of(drawing, "chart-lone") == "M0 0h0M500 500h0M1000 0h0"


def test_no_dots_where_the_line_is_whole() -> None:
    assert path_of(line(series(1, 2, 3), title="t"), "chart-lone") is None


def test_the_year_before_shares_the_scale() -> None:
    drawing = line(series(5, 5, earlier=(None, 10)), title="t")
    assert path_of(drawing, "chart-line") == "M0 500L1000 500"
    assert path_of(drawing, "chart-earlier") == "M1000 0"


def test_a_spark_has_its_own_scale_and_no_year_before() -> None:
    drawing = spark(series(90, 100, earlier=(10, 10)), title="t")
    assert path_of(drawing, "chart-line") == "M0 1000L1000 0"
    assert path_of(drawing, "chart-earlier") is None


def test_what_is_said_is_escaped_and_named() -> None:
    root = ElementTree.fromstring(
        line(series(1, 2), title='Tội phạm <"&>', text="a & b").replace(
            "<svg", f'<svg xmlns="{SVG[1:-1]}"', 1
        )
    )
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert (title.text, desc.text) == ('Tội phạm <"&>', "a & b")
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert "style" not in root.attrib


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="equally many"):
        Series(["a"], [1, 2])


@given(st.lists(st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=3), min_size=1))
def test_every_known_figure_is_drawn_inside_the_box(values: list[Decimal | None]) -> None:
    path = path_of(line(series(*values), title="t"), "chart-line") or ""
    points = re.findall(r"[ML](\d+) (\d+)", path)
    assert len(points) == sum(value is not None for value in values)
    assert all(0 <= int(x) <= SIDE and 0 <= int(y) <= SIDE for x, y in points)
