"""Bad input through every door that stores something: refused, said in both languages, nothing stored.

Each file is a good one with one thing wrong, over a world in which everything is already there once: a
door that deletes before it refuses would be noticed as well as one that stores.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, models

from kieumau.criteria.actions import load_set
from kieumau.criteria.models import CriteriaSet, Criterion
from kieumau.indicators.imports.tests.cast import MERGED, TODAY, make_indicators, make_units
from kieumau.indicators.imports.tests.files import protect, write_workbook
from kieumau.indicators.models import Figure, Indicator, Source, Superseded, Total
from kieumau.kernel.messages import Text
from kieumau.units.models import Change, Lineage, Position, Term, Unit
from tests.doors import (
    FIGURES,
    FORMULA,
    GOOD,
    NAMES,
    NOW,
    SET,
    TEXTS,
    Door,
    a_catalogue,
    a_set,
    acts,
    figures,
    mapped,
    small_figures,
    units,
    whole,
)

pytestmark = pytest.mark.django_db

TABLES: tuple[type[models.Model], ...] = (
    *(Figure, Superseded, Source, Total, Indicator),
    *(Unit, Term, Position, Change, Lineage),
    *(CriteriaSet, Criterion),
)
LIMIT = 2_000_000  # bytes of a YAML file


def brackets(count: int) -> str:
    """A name in so many brackets."""
    return "(" * count + "crime.total" + ")" * count


# What is wrong, the door, what stands in the good file, what stands there instead, the problem's code.
WRONG: list[tuple[str, Door, str, str, str]] = [
    ("unknown unit", figures, "00102", "00110", "unknown-unit"),
    ("unknown unit", whole, "00102,own.first", ",own.first", "unknown-unit"),
    ("unknown parent", units, "Mỹ Khánh,xa,92", "Mỹ Khánh,xa,99", "unknown-parent"),
    ("unknown kind of unit", units, "Mỹ Khánh,xa", "Mỹ Khánh,xã lớn", "unknown-kind"),
    ("unknown unit", acts, "00106", "00199", "unknown-unit"),
    ("unknown kind of unit", a_set, "level: commune", "level: commune, kinds: [wrad]", "unknown-kind"),
    ("unknown indicator", figures, "00102,crime.total", "00102,crime.totl", "unknown-indicator"),
    ("unknown indicator", whole, "00102,own.first", "00102,own.frist", "unknown-indicator"),
    ("unknown indicator", a_set, "crime.solved /", "crime.sloved /", "unknown-indicator"),
    ("unknown indicator", a_catalogue, "own.first + 1", "own.frist + 1", "unknown-indicator"),
    ("unknown period", figures, "00102,crime.total,2025-08", "00102,crime.total,2025-13", "unknown-period"),
    ("unknown period", whole, "00102,own.first,2025-08", "00102,own.first,T13/2025", "unknown-period"),
    ("unknown kind of period", a_set, "kind: year", "kind: decade", "unknown-period-kind"),
    ("unknown kind of period", a_catalogue, "kind: month", "kind: moon", "unknown-period-kind"),
    ("unknown calendar", a_set, "calendar: civil", "calendar: civic", "unknown-calendar"),
    ("text in a number", figures, ",7\n", ",bảy\n", "not-a-number"),
    ("text in a number", whole, ",7\n", ",bảy\n", "not-a-number"),
    ("text in a number", acts, "0.75", "ba phần tư", "wrong-share"),
    ("text in a number", a_set, "{kind: all}", "{kind: at_least, k: hai}", "wrong-value"),
    ("text in a number", a_catalogue, "nature: flow", "nature: flow\n  decimals: hai", "wrong-value"),
    ("text in a day", units, f"{TODAY},{MERGED}", f"hôm qua,{MERGED}", "wrong-date"),
    ("“1.061,5”", figures, "1061.5", '"1.061,5"', "number-written-otherwise"),
    ("“1,061.5”", figures, "1061.5", '"1,061.5"', "number-written-otherwise"),
    ("“1.061”", figures, ",7\n", ",1.061\n", "number-written-otherwise"),
    ("“1.061,5”", acts, "0.75", '"1.061,5"', "wrong-share"),
    ("duplicate rows", figures, "00102,crime.total", "00101,crime.total", "repeated-figure"),
    ("duplicate rows", whole, "00102,own.first", "00101,own.first", "repeated-figure"),
    (
        "duplicate rows",
        units,
        f"00106,Thới Lai,xa,92,{MERGED}",
        f"00104,Phong Điền,xa,92,{MERGED}",
        "duplicate-row",
    ),
    ("duplicate rows", acts, "00106,0.75", "00104,0.75", "duplicate-row"),
    ("duplicate rows", a_set, '- code: "2"', '- code: "1"', "repeated-code"),
    ("duplicate rows", a_catalogue, "code: own.second", "code: own.first", "repeated-code"),
    ("truncated CSV", figures, ",1061.5\n", "", "truncated-file"),
    ("truncated CSV", whole, "2025-08,7\n", "20", "truncated-file"),
    ("truncated CSV", figures, ",1061.5\n", ',"1061', "truncated-file"),
    ("truncated CSV", units, f"xa,92,{MERGED},\n", "x", "wrong-length"),
    ("truncated CSV", units, f"Thới Lai,xa,92,{MERGED},\n", '"Thới', "broken-file"),
    ("truncated CSV", acts, "00106,0.75,area\n", "001", "wrong-length"),
    ("truncated YAML", a_set, "Does it advise well?}\n", "", "not-yaml"),
    ("truncated YAML", a_catalogue, "en: The second}, formula: own.first + 1}\n", "", "not-yaml"),
    ("truncated YAML", mapped, "value}\n", "", "not-yaml"),
    ("a formula with a slip", a_set, FORMULA, "crime.solved / crime.total >= 70%)", "formula-syntax"),
    ("a formula with a slip", a_catalogue, "own.first + 1", "own.first + ", "formula-syntax"),
    ("a formula of the wrong type", a_set, " >= 70%", "", "not-a-condition"),
    ("a formula of the wrong type", a_catalogue, "own.first + 1", "own.first > 1", "types-differ"),
    ("a cycle", a_catalogue, "own.first + 1", "own.second + 1", "circular-definition"),
    ("division by zero", a_set, "/ crime.total", "/ (1 - 1)", "division-by-zero"),
    ("division by zero", a_catalogue, "own.first + 1", "own.first / 0", "division-by-zero"),
    ("10,000 brackets", a_set, FORMULA, f"{brackets(10_000)} > 0", "formula-too-long"),
    ("10,000 brackets", a_catalogue, "own.first + 1", brackets(10_000), "formula-too-long"),
    ("500 brackets", a_set, FORMULA, f"{brackets(500)} > 0", "formula-too-nested"),
    ("500 brackets", a_catalogue, "own.first + 1", brackets(500), "formula-too-nested"),
    ("unknown key", a_set, "summary:", "sumary:", "unknown-key"),
    ("unknown key", a_catalogue, "polarity:", "polarty:", "unknown-key"),
    ("unknown key", mapped, "values:", "vlaues:", "unknown-key"),
    ("unknown column", units, "parent", "parnet", "unknown-column"),
    ("oversized", small_figures, "", "", "too-large"),
    ("oversized", a_set, "code: small", "#" * LIMIT + "\ncode: small", "too-large"),
    ("oversized", a_catalogue, "code: own\n", "#" * LIMIT + "\ncode: own\n", "too-large"),
    ("oversized", mapped, "title:", "#" * LIMIT + "\ntitle:", "too-large"),
]


def _nothing(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def _header_only(path: Path) -> Path:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.partition("\n")[0] + "\n", encoding="utf-8")
    return path


def _workbook(path: Path) -> Path:
    """The figures as a workbook large enough to be cut."""
    head, *rows = [line.split(",") for line in FIGURES.splitlines()]
    return write_workbook(path.with_suffix(".xlsx"), T=[head, *rows, *[["00101"]] * 200])


def _cut_workbook(path: Path) -> Path:
    made = _workbook(path)
    made.write_bytes(made.read_bytes()[:-400])
    return made


def _protected(path: Path) -> Path:
    return protect(_workbook(path), "mật khẩu")


def _protected_under_its_name(path: Path) -> Path:
    """Somebody chose the wrong file."""
    return _protected(path).rename(path)


def _other_encoding(path: Path) -> Path:
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    return path


# What becomes of a good file as a whole.
FILES: list[tuple[Door, Callable[[Path], Path], str]] = [
    *((door, _nothing, "empty-file") for door in NAMES),
    (figures, _header_only, "header-only"),
    (whole, _header_only, "header-only"),
    (units, _header_only, "empty-file"),
    (acts, _header_only, "empty-file"),
    (figures, _cut_workbook, "truncated-file"),
    (figures, _protected, "password-protected"),
    (figures, _protected_under_its_name, "password-protected"),
    *(
        (door, _protected_under_its_name, "wrong-encoding")
        for door in (mapped, a_set, a_catalogue, units, acts)
    ),
    *((door, _other_encoding, "wrong-encoding") for door in NAMES),
]


def load_stored(folder: Path) -> None:
    """Units, indicators, figures with a revision, and a published set."""
    make_units()
    make_indicators()
    for text in (FIGURES, FIGURES.replace(",12\n", ",13\n")):
        path = folder / "earlier.csv"
        path.write_text(text.replace("2025", "2024"), encoding="utf-8")
        assert figures(path) == []
    earlier = folder / "earlier.yaml"
    earlier.write_text(SET.replace("code: small", "code: earlier"), encoding="utf-8")
    load_set(earlier, actor="test", now=NOW)


@pytest.fixture(autouse=True)
def _world(kept_stored: None) -> None:
    """That is there already."""
    assert all(stored().values()), "a table without rows could lose none"


def stored() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that loading writes to."""
    return {table.__name__: sorted(table._default_manager.values_list(), key=repr) for table in TABLES}


def must_be_refused(door: Door, path: Path, code: str) -> None:
    """Go through the door: refused for that reason, in both languages, everything as before."""
    before = stored()
    problems = door(path)
    after = stored()
    assert code in [problem.code for problem in problems]
    for problem in problems:
        assert is_said(problem.reason), problem
        assert problem.hint is None or is_said(problem.hint), problem
        assert problem.place.file or problem.place.row is None, "a row is a row of some file"
    assert {name: len(rows) for name, rows in after.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    assert after == before


def is_said(text: Text) -> bool:
    """Something in Vietnamese, something else in English."""
    return bool(text.vi.strip()) and bool(text.en.strip()) and text.vi != text.en


@pytest.mark.parametrize(
    ("door", "right", "wrong", "code"),
    [row[1:] for row in WRONG],
    ids=[f"{row[1].__name__}: {row[0]} ({row[4]})" for row in WRONG],
)
def test_one_thing_wrong(tmp_path: Path, door: Door, right: str, wrong: str, code: str) -> None:
    good = TEXTS.get(door, FIGURES)
    text = wrong.join(good.rsplit(right, 1)) if right else good
    assert text != good or not right
    path = tmp_path / NAMES.get(door, "figures.csv")
    path.write_text(text, encoding="utf-8")
    must_be_refused(door, path, code)


@pytest.mark.parametrize(
    ("door", "spoil", "code"),
    FILES,
    ids=[f"{row[0].__name__}: {row[1].__name__} ({row[2]})" for row in FILES],
)
def test_a_file_that_is_none(tmp_path: Path, door: Door, spoil: Callable[[Path], Path], code: str) -> None:
    path = tmp_path / NAMES[door]
    path.write_text(TEXTS[door], encoding="utf-8")
    must_be_refused(door, spoil(path), code)


def test_a_set_upon_indicators_that_go_in_a_circle(tmp_path: Path) -> None:
    """No catalogue with a circle can be loaded; whoever writes the table by hand may make one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE indicator SET formula = 'crime.clearance + 1', revision = nextval('indicator_revision') "
            "WHERE code = 'crime.clearance'"
        )
    path = tmp_path / "small.yaml"
    path.write_text(SET.replace(FORMULA, "crime.clearance >= 70%"), encoding="utf-8")
    must_be_refused(a_set, path, "circular-definition")


@pytest.mark.parametrize(("door", "name", "text"), GOOD, ids=[row[0].__name__ for row in GOOD])
def test_but_for_what_is_wrong_all_of_it_would_be_stored(
    tmp_path: Path, door: Door, name: str, text: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    before = stored()
    assert door(path) == []
    assert stored() != before
