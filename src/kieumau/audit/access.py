"""Who may read the log."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from kieumau.audit.registry import readable_units

READ = "audit.read"


def may_read(user: Any) -> bool:
    """Whoever has the permission `audit.read`, as auditors do, and the installation's own administrators."""
    return bool(user is not None and user.is_authenticated and user.has_perm(READ))


def require_read(user: Any) -> None:
    """Lets whoever may read the log pass. Raises PermissionDenied with the permission otherwise."""
    if not may_read(user):
        raise PermissionDenied(READ)


def readable(user: Any) -> Q:
    """Which entries a person reads: of the units of his scope; all, also of no unit, who has the country."""
    within = [found for each in readable_units if (found := each(user)) is not None]
    return Q(*(Q(unit_id__in=one) for one in within))
