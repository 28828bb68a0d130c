"""Who draws samples, and who re-checks."""

from typing import Any

from kieumau.rechecks.models import Draw, Recheck
from kieumau.rounds.access import READ
from kieumau.rounds.models import Round
from kieumau.units.over import Over

__all__ = ["CHECK", "DRAW", "READ", "may_check", "may_draw", "may_read"]

DRAW = "rechecks.draw"
CHECK = "rechecks.check"


def may_draw(user: Any, made: Round, area_id: int) -> bool:
    """May the person draw a sample among the dossiers of an area?"""
    return _may(user, DRAW, area_id, made)


def may_check(user: Any, one: Recheck) -> bool:
    """May the person re-check it? Whether he had a hand in the dossier, the check itself asks."""
    return _may(user, CHECK, one.dossier.unit_id, one.draw.round)


def may_read(user: Any, drawn: Draw) -> bool:
    """May the person see a draw: whoever may draw there, or re-check somewhere below?"""
    return _may(user, DRAW, drawn.area_id, drawn.round) or _may(user, CHECK, drawn.area_id, drawn.round)


def _may(user: Any, permission: str, unit_id: int, made: Round) -> bool:
    programme = made.programme.code if made.programme else ""
    return bool(user.is_authenticated and user.has_perm(permission, Over(unit_id, programme)))
