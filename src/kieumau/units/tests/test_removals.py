"""A later file may change, extend and end what a unit was; it takes days away only on purpose."""

from datetime import date

import pytest

from kieumau.kernel.messages import Refused
from kieumau.units import queries
from kieumau.units.actions import load_rows, load_vietnam, record_change
from kieumau.units.rules import Act, TermRow, removals
from kieumau.units.tests.conftest import TODAY, checksum

Days = list[tuple[int, int | None]]  # terms by the years in which they begin and end

CASES: list[tuple[str, Days, Days, str]] = [
    # what the file does                  stored terms                 the file's terms              removed
    ("says the same", [(2020, None)], [(2020, None)], ""),
    ("ends a term that lasted", [(2020, None)], [(2020, 2025)], ""),
    ("ends the last of several", [(2010, 2020), (2020, None)], [(2010, 2020), (2020, 2025)], ""),
    ("splits a term", [(2020, None)], [(2020, 2023), (2023, None)], ""),
    ("joins terms", [(2020, 2023), (2023, None)], [(2020, None)], ""),
    ("begins earlier", [(2020, None)], [(2010, None)], ""),
    ("lasts longer", [(2020, 2025)], [(2020, None)], ""),
    ("fills a gap", [(2010, 2012), (2020, None)], [(2010, None)], ""),
    ("knows the unit for the first time", [], [(2020, None)], ""),
    ("does not name the unit", [(2020, None)], [], ""),
    ("has only the current term", [(2020, None)], [(2025, None)], "from 2020-01-01 to 2024-12-31"),
    ("drops the past", [(2010, 2020), (2020, None)], [(2020, None)], "from 2010-01-01 to 2019-12-31"),
    ("leaves a gap", [(2020, None)], [(2020, 2022), (2024, None)], "from 2022-01-01 to 2023-12-31"),
    ("ends what had ended before", [(2020, 2025)], [(2020, 2024)], "from 2024-01-01 to 2024-12-31"),
    ("drops the current term", [(2010, 2020), (2020, None)], [(2010, 2020)], "from 2020-01-01 on"),
    ("ends before the current term", [(2010, 2020), (2020, None)], [(2010, 2015)], "from 2015-01-01 on"),
    ("has other days", [(2020, None)], [(2010, 2015)], "from 2020-01-01 on"),
    (
        "takes away at both ends",
        [(2010, 2012), (2014, 2020)],
        [(2011, 2019)],
        "from 2010-01-01 to 2010-12-31; from 2019-01-01 to 2019-12-31",
    ),
]


def terms(days: Days) -> list[TermRow]:
    return [
        TermRow("m/C", "m", "C", "An", "xa", None, date(begin, 1, 1), date(end, 1, 1) if end else None)
        for begin, end in days
    ]


@pytest.mark.parametrize(
    ("before", "after", "removed"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_which_days_a_file_takes_away(before: Days, after: Days, removed: str) -> None:
    found = removals(terms(before), terms(after))
    if not removed:
        assert found == []
        return
    (problem,) = found
    assert f"“An” (C) is in force {removed}; " in problem.reason.en
    assert "“An” (C) đang có hiệu lực từ " in problem.reason.vi


def row(code: str, starts: str, ends: str = "", kind: str = "xa", parent: str = "P2") -> dict[str, str]:
    names = {"C21": "Ea Súp", "C22": "Ê Đê"}
    return {
        "code": code,
        "name": names[code],
        "kind": kind,
        "parent": parent,
        "valid_from": starts,
        "valid_to": ends,
    }


def test_a_file_with_only_the_current_terms_is_refused_whole(country: None) -> None:
    before = checksum()
    rows = [row("C21", "2025-07-01"), row("C22", "2025-07-01", kind="phuong")]
    with pytest.raises(Refused) as refused:
        load_rows(rows, actor=None, register="m", file="new.csv")
    assert checksum() == before
    assert [(problem.code, problem.place.row) for problem in refused.value.problems] == [
        ("days-removed", 1),
        ("days-removed", 2),
    ]
    for language in ("vi", "en"):
        said = refused.value.problems[0].in_(language)
        for word in ("Ea Súp", "C21", "2020-01-01", "2025-06-30"):
            assert word in said


def test_whoever_asks_for_it_may_take_days_away(country: None) -> None:
    loaded = load_rows([row("C21", "2025-07-01")], actor=None, register="m", may_remove=True)
    assert (loaded.terms_added, loaded.terms_removed) == (1, 1)
    assert [term.valid.lower for term in queries.history(queries.term("C21", TODAY).unit_id)] == [
        date(2025, 7, 1)
    ]


def test_an_act_in_a_file_ends_a_unit(country: None) -> None:
    acts = [{"act": "m/1", "takes_effect_on": "2025-07-01", "predecessor": "C22", "successor": "C21"}]
    load_rows([row("C22", "2020-01-01", "2025-07-01")], acts, actor=None, register="m")
    assert str(queries.history(queries.term("C22", date(2025, 6, 30)).unit_id)[0].ended_by) == "m/1"


def test_a_unit_with_an_act_recorded_here_is_left_alone(country: None) -> None:
    day = date(2025, 7, 1)
    begins = TermRow("m/C21", "m", "C21", "Ea Súp", "phuong", "m/P2", day)
    record_change(act=Act("m/1", day, ends=("m/C21",), begins=(begins,)), actor=None)
    assert load_rows([row("C21", "2025-07-01")], actor=None, register="m").kept == ("m/C21",)
    assert len(queries.history(queries.term("C21", TODAY).unit_id)) == 2


def test_the_country_loads_again_and_guards_what_a_file_added(db: None) -> None:
    load_vietnam(["92"], actor=None)
    assert not load_vietnam(["92"], actor=None).changed
    nation = {"code": "VN", "name": "Việt Nam", "kind": "quoc-gia", "parent": "", "key": "vn/VN"}
    load_rows([nation | {"valid_from": "1945-09-02"}], actor=None, register="vn")
    with pytest.raises(Refused, match="from 1945-09-02 to 2019-12-31"):
        load_vietnam(["92"], actor=None)
    assert load_vietnam(["92"], actor=None, may_remove=True).changed
