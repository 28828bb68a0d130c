"""Dossiers being verified of which all that is left belongs to teams of others."""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models.expressions import RawSQL

from kieumau.accounts.roles import with_permission

# What somebody must still look at in a dossier `d` that is being verified (stage 3): answers of its unit (2)
# to which nobody has said anything as they now stand, and evidence. What figures say is confirmed by itself.
_LEFT = """
    EXISTS (
        SELECT FROM dossier_finding b WHERE b.dossier_id = d.id AND b.stage = 2 AND NOT b.is_measured
            AND NOT EXISTS (
                SELECT FROM dossier_finding f WHERE f.dossier_id = b.dossier_id AND f.stage = 3
                    AND f.criterion_id = b.criterion_id AND f.about = b.version
            ) {among}
    ) OR EXISTS (
        SELECT FROM dossier_finding f JOIN dossier_finding b USING (dossier_id, criterion_id)
        WHERE f.dossier_id = d.id AND f.stage = 3 AND NOT f.is_measured
            AND b.stage = 2 AND b.is_measured AND f.about IS DISTINCT FROM b.version {among}
    ) OR EXISTS (
        SELECT FROM dossier_evidence e WHERE e.dossier_id = d.id AND e.state = 'pending' {among}
    )
"""
# The dossiers, with somebody asked about, of which all left belongs to teams of others (see `binding`);
# where nothing is, anybody may conclude it. A team of which nobody may verify a dossier any more has nothing
# there. Who is in teams and may what is asked once, not for every dossier; dossiers bound by the same teams
# share what these leave to a person. Asked for roles that verify, a day, the day, and about whom.
_OF_OTHER_TEAMS = f"""
    WITH team AS MATERIALIZED (
        SELECT t.id, t.round_id, '.' || t.area_id || '.' AS area, '.' || h.unit_id || '.' AS reach,
            array_agg(u.id) AS people
        FROM round_team t
            JOIN round r ON r.id = t.round_id AND r.state = 'open'
            LEFT JOIN programme z ON z.id = r.programme_id
            JOIN round_team_person m ON m.team_id = t.id
            JOIN account_user u ON u.id = m.user_id AND u.is_active
            CROSS JOIN LATERAL account_grants_of(u.id) h
        WHERE t.ended_at IS NULL AND t.binds AND h.role = ANY (%s)
            AND h.starts_on <= %s AND (h.ends_before IS NULL OR h.ends_before > %s)
            AND h.programme IN ('', coalesce(z.code, ''))
        GROUP BY t.id, h.unit_id
    ), elsewhere AS MATERIALIZED (
        SELECT w.dossier_id, array_agg(w.person_id) AS people FROM dossier_hand w
        WHERE w.side <> 2 AND w.person_id = ANY (ARRAY(SELECT unnest(people) FROM team))
        GROUP BY w.dossier_id
    ), bound AS MATERIALIZED (
        SELECT d.id, d.round_id, array_agg(DISTINCT t.id ORDER BY t.id) AS teams
        FROM dossier d
            JOIN team t ON t.round_id = d.round_id
                AND strpos('.' || d.path, t.area) > 0 AND strpos('.' || d.path, t.reach) > 0
            LEFT JOIN elsewhere w ON w.dossier_id = d.id
        WHERE d.stage = 3 AND d.state = 'open' AND NOT t.people <@ coalesce(w.people, '{{{{}}}}')
        GROUP BY d.id
    ), asked AS MATERIALIZED (
        {{asked}}
    ), shared AS MATERIALIZED (
        SELECT s.round_id, s.teams, s.person, array_agg(c.id) AS own
        FROM (SELECT DISTINCT b.round_id, b.teams, a.person FROM bound b JOIN asked a ON a.dossier = b.id) s
            JOIN round r ON r.id = s.round_id
            JOIN criterion c ON c.criteria_set_id = r.criteria_set_id
        WHERE NOT EXISTS (
            SELECT FROM round_team_criterion g WHERE g.criterion_id = c.id AND g.team_id = ANY (s.teams)
        ) OR EXISTS (
            SELECT FROM round_team_criterion g JOIN round_team_person p ON p.team_id = g.team_id
            WHERE g.criterion_id = c.id AND g.team_id = ANY (s.teams) AND p.user_id = s.person
        )
        GROUP BY s.round_id, s.teams, s.person
    )
    SELECT d.id {{column}} FROM bound d JOIN asked a ON a.dossier = d.id
        LEFT JOIN shared s ON s.round_id = d.round_id AND s.teams = d.teams AND s.person = a.person
    WHERE ({_LEFT.format(among="")})
        AND (s.own IS NULL OR NOT ({_LEFT.format(among="AND criterion_id = ANY (s.own)")}))
"""

_OF_ONE = _OF_OTHER_TEAMS.format(asked="SELECT id AS dossier, %s::bigint AS person FROM bound", column="")
_OF_PAIRS = _OF_OTHER_TEAMS.format(
    asked="SELECT * FROM unnest(%s::bigint[], %s::bigint[]) u (dossier, person)", column=", a.person"
)


def left_to_others(person_id: int, on: date) -> RawSQL:
    """The ids of those dossiers, for somebody, on a day; as a sub-select."""
    return RawSQL(f"({_OF_ONE})", (_verifiers(), on, on, person_id))


def pairs_left_to_others(pairs: Iterable[tuple[int, int]], on: date) -> set[tuple[int, int]]:
    """Of dossiers and people, each named by id, those that rest for them in the same way. One query."""
    asked = sorted(pairs)
    dossiers, people = [dossier for dossier, _ in asked], [person for _, person in asked]
    with connection.cursor() as cursor:
        cursor.execute(_OF_PAIRS, [_verifiers(), on, on, dossiers, people])
        return set(cursor.fetchall())


def _verifiers() -> list[str]:
    return sorted(with_permission("rounds.verify"))
