"""Dossiers and what belongs to them are written by those who may do just that to their unit.

Whether it is the dossier's turn, and of which side a person is, other guards ask. Draws of lots and opening
are over an area, in which a unit may have ended since: there it is asked whether one may do it somewhere.
"""

from django.db import migrations

from kieumau.accounts.row_security import belonging, in_scope, may, may_somewhere, written

OPENS = f"{may_somewhere('rounds.open')} AND {in_scope('unit_id')}"
UNIT, VERIFIERS = ("rounds.assess", "rounds.submit"), ("rounds.verify",)
APPRAISERS = ("rounds.appraise", "rounds.decide", "rounds.send_back")
WORK = may("unit_id", *UNIT, *VERIFIERS, *APPRAISERS)
# Whoever saves anything holds the dossier, so that many may; but not everybody decides or concludes.
BECOMES = f"""CASE
    WHEN state = 'decided' THEN {may("unit_id", "rounds.decide")}
    WHEN state = 'concluded' AND stage > 2 THEN
        {may("unit_id", "rounds.verify", "rounds.appraise", "rounds.send_back")}
    ELSE {WORK} END"""


def _of(table: str, condition: str) -> str:
    return belonging(table, "dossier_id", "dossier", condition)


def _here(*permissions: str) -> str:
    return may("o.unit_id", *permissions)


HAND = f"""CASE dossier_hand.side
    WHEN 1 THEN {_here(*UNIT)} WHEN 2 THEN {_here(*VERIFIERS)} ELSE {_here(*APPRAISERS)} END"""
FINDING = f"""CASE
    WHEN dossier_finding.stage <= 2 THEN {_here(*UNIT)}
    WHEN dossier_finding.stage = 3 THEN {_here(*VERIFIERS)} ELSE {_here("rounds.appraise")} END"""
MOVE = f"""CASE dossier_move.act
    WHEN 'submit' THEN {_here("rounds.submit")} WHEN 'send_back' THEN {_here("rounds.send_back")}
    WHEN 'conclude' THEN {_here("rounds.verify", "rounds.appraise")}
    WHEN 'decide' THEN {_here("rounds.decide")} ELSE false END"""
BY_UNIT = _of("dossier_evidence", _here("rounds.assess"))


class Migration(migrations.Migration):
    dependencies = [("rounds", "0014_teams_bind"), ("accounts", "0012_where_one_may")]

    operations = [
        written("dossier", added=OPENS, changed=WORK, becomes=BECOMES),
        written("dossier_hand", added=_of("dossier_hand", HAND)),
        written(
            "dossier_finding",
            added=_of("dossier_finding", FINDING),
            changed=_of("dossier_finding", FINDING),
        ),
        written(
            "dossier_evidence",
            added=BY_UNIT,
            changed=_of("dossier_evidence", _here("rounds.verify", "rounds.appraise")),
            removed=BY_UNIT,
        ),
        written("dossier_move", added=_of("dossier_move", MOVE)),
        written("dossier_vote", added=_of("dossier_vote", _here("rounds.appraise", "rounds.decide"))),
        written("round_unit", added=OPENS, changed=OPENS, removed=OPENS),
    ]
