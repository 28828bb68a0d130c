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
from kieumau.units.models import Level, Term


@dataclass(frozen=True, slots=True)
class UnitInflation:
    """One unit: self-assessment against verification, and verification against the re-checks."""

    dossier_id: int
    unit_id: int
    province_id: int | None
    by_verifiers: Inflation
    by_rechecks: Inflation

    @property
    def is_silent(self) -> bool:
        """Is nothing of it compared with anything?"""
        return not (self.by_verifiers.compared or self.by_rechecks.compared)


_READ_BY = (DRAW, CHECK, AUDIT)
_MET, _NOT_MET = int(Outcome.MET), int(Outcome.NOT_MET)
# A criterion's first claim: the first time it was submitted to verification as met or not met. Its first
# finding: the first time after that it was found met or not met when verifiers handed the dossier on, whether
# they sent it back or concluded. Not due, not applicable and not answered are neither: the next time counts;
# sending back says nothing of met or not. What either changed since stands in the log, which keeps of each
# change what there was before; not the stage, but nobody is on two sides of a dossier. And every re-check
# beside what the dossier had found when it was drawn. Only what people judged: what figures said is copied
# from stage to stage and tells nothing about anybody.
_AS_IT_WAS = f"""
    LATERAL (
        SELECT CASE WHEN log.is_changed THEN log.outcome ELSE f.outcome END AS outcome
        FROM (SELECT) one LEFT JOIN LATERAL (
            SELECT true AS is_changed, (l.old ->> (c.code || '.outcome'))::int AS outcome
            FROM audit_entry l JOIN dossier_hand h ON h.person_id::text = l.actor_id
            WHERE f.at > {{at}} AND l.object_kind = 'dossier' AND l.object_id = f.dossier_id::text
                AND l.verb = '{SAY.code}' AND l.at > {{at}} AND l.new ? (c.code || '.outcome')
                AND h.dossier_id = f.dossier_id AND h.side = {{side}}
            ORDER BY l.at, l.id LIMIT 1
        ) log ON true
    ) was
"""
_BY_UNIT = f"""
    WITH among AS (SELECT d.id, d.unit_id, d.province_id FROM dossier d WHERE d.id IN ({{dossiers}})),
    submitted AS (
        SELECT m.dossier_id, m.number, m.at, after.at AS handed_on_at, after.act = 'conclude' AS is_settled,
            m.number = min(m.number) OVER (PARTITION BY m.dossier_id) AS is_first
        FROM dossier_move m
        LEFT JOIN dossier_move after ON after.dossier_id = m.dossier_id AND after.number = m.number + 1
        WHERE m.dossier_id IN (SELECT id FROM among)
            AND m.act = 'submit' AND m.stage = {int(Stage.VERIFICATION)}
    ),
    claimed AS (
        SELECT DISTINCT ON (f.dossier_id, f.criterion_id)
            f.dossier_id, f.criterion_id, c.code, s.number, s.at, s.is_first, was.outcome
        FROM submitted s
        JOIN dossier_finding f ON f.dossier_id = s.dossier_id AND f.stage = {int(Stage.SELF)}
            AND NOT f.is_measured
        JOIN criterion c ON c.id = f.criterion_id
        CROSS JOIN {_AS_IT_WAS.format(at="s.at", side=int(Side.UNIT))}
        WHERE was.outcome IN ({_MET}, {_NOT_MET})
        ORDER BY f.dossier_id, f.criterion_id, s.number
    ),
    found AS (
        SELECT DISTINCT ON (c.dossier_id, c.criterion_id)
            c.dossier_id, c.outcome AS before, was.outcome AS after
        FROM claimed c
        JOIN submitted s ON s.dossier_id = c.dossier_id AND s.number >= c.number
        JOIN dossier_finding f ON f.dossier_id = c.dossier_id AND f.criterion_id = c.criterion_id
            AND f.stage = {int(Stage.VERIFICATION)} AND NOT f.is_measured
        CROSS JOIN {_AS_IT_WAS.format(at="s.handed_on_at", side=int(Side.VERIFIERS))}
        WHERE s.handed_on_at IS NOT NULL AND was.outcome IN ({_MET}, {_NOT_MET})
            -- one said of an answer before that claim was not said of it
            AND (c.is_first OR s.is_settled OR EXISTS (
                SELECT FROM audit_entry l JOIN dossier_hand h ON h.person_id::text = l.actor_id
                WHERE l.object_kind = 'dossier' AND l.object_id = c.dossier_id::text
                    AND l.verb = '{SAY.code}' AND l.at > c.at AND l.at <= s.handed_on_at
                    AND right(l.object_name, length(c.code) + 2) = ': ' || c.code
                    AND h.dossier_id = c.dossier_id AND h.side = {int(Side.VERIFIERS)}))
        ORDER BY c.dossier_id, c.criterion_id, s.number
    ),
    pairs AS (
        SELECT dossier_id, false AS is_recheck, before, after FROM found
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


def of_the_round(made: Round, areas: Iterable[Term]) -> list[Term]:
    """Of some areas those that a round is about: its provinces, and what is above where it has several."""
    provinces = set(
        Dossier.objects.filter(round=made).order_by().values_list("province", flat=True).distinct()
    )
    is_wide = len(provinces) > 1 or None in provinces
    return [one for one in areas if one.unit_id in provinces or (is_wide and one.level < Level.PROVINCE)]


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
