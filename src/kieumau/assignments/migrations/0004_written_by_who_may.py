"""Givers and owners write what is theirs of an assignment, partners nothing; visits are put down by who may.

The acts are those of `rules.Act`, the permissions those that the doors ask.
"""

from django.db import migrations

from kieumau.accounts.row_security import belonging, may, may_somewhere, written

OWNS = may("owner_id", "assignments.report")
GIVES = f"{may('giver_id', 'assignments.give')} AND {may('owner_id', 'assignments.give')}"
ENDS = may("giver_id", "assignments.give", "assignments.close")
REPORTS = may("o.owner_id", "assignments.report")
CHANGES = may("o.giver_id", "assignments.give")


def _of(table: str, condition: str) -> str:
    return belonging(table, "assignment_id", "assignment", condition)


def _of_visit(table: str) -> str:
    return belonging(table, "visit_id", "visit", may("o.unit_id", "visits.record"))


TURN = f"""CASE
    WHEN assignment_turn.act IN ('progress', 'report', 'ask') THEN {REPORTS}
    WHEN assignment_turn.act IN ('close', 'send_back') THEN {may("o.giver_id", "assignments.close")}
    ELSE {CHANGES} END"""
DUE = f"CASE assignment_due_change.act WHEN 'ask' THEN {REPORTS} ELSE {CHANGES} END"
REPORTED = f"""EXISTS (
    SELECT FROM public.assignment_report r JOIN public.assignment o ON o.id = r.assignment_id
    WHERE r.id = assignment_report_document.report_id AND {REPORTS})"""
VISITED = may("unit_id", "visits.record")
PARTS = ("visit_participant", "visit_observation", "visit_conclusion")


class Migration(migrations.Migration):
    dependencies = [("assignments", "0003_row_security"), ("accounts", "0012_where_one_may")]

    operations = [
        written(
            "assignment",
            added=GIVES,
            changed=f"{OWNS} OR {ENDS}",
            becomes=f"{ENDS} OR {OWNS} AND state NOT IN ('closed', 'withdrawn')",
        ),
        written("assignment_turn", added=_of("assignment_turn", TURN)),
        written("assignment_report", added=_of("assignment_report", REPORTS)),
        written("assignment_due_change", added=_of("assignment_due_change", DUE)),
        written("assignment_report_document", added=REPORTED),
        # Whoever gives assignments from what a visit concluded holds the visit meanwhile.
        written(
            "visit",
            added=VISITED,
            changed=f"{VISITED} OR {may_somewhere('assignments.give')}",
            becomes=VISITED,
        ),
        *(
            written(table, added=_of_visit(table), changed=_of_visit(table), removed=_of_visit(table))
            for table in PARTS
        ),
    ]
