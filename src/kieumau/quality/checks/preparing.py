"""What several checks read, made once per sweep as temporary tables.

`spotted` holds every figure that is a value, with those of the same unit and indicator in the three
periods before it; `reported` which unit reported how much for which period; `expected` which communes
were there in which period that anybody reported for.
"""

STEPS = (
    "SET LOCAL work_mem = '256MB'",
    """
    CREATE TEMPORARY TABLE spotted ON COMMIT DROP AS
    WITH paced AS (  -- a number for calendar and kind: ten million rows are sorted by it
        SELECT *, dense_rank() OVER (ORDER BY calendar_id, kind)::int AS pace FROM period)
    SELECT f.unit, f.indicator, f.period, q.calendar_id, q.kind, q.year, q.starts_on, f.value, f.source,
        lag(f.value, 1) OVER w AS before1, lag(f.value, 2) OVER w AS before2,
        lag(f.value, 3) OVER w AS before3,
        lag(q.ends_before, 1) OVER w = q.starts_on AS follows
    FROM figure f JOIN paced q ON q.id = f.period
    WHERE f.state = 0
    WINDOW w AS (PARTITION BY f.unit, f.indicator, q.pace ORDER BY q.starts_on)
    """,
    """
    CREATE TEMPORARY TABLE reported ON COMMIT DROP AS
    SELECT f.period, f.unit,
        count(*) FILTER (WHERE f.state = 0) AS value_count,
        count(*) FILTER (WHERE f.state = 1) AS missing_count,
        count(*) FILTER (WHERE f.state = 3) AS refused_count,
        count(*) AS all_count
    FROM figure f GROUP BY f.period, f.unit
    """,
    """
    CREATE TEMPORARY TABLE expected ON COMMIT DROP AS
    WITH roots AS (
        SELECT DISTINCT r.period, o.root_id FROM reported r JOIN unit_position o ON o.unit_id = r.unit)
    SELECT q.id AS period, q.calendar_id, q.kind, q.starts_on, q.ends_before, p.unit_id AS unit,
        p.province_id, t.kind_id AS unit_kind
    FROM roots JOIN period q ON q.id = roots.period
    JOIN unit_position p ON p.root_id = roots.root_id AND p.level = 3 AND p.valid @> (q.ends_before - 1)
    JOIN unit_term t ON t.unit_id = p.unit_id AND t.valid @> (q.ends_before - 1)
    """,
    "ANALYZE spotted",
    "ANALYZE reported",
    "ANALYZE expected",
)
