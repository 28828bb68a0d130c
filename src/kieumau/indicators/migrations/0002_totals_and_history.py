"""Totals and history, kept by the database itself whoever writes a figure.

Statement triggers with transition tables: one statement, however many rows, moves the totals of every
province it touches once and writes down what the changed figures were before. Totals are upserted in
the order of their key, so that two statements that touch the same totals wait for each other instead
of blocking each other (a statement that both inserts and updates moves them twice; the actions take a
lock per province first).

The SQL is run by EXECUTE on purpose: a plan kept from a statement of ten rows would be used for the
next one of half a million, and joining the old rows with the new would take minutes instead of a second.
"""

from django.db import migrations

COUNTS = ("value_count", "not_applicable_count", "refused_count", "missing_count")
# The province; without one the unit below the root (never null but for a commune that is a root).
PLACE = "coalesce(p.province_id, nullif(split_part(p.path, '.', 2), '')::int)"
STATES = {"value_count": 0, "not_applicable_count": 2, "refused_count": 3, "missing_count": 1}


def move_totals(rows: str) -> str:
    """SQL: add to the totals what `rows` holds (period, unit, indicator, state, value, sign).

    A figure counts in the province above its unit (where there is none, in the unit below the root that
    it is or stands in) if the unit stood at COMMUNE level (3) on the
    period's last day and the indicator adds up over units.
    """
    counts = ", ".join(f"coalesce(sum(f.sign) FILTER (WHERE f.state = {STATES[name]}), 0)" for name in COUNTS)
    moved = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in COUNTS)
    return f"""
    INSERT INTO figure_total AS t (period, unit, indicator, value, {", ".join(COUNTS)})
    SELECT f.period, {PLACE}, f.indicator, coalesce(sum(f.value * f.sign), 0), {counts}
    FROM ({rows}) f
    JOIN indicator i ON i.id = f.indicator AND i.over_units = 'sum'
    JOIN period q ON q.id = f.period
    JOIN unit_position p ON p.unit_id = f.unit AND p.level = 3 AND {PLACE} IS NOT NULL
        AND (p.valid @> (q.ends_before - 1)) IS TRUE
    GROUP BY f.period, {PLACE}, f.indicator
    ORDER BY f.period, {PLACE}, f.indicator
    ON CONFLICT (period, unit, indicator) DO UPDATE SET value = t.value + excluded.value, {moved}"""


def drop_empty(upsert: str) -> str:
    """SQL: run `upsert`, then delete the totals in which no figure is left."""
    return f"""
    EXECUTE $sql$
        WITH moved AS ({upsert}
            RETURNING t.period, t.unit, t.indicator, {" + ".join(f"t.{name}" for name in COUNTS)} AS figures)
        SELECT array_agg(period), array_agg(unit), array_agg(indicator) FROM moved WHERE figures = 0
    $sql$ INTO periods, units, indicators;
    IF periods IS NOT NULL THEN
        DELETE FROM figure_total t USING unnest(periods, units, indicators) AS e (period, unit, indicator)
        WHERE (t.period, t.unit, t.indicator) = (e.period, e.unit, e.indicator);
    END IF;"""


COLUMNS = "period, unit, indicator, state, value"
ADDED = f"SELECT {COLUMNS}, 1 AS sign FROM new_rows"
REMOVED = f"SELECT {COLUMNS}, -1 AS sign FROM old_rows"
DECLARE = "DECLARE periods int[]; units int[]; indicators int[];"
# A figure stands until both its own source and the one that replaced it had been recorded, whatever the
# order in which they were written.
SUPERSEDE = f"""
    INSERT INTO figure_superseded ({COLUMNS}, source, superseded_by, superseded_at)
    SELECT o.period, o.unit, o.indicator, o.state, o.value, o.source, n.source,
        CASE WHEN n.source <> o.source THEN greatest(later.recorded_at, earlier.recorded_at) ELSE now() END
    FROM old_rows o
    LEFT JOIN new_rows n USING (period, unit, indicator)
    LEFT JOIN figure_source earlier ON earlier.id = o.source
    LEFT JOIN figure_source later ON later.id = n.source
    WHERE (o.state, o.value, o.source) IS DISTINCT FROM (n.state, n.value, n.source)"""

# Replaced by migration 0007.
WRITTEN = f"""
CREATE FUNCTION figure_after_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows) THEN
        EXECUTE $sql$ {move_totals(ADDED)} $sql$;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION figure_after_update() RETURNS trigger LANGUAGE plpgsql AS $$
{DECLARE}
BEGIN
    IF NOT EXISTS (SELECT FROM old_rows) THEN
        RETURN NULL;
    END IF;
    EXECUTE $sql$ {SUPERSEDE} $sql$;
    {drop_empty(move_totals(f"{ADDED} UNION ALL {REMOVED}"))}
    RETURN NULL;
END $$;

CREATE FUNCTION figure_after_delete() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE periods int[]; units int[]; indicators int[];
    remover int := nullif(current_setting('kieumau.source', true), '');
BEGIN
    IF NOT EXISTS (SELECT FROM old_rows) THEN
        RETURN NULL;
    END IF;
    INSERT INTO figure_superseded ({COLUMNS}, source, superseded_by, superseded_at)
    SELECT {COLUMNS}, source, remover,
        coalesce((SELECT recorded_at FROM figure_source WHERE id = remover), now())
    FROM old_rows;
    {drop_empty(move_totals(REMOVED))}
    RETURN NULL;
END $$;
"""

FORWARD = f"""
CREATE SEQUENCE indicator_revision;
{WRITTEN}
CREATE FUNCTION figure_before_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_superseded ({COLUMNS}, source, superseded_at)
    SELECT {COLUMNS}, source, now() FROM figure;
    RETURN NULL;
END $$;

CREATE FUNCTION figure_after_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM figure_total;
    RETURN NULL;
END $$;

CREATE FUNCTION figure_history_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of figures is only added to'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;

CREATE TRIGGER figure_after_insert AFTER INSERT ON figure
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION figure_after_insert();
CREATE TRIGGER figure_after_update AFTER UPDATE ON figure
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION figure_after_update();
CREATE TRIGGER figure_after_delete AFTER DELETE ON figure
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION figure_after_delete();
CREATE TRIGGER figure_before_truncate BEFORE TRUNCATE ON figure
    FOR EACH STATEMENT EXECUTE FUNCTION figure_before_truncate();
CREATE TRIGGER figure_after_truncate AFTER TRUNCATE ON figure
    FOR EACH STATEMENT EXECUTE FUNCTION figure_after_truncate();
CREATE TRIGGER figure_history_never_changes BEFORE UPDATE OR DELETE ON figure_superseded
    FOR EACH ROW EXECUTE FUNCTION figure_history_never_changes();

-- NaN sorts above infinity, so this refuses all three.
ALTER TABLE figure ADD CONSTRAINT figure_value_is_finite
    CHECK (value > '-Infinity'::numeric AND value < 'Infinity'::numeric);
-- Totals are updated far more often than added: room on the page keeps the update off the index.
ALTER TABLE figure_total SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
-- With ten million rows the usual 20 % would let a whole month of revisions pile up unseen.
ALTER TABLE figure SET (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_analyze_scale_factor = 0.02,
    autovacuum_vacuum_insert_scale_factor = 0.05
);
"""

BACKWARD = """
ALTER TABLE figure RESET (
    autovacuum_vacuum_scale_factor,
    autovacuum_analyze_scale_factor,
    autovacuum_vacuum_insert_scale_factor
);
ALTER TABLE figure_total RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE figure DROP CONSTRAINT figure_value_is_finite;
DROP TRIGGER figure_history_never_changes ON figure_superseded;
DROP TRIGGER figure_after_truncate ON figure;
DROP TRIGGER figure_before_truncate ON figure;
DROP TRIGGER figure_after_delete ON figure;
DROP TRIGGER figure_after_update ON figure;
DROP TRIGGER figure_after_insert ON figure;
DROP FUNCTION figure_history_never_changes();
DROP FUNCTION figure_after_truncate();
DROP FUNCTION figure_before_truncate();
DROP FUNCTION figure_after_delete();
DROP FUNCTION figure_after_update();
DROP FUNCTION figure_after_insert();
DROP SEQUENCE indicator_revision;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0001_initial"),
        ("calendars", "0001_initial"),
        ("units", "0001_initial"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
