"""What storing figures would change, without storing them."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.db import connection

from kieumau.formulas.values import State
from kieumau.indicators.imports.gathered import FigureRow, key_of
from kieumau.indicators.imports.report import Changed
from kieumau.indicators.registry import INCOMING

_COUNTS = f"""
SELECT count(*) FILTER (WHERE f.period IS NULL),
       count(*) FILTER (WHERE f.state = t.state AND f.value IS NOT DISTINCT FROM t.value)
FROM {INCOMING} t LEFT JOIN figure f USING (period, unit, indicator)
"""
_REVISED = f"""
SELECT t.period, t.unit, t.indicator, f.state, f.value, t.state, t.value
FROM {INCOMING} t JOIN figure f USING (period, unit, indicator)
WHERE f.state <> t.state OR f.value IS DISTINCT FROM t.value
ORDER BY t.unit, t.indicator, t.period
"""
_KNOWN_OTHERWISE = """
SELECT f.period, f.unit, f.indicator
FROM unnest(%s::int[], %s::int[], %s::int[]) t (period, unit, indicator)
JOIN figure f USING (period, unit, indicator)
WHERE (f.state, f.value) IS DISTINCT FROM (0, 0)
"""


def known_otherwise(zeros: Sequence[FigureRow]) -> set[int]:
    """The keys (`gathered.key_of`) among these for which something else than zero is stored."""
    if not zeros:
        return set()
    periods, units, indicators, _, _ = zip(*zeros, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN_OTHERWISE, [list(periods), list(units), list(indicators)])
        return {key_of(*key) for key in cursor.fetchall()}


def compare(
    unit: Callable[[int], str], indicator: Callable[[int], str], period: Callable[[int], str]
) -> tuple[int, int, list[Changed]]:
    """What storing the figures held in INCOMING would do: how many would be new, how many stay as they are,
    and each revision from old to new. The three functions name units, indicators and periods.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        inserted, unchanged = cursor.fetchone() or (0, 0)
        cursor.execute(_REVISED)
        rows: list[tuple[int, int, int, int, Decimal | None, int, Decimal | None]] = cursor.fetchall()
    changes = [
        Changed(unit(u), indicator(i), period(p), State(old_state), old, State(state), new)
        for p, u, i, old_state, old, state, new in rows
    ]
    return inserted, unchanged, changes
