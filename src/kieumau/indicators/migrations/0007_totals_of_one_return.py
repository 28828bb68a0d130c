"""History and totals of one return, moved by plans that are kept.

A statement on the figures of one unit and one period (a form is saved) is by far the most frequent, and to
plan its joins anew took longer than to run them. It has few rows, whatever it is: it is recognized, its
province is looked up once, and static SQL does the rest. Every other statement is planned for what it is,
as in migration 0002.

The totals of the province are held before they move: a statement that both adds and revises figures moves
them twice, so the order within each move alone would not keep two writers from blocking each other.
"""

from importlib import import_module

from django.db import migrations

before = import_module("kieumau.indicators.migrations.0002_totals_and_history")

COUNTS, STATES, COLUMNS, PLACE = before.COUNTS, before.STATES, before.COLUMNS, before.PLACE
MOVED = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in ("value", *COUNTS))
DECLARE = """DECLARE
    one record;
    place int;
    emptied int[];
    reviser int;
    revised_at timestamptz;
    periods int[];
    units int[];
    indicators int[];"""


def look_at(rows: str) -> str:
    """SQL: leave unless there are rows; write down whether all are of one unit and period, and of which."""
    return f"""
    SELECT min(period) AS period, min(unit) AS unit,
        min(period) = max(period) AND min(unit) = max(unit) AS is_all
    INTO one FROM {rows} every;
    IF one.period IS NULL THEN
        RETURN NULL;
    END IF;"""


def hold_and(move: str) -> str:
    """SQL: hold the totals of the province in which the figures count, if they do, and move them."""
    return f"""
        SELECT {PLACE} INTO place
        FROM period q JOIN unit_position p ON p.unit_id = one.unit AND p.level = 3
            AND (p.valid @> (q.ends_before - 1)) IS TRUE
        WHERE q.id = one.period;
        IF place IS NOT NULL THEN
            PERFORM pg_advisory_xact_lock(hashtext('kieumau.total'), place);
            {move}
        END IF;"""


# New rows alone name no indicator twice.
ADD = f"""
            INSERT INTO figure_total AS t (period, unit, indicator, value, {", ".join(COUNTS)})
            SELECT one.period, place, f.indicator, coalesce(f.value, 0),
                {", ".join(f"(f.state = {STATES[name]})::int" for name in COUNTS)}
            FROM new_rows f JOIN indicator i ON i.id = f.indicator AND i.over_units = 'sum'
            ORDER BY f.indicator
            ON CONFLICT (period, unit, indicator) DO UPDATE SET {MOVED};"""


def move(rows: str) -> str:
    """SQL: add to the totals what `rows` holds, and delete those in which no figure is left."""
    counted = ", ".join(
        f"coalesce(sum(f.sign) FILTER (WHERE f.state = {STATES[name]}), 0)" for name in COUNTS
    )
    return f"""
            WITH moved AS (
                INSERT INTO figure_total AS t (period, unit, indicator, value, {", ".join(COUNTS)})
                SELECT one.period, place, f.indicator, coalesce(sum(f.value * f.sign), 0), {counted}
                FROM ({rows}) f JOIN indicator i ON i.id = f.indicator AND i.over_units = 'sum'
                GROUP BY f.indicator
                ORDER BY f.indicator
                ON CONFLICT (period, unit, indicator) DO UPDATE SET {MOVED}
                RETURNING t.indicator, {" + ".join(f"t.{name}" for name in COUNTS)} AS figures
            )
            SELECT array_agg(indicator) INTO emptied FROM moved WHERE figures = 0;
            IF emptied IS NOT NULL THEN
                DELETE FROM figure_total t
                WHERE t.period = one.period AND t.unit = place AND t.indicator = ANY (emptied);
            END IF;"""


AFTER_INSERT = f"""
CREATE OR REPLACE FUNCTION figure_after_insert() RETURNS trigger LANGUAGE plpgsql AS $$
{DECLARE}
BEGIN
    {look_at("new_rows")}
    IF one.is_all THEN
        {hold_and(ADD)}
    ELSE
        EXECUTE $sql$ {before.move_totals(before.ADDED)} $sql$;
    END IF;
    RETURN NULL;
END $$;
"""

# Where one source replaced them all, no join is needed to know it. A join of old rows with new ones by a plan
# that was made for one cell would compare each with each; a difference of sets does not.
BOTH = f"{before.ADDED} UNION ALL {before.REMOVED}"
AFTER_UPDATE = f"""
CREATE OR REPLACE FUNCTION figure_after_update() RETURNS trigger LANGUAGE plpgsql AS $$
{DECLARE}
BEGIN
    {look_at("(SELECT period, unit FROM new_rows UNION ALL SELECT period, unit FROM old_rows)")}
    IF one.is_all THEN
        SELECT CASE WHEN min(source) = max(source) THEN min(source) END INTO reviser FROM new_rows;
    END IF;
    IF reviser IS NOT NULL THEN
        SELECT s.recorded_at INTO revised_at FROM figure_source s WHERE s.id = reviser;
        INSERT INTO figure_superseded ({COLUMNS}, source, superseded_by, superseded_at)
        SELECT {COLUMNS}, source, reviser, CASE WHEN source = reviser THEN now() ELSE greatest(revised_at, (
            SELECT s.recorded_at FROM figure_source s WHERE s.id = o.source
        )) END
        FROM (
            SELECT {COLUMNS}, source FROM old_rows EXCEPT ALL SELECT {COLUMNS}, source FROM new_rows
        ) o;
    ELSE
        EXECUTE $sql$ {before.SUPERSEDE} $sql$;
    END IF;
    IF one.is_all THEN
        {hold_and(move(BOTH))}
    ELSE
        {before.drop_empty(before.move_totals(BOTH))}
    END IF;
    RETURN NULL;
END $$;
"""

AFTER_DELETE = f"""
CREATE OR REPLACE FUNCTION figure_after_delete() RETURNS trigger LANGUAGE plpgsql AS $$
{DECLARE}
    remover int := nullif(current_setting('kieumau.source', true), '');
BEGIN
    {look_at("old_rows")}
    INSERT INTO figure_superseded ({COLUMNS}, source, superseded_by, superseded_at)
    SELECT {COLUMNS}, source, remover,
        coalesce((SELECT recorded_at FROM figure_source WHERE id = remover), now())
    FROM old_rows;
    IF one.is_all THEN
        {hold_and(move(before.REMOVED))}
    ELSE
        {before.drop_empty(before.move_totals(before.REMOVED))}
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0006_figures_are_bounded")]

    operations = [
        migrations.RunSQL(
            AFTER_INSERT + AFTER_UPDATE + AFTER_DELETE,
            before.WRITTEN.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
        )
    ]
