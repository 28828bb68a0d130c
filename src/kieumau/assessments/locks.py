"""Who waits for whom, so that no verdict is left behind a figure.

A verdict is computed from figures that another transaction may just be changing. Whoever changes
figures, or judges, first takes these locks (they end with the transaction) and only then reads:

* everybody who changes figures shares the gate; judging units that may have had no verdict so far
  closes it, because a writer of figures that saw no verdict would not judge it again;
* judging one unit shares the period of the set and holds the unit; judging many holds the period.
"""

from django.db import connection

from kieumau.assessments.storing import Occasion

_GATE = "verdicts"


def share_gate() -> None:
    """Changing figures: wait while somebody judges units for the first time."""
    _lock("pg_advisory_xact_lock_shared", _GATE)


def close_gate() -> None:
    """Judging for the first time: wait for figures under way, and let no new ones in meanwhile."""
    _lock("pg_advisory_xact_lock", _GATE)


def hold_unit(occasion: Occasion, unit_id: int) -> None:
    """Judging one unit."""
    _lock("pg_advisory_xact_lock_shared", _period(occasion))
    _lock("pg_advisory_xact_lock", f"{_period(occasion)}/{unit_id}")


def hold_period(occasion: Occasion) -> None:
    """Judging many units."""
    _lock("pg_advisory_xact_lock", _period(occasion))


def _period(occasion: Occasion) -> str:
    return f"verdicts/{occasion.criteria_set_id}/{occasion.period}"


def _lock(function: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [name])
