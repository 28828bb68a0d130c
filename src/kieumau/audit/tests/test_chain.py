"""The log as a chain: what is written, what the database refuses, and how each forgery is found.

Whoever owns the database can switch its guards off; the tests do, and the chain says so.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from kieumau.audit import requests
from kieumau.audit.actions import record
from kieumau.audit.models import Anchor, Entry, Link
from kieumau.audit.proving import Kept, anchors, prove, prove_part, read_kept
from kieumau.audit.tests.words import ISSUED, LEFT
from kieumau.kernel.messages import Refused

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
GUARDED = ("audit_entry", "audit_link", "audit_anchor")


def run(sql: str, values: Sequence[str | int] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def commit() -> None:
    """What a commit does first: the deferred triggers run."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


def entries(count: int) -> list[Entry]:
    """So many actions, chained."""
    for number in range(count):
        record(actor="an", verb=ISSUED, object=("set", number), now=NOW)
    commit()
    return list(Entry.objects.order_by("-pk")[:count])[::-1]


def forge(sql: str, values: Sequence[str | int] = ()) -> None:
    """As the owner of the tables could: without the guards."""
    commit()
    for table in GUARDED:
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    run(sql, values)
    commit()
    for table in GUARDED:
        run(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def found(kept: Sequence[Kept] = ()) -> list[tuple[str, int | None, int | None]]:
    return [(fault.kind, fault.number, fault.entry_id) for fault in prove(kept).faults]


def test_an_entry_says_who_what_and_what_changed() -> None:
    with requests.within("click-0001"):
        record(
            actor="an",
            verb=ISSUED,
            object=("set", 7),
            name="model-ward/2",
            unit_id=12,
            old={"title": "A", "points": Decimal("1.50"), "same": 1},
            new={"title": "B", "points": Decimal("2.25"), "same": 1, "day": date(2026, 1, 1)},
            why="  the decree changed ",
            now=NOW,
        )
    made = Entry.objects.latest("pk")
    assert (made.actor_name, made.verb, made.unit_id, made.at) == ("an", ISSUED.code, 12, NOW)
    assert (made.object_kind, made.object_id, made.object_name) == ("set", "7", "model-ward/2")
    assert made.old == {"title": "A", "points": "1.50"}
    assert made.new == {"title": "B", "points": "2.25", "day": "2026-01-01"}
    assert (made.why, made.request_id) == ("the decree changed", "click-0001")


def test_a_run_without_a_request_has_one_id_for_all_it_does() -> None:
    first, second = entries(2)
    assert first.request_id == second.request_id != ""


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction() -> None:
    with pytest.raises(TransactionManagementError):
        record(actor="an", verb=LEFT, now=NOW)


def test_what_is_rolled_back_leaves_no_entry_and_no_gap() -> None:
    entries(1)
    with transaction.atomic():
        record(actor="an", verb=LEFT, now=NOW)
        transaction.set_rollback(True)
    entries(1)
    numbers = list(Link.objects.order_by("number").values_list("number", flat=True))
    assert numbers[-2:] == [numbers[-1] - 1, numbers[-1]]
    assert found() == []


@pytest.mark.parametrize("table", GUARDED)
@pytest.mark.parametrize(
    "sql", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"], ids=["update", "delete", "truncate"]
)
def test_the_database_changes_and_removes_nothing(table: str, sql: str) -> None:
    entries(1)
    column = {"audit_entry": "verb", "audit_link": "number", "audit_anchor": "day"}[table]
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        run(sql.format(table, column, column))


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO audit_link VALUES (1000000, 1, now(), sha256(''))",
        "INSERT INTO audit_anchor VALUES ('2020-01-01', 1, sha256(''))",
    ],
)
def test_only_the_database_makes_links_and_anchors(sql: str) -> None:
    with pytest.raises(IntegrityError, match="by the database alone"), transaction.atomic():
        run(sql)


def test_an_honest_log_has_no_fault() -> None:
    entries(20)
    proof = prove()
    assert proof.faults == ()
    assert proof.links == Link.objects.count()
    assert proof.last == str(Link.objects.latest("number"))


COLUMNS = {
    "at": "at + interval '1 microsecond'",
    "actor_name": "'binh'",
    "actor_id": "'9'",
    "unit_id": "9",
    "object_id": "'9'",
    "object_name": "'other'",
    "verb": "'other'",
    "old": "'{}'",
    "new": "'{}'",
    "why": "'other'",
    "request_id": "'other'",
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_entry_is_named_whatever_was_changed(column: str) -> None:
    *_, wanted, _ = entries(5)
    forge(f"UPDATE audit_entry SET {column} = {COLUMNS[column]} WHERE id = %s", [wanted.pk])
    assert found() == [("changed", Link.objects.get(entry_id=wanted.pk).number, wanted.pk)]


def test_a_removed_entry_is_named() -> None:
    *_, wanted, _ = entries(5)
    forge("DELETE FROM audit_entry WHERE id = %s", [wanted.pk])
    assert found() == [("removed", Link.objects.get(entry_id=wanted.pk).number, wanted.pk)]


def test_an_entry_removed_with_its_link_leaves_a_gap() -> None:
    *_, first, second, _ = entries(5)
    gap = Link.objects.get(entry_id=first.pk).number
    forge("DELETE FROM audit_link WHERE entry_id IN (%s, %s)", [first.pk, second.pk])
    forge("DELETE FROM audit_entry WHERE id IN (%s, %s)", [first.pk, second.pk])
    assert found() == [("gap", gap, None)]


def test_an_inserted_entry_is_named() -> None:
    entries(3)
    forge(
        """
        INSERT INTO audit_entry (at, actor_id, actor_name, object_kind, object_id, object_name, verb, why,
            request_id) VALUES (now(), '', 'an', '', '', '', 'made-up', '', '')
        """
    )
    assert found() == [("inserted", None, Entry.objects.get(verb="made-up").pk)]


def test_a_link_worked_out_anew_breaks_the_next() -> None:
    *_, wanted, after = entries(5)
    forge("UPDATE audit_entry SET why = 'other' WHERE id = %s", [wanted.pk])
    forge(
        """
        UPDATE audit_link l SET hash = audit_hash(p.hash, l.number, l.chained_at, e)
        FROM audit_link p, audit_entry e
        WHERE p.number = l.number - 1 AND e.id = l.entry_id AND e.id = %s
        """,
        [wanted.pk],
    )
    assert found() == [("changed", Link.objects.get(entry_id=after.pk).number, after.pk)]


def test_the_end_cut_off_is_found_by_a_copy_of_the_anchors() -> None:
    *_, last = entries(3)
    copy = read_kept(f"{each.day} {each.number}:{each.hash}" for each in anchors())
    gone = Link.objects.get(entry_id=last.pk).number
    forge("DELETE FROM audit_link WHERE entry_id = %s", [last.pk])
    forge("DELETE FROM audit_entry WHERE id = %s", [last.pk])
    assert found() == []
    assert found(copy) == [("anchor", gone, None)]


def test_the_first_link_of_a_later_day_anchors_the_day_before() -> None:
    [first] = entries(1)
    link = Link.objects.get(entry_id=first.pk)
    # As if it had been chained the evening before; at 23:59 in Vietnam, 16:59 UTC.
    forge("UPDATE audit_link SET chained_at = '2026-01-02 16:59Z' WHERE number = %s", [link.number])
    entries(2)
    anchor = Anchor.objects.get(day=date(2026, 1, 2))
    assert (anchor.number, bytes(anchor.hash)) == (link.number, bytes(link.hash))
    forge("UPDATE audit_anchor SET hash = sha256('other') WHERE number = %s", [link.number])
    assert ("anchor", link.number, None) in found()


@pytest.mark.parametrize("line", ["2026-01-02", "2026-01-02 x:00", "day 1:00", "2026-01-02 1:0g"])
def test_a_line_that_is_no_anchor_is_refused_in_words(line: str) -> None:
    with pytest.raises(Refused) as refused:
        read_kept(["2026-01-02 1:00ff", "", line])
    assert refused.value.problems[0].code == "not-an-anchor"


MOMENTS: list[tuple[str, Callable[[], None]]] = [
    ("another time zone", lambda: run("SET LOCAL TIME ZONE 'America/New_York'")),
    ("another style of intervals", lambda: run("SET LOCAL intervalstyle = 'iso_8601'")),
    ("shorter floats", lambda: run("SET LOCAL extra_float_digits = -10")),
]


@pytest.mark.parametrize("change", [change for _, change in MOMENTS], ids=[name for name, _ in MOMENTS])
def test_a_session_set_up_otherwise_works_out_the_same(change: Callable[[], None]) -> None:
    entries(3)
    change()
    assert found() == []


def test_a_long_log_is_proved_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part says what is wrong within it; the last one also what no link is about."""
    first = entries(5)[0]
    before = Link.objects.get(entry_id=first.pk).number - 1
    monkeypatch.setattr("kieumau.audit.proving.AT_ONCE", 2)
    parts = [prove_part(before), prove_part(before + 2), prove_part(before + 4)]
    assert [(one.first - before, one.last - before, one.is_last) for one in parts] == [
        (1, 2, False),
        (3, 4, False),
        (5, 5, True),
    ]
    assert {one.total - before for one in parts} == {5}
    assert [one.hash for one in parts] == [
        bytes(Link.objects.get(number=one.last).hash).hex() for one in parts
    ]
    assert [one.faults for one in parts[:2]] == [(), ()]
    forge(
        "UPDATE audit_entry SET why = 'other' WHERE id = %s", [Link.objects.get(number=before + 3).entry_id]
    )
    forge("DELETE FROM audit_link WHERE number = %s", [before + 5])
    kinds = [[fault.kind for fault in prove_part(before + after).faults] for after in (0, 2)]
    assert kinds == [[], ["changed", "inserted"]], "four are left: the second part is the last one"


def test_behind_the_last_link_there_is_nothing_to_prove() -> None:
    entries(1)
    last = Link.objects.latest("number").number
    assert (prove_part(last + 7).first, prove_part(last + 7).last) == (last, last)
