"""What stands before a view: whoever is nobody is asked to sign in, whoever may not is told why."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from kieumau.kernel.numbers import whole_number
from kieumau.units.over import Over

View = Callable[..., HttpResponseBase]
ANYWHERE = Over()


class Denied(PermissionDenied):
    """The person may not do that there; the page that says so links to the reasons."""

    def __init__(self, permission: str, over: Over = ANYWHERE) -> None:
        super().__init__(permission)
        self.permission = permission
        self.over = over


def may(user: Any, permission: str, over: Over = ANYWHERE) -> bool:
    """May the person do that there? Nobody may who has not signed in."""
    return bool(user is not None and user.is_authenticated and user.has_perm(permission, over))


def require(user: Any, permission: str, over: Over = ANYWHERE) -> None:
    """Lets whoever may do that pass. Raises `Denied` otherwise."""
    if not may(user, permission, over):
        raise Denied(permission, over)


def _asked_for(request: HttpRequest, named: dict[str, Any]) -> Over:
    """The unit that an address names, in its path or as `?don-vi=`: the way to the reasons repeats it."""
    text = str(named.get("unit_id") or request.GET.get("don-vi", ""))
    unit_id = whole_number(text)
    return ANYWHERE if unit_id is None else Over(unit_id)


def needs(permission: str) -> Callable[[View], View]:
    """A view for people who have signed in and may do that anywhere at all; where exactly, it asks itself."""

    def door(view: View) -> View:
        @login_required
        @wraps(view)
        def opened(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            if not may(request.user, permission):
                raise Denied(permission, _asked_for(request, named))
            return view(request, *arguments, **named)

        return opened

    return door
