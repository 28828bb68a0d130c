"""Running the checks. Nothing is repaired: a sweep only reads, and keeps what it found."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from kieumau.audit import actions as audit
from kieumau.indicators.actions.source import name_of
from kieumau.quality import verbs
from kieumau.quality.checks import CHECKS
from kieumau.quality.checks.preparing import STEPS
from kieumau.quality.models import Doubt, Sweep
from kieumau.quality.rules import Check
from kieumau.units.actions import Actor

log = logging.getLogger(__name__)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MOST_KEPT = 300  # places of one check; its count is kept whatever it is
KEPT_FOR = timedelta(days=90)  # then the places go, and the counts stay


@transaction.atomic
def sweep(
    *,
    actor: Actor,
    now: datetime,
    checks: Iterable[Check] = CHECKS,
    step: Callable[[int, int], None] = lambda done, total: None,
) -> Sweep:
    """Run the checks over the whole store and keep what they found.

    Reads every figure a few times: about a minute for ten million. `step` is told how many checks are
    done, of how many. Writers are not held up; what they write meanwhile may be in one check and not
    in another.
    """
    asked = tuple(checks)
    today = now.astimezone(ZONE).date()
    counts: dict[str, int] = {}
    found: list[Doubt] = []
    with connection.cursor() as cursor:
        for statement in STEPS:
            cursor.execute(statement)
        for done, check in enumerate(asked, start=1):
            cursor.execute(_asking(check), {"today": today})
            rows = cursor.fetchall()
            counts[check.code] = rows[0][0] if rows else 0
            found += [
                Doubt(
                    check_code=check.code,
                    position=position,
                    unit=unit,
                    period=period,
                    indicator=indicator,
                    said=said,
                )
                for position, (_, unit, period, indicator, said) in enumerate(rows, start=1)
            ]
            step(done, len(asked))
        for table in ("spotted", "reported", "expected"):
            cursor.execute(f"DROP TABLE {table}")
    made = Sweep.objects.create(at=now, by=name_of(actor)[:150], counts=counts)
    for doubt in found:
        doubt.sweep = made
    Doubt.objects.bulk_create(found, batch_size=2_000)
    Doubt.objects.filter(sweep__at__lt=now - KEPT_FOR).delete()
    audit.record(actor=actor, verb=verbs.SWEEP, object=("sweep", made.pk), new=counts, now=now)
    log.info("%d checks over the store found %d places", len(asked), sum(counts.values()))
    return made


def _asking(check: Check) -> str:
    """The check's question, with how much there is in all. A column that it leaves out is null.

    Inside of `answer` a name means the check's own column, and only where it has none that of `nothing`.
    """
    return f"""
        SELECT count(*) OVER (), answer.*
        FROM (SELECT NULL::int AS unit, NULL::int AS period, NULL::int AS indicator) nothing
        CROSS JOIN LATERAL (SELECT unit, period, indicator, said FROM ({check.sql}) found) answer
        ORDER BY {check.order} LIMIT {MOST_KEPT}
    """
