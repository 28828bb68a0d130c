"""Acts recorded and undone: the facts stay consistent, and undoing restores them exactly."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from kieumau.kernel.messages import Refused, Text
from kieumau.units import queries
from kieumau.units.actions import (
    load_rows,
    rebuild_positions,
    record_change,
    undo_change,
    undo_changes,
)
from kieumau.units.actions.store import stored_terms
from kieumau.units.models import Change, Lineage, Position, Term
from kieumau.units.registry import after_tree_change
from kieumau.units.rules import Act, Share, TermRow, even_shares
from kieumau.units.tests.conftest import TODAY, checksum, unit_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]

DAY = date(2025, 7, 1)


def term(key: str, name: str, parent: str = "m/P1", kind: str = "phuong", code: str = "") -> TermRow:
    return TermRow(key, "m", code or key, name, kind, parent, DAY)


MERGER = Act(
    key="merger",
    takes_effect_on=DAY,
    reference="NQ 1",
    summary=Text(vi="Sáp nhập", en="Merger"),
    ends=("m/C11", "m/C12"),
    begins=(term("m/new", "An Thi", code="C11"),),
    shares=(*even_shares("m/C11", ["m/new"]), *even_shares("m/C12", ["m/new"])),
)


def test_a_merger_and_its_undoing() -> None:
    before = checksum()
    change = record_change(act=MERGER, actor=None)
    assert change.is_recorded
    new = queries.term("C11", TODAY)
    assert new.name == "An Thi"
    assert [term.name for term in queries.predecessors(new.unit_id)] == ["An Bình", "Ân Thi"]
    assert queries.term("C11", date(2025, 6, 30)).name == "An Bình"
    assert queries.terms(TODAY, level=3).count() == 5
    undo_change(key="merger", actor=None)
    assert checksum() == before
    record_change(act=MERGER, actor=None)
    assert queries.term("C11", TODAY).unit_id == new.unit_id  # found again, with its figures


def test_a_split_keeps_its_shares_and_a_unit_may_live_on() -> None:
    part = Decimal("0.3")
    act = Act(
        key="split",
        takes_effect_on=DAY,
        ends=("m/C11",),
        begins=(term("m/C11", "An Bình", code="C11"), term("m/new", "An Phú", code="C15")),
        shares=(Share("m/C11", "m/C11", 1 - part, "people"), Share("m/C11", "m/new", part, "people")),
    )
    record_change(act=act, actor=None)
    old = queries.term("C11", TODAY)
    assert [(term.name, term.share) for term in queries.successors(old.unit_id)] == [("An Phú", part)]
    assert not queries.predecessors(old.unit_id).exists()


def test_a_transfer_moves_a_whole_subtree() -> None:
    path = queries.term("P1", TODAY).path
    act = Act(
        "transfer",
        DAY,
        ends=("m/C21",),
        begins=(TermRow("m/C21", "m", "C21", "Ea Súp", "xa", "m/P1", DAY),),
        shares=even_shares("m/C21", ["m/C21"]),
    )
    record_change(act=act, actor=None)
    assert "C21" in {term.code for term in queries.terms(TODAY, within=path)}
    assert "C21" not in {term.code for term in queries.terms(date(2025, 6, 30), within=path)}


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (Act("x", DAY, ends=("m/nobody",)), "unit-not-open"),
        (Act("x", date(2019, 1, 1), ends=("m/C11",)), "unit-not-open"),
        (Act("x", DAY, ends=("m/P1",)), "parent-not-there"),
        (Act("x", DAY, begins=(term("m/new", "An Thi", code="C11"),)), "code-taken"),
        (Act("x", DAY, begins=(term("m/new", "An Thi", parent="m/P9"),)), "unknown-parent"),
        (Act("x", DAY, begins=(term("m/new", "An Thi", kind="phuog"),)), "unknown-kind"),
        (Act("x", DAY, shares=(Share("m/C11", "m/C12", Decimal("0.5"), "area"),)), "shares-not-one"),
    ],
)
def test_acts_that_cannot_be(act: Act, code: str) -> None:
    before = checksum()
    with pytest.raises(Refused) as refused:
        record_change(act=act, actor=None)
    assert code in [problem.code for problem in refused.value.problems]
    assert (checksum(), Change.objects.count()) == (before, 0)


def test_acts_are_undone_from_the_last_one_back_or_together() -> None:
    before = checksum()
    record_change(act=MERGER, actor=None)
    renaming = Act(
        "renaming",
        date(2026, 1, 1),
        ends=("m/new",),
        begins=(term("m/new", "Ân An", code="C11"),),
        shares=even_shares("m/new", ["m/new"]),
    )
    record_change(act=renaming, actor=None)
    with pytest.raises(Refused, match="act “renaming”"):
        undo_change(key="merger", actor=None)
    with pytest.raises(Refused, match="no act “nothing”"):
        undo_changes(keys=["merger", "nothing"], actor=None)
    with pytest.raises(Refused, match="already"):
        record_change(act=MERGER, actor=None)
    undo_changes(keys=["merger", "renaming"], actor=None)
    assert checksum() == before


def test_a_unit_that_took_another_in_is_needed_on_that_day() -> None:
    """Its own terms do not change by that, so only the later act's shares can tell."""
    record_change(act=MERGER, actor=None)
    joining = Act("joining", date(2026, 6, 1), ends=("m/C21",), shares=even_shares("m/C21", ["m/new"]))
    record_change(act=joining, actor=None)
    before = checksum()
    ending = Act("ending", date(2026, 3, 1), ends=("m/new",), shares=even_shares("m/new", ["m/C22"]))
    with pytest.raises(Refused, match="act “joining” of 1 Jun 2026 needs"):
        record_change(act=ending, actor=None)
    with pytest.raises(Refused, match="act “joining” of 1 Jun 2026 needs"):
        undo_change(key="merger", actor=None)
    assert checksum() == before
    record_change(act=replace(ending, takes_effect_on=date(2026, 6, 2)), actor=None)
    undo_changes(keys=["ending", "joining", "merger"], actor=None)


def test_a_file_does_not_overrule_what_a_person_recorded() -> None:
    record_change(act=MERGER, actor=None)
    before = checksum()
    loaded = load_rows(unit_rows(), actor=None, register="m")
    assert (loaded.changed, loaded.kept) == (False, ("m/C11", "m/C12"))
    assert checksum() == before


def test_others_hear_once_and_only_when_positions_changed() -> None:
    heard: list[int] = []
    tell = lambda: heard.append(Position.objects.count())  # noqa: E731
    after_tree_change.append(tell)
    try:
        record_change(act=MERGER, actor=None)
        rebuild_positions()
        load_rows(unit_rows(), actor=None, register="m")
    finally:
        after_tree_change.remove(tell)
    assert heard == [10]


# --- the database's own guards -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "guard"),
    [
        ("update unit_lineage set share = 0.5, basis = 'area'", "lineage_shares_sum_to_one"),
        ("delete from unit_term where code = 'P2'", "unit_term_stands_below_its_parent"),
        (
            "update unit_term set valid = '[2020-01-01,2021-01-01)' where code = 'P2'",
            "unit_term_stands_below_its_parent",
        ),
        ("update unit_term set register = 'vn'", "unit_term_uses_its_units_register"),
        ("update unit_term set parent_id = unit_id where code = 'C11'", "unit_is_not_its_own_parent"),
        ("update unit_term set code = 'C22' where code = 'C21'", "unit_code_means_one_unit_at_a_time"),
        ("update unit_term set valid = 'empty' where code = 'C21'", "unit_term_lasts_a_day"),
        ("update unit_lineage set share = 0, basis = 'area'", "lineage_share_between_0_and_1"),
    ],
)
def test_the_database_says_no(statement: str, guard: str) -> None:
    record_change(act=MERGER, actor=None)
    with pytest.raises(DatabaseError, match=guard), transaction.atomic():
        _run(statement, "set constraints all immediate")


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


# --- random histories --------------------------------------------------------------------------------


def communes(terms: list[TermRow]) -> list[TermRow]:
    return sorted(
        (row for row in terms if row.ends is None and row.kind in {"xa", "phuong"}), key=lambda row: row.key
    )


def _merge(chance: random.Random, key: str, day: date, open_: list[TermRow]) -> Act:
    olds = chance.sample(open_, 2)
    new = TermRow(f"m/{key}", "m", olds[0].code, f"Xã {key}", "xa", olds[0].parent, day)
    return Act(
        key,
        day,
        ends=tuple(row.key for row in olds),
        begins=(new,),
        shares=tuple(share for row in olds for share in even_shares(row.key, [new.key])),
    )


def _split(chance: random.Random, key: str, day: date, open_: list[TermRow]) -> Act:
    old = chance.choice(open_)
    news = [
        TermRow(f"m/{key}.{n}", "m", f"{key}.{n}", f"Xã {key}.{n}", "xa", old.parent, day)
        for n in range(chance.randint(2, 6))
    ]
    return Act(
        key, day, ends=(old.key,), begins=tuple(news), shares=even_shares(old.key, [row.key for row in news])
    )


def _rename_or_move(chance: random.Random, key: str, day: date, open_: list[TermRow]) -> Act:
    old = chance.choice(open_)
    parent = chance.choice(["m/P1", "m/P2", old.parent])
    new = TermRow(old.key, "m", old.code, f"Phường {key}", "phuong", parent, day)
    return Act(key, day, ends=(old.key,), begins=(new,), shares=even_shares(old.key, [old.key]))


ACTS: list[Callable[[random.Random, str, date, list[TermRow]], Act]] = [_merge, _split, _rename_or_move]


@pytest.mark.parametrize("seed", range(6))
def test_any_history_holds_and_can_be_taken_back(seed: int) -> None:
    chance = random.Random(seed)
    states: list[tuple[str, str]] = []
    day = DAY
    for step in range(8):
        act = chance.choice(ACTS)(chance, f"s{seed}.{step}", day, communes(stored_terms()))
        states.append((act.key, checksum()))
        record_change(act=act, actor=None)
        day += timedelta(days=chance.randint(1, 90))
        _holds(day)
    assert rebuild_positions() == 0
    if chance.random() < 0.5:
        undo_changes(keys=[key for key, _ in states], actor=None)
        assert checksum() == states[0][1]
        return
    for key, before in reversed(states):
        undo_change(key=key, actor=None)
        assert checksum() == before
    assert not Lineage.objects.exists()


def _holds(day: date) -> None:
    """Every unit in force has one position, below its parent's, and every share is accounted for."""
    assert queries.terms(day).count() == Term.objects.filter(valid__contains=day).count()
    paths = {row.unit_id: row.path for row in queries.terms(day)}
    for row in queries.terms(day):
        assert row.path == f"{paths[row.parent_id] if row.parent_id else ''}{row.unit_id}."
    _run("set constraints all immediate", "set constraints all deferred")
