"""Who may record and undo acts that change units."""

from typing import Any

from kieumau.units.over import WHOLE

RECORD = "units.record_act"


def may_record(user: Any) -> bool:
    """An act moves the figures of every level on every map: it takes the permission `units.record_act`."""
    return bool(user is not None and user.is_authenticated and user.has_perm(RECORD, WHOLE))
