"""Who may let programs read the data. A token reads every figure: it takes a role over the whole country."""

from typing import Any

from kieumau.accounts.doors import may, require
from kieumau.units.over import WHOLE

OPEN_DATA = "exports.open_data"


def may_open(user: Any) -> bool:
    """May the person give programs tokens, and take them back?"""
    return may(user, OPEN_DATA, WHOLE)


def require_open(user: Any) -> None:
    """Lets whoever may give tokens pass. Raises `Denied` otherwise."""
    require(user, OPEN_DATA, WHOLE)
