"""Who draws samples, and who re-checks."""

from typing import Any

from kieumau.accounts.roles import names_of, roles, with_permission
from kieumau.audit.access import READ as AUDIT
from kieumau.kernel.messages import Text
from kieumau.rechecks.models import Draw, Recheck
from kieumau.rounds.access import READ
from kieumau.rounds.models import Dossier, Round
from kieumau.units.over import Over

__all__ = [
    "AUDIT",
    "CHECK",
    "DRAW",
    "READ",
    "checkers",
    "may_anywhere",
    "may_check",
    "may_read",
    "may_read_of",
    "may_see",
]

DRAW = "rechecks.draw"
CHECK = "rechecks.check"


def checkers() -> list[Text]:
    """What the roles are called that re-check, in the order of the file of roles."""
    able = with_permission(CHECK)
    return list(names_of([code for code in roles() if code in able]).values())


def may_check(user: Any, one: Recheck) -> bool:
    """May the person re-check it? Whether he had a hand in the dossier, the check itself asks."""
    return _may(user, CHECK, one.dossier.unit_id, one.draw.round)


def may_read(user: Any, drawn: Draw) -> bool:
    """May the person see a draw: whoever may draw there, re-checks all over it, or audits it?"""
    return any(_may(user, one, drawn.area_id, drawn.round) for one in (DRAW, CHECK, AUDIT))


def may_see(user: Any, one: Recheck) -> bool:
    """May the person see a re-check without making it: whoever draws over its unit, or audits it?"""
    return any(_may(user, each, one.dossier.unit_id, one.draw.round) for each in (DRAW, AUDIT))


def may_read_of(user: Any, dossier: Dossier) -> bool:
    """May the person read what re-checks of a dossier found: whoever draws, re-checks or audits there?"""
    return any(_may(user, one, dossier.unit_id, dossier.round) for one in (DRAW, CHECK, AUDIT))


def may_anywhere(user: Any) -> bool:
    """Has the person anything to do with re-checks, anywhere?"""
    return user is not None and any(user.has_perm(one) for one in (DRAW, CHECK, AUDIT))


def _may(user: Any, permission: str, unit_id: int, made: Round) -> bool:
    programme = made.programme.code if made.programme else ""
    return bool(user.is_authenticated and user.has_perm(permission, Over(unit_id, programme)))
