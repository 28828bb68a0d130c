"""Who may change the days off."""

from typing import Any

from django.core.exceptions import PermissionDenied

EDIT = "calendars.change_specialday"


def may_edit(user: Any) -> bool:
    """Days off move every deadline to come: it takes the permission `calendars.change_specialday`."""
    return bool(user is not None and user.is_authenticated and user.has_perm(EDIT))


def require_edit(user: Any) -> None:
    """Lets whoever may change the days off pass. Raises PermissionDenied with the permission otherwise."""
    if not may_edit(user):
        raise PermissionDenied(EDIT)
