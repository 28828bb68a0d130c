"""What a tree may look like and what an act does, without a database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kieumau.kernel.messages import Refused
from kieumau.units.rules import Act, Share, TermRow, apply, check, even_shares, link, revert

LEVELS = {"nation": 0, "province": 1, "commune": 3}
DAY = date(2025, 7, 1)
START = date(2020, 1, 1)


def row(
    key: str, kind: str, parent: str | None, starts: date = START, ends: date | None = None, code: str = ""
) -> TermRow:
    return TermRow(key, "m", code or key, f"name of {key}", kind, parent, starts, ends)


TREE = [
    row("n", "nation", None),
    row("p", "province", "n"),
    row("a", "commune", "p"),
    row("b", "commune", "p"),
]


def codes(terms: list[TermRow], *acts: Act) -> list[str]:
    return [problem.code for problem in check(terms, acts, LEVELS)]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (row("x", "commun", "p"), "unknown-kind"),
        (row("x", "commune", "q"), "unknown-parent"),
        (row("x", "commune", "p", starts=date(2019, 1, 1)), "parent-not-there"),
        (row("x", "commune", "a"), "parent-not-above"),
        (row("x", "province", "p"), "parent-not-above"),
        (row("x", "commune", "x"), "parent-cycle"),
        (row("x", "commune", "p", code="a"), "code-taken"),
        (row("a", "commune", "p", starts=DAY), "overlapping-terms"),
        (row("a", "commune", "p"), "duplicate-row"),
        (row("x", "commune", "p", starts=DAY, ends=DAY), "dates-reversed"),
        (replace(row("x", "commune", "p"), name=""), "empty-name"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_fault_has_its_name(wrong: TermRow, code: str) -> None:
    assert codes(TREE) == []
    assert code in codes([*TREE, wrong])


def test_a_cycle_of_several_units_is_seen() -> None:
    circle = [
        row("x", "commune", "z"),
        row("y", "commune", "x"),
        row("z", "commune", "y"),
    ]
    assert codes([*TREE, *circle]) == ["parent-cycle"] * 3


def test_a_parent_may_change_its_term_under_its_children() -> None:
    renamed = [replace(TREE[1], ends=DAY), replace(TREE[1], name="other", starts=DAY)]
    assert codes([TREE[0], *renamed, *TREE[2:]]) == []
    assert codes([TREE[0], renamed[0], *TREE[2:]]) == ["parent-not-there"] * 2


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ((Share("a", "c", Decimal("0.5"), "area"),), "shares-not-one"),
        (
            (Share("a", "c", Decimal("0.5"), "area"), Share("a", "b", Decimal("0.6"), "area")),
            "shares-not-one",
        ),
        ((Share("a", "c", Decimal(1), "area"), Share("a", "b", Decimal(0), "area")), "wrong-share"),
        ((Share("a", "c", Decimal("0.5"), "whole"), Share("a", "b", Decimal("0.5"), "area")), "wrong-share"),
        ((Share("a", "c", Decimal(1), "guess"),), "unknown-basis"),
        ((Share("a", "nobody", Decimal(1), "whole"),), "unknown-unit"),
        ((Share("c", "a", Decimal(1), "whole"),), "unknown-unit"),
        ((Share("a", "c", Decimal("0.5"), "area"),) * 2, "duplicate-row"),
    ],
)
def test_each_fault_of_an_act_has_its_name(shares: tuple[Share, ...], code: str) -> None:
    tree = [*TREE, row("c", "commune", "p", starts=DAY)]
    good = Act("act", DAY, shares=(Share("a", "c", Decimal(1), "whole"),))
    assert codes(tree, good) == []
    assert code in codes(tree, replace(good, shares=shares))


@pytest.mark.parametrize("count", [1, 2, 3, 6, 7, 14])
def test_even_shares_sum_to_exactly_one(count: int) -> None:
    shares = even_shares("a", [f"s{n}" for n in range(count)])
    assert sum(share.share for share in shares) == 1
    assert {share.basis for share in shares} == {"whole" if count == 1 else "even"}


MERGER = Act(
    "merger",
    DAY,
    ends=("a", "b"),
    begins=(row("c", "commune", "p"),),
    shares=(*even_shares("a", ["c"]), *even_shares("b", ["c"])),
)


def test_a_merger_ends_two_terms_and_begins_one() -> None:
    after = apply(TREE, MERGER)
    assert codes(after, MERGER) == []
    assert {(term.key, term.starts, term.ends) for term in after} >= {
        ("a", START, DAY),
        ("b", START, DAY),
        ("c", DAY, None),
    }
    assert sorted(revert(after, ["merger"]), key=lambda term: term.key) == sorted(
        TREE, key=lambda term: term.key
    )


def test_only_the_open_end_of_history_changes() -> None:
    after = apply(TREE, MERGER)
    with pytest.raises(Refused, match="not in force"):
        apply(after, replace(MERGER, key="again"))
    renaming = Act(
        "renaming",
        date(2026, 1, 1),
        ends=("c",),
        begins=(row("c", "commune", "p"),),
        shares=even_shares("c", ["c"]),
    )
    later = apply(after, renaming)
    with pytest.raises(Refused, match="changed again on 2026-01-01"):
        revert(later, ["merger"])
    both = revert(later, ["merger", "renaming"])
    assert {(term.key, term.ends) for term in both} == {(term.key, None) for term in TREE}


def test_ending_a_parent_leaves_its_children_without_one() -> None:
    assert codes(apply(TREE, Act("end", DAY, ends=("p",)))) == ["parent-not-there"] * 2


def test_acts_of_a_file_are_linked_to_its_terms() -> None:
    terms = [*TREE[:2], row("a", "commune", "p", ends=DAY), row("c", "commune", "p", starts=DAY)]
    act = Act("act", DAY, shares=even_shares("a", ["c"]))
    linked = {term.key: (term.begun_by, term.ended_by) for term in link(terms, [act])}
    assert linked == {"n": (None, None), "p": (None, None), "a": (None, "act"), "c": ("act", None)}
