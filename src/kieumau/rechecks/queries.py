"""Reads: a draw with its checks, and the inflation of findings by unit and province."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from kieumau.accounts.acting import everywhere
from kieumau.accounts.scopes import in_scope_of_each
from kieumau.assessments.rules import Outcome
from kieumau.rechecks.access import AUDIT, CHECK, DRAW
from kieumau.rechecks.models import Draw, Recheck
from kieumau.rechecks.rules import Inflation, by_stratum
from kieumau.rounds.models import Dossier, Hand, Round
from kieumau.rounds.rules import Side, Stage, State
from kieumau.rounds.verbs import SAY


@dataclass(frozen=True, slots=True)
class UnitInflation:
    """One unit: self-assessment against verification, and verification against the re-checks."""

    dossier_id: int
    unit_id: int
    province_id: int | None
    by_verifiers: Inflation
    by_rechecks: Inflation


_READ_BY = (DRAW, CHECK, AUDIT)
_MET, _NOT_MET = int(Outcome.MET), int(Outcome.NOT_MET)
# The unit's finding as it was first submitted beside the verifiers' as it was when they were first done. What
# either changed since stands in the log, which keeps of each change what there was before; not the stage, but
# nobody is on two sides of a dossier. And every re-check beside what the dossier had found when it was drawn.
# Only what people judged: what figures said is copied from stage to stage and tells nothing about anybody.
_BY_UNIT = f"""
    WITH among AS (SELECT d.id, d.unit_id, d.province_id FROM dossier d WHERE d.id IN ({{dossiers}})),
    first AS (
        SELECT DISTINCT ON (m.dossier_id) m.dossier_id, m.number, m.at FROM dossier_move m
        WHERE m.dossier_id IN (SELECT id FROM among)
            AND m.act = 'submit' AND m.stage = {int(Stage.VERIFICATION)}
        ORDER BY m.dossier_id, m.number
    ),
    ended AS (
        SELECT dossier_id, {int(Stage.SELF)} AS stage, {int(Side.UNIT)} AS side, at FROM first
        UNION ALL
        SELECT m.dossier_id, {int(Stage.VERIFICATION)}, {int(Side.VERIFIERS)}, m.at
        FROM first JOIN dossier_move m ON m.dossier_id = first.dossier_id AND m.number = first.number + 1
    ),
    said AS (
        SELECT f.dossier_id, f.criterion_id, f.stage,
            CASE WHEN log.is_changed THEN log.outcome ELSE f.outcome END AS outcome
        FROM ended e
        JOIN dossier_finding f ON f.dossier_id = e.dossier_id AND f.stage = e.stage AND NOT f.is_measured
        JOIN criterion c ON c.id = f.criterion_id
        LEFT JOIN LATERAL (
            SELECT true AS is_changed, (l.old ->> (c.code || '.outcome'))::int AS outcome
            FROM audit_entry l JOIN dossier_hand h ON h.person_id::text = l.actor_id
            WHERE f.at > e.at AND l.object_kind = 'dossier' AND l.object_id = f.dossier_id::text
                AND l.verb = '{SAY.code}' AND l.at > e.at AND l.new ? (c.code || '.outcome')
                AND h.dossier_id = f.dossier_id AND h.side = e.side
            ORDER BY l.at, l.id LIMIT 1
        ) log ON true
    ),
    pairs AS (
        SELECT s.dossier_id, false AS is_recheck, s.outcome AS before, v.outcome AS after
        FROM said s JOIN said v ON (v.dossier_id, v.criterion_id) = (s.dossier_id, s.criterion_id)
        WHERE s.stage = {int(Stage.SELF)} AND v.stage = {int(Stage.VERIFICATION)}
        UNION ALL
        SELECT r.dossier_id, true, r.was, r.outcome FROM recheck r
        WHERE r.dossier_id IN (SELECT id FROM among) AND NOT r.is_measured
    ),
    compared AS (
        SELECT * FROM pairs
        WHERE before IN ({_MET}, {_NOT_MET}) AND after IN ({_MET}, {_NOT_MET})
    )
    SELECT a.id, a.unit_id, a.province_id,
        count(p) FILTER (WHERE NOT is_recheck),
        count(p) FILTER (WHERE NOT is_recheck AND before = {_MET}),
        count(p) FILTER (WHERE NOT is_recheck AND after = {_MET}),
        count(p) FILTER (WHERE is_recheck),
        count(p) FILTER (WHERE is_recheck AND before = {_MET}),
        count(p) FILTER (WHERE is_recheck AND after = {_MET})
    FROM among a LEFT JOIN compared p ON p.dossier_id = a.id
    GROUP BY 1, 2, 3 ORDER BY 1
"""


def by_unit(made: Round, among: QuerySet[Dossier] | None = None) -> list[UnitInflation]:
    """The inflation of what people judged in every dossier of a round, or in those among some. One query.

    The log is read for whoever asks: of it nothing is told but these counts.
    """
    rows_of = Dossier.objects.filter(round=made) if among is None else among
    try:
        sql, params = rows_of.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # somebody without any scope
        return []
    with everywhere(), connection.cursor() as cursor:
        cursor.execute(_BY_UNIT.format(dossiers=sql), params)
        rows = cursor.fetchall()
    return [
        UnitInflation(dossier, unit, province, Inflation(*counts[:3]), Inflation(*counts[3:]))
        for dossier, unit, province, *counts in rows
    ]


def by_province(units: Iterable[UnitInflation]) -> dict[int, tuple[Inflation, Inflation]]:
    """Added up by province: verifiers against units, re-checks against verifiers."""
    units = list(units)
    verifiers = by_stratum((one.province_id or 0, one.by_verifiers) for one in units)
    rechecks = by_stratum((one.province_id or 0, one.by_rechecks) for one in units)
    return {province: (verifiers[province], rechecks[province]) for province in verifiers}


def checks(drawn: Draw) -> QuerySet[Recheck]:
    """The re-checks of a draw, unit by unit in the order of the tree."""
    rows = Recheck.objects.filter(draw=drawn).select_related("dossier", "criterion", "person")
    return rows.order_by("dossier__path", "criterion__position")


def waiting_for(user: Any) -> QuerySet[Recheck]:
    """What somebody may still re-check: in his scope, not found yet, of dossiers he had no hand in."""
    rows = Recheck.objects.filter(outcome=None).select_related("dossier", "criterion", "draw__round")
    hands = Hand.objects.filter(dossier=OuterRef("dossier"), person=user.pk)
    programme = "draw__round__programme__code"
    mine = in_scope_of_each(rows, user, CHECK, "dossier__unit_id", programme).exclude(Exists(hands))
    return mine.order_by("-draw", "dossier__path", "criterion__position")


def finished(user: Any) -> QuerySet[Dossier]:
    """The dossiers among which somebody may draw: through all stages."""
    rows = Dossier.objects.filter(state__in=[State.CONCLUDED, State.DECIDED])
    return in_scope_of_each(rows, user, DRAW, "unit_id", "round__programme__code")


def compared(made: Round, user: Any) -> QuerySet[Dossier]:
    """The dossiers of a round whose re-checks somebody may read: where he draws, re-checks or audits."""
    rows = Dossier.objects.filter(round=made)
    asked = (in_scope_of_each(rows, user, one, "unit_id", "round__programme__code") for one in _READ_BY)
    return rows.filter(reduce(or_, (Q(pk__in=found.order_by().values("pk")) for found in asked)))


def one(recheck_id: int) -> Recheck | None:
    """A re-check with all that its page tells. One query."""
    rows = Recheck.objects.select_related(
        "draw__round__period__calendar",
        "draw__round__programme",
        "draw__round__criteria_set",
        "dossier",
        "criterion",
        "person",
    )
    return rows.filter(pk=recheck_id).first()
