"""To which unit of a map a figure belongs: the rule as a table, and the database's table against it."""

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from kieumau.units.actions import rebuild_mapping, record_change, undo_changes
from kieumau.units.actions.store import stored_terms
from kieumau.units.models import Change, Lineage, Mapping, Unit
from kieumau.units.queries import tree_revision
from kieumau.units.rules import Act, Share, TermRow, Tree, even_shares
from kieumau.units.tests.test_changes import ACTS, communes

START = date(2020, 1, 1)
Y21, Y22, Y23, Y24 = (date(year, 1, 1) for year in (2021, 2022, 2023, 2024))


def term(key: str, starts: date, ends: date | None = None, parent: str | None = "P") -> TermRow:
    return TermRow(key, "t", key, key, "xa", parent, starts, ends)


def act(day: date, *shares: tuple[str, str, str], basis: str = "area") -> Act:
    return Act(
        f"act {day}",
        day,
        shares=tuple(
            Share(old, new, Decimal(size), "whole" if size == "1" else basis) for old, new, size in shares
        ),
    )


ABOVE = (term("P", START, parent=None),)
# Each history: what was when, the acts, and where figures come to lie.
MERGER = Tree([*ABOVE, term("A", START, Y21), term("B", START, Y21), term("C", Y21)],
              [act(Y21, ("A", "C", "1"), ("B", "C", "1"))])  # fmt: skip
JOINING = Tree([*ABOVE, term("A", START), term("B", START, Y21)], [act(Y21, ("B", "A", "1"))])
SPLIT = Tree([*ABOVE, term("A", START, Y21), term("B", Y21), term("C", Y21)],
             [act(Y21, ("A", "B", "0.3"), ("A", "C", "0.7"))])  # fmt: skip
GIVING = Tree([*ABOVE, term("A", START), term("B", START)], [act(Y21, ("A", "A", "0.6"), ("A", "B", "0.4"))])
LAND = Tree([*ABOVE, term("A", START, Y21), term("B", START), term("C", Y21)],
            [Act("act", Y21, shares=(Share("A", "B", Decimal(0), "people"),
                                     Share("A", "C", Decimal(1), "people")))])  # fmt: skip
RENAMED = Tree([*ABOVE, term("A", START, Y21), term("A", Y21)], [act(Y21, ("A", "A", "1"))])
ROUND = Tree(
    [*ABOVE, term("A", START, Y21), term("B", Y21, Y22), term("C", Y21, Y23), term("D", Y22, Y23),
     term("E", Y23)],
    [act(Y21, ("A", "B", "0.25"), ("A", "C", "0.75")), act(Y22, ("B", "D", "1")),
     act(Y23, ("C", "E", "1"), ("D", "E", "1"))],
)  # fmt: skip
ENDED = Tree([*ABOVE, term("A", START, Y21), term("B", START)], [])
BEGUN = Tree([*ABOVE, term("A", START), term("B", Y21)], [])
TWICE = Tree(
    [*ABOVE, term("A", START, Y21), term("B", START, Y21), term("C", Y21, Y22), term("D", Y22),
     term("E", Y22)],
    [act(Y21, ("A", "C", "1"), ("B", "C", "1")), act(Y22, ("C", "D", "0.2"), ("C", "E", "0.8"))],
)  # fmt: skip


@pytest.mark.parametrize(
    ("what", "tree", "unit", "day", "on", "parts"),
    [
        ("a merger hands all of it on", MERGER, "A", START, Y22, {"C": "1"}),
        (
            "… and hands it back by halves, nobody knowing better",
            MERGER,
            "C",
            Y22,
            START,
            {"A": "1/2", "B": "1/2"},
        ),
        ("the day of the act is the first on the new map", MERGER, "A", START, Y21, {"C": "1"}),
        ("the day before it is the last on the old one", MERGER, "A", START, Y21 - timedelta(1), {"A": "1"}),
        ("a unit that takes another in keeps what it had", JOINING, "A", START, Y22, {"A": "1"}),
        ("… and gets what the other had", JOINING, "B", START, Y22, {"A": "1"}),
        ("… later figures go back to both", JOINING, "A", Y22, START, {"A": "1/2", "B": "1/2"}),
        ("a divided unit, by the stated shares", SPLIT, "A", START, Y22, {"B": "3/10", "C": "7/10"}),
        ("… its parts come back whole", SPLIT, "B", Y22, START, {"A": "1"}),
        ("a unit that gives a part away", GIVING, "A", START, Y22, {"A": "3/5", "B": "2/5"}),
        ("… the taker's figures go back in proportion", GIVING, "B", Y22, START, {"A": "2/7", "B": "5/7"}),
        ("all the people went to C, land without people to B", LAND, "A", START, Y22, {"C": "1"}),
        ("… B's later figures are not A's", LAND, "B", Y22, START, {"B": "1"}),
        ("another name changes nothing", RENAMED, "A", START, Y22, {"A": "1"}),
        ("divided, then joined again: whole", ROUND, "A", START, Y24, {"E": "1"}),
        ("… between the acts in parts", ROUND, "A", START, Y22, {"C": "3/4", "D": "1/4"}),
        ("ended without a successor: to the unit above", ENDED, "A", START, Y22, {"P": "1"}),
        ("begun from nothing: back to the unit above", BEGUN, "B", Y22, START, {"P": "1"}),
        ("shares of a chain are multiplied", TWICE, "A", START, Y23, {"D": "1/5", "E": "4/5"}),
        ("… and back", TWICE, "D", Y23, START, {"A": "1/2", "B": "1/2"}),
        ("the same day: itself", TWICE, "C", Y21, Y21, {"C": "1"}),
        ("before everything began: nowhere", MERGER, "C", Y22, date(2019, 1, 1), {}),
    ],
)
def test_where_a_figure_belongs(
    what: str, tree: Tree, unit: str, day: date, on: date, parts: dict[str, str]
) -> None:
    found = {piece.unit: piece.share for piece in tree.trace(unit, day, on)}
    assert found == {unit: Fraction(share) for unit, share in parts.items()}


def tree_of_database() -> Tree:
    acts = []
    for change in Change.objects.all():
        rows = Lineage.objects.filter(change=change).values_list(
            "predecessor__key", "successor__key", "share", "basis"
        )
        acts.append(Act(change.key, change.takes_effect_on, shares=tuple(Share(*row) for row in rows)))
    return Tree(stored_terms(), acts)


def mapping_of(unit: str, day: date, on: date) -> dict[str, Fraction]:
    keys = dict(Unit.objects.values_list("id", "key"))
    rows = Mapping.objects.filter(
        from_unit=Unit.objects.get(key=unit).pk, reported__contains=day, on_map__contains=on
    )
    found: dict[str, Fraction] = {}
    for row in rows:
        share = Fraction(row.numerator or 0) / Fraction(row.denominator or 1)
        found[keys[row.to_unit]] = found.get(keys[row.to_unit], Fraction(0)) + share
    return found


def as_it_is() -> list[tuple[object, ...]]:
    """The whole table, acts by key, whatever its row ids."""
    keys = dict(Change.objects.values_list("id", "key"))
    rows = Mapping.objects.values_list(
        "from_unit", "to_unit", "reported", "on_map", "numerator", "denominator", "acts", "bases"
    )
    return sorted((*map(str, row[:6]), str(sorted(keys[act] for act in row[6])), str(row[7])) for row in rows)


def _give_away(chance: random.Random, key: str, day: date, open_: list[TermRow]) -> Act:
    """A unit lives on and gives a part of itself to another that lives on."""
    giver, taker = chance.sample(open_, 2)
    part = Decimal(chance.randint(1, 99)) / 100
    again = [TermRow(row.key, "m", row.code, row.name, row.kind, row.parent, day) for row in (giver, taker)]
    return Act(
        key, day, ends=(giver.key, taker.key), begins=tuple(again),
        shares=(Share(giver.key, giver.key, 1 - part, "area"), Share(giver.key, taker.key, part, "area"),
                *even_shares(taker.key, [taker.key])),
    )  # fmt: skip


def _dissolve(chance: random.Random, key: str, day: date, open_: list[TermRow]) -> Act:
    """A unit ends without a successor."""
    return Act(key, day, ends=(chance.choice(open_).key,))


@pytest.mark.django_db
@pytest.mark.usefixtures("country")
@pytest.mark.parametrize("seed", range(5))
def test_the_table_says_what_the_rule_says(seed: int) -> None:
    chance = random.Random(seed)
    day, keys, before = date(2021, 3, 1), [], as_it_is()
    for step in range(7):
        open_ = communes(stored_terms())
        if len(open_) < 2:
            break
        change = chance.choice([*ACTS, _give_away, _dissolve])(chance, f"z{seed}.{step}", day, open_)
        revision = tree_revision()
        record_change(act=change, actor=None)
        assert tree_revision() > revision
        keys.append(change.key)
        day += timedelta(days=chance.choice([1, 30, 200]))
    tree = tree_of_database()
    days = sorted({each for moment in tree.days for each in (moment - timedelta(1), moment)})[2:]
    for row in stored_terms():
        for on in chance.sample(days, 4):
            wanted = {piece.unit: piece.share for piece in tree.trace(row.key, row.starts, on)}
            assert mapping_of(row.key, row.starts, on) == wanted
            assert sum(wanted.values()) == 1
    assert rebuild_mapping() == 0
    undo_changes(keys=keys, actor=None)
    assert as_it_is() == before
