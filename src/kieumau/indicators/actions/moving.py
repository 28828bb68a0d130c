"""Totals follow the units that moved: their figures leave one province and enter another.

Where a unit has ended by an act that was recorded late, the tree asks for which days it has figures.
"""

from datetime import date

from django.db import connection, transaction

from kieumau.units.registry import ASKED_UNITS, MOVED_UNITS

COUNTS = {"value_count": 0, "not_applicable_count": 2, "refused_count": 3, "missing_count": 1}
_COUNTED = ", ".join(
    f"coalesce(sum(m.sign) FILTER (WHERE f.state = {state}), 0)" for state in COUNTS.values()
)
# The periods that have figures are told by the index, one step each; then only figures of units that moved
# are read.
_USED = """
    RECURSIVE used AS (
        SELECT min(period) AS id FROM figure
        UNION ALL
        SELECT (SELECT min(period) FROM figure WHERE period > used.id) FROM used WHERE used.id IS NOT NULL
    )
"""
_MOVE = f"""
    WITH {_USED}, place AS MATERIALIZED (
        SELECT q.id AS period, m.unit_id, m.place, m.sign
        FROM used JOIN period q USING (id)
        JOIN {MOVED_UNITS} m ON m.level = 3 AND m.place IS NOT NULL AND m.days @> (q.ends_before - 1)
    ), moved AS (
        INSERT INTO figure_total AS t (period, unit, indicator, value, {", ".join(COUNTS)})
        SELECT f.period, m.place, f.indicator, coalesce(sum(f.value * m.sign), 0), {_COUNTED}
        FROM place m
        JOIN figure f ON f.period = m.period AND f.unit = m.unit_id
        JOIN indicator i ON i.id = f.indicator AND i.over_units = 'sum'
        GROUP BY f.period, m.place, f.indicator
        ORDER BY f.period, m.place, f.indicator
        ON CONFLICT (period, unit, indicator) DO UPDATE SET value = t.value + excluded.value,
            {", ".join(f"{name} = t.{name} + excluded.{name}" for name in COUNTS)}
        RETURNING t.period, t.unit, t.indicator, {" + ".join(f"t.{name}" for name in COUNTS)} AS figures
    )
    SELECT array_agg(period), array_agg(unit), array_agg(indicator), count(*)
    FROM moved WHERE figures = 0
"""
# Figures that were taken back since count too, for those who ask what was known earlier.
_WITH_FIGURES = f"""
    WITH {_USED}
    SELECT e.unit_id, q.ends_before - 1
    FROM used JOIN period q USING (id) JOIN {ASKED_UNITS} e ON e.days @> (q.ends_before - 1)
    WHERE EXISTS (SELECT FROM figure f WHERE f.period = q.id AND f.unit = e.unit_id)
    UNION
    SELECT e.unit_id, q.ends_before - 1
    FROM {ASKED_UNITS} e JOIN figure_superseded g ON g.unit = e.unit_id
    JOIN period q ON q.id = g.period AND e.days @> (q.ends_before - 1)
"""
_DROP = """
    DELETE FROM figure_total t USING unnest(%s::int[], %s::int[], %s::int[]) AS e (period, unit, indicator)
    WHERE (t.period, t.unit, t.indicator) = (e.period, e.unit, e.indicator)
"""


@transaction.atomic
def move_totals() -> None:
    """Take the figures of units that moved out of the totals they were in and add them where they belong.

    For `units.registry.after_tree_change`, while the table of moved units is there. Writers of figures
    wait. The result is that of `rebuild_totals`, exactly; the cost follows the figures of the units that
    moved, not those of the country.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE figure IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(_MOVE)
        *empty, count = cursor.fetchone()
        if count:
            cursor.execute(_DROP, empty)


def days_with_figures() -> list[tuple[int, date]]:
    """For `units.registry.days_with_facts`: the last days of periods for which units have figures."""
    with connection.cursor() as cursor:
        cursor.execute(_WITH_FIGURES)
        found: list[tuple[int, date]] = cursor.fetchall()
    return found
