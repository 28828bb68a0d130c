"""What the database itself lets each role do to the work of one ward, with every filter and guard taken away.

A dossier of Cái Khế, a re-check of it, an assignment that Cần Thơ gave Cái Khế with An Bình as its partner, a
visit of Cần Thơ there, and a document of its shelf. Whose turn it is, and of which side a person is, triggers
and actions ask: here they are off.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.tests.cast import Cast
from kieumau.assignments import actions
from kieumau.assignments.actions import Task, VisitFacts
from kieumau.rechecks.tests.test_row_security import cast, dossier, serving
from kieumau.rounds.models import Dossier
from kieumau.rounds.tests.cast import NOW, TODAY

__all__ = ["cast", "dossier"]

PEOPLE = {
    "off": ("officer", "Cái Khế"),
    "app": ("approver", "Cái Khế"),
    "beside": ("officer", "An Bình"),  # a partner of the assignment
    "ver": ("verifier", "Cần Thơ"),
    "aps": ("appraiser", "Cần Thơ"),
    "pro": ("programme_office", "Cần Thơ"),
    "aud": ("auditor", "Cần Thơ"),
    "nation": ("auditor", "Việt Nam"),
    "natver": ("verifier", "Việt Nam"),
    "other": ("programme_office", "Hồ Chí Minh"),
    "admin": ("administrator", "Cần Thơ"),
}
READ, ADD, CHANGE, REMOVE = "read", "add", "change", "remove"
# What is tried: a table, how, and what the row is to say.
TRIED: list[tuple[str, str, dict[str, Any]]] = [
    ("dossier", READ, {}),
    ("dossier", CHANGE, {"state": "open", "stage": 2}),
    ("dossier", CHANGE, {"state": "concluded", "stage": 3}),
    ("dossier", CHANGE, {"state": "decided"}),
    ("dossier_hand", ADD, {"side": 1}),
    ("dossier_hand", ADD, {"side": 2}),
    ("dossier_hand", ADD, {"side": 3}),
    ("dossier_finding", ADD, {"stage": 2}),
    ("dossier_finding", CHANGE, {"stage": 2}),
    ("dossier_finding", ADD, {"stage": 3}),
    ("dossier_finding", ADD, {"stage": 4}),
    ("dossier_evidence", ADD, {}),
    ("dossier_evidence", CHANGE, {"reason": "x"}),
    ("dossier_evidence", REMOVE, {}),
    ("dossier_move", ADD, {"act": "submit"}),
    ("dossier_move", ADD, {"act": "send_back"}),
    ("dossier_move", ADD, {"act": "conclude"}),
    ("dossier_move", ADD, {"act": "decide"}),
    ("dossier_vote", ADD, {}),
    ("recheck", READ, {}),
    ("recheck", ADD, {}),
    ("recheck", CHANGE, {"remark": "x"}),
    ("assignment", READ, {}),
    ("assignment", ADD, {}),
    ("assignment", CHANGE, {"percent": 9}),
    ("assignment", CHANGE, {"state": "withdrawn"}),
    ("assignment_turn", ADD, {"act": "report"}),
    ("assignment_turn", ADD, {"act": "close"}),
    ("assignment_turn", ADD, {"act": "change"}),
    ("assignment_report", ADD, {}),
    ("assignment_due_change", ADD, {"act": "ask"}),
    ("assignment_due_change", ADD, {"act": "grant"}),
    ("visit", READ, {}),
    ("visit", ADD, {}),
    ("visit", CHANGE, {"purpose": "x"}),
    ("visit_conclusion", ADD, {}),
    ("visit_conclusion", REMOVE, {}),
    ("document", READ, {}),
    ("document", ADD, {}),
    ("document", CHANGE, {"summary": "x"}),
    ("document", REMOVE, {}),
    ("account_grant", ADD, {"role": "auditor"}),
]
TABLE = """
                                   off    app beside    ver    aps    pro    aud nation natver  other  admin
read dossier                       yes    yes      .    yes    yes    yes    yes    yes    yes      .      .
change dossier open 2              yes    yes      .    yes    yes    yes      .      .    yes      .      .
change dossier concluded 3           .      .      .    yes    yes    yes      .      .    yes      .      .
change dossier decided               .      .      .      .      .    yes      .      .      .      .      .
add dossier_hand 1                 yes    yes      .      .      .      .      .      .      .      .      .
add dossier_hand 2                   .      .      .    yes      .      .      .      .    yes      .      .
add dossier_hand 3                   .      .      .    yes    yes    yes      .      .    yes      .      .
add dossier_finding 2              yes    yes      .      .      .      .      .      .      .      .      .
change dossier_finding 2           yes    yes      .      .      .      .      .      .      .      .      .
add dossier_finding 3                .      .      .    yes      .      .      .      .    yes      .      .
add dossier_finding 4                .      .      .      .    yes      .      .      .      .      .      .
add dossier_evidence               yes      .      .      .      .      .      .      .      .      .      .
change dossier_evidence              .      .      .    yes    yes      .      .      .    yes      .      .
remove dossier_evidence            yes      .      .      .      .      .      .      .      .      .      .
add dossier_move submit              .    yes      .      .      .      .      .      .      .      .      .
add dossier_move send_back           .      .      .    yes    yes    yes      .      .    yes      .      .
add dossier_move conclude            .      .      .    yes    yes      .      .      .    yes      .      .
add dossier_move decide              .      .      .      .      .    yes      .      .      .      .      .
add dossier_vote                     .      .      .      .    yes    yes      .      .      .      .      .
read recheck                       yes    yes      .    yes    yes    yes    yes    yes    yes      .      .
add recheck                          .      .      .      .      .    yes      .      .      .      .      .
change recheck                       .      .      .    yes    yes      .      .      .    yes      .      .
read assignment                    yes    yes    yes    yes    yes    yes    yes    yes    yes      .      .
add assignment                       .      .      .      .      .    yes      .      .      .      .      .
change assignment 9                yes    yes      .      .      .    yes      .      .      .      .      .
change assignment withdrawn          .      .      .      .      .    yes      .      .      .      .      .
add assignment_turn report         yes    yes      .      .      .      .      .      .      .      .      .
add assignment_turn close            .      .      .      .      .    yes      .      .      .      .      .
add assignment_turn change           .      .      .      .      .    yes      .      .      .      .      .
add assignment_report              yes    yes      .      .      .      .      .      .      .      .      .
add assignment_due_change ask      yes    yes      .      .      .      .      .      .      .      .      .
add assignment_due_change grant      .      .      .      .      .    yes      .      .      .      .      .
read visit                         yes    yes      .    yes    yes    yes    yes    yes    yes      .      .
add visit                            .      .      .      .    yes    yes      .      .      .      .      .
change visit                         .      .      .      .    yes    yes      .      .      .      .      .
add visit_conclusion                 .      .      .      .    yes    yes      .      .      .      .      .
remove visit_conclusion              .      .      .      .    yes    yes      .      .      .      .      .
read document                      yes    yes      .    yes    yes    yes    yes    yes    yes      .      .
add document                       yes      .      .      .      .    yes      .      .      .      .      .
change document                    yes      .      .      .      .    yes      .      .      .      .      .
remove document                    yes      .      .      .      .      .      .      .      .      .      .
add account_grant auditor            .      .      .      .      .    yes      .      .      .      .    yes
"""


@pytest.fixture
def rows(dossier: Dossier) -> dict[str, dict[str, Any]]:
    """A row of each table, as it stands, by the table; nothing but the policies guards them."""
    world: Cast = dossier.world  # type: ignore[attr-defined]
    here, office, beside = (world.unit(name) for name in ("Cái Khế", "Cần Thơ", "An Bình"))
    owner = User.objects.create_user("cán bộ")
    task = Task(here, "Sửa chữa trụ sở", TODAY + timedelta(days=10), (beside,))
    made = actions.give([task], giver_id=office, actor=None, now=NOW)[0]
    actions.report(made.pk, text="Đang làm", percent=50, actor=owner, now=NOW)
    actions.ask(made.pk, due_on=TODAY + timedelta(days=20), reason="Mưa", actor=owner, now=NOW)
    facts = VisitFacts(
        here, office, TODAY, TODAY, "Kiểm tra", (("Phó Chủ tịch", "UBND"),), conclusions=("Sửa chữa",)
    )
    actions.record_visit(facts, actor=None, now=NOW)
    grant(owner, "officer", here)
    found = {}
    named = {"dossier": f"id = {dossier.pk}"} | dict.fromkeys(
        ("document", "account_grant"), f"unit_id = {here}"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in dict.fromkeys(table for table, _, _ in TRIED):
            where = named.get(table, "true")
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t WHERE {where} ORDER BY id LIMIT 1")
            found[table] = json.loads(cursor.fetchone()[0])
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    return found


def lets(cursor: Any, table: str, how: str, row: dict[str, Any], said: dict[str, Any]) -> bool:
    """Does the database let it be done, by whom the cursor works for? It is undone afterwards."""
    try:
        with transaction.atomic():
            if how == ADD:
                fresh = {**row, **said, "id": row["id"] + 10_000_000}
                if table == "dossier_finding":
                    del fresh["side"]  # worked out by the database
                names = ", ".join(fresh)
                cursor.execute(
                    f"INSERT INTO {table} ({names}) SELECT {names}"
                    f" FROM jsonb_populate_record(NULL::{table}, %s) ON CONFLICT DO NOTHING",
                    [json.dumps(fresh)],
                )
                return True
            values = ", ".join(f"{name} = %({name})s" for name in said)
            cursor.execute(
                {
                    READ: f"SELECT FROM {table} WHERE id = %(row)s",
                    CHANGE: f"UPDATE {table} SET {values} WHERE id = %(row)s",
                    REMOVE: f"DELETE FROM {table} WHERE id = %(row)s",
                }[how],
                {**said, "row": row["id"]},
            )
            found: bool = cursor.rowcount == 1
            transaction.set_rollback(True)
            return found
    except IntegrityError:
        return True  # what points at it kept it there, not who asked
    except ProgrammingError as error:
        if isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
            return False
        raise


def line(label: str, cells: Sequence[str]) -> str:
    return (label.ljust(32) + " ".join(cell.rjust(6) for cell in cells)).rstrip()


def test_the_table(dossier: Dossier, rows: dict[str, dict[str, Any]]) -> None:
    world: Cast = dossier.world  # type: ignore[attr-defined]
    columns = []
    for name, (role, where) in PEOPLE.items():
        user = User.objects.create_user(name)
        grant(user, role, world.unit(where))
        with serving(user) as cursor:
            columns.append([lets(cursor, table, how, rows[table], said) for table, how, said in TRIED])
    lines = [line("", list(PEOPLE))]
    for (table, how, said), *cells in zip(TRIED, *columns, strict=True):
        label = " ".join([how, table, *(str(one) for one in said.values() if how == ADD or one != "x")])
        lines.append(line(label, ["yes" if one else "." for one in cells]))
    assert "\n".join(lines) == TABLE.strip("\n"), "\n" + "\n".join(lines)
