"""Who may be in a team of a round."""

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
