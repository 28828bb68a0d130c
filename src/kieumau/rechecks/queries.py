"""Reads: a draw with its checks, and the inflation of findings by unit and province."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from kieumau.accounts.scopes import in_scope_of_each
from kieumau.assessments.rules import Outcome
from kieumau.rechecks.access import AUDIT, CHECK, DRAW
from kieumau.rechecks.models import Draw, Recheck
from kieumau.rechecks.rules import Inflation, by_stratum
from kieumau.rounds.models import Dossier, Hand, Round
from kieumau.rounds.rules import Stage, State


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
# Each criterion's finding of the unit beside the verifiers', and the last finding beside the re-check's:
# what people judged. What figures said is copied from stage to stage and tells nothing about anybody.
_BY_UNIT = f"""
    WITH looked AS (
        SELECT d.id, d.unit_id, d.province_id, c.criterion_id,
            max(f.outcome) FILTER (WHERE f.stage = {int(Stage.SELF)} AND NOT f.is_measured) AS own,
            max(f.outcome) FILTER (
                WHERE f.stage = {int(Stage.VERIFICATION)} AND NOT f.is_measured
            ) AS verified,
            (array_agg(CASE WHEN NOT f.is_measured THEN f.outcome END ORDER BY f.stage DESC))[1] AS last,
            c.outcome AS rechecked
        FROM dossier d
        JOIN LATERAL (
            SELECT f.criterion_id, r.outcome FROM (
                SELECT DISTINCT criterion_id FROM dossier_finding WHERE dossier_id = d.id
            ) f LEFT JOIN LATERAL (
                SELECT r.outcome FROM recheck r
                WHERE r.dossier_id = d.id AND r.criterion_id = f.criterion_id AND r.outcome IS NOT NULL
                ORDER BY r.at DESC LIMIT 1
            ) r ON true
        ) c ON true
        JOIN dossier_finding f ON f.dossier_id = d.id AND f.criterion_id = c.criterion_id
        WHERE d.id IN ({{dossiers}})
        GROUP BY d.id, d.unit_id, d.province_id, c.criterion_id, c.outcome
    )
    SELECT id, unit_id, province_id,
        count(*) FILTER (WHERE own IN (1, 2) AND verified IN (1, 2)),
        count(*) FILTER (WHERE own = {_MET} AND verified IN (1, 2)),
        count(*) FILTER (WHERE own IN (1, 2) AND verified = {_MET}),
        count(*) FILTER (WHERE last IN (1, 2) AND rechecked IN (1, 2)),
        count(*) FILTER (WHERE last = {_MET} AND rechecked IN (1, 2)),
        count(*) FILTER (WHERE last IN (1, 2) AND rechecked = {_MET})
    FROM looked GROUP BY 1, 2, 3 ORDER BY 1
"""


def by_unit(made: Round, among: QuerySet[Dossier] | None = None) -> list[UnitInflation]:
    """The inflation of what people judged in every dossier of a round, or in those among some. One query."""
    rows_of = Dossier.objects.filter(round=made) if among is None else among
    try:
        sql, params = rows_of.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # somebody without any scope
        return []
    with connection.cursor() as cursor:
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
