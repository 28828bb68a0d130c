"""Totals from the facts: rebuilt when the tree changes, checked whenever somebody doubts them."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction

from kieumau.indicators.actions.moving import move_totals

# Where a commune's figures count: its province, and without one the unit below the root that it is or
# stands in, so that no commune is left out of the nation. Null for a commune that is a root.
PLACE = "coalesce(p.province_id, nullif(split_part(p.path, '.', 2), '')::int)"
# What the totals must be; the triggers of migration 0002 keep the same by adding differences.
FACTS = f"""
    SELECT f.period, {PLACE} AS unit, f.indicator,
        coalesce(sum(f.value), 0) AS value,
        count(*) FILTER (WHERE f.state = 0)::int AS value_count,
        count(*) FILTER (WHERE f.state = 2)::int AS not_applicable_count,
        count(*) FILTER (WHERE f.state = 3)::int AS refused_count,
        count(*) FILTER (WHERE f.state = 1)::int AS missing_count
    FROM figure f
    JOIN indicator i ON i.id = f.indicator AND i.over_units = 'sum'
    JOIN period q ON q.id = f.period
    JOIN unit_counted p ON p.unit_id = f.unit AND p.level = 3 AND {PLACE} IS NOT NULL
        AND (p.valid @> (q.ends_before - 1)) IS TRUE
    GROUP BY f.period, {PLACE}, f.indicator
"""
COLUMNS = "period, unit, indicator, value, value_count, not_applicable_count, refused_count, missing_count"
MEASURES = "value, value_count, not_applicable_count, refused_count, missing_count"


@dataclass(frozen=True, slots=True)
class Difference:
    """A total that is not what its figures add up to; None: there is no such total, or no figure."""

    period: int
    unit: int
    indicator: int
    kept: Decimal | None
    true: Decimal | None


@transaction.atomic
def rebuild_totals() -> int:
    """Make the totals what the figures add up to; how many were wrong. Writers of figures wait.

    For repairs: after a change of the tree `move_totals` does the same. Cost: a second per million figures.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE figure IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DROP TABLE IF EXISTS pg_temp.figure_total_true")
        cursor.execute(f"CREATE TEMPORARY TABLE figure_total_true ON COMMIT DROP AS {FACTS}")
        cursor.execute("ANALYZE figure_total_true")
        cursor.execute(
            """
            DELETE FROM figure_total t WHERE NOT EXISTS (
                SELECT FROM figure_total_true n
                WHERE (n.period, n.unit, n.indicator) = (t.period, t.unit, t.indicator)
            )
            """
        )
        removed = int(cursor.rowcount)
        measures = [name.strip() for name in MEASURES.split(",")]
        cursor.execute(
            f"""
            INSERT INTO figure_total AS t ({COLUMNS})
            SELECT {COLUMNS} FROM figure_total_true
            ORDER BY period, unit, indicator
            ON CONFLICT (period, unit, indicator) DO UPDATE
            SET {", ".join(f"{name} = excluded.{name}" for name in measures)}
            WHERE ({", ".join(f"t.{name}" for name in measures)})
                IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in measures)})
            """
        )
        written = int(cursor.rowcount)
        cursor.execute("DROP TABLE figure_total_true")
    return removed + written


def rebuild_after_tree_change() -> None:
    """For the registry of `units`: what moved with its units is moved, see `move_totals`."""
    move_totals()


def check_totals() -> list[Difference]:
    """Every total that differs from its figures; empty unless something is broken. Reads all figures."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT period, unit, indicator, t.value, f.value
            FROM figure_total t FULL JOIN ({FACTS}) f USING (period, unit, indicator)
            WHERE (t.value, t.value_count, t.not_applicable_count, t.refused_count, t.missing_count)
                IS DISTINCT FROM
                (f.value, f.value_count, f.not_applicable_count, f.refused_count, f.missing_count)
            ORDER BY period, unit, indicator
            """
        )
        return [Difference(*row) for row in cursor.fetchall()]
