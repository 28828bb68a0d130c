"""The tree on a day, in Vietnamese order, at a cost that does not grow."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kieumau.kernel.messages import Refused
from kieumau.units import queries
from kieumau.units.actions import load_rows
from kieumau.units.models import Level
from kieumau.units.tests.conftest import TODAY, unit_rows

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("country")
def test_units_come_in_vietnamese_order() -> None:
    assert [term.name for term in queries.terms(TODAY, level=3)] == [
        "An Bình", "Ân Thi", "Cần Thơ", "Đại Lộc", "Ea Súp", "Ê Đê",
    ]  # fmt: skip


@pytest.mark.usefixtures("country")
def test_subtrees_levels_children_and_ancestors() -> None:
    root, first = queries.root(TODAY), queries.term("P1", TODAY)
    assert (root.level, first.level, first.province_id) == (Level.NATION, Level.PROVINCE, first.unit_id)
    assert first.path == f"{root.unit_id}.{first.unit_id}."
    assert [term.code for term in queries.terms(TODAY, within=first.path)] == [
        "C11",
        "C12",
        "P1",
        "C13",
        "C14",
    ]
    assert [term.code for term in queries.children(root.unit_id, TODAY)] == ["P1", "P2"]
    commune = queries.term("m:C11", TODAY)
    assert [term.code for term in queries.ancestors(commune.unit_id, TODAY)] == ["N", "P1"]
    assert commune.province_id == first.unit_id
    assert queries.unit(commune.unit_id, TODAY).name == "An Bình"
    assert set(queries.codes("m", TODAY, Level.COMMUNE)) == {"C11", "C12", "C13", "C14", "C21", "C22"}
    assert queries.codes("vn", TODAY) == {}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("can tho", ["Cần Thơ"]),
        ("Cần Thơ", ["Cần Thơ"]),
        ("CAN-THO", ["Cần Thơ"]),
        ("phường", ["An Bình", "Cần Thơ"]),
        ("c1", []),
        ("C11", ["An Bình"]),
        ("binh", ["Bình Minh", "An Bình"]),
        ("dai locc", ["Đại Lộc"]),
        ("%", []),
        ("", []),
    ],
)
@pytest.mark.usefixtures("country")
def test_search_is_blind_to_accents(typed: str, found: list[str]) -> None:
    assert sorted(term.name for term in queries.search(typed, TODAY)) == sorted(found)


@pytest.mark.usefixtures("country")
def test_unknown_and_ambiguous_units_are_refused_in_words() -> None:
    with pytest.raises(queries.UnknownUnit, match="no unit with code “C99” on 1 Nov 2026"):
        queries.term("C99", TODAY)
    with pytest.raises(queries.UnknownUnit, match="C13 “Cần Thơ”"):
        queries.term("can tho", TODAY)
    with pytest.raises(queries.UnknownUnit, match="“An Bình” from 1 Jan 2020"):
        queries.term("C11", date(2019, 12, 31))
    load_rows(unit_rows([("N", "Elsewhere", "country", "")]), actor=None, register="other")
    with pytest.raises(queries.AmbiguousUnit, match="m:N"):
        queries.term("N", TODAY)
    with pytest.raises(queries.AmbiguousUnit, match="several trees"):
        queries.root(TODAY)
    assert queries.term("other:N", TODAY).name == queries.root(TODAY, "other").name == "Elsewhere"
    with pytest.raises(Refused):
        queries.unit(0, TODAY)


def test_nothing_loaded_is_said_plainly() -> None:
    with pytest.raises(queries.UnknownUnit, match="no units"):
        queries.root(TODAY)


@pytest.mark.parametrize(
    ("ask", "count"),
    [
        (lambda: list(queries.terms(TODAY)), 1),
        (lambda: [term.full_name() for term in queries.terms(TODAY, level=3)], 1),
        (lambda: queries.codes("m", TODAY), 1),
        (lambda: queries.search("xa", TODAY), 1),
        (lambda: list(queries.ancestors(queries.term("P1", TODAY).unit_id, TODAY)), 3),
    ],
)
@pytest.mark.parametrize("size", [1, 300])
def test_the_number_of_queries_does_not_grow(ask: Callable[[], object], count: int, size: int) -> None:
    more = [(f"X{n}", f"Xóm {n}", "xa", "P1") for n in range(size)]
    load_rows(
        unit_rows([("N", "Nước", "quoc-gia", ""), ("P1", "Tỉnh", "tinh", "N"), *more]),
        actor=None,
        register="m",
    )
    with CaptureQueriesContext(connection) as captured:
        ask()
    assert len(captured) == count


@pytest.mark.usefixtures("country")
def test_full_names_in_both_languages() -> None:
    ward = queries.term("C13", TODAY)
    assert (ward.full_name(), ward.full_name("en")) == ("Phường Cần Thơ", "Cần Thơ Ward")
    ward.name = "Phường Cần Thơ"
    assert ward.full_name() == "Phường Cần Thơ"
    assert queries.root(TODAY).full_name() == "Nước Mẫu"
