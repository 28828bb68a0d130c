"""Who waits for whom, so that no verdict is left behind a figure or behind the tree.

A verdict is computed from figures, and from a tree, that another transaction may just be changing.
Whoever judges first takes these locks, which end with the transaction, and only then reads:

* the gate: judging again after figures changed, and judging a unit that has a verdict, share it.
  Closed by judging all, by the first verdict on a unit, and by judging again after the tree changed:
  a writer of figures judges only what has a verdict, so it must not look while one is being made;
* below a shared gate, each (set, period): judging few units shares it and holds each of the units,
  judging many holds it alone.

Everybody takes them in one order, so that nobody waits for somebody who waits for him: the rows of
figures (writers and the totals do that before they tell anyone), the gate, then (set, period) in order,
in each at once as strongly as will be needed, then units in order. This holds for transactions that
write figures once or change the tree once, as every command and form does.
"""

from collections.abc import Collection, Iterable, Sequence

from django.db import connection

from kieumau.assessments.storing import Occasion

_GATE = "verdicts"
# One lock after the other, in the order given: alone or shared.
_LOCK = """
    SELECT CASE WHEN alone THEN pg_advisory_xact_lock(key) ELSE pg_advisory_xact_lock_shared(key) END
    FROM (
        SELECT hashtextextended(name, 0) AS key, alone
        FROM unnest(%s::text[], %s::boolean[]) AS asked (name, alone)
    ) lock
"""


# For those who go on to ask in the same breath: the next statement sees what was judged before it began.
SHARE_GATE = f"SELECT pg_advisory_xact_lock_shared(hashtextextended('{_GATE}', 0))"
CLOSE_GATE = f"SELECT pg_advisory_xact_lock(hashtextextended('{_GATE}', 0))"


def share_gate() -> None:
    """Judging what has a verdict already: wait while somebody has the gate closed."""
    _ask(SHARE_GATE)


def close_gate() -> None:
    """Wait for everybody who went through the gate, and let nobody in until the transaction ends."""
    _ask(CLOSE_GATE)


def hold(wanted: Iterable[tuple[Occasion, Collection[int] | None]]) -> None:
    """Hold units of each occasion, or the whole of its set and period (None), for judging them.

    To be called once in a transaction, with all that it will judge: taken bit by bit, two transactions
    that both share a period could both want it alone.
    """
    units: dict[tuple[int, int], set[int]] = {}
    whole = set()
    for occasion, unit_ids in wanted:
        key = (occasion.criteria_set_id, occasion.period)
        units.setdefault(key, set()).update(unit_ids or ())
        if unit_ids is None:
            whole.add(key)
    asked = []
    for key in sorted(units):
        name = f"verdicts/{key[0]}/{key[1]}"
        asked.append((name, key in whole))
        if key not in whole:
            asked += [(f"{name}/{unit_id}", True) for unit_id in sorted(units[key])]
    if asked:
        names, alone = zip(*asked, strict=True)
        _ask(_LOCK, [list(names), list(alone)])


def _ask(sql: str, values: Sequence[list[str] | list[bool]] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
