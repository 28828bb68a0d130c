"""Who may do what, for Django's `user.has_perm`: by the grants a person holds, and by nothing else."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied

from kieumau.accounts.acting import person
from kieumau.accounts.held import allowing
from kieumau.accounts.models import User
from kieumau.units.over import Over


class Roles:
    """Stands first in `AUTHENTICATION_BACKENDS`: its no is final, so that no other one is asked.

    `has_perm("rounds.verify", Over(unit_id=…, programme=…))`, or just the unit's id; without a place: may
    the person do it anywhere at all? Superusers may all (Django asks no backend then).
    """

    def authenticate(self, request: Any) -> None:
        """Lets nobody in: who somebody is, other backends find out."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """True, or PermissionDenied. Raises TypeError for a place that is neither `Over` nor an id."""
        if user_obj.is_anonymous or not user_obj.is_active or not allowing(user_obj, perm, _over(obj)):
            raise PermissionDenied
        return True

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Nobody works with tables as such: there is no such permission."""
        raise PermissionDenied


def _over(obj: Any) -> Over:
    if obj is None:
        return Over()
    if isinstance(obj, Over):
        return obj
    if isinstance(obj, int):
        return Over(unit_id=obj)
    raise TypeError(f"a permission is asked over a unit, not over {obj!r}")


class SignsIn(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Finds out who somebody is; whoever comes back is read with what he holds, in one query."""

    def get_user(self, user_id: Any) -> User | None:
        """The person of a session, for whom the connection works from now on."""
        found = person(user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
