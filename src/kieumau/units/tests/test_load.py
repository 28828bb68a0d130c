"""Files of units and acts: what is refused and why, all at once; what the same file again does."""

import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kieumau.kernel.messages import Refused
from kieumau.units import queries
from kieumau.units.actions import load_rows, load_units
from kieumau.units.models import Change, Lineage, Position, Term, Unit
from kieumau.units.tests.conftest import TODAY, checksum, unit_rows

pytestmark = pytest.mark.django_db

HEADER = "code,name,kind,parent,valid_from,valid_to,key\n"
GOOD = HEADER + (
    "N,Nước Mẫu,quoc-gia,,2020-01-01,,\n"
    "P,Bình Minh,tinh,N,2020-01-01,,\n"
    "C1,An Bình,xa,P,2020-01-01,2025-07-01,old/C1\n"
    "C2,Mỹ Khánh,xa,P,2020-01-01,2025-07-01,\n"
    "C3,Long Tuyền,xa,P,2020-01-01,2025-07-01,\n"
    "C1,An Bình,phuong,P,2025-07-01,,new/C1\n"
    "C4,Cái Khế,phuong,P,01/07/2025,,\n"
)
ACTS = (
    "act,takes_effect_on,reference,predecessor,successor,share,basis,summary\n"
    "m/1,2025-07-01,NQ 1,C1,C1,,,Sắp xếp\n"
    "m/1,2025-07-01,NQ 1,C2,C1,1,whole,\n"
    "m/1,2025-07-01,NQ 1,C3,C1,0.25,area,\n"
    "m/1,2025-07-01,NQ 1,C3,C4,0.75,area,\n"
)
Writer = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode())
        return path

    return write


def problems(units: Path, acts: Path | None = None) -> list[tuple[str, int | None]]:
    """What loading complains about, and that it stores nothing."""
    before = checksum(), Unit.objects.count(), Change.objects.count()
    with pytest.raises(Refused) as refused:
        load_units(units, acts, actor=None, register="m")
    assert (checksum(), Unit.objects.count(), Change.objects.count()) == before
    for problem in refused.value.problems:
        assert problem.in_("vi") != problem.in_("en")
    return [(problem.code, problem.place.row) for problem in refused.value.problems]


def test_units_and_acts_load_and_load_again(write: Writer) -> None:
    units, acts = write("units.csv", GOOD), write("acts.csv", ACTS)
    loaded = load_units(units, acts, actor=None, register="m")
    assert (loaded.units, loaded.terms_added, loaded.acts, loaded.lineage) == (7, 7, 1, 4)
    new = queries.term("m:C1", TODAY)
    parts = [(term.name, term.share, term.basis) for term in queries.predecessors(new.unit_id)]
    assert [(name, str(share), basis) for name, share, basis in parts] == [
        ("An Bình", "1.0000000000", "whole"),
        ("Long Tuyền", "0.2500000000", "area"),
        ("Mỹ Khánh", "1.0000000000", "whole"),
    ]
    old = queries.term("C1", date(2025, 6, 30))
    assert old.unit_id != new.unit_id
    assert {str(term.begun_by) for term in queries.history(new.unit_id)} == {"m/1"}
    assert {str(term.ended_by) for term in queries.history(old.unit_id)} == {"m/1"}
    before = checksum()
    assert not load_units(units, acts, actor=None, register="m").changed
    assert not load_units(units, actor=None, register="m").changed
    assert checksum() == before


def test_a_later_file_updates(write: Writer) -> None:
    load_units(write("units.csv", GOOD), actor=None, register="m")
    later = HEADER + "C4,Cái Khế,phuong,P,2025-07-01,2026-01-01,\nC4,Cái Khế Mới,phuong,P,2026-01-01,,\n"
    loaded = load_units(write("later.csv", later), actor=None, register="m")
    assert (loaded.units, loaded.terms_added, loaded.terms_removed) == (0, 2, 1)
    assert queries.term("C4", TODAY).name == "Cái Khế Mới"
    assert queries.term("C4", date(2025, 12, 31)).name == "Cái Khế"
    assert queries.term("C1", TODAY).name == "An Bình"


def test_every_problem_of_a_file_is_found_in_one_pass(write: Writer) -> None:
    bad = HEADER + (
        "N,Nước Mẫu,quoc-gia,,2020-01-01,,\n"
        "P,Bình Minh,tin,N,2020-01-01,,\n"  # line 3: kind
        "C1,An Bình,xa,PP,2020-01-01,,\n"  # line 4: parent
        "C2,Mỹ Khánh,xa,N,2020-13-01,,\n"  # line 5: date
        "C3,Long Tuyền,xa,N,2025-01-01,2024-01-01,\n"  # line 6: reversed
        "C4,Cái Khế,xa,N,2020-01-01,,\n"
        "C4,Cái Khế,xa,N,2020-01-01,,\n"  # line 8: duplicate
        "C5,Hưng Phú,xa,N,2020-01-01,,\n"
        "C5,Hưng Phú,phuong,N,2024-01-01,,\n"  # line 10: overlap
        "C6,,xa,C2,2020-01-01,,\n"  # line 11: no name; its parent's fault is not its own
        "C7,Tân An,xa,C8,2020-01-01,,\n"  # line 12 and 13: a circle
        "C8,Tân Lộc,xa,C7,2020-01-01,,\n"
    )
    assert sorted(problems(write("units.csv", bad)), key=lambda found: found[1] or 0) == [
        ("unknown-kind", 3),
        ("unknown-parent", 4),
        ("wrong-date", 5),
        ("dates-reversed", 6),
        ("duplicate-row", 8),
        ("overlapping-terms", 10),
        ("empty-name", 11),
        ("parent-cycle", 12),
        ("parent-cycle", 13),
    ]


def test_suggestions_name_what_was_meant(write: Writer) -> None:
    bad = GOOD.replace("C4,Cái Khế,phuong,P", "C4,Cái Khế,phuogn,C22")
    with pytest.raises(Refused) as refused:
        load_units(write("units.csv", bad), actor=None, register="m")
    hints = {problem.code: problem.hint.en for problem in refused.value.problems if problem.hint}
    assert hints["unknown-kind"] == "Did you mean “phuong”?"
    assert hints["unknown-parent"] == "Did you mean “C2”?"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-file"),
        (HEADER, "empty-file"),
        (GOOD + "C9,Tân", "wrong-length"),
        (GOOD + '"C9,Tân An,xa,P,2020', "broken-file"),
        ("code,name,kind,valid_from\nN,Nước,quoc-gia,2020-01-01\n", "missing-column"),
        (GOOD.replace("parent", "parnet", 1), "unknown-column"),
        (GOOD.replace("valid_to", "code", 1), "repeated-column"),
        ("code\0", "not-text"),
    ],
)
def test_files_that_are_no_such_file(write: Writer, text: str, code: str) -> None:
    assert code in [found for found, _ in problems(write("units.csv", text))]


def test_a_broken_file_is_said_to_be_so_in_vietnamese(write: Writer) -> None:
    with pytest.raises(Refused) as refused:
        load_units(write("units.csv", GOOD + '"C9,Tân An'), actor=None, register="m")
    (problem,) = refused.value.problems
    assert problem.in_("vi") == "units.csv, dòng 9: Tệp bị cắt cụt hoặc sai dấu nháy."


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(GOOD.encode("utf-16"))
    assert problems(path) == [("wrong-encoding", None)]
    assert problems(tmp_path / "nothing.csv") == [("no-such-file", None)]


def test_decomposed_accents_semicolons_and_odd_spaces_are_put_right(write: Writer) -> None:
    odd = "\ufeff" + unicodedata.normalize("NFD", GOOD).replace(",", ";").replace("Mẫu", "Mẫu\u00a0 ")
    load_units(write("odd.csv", odd), actor=None, register="m")
    assert queries.root(TODAY).name == "Nước Mẫu"
    before = checksum()
    assert not load_units(write("units.csv", GOOD), actor=None, register="m").changed
    assert checksum() == before


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        (ACTS.replace("0.75", "0.7"), [("shares-not-one", 4)]),
        (ACTS.replace("C3,C4", "C3,C9"), [("unknown-unit", 5), ("shares-not-one", 4)]),
        (ACTS.replace("0.75,area", "0.75,"), [("unknown-basis", 5)]),
        (ACTS.replace("0.75", "three"), [("wrong-share", 5), ("shares-not-one", 4)]),
        (ACTS.replace("0.75", "NaN"), [("wrong-share", 5), ("shares-not-one", 4)]),
        (ACTS.replace("0.75", "1e30"), [("wrong-share", 5), ("shares-not-one", 4)]),
        (ACTS.replace("0.75", "1" + 20 * "0"), [("wrong-share", 5), ("shares-not-one", 4)]),
        (ACTS.replace("0.75", "0.75000000001"), [("wrong-share", 5), ("shares-not-one", 4)]),
        (ACTS.replace("0.75", "7_5"), [("wrong-share", 5), ("shares-not-one", 4)]),
        (ACTS.replace("m/1,2025-07-01,NQ 1,C2", "m/2,0001-01-01,,C2"), [("wrong-takes_effect_on", 3)]),
        (
            ACTS.replace("m/1,2025-07-01,NQ 1,C2", "m/1,2025-07-02,NQ 1,C2"),
            [("wrong-takes_effect_on", 3), ("unknown-unit", 3)],
        ),
    ],
)
def test_faults_of_acts(write: Writer, acts: str, found: list[tuple[str, int]]) -> None:
    seen = problems(write("units.csv", GOOD), write("acts.csv", acts))
    assert [(code.replace("wrong-date", "wrong-takes_effect_on"), row) for code, row in seen] == found


def test_a_parent_whose_code_passed_to_another_unit_needs_two_rows(write: Writer) -> None:
    text = HEADER + (
        "N,Nước Mẫu,quoc-gia,,2020-01-01,,\n"
        "P,Bình Minh,tinh,N,2020-01-01,2025-07-01,old\n"
        "P,Bình Minh,thanh-pho,N,2025-07-01,,new\n"
        "C1,An Bình,xa,P,2020-01-01,,\n"
    )
    assert problems(write("units.csv", text)) == [("parent-changed", 5)]


def test_units_below_units_of_an_earlier_file(write: Writer) -> None:
    load_units(write("units.csv", GOOD), actor=None, register="m")
    load_units(write("more.csv", HEADER + "C9,Hưng Phú,xa,P,2020-01-01,,\n"), actor=None, register="m")
    assert [term.name for term in queries.ancestors(queries.term("C9", TODAY).unit_id, TODAY)] == [
        "Nước Mẫu",
        "Bình Minh",
    ]


def test_rows_from_elsewhere(db: None) -> None:
    loaded = load_rows(unit_rows(), actor=None, register="m", file="figures.csv")
    assert loaded.terms_added == Term.objects.count() == Position.objects.count() == 9
    assert Lineage.objects.count() == 0
    with pytest.raises(Refused) as refused:
        load_rows([{**unit_rows()[0], "kind": "land"}], actor=None, register="m", file="figures.csv")
    assert refused.value.problems[0].place.in_("en") == "figures.csv, row 1"
