"""Who may be in a team of a round, and which teams can still do their work."""

from datetime import date

from django.db import connection
from django.db.models import QuerySet

from kieumau.accounts.models import Grant, User
from kieumau.accounts.roles import with_permission
from kieumau.calendars.working_days import ONE_DAY
from kieumau.rounds.access import APPRAISE, VERIFY
from kieumau.rounds.models import Round
from kieumau.units.models import Position
from kieumau.units.queries import AFTER_ALL_PATHS


def checkers(made: Round) -> QuerySet[User]:
    """Whoever verifies or appraises in the area of a round, or above it, by name. One query."""
    on = made.period.ends_before - ONE_DAY
    area = Position.objects.filter(unit=made.area_id, valid__contains=on).values_list("path", flat=True).get()
    below = Position.objects.filter(
        valid__contains=on, path__gte=area, path__lt=area + AFTER_ALL_PATHS
    ).values("unit_id")
    above = [int(part) for part in area.rstrip(".").split(".")]
    roles = with_permission(VERIFY) | with_permission(APPRAISE)
    grants = Grant.objects.filter(role__in=roles, ended_at=None)
    programme = made.programme.code if made.programme else ""
    grants = grants.filter(programme__in={"", programme})
    held = grants.filter(unit_id__in=below) | grants.filter(unit_id__in=above)
    return User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("username")


def able_teams(made: Round, on: date) -> set[int]:
    """The ids of the teams of a round of which somebody may verify somewhere in their area. One query.

    Whoever is nobody's any more (his account closed, his role ended) cannot: a team of those binds nobody.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ABLE, {"round": made.pk, "on": on, "verifiers": sorted(with_permission(VERIFY))})
        return {pk for (pk,) in cursor.fetchall()}


_ABLE = """
    SELECT t.id FROM round_team t JOIN round r ON r.id = t.round_id JOIN period p ON p.id = r.period_id
        JOIN unit_position a ON a.unit_id = t.area_id AND a.valid @> (p.ends_before - 1)
        LEFT JOIN programme z ON z.id = r.programme_id
    WHERE t.round_id = %(round)s AND t.ended_at IS NULL AND EXISTS (
        SELECT FROM round_team_person m JOIN account_user u ON u.id = m.user_id AND u.is_active
            CROSS JOIN LATERAL account_grants_of(u.id) g
            JOIN unit_position q ON q.unit_id = g.unit_id AND q.valid @> (p.ends_before - 1)
        WHERE m.team_id = t.id AND g.role = ANY (%(verifiers)s)
            AND g.starts_on <= %(on)s AND (g.ends_before IS NULL OR g.ends_before > %(on)s)
            AND g.programme IN ('', coalesce(z.code, ''))
            AND (starts_with(a.path, q.path) OR starts_with(q.path, a.path))
    )
"""
