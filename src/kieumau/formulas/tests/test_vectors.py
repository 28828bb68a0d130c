"""More than a thousand fixed examples, in tables that anybody can read and add to: `vectors/*.csv`.

A row is a formula, the figures of October 2025 (`x @ 2024-10 = 3` those of another window; missing,
refused, not applicable), what else is known (`criterion(4) = met`, `unit.class = rural`), the units one
level down (parted by `|`), and what must come out: true, false, unknown, or a number (`64%`, `-3009/12407`).
The expected values were worked out by other means than this package. Both back ends must give them.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from kieumau.formulas.catalogue import Entry, Type
from kieumau.formulas.expanding import read
from kieumau.formulas.placing import place
from kieumau.formulas.scope import Scope
from kieumau.formulas.tests.both import Unit, set_based, traced
from kieumau.formulas.tests.civil import CIVIL, OCTOBER, window
from kieumau.formulas.trace import Outcome
from kieumau.formulas.tree import Node
from kieumau.formulas.values import MISSING, NOT_APPLICABLE, REFUSED, OperandValue
from kieumau.formulas.windows import Fact, Operand
from kieumau.kernel.messages import Text

FOLDER = Path(__file__).parent / "vectors"
TABLES = sorted(path.stem for path in FOLDER.glob("*.csv"))
CLASSES = ("rural", "urban", "hamlet", "island", "1", "2", "3")
SETS = dict.fromkeys(("tt124-commune", "tt124-area", "head", "team"))
SCOPE = Scope(CLASSES, ("4",), SETS)
LACKING = {"missing": MISSING, "refused": REFUSED, "not applicable": NOT_APPLICABLE}
EXPECTED: dict[str, Outcome] = {"true": True, "false": False, "unknown": None}
_NAME = re.compile(r"[a-z][a-z0-9.]*")


def rows(table: str) -> list[dict[str, str]]:
    """One table."""
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for part in filter(str.strip, text.split(";")):
        name, _, value = part.partition(" = ")
        yield name.strip(), value.strip()


def unit(text: str, below: Iterable[str] = ()) -> Unit:
    """A unit from its figures and facts, as a table writes them."""
    values: dict[Operand, OperandValue] = {}
    facts: dict[Fact, str | Decimal] = {}
    for name, value in _pairs(text):
        if name == "unit.class":
            facts[Fact("unit", "class")] = value
        elif "(" in name:
            kind, _, asked = name.rstrip(")").partition("(")
            at = None if kind == "criterion" else OCTOBER
            facts[Fact(kind, asked, at)] = Decimal(value) if kind == "points" else value
        else:
            code, _, at_text = (part.strip() for part in name.partition("@"))
            given = LACKING[value] if value in LACKING else OperandValue.of(value)
            values[Operand(code, window(at_text) if at_text else OCTOBER)] = given
    return Unit(values, facts, [unit(child) for child in below])


def tree(formula: str) -> Node:
    """The formula, checked against a catalogue of plain numbers with the names that it uses."""
    named = (Entry(Type.NUMBER, Text(vi=code, en=code)) for code in _NAME.findall(formula))
    catalogue = {entry.name.en: entry for entry in named}
    return place(read(formula, catalogue, scope=SCOPE).tree, OCTOBER, CIVIL)


def expected(text: str) -> Outcome:
    """What a table says must come out."""
    if text in EXPECTED:
        return EXPECTED[text]
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def test_there_are_a_thousand() -> None:
    assert sum(len(rows(table)) for table in TABLES) >= 1_000


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_vectors(table: str) -> None:
    by_formula: dict[str, list[dict[str, str]]] = {}
    for row in rows(table):
        by_formula.setdefault(row["formula"], []).append(row)
    for formula, some in by_formula.items():
        placed = tree(formula)
        units = [
            unit(f"{row['figures']}; {row['known']}", filter(str.strip, row["below"].split("|")))
            for row in some
        ]
        wanted = [expected(row["expected"]) for row in some]
        for row, one, outcome in zip(some, units, wanted, strict=True):
            found = traced(placed, one).outcome
            assert (found, type(found)) == (outcome, type(outcome)), row
        for row, [found], outcome in zip(some, set_based([placed], units), wanted, strict=True):
            assert (found, type(found)) == (outcome, type(outcome)), row
