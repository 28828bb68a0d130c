"""Which transactions changed figures or verdicts: what a trial that is kept goes by.

Numbers given while writing (ids, sequences) say nothing about the order of commits. A transaction's own
number does, together with the oldest one still under way: see `trials.standing`. One row is
enough; older ones are removed by whoever writes next, without waiting for anybody.
"""

from django.db import migrations

TABLES = ("figure", "assessment")
FORWARD = """
CREATE TABLE fact_write (xact bigint PRIMARY KEY);
CREATE FUNCTION fact_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own bigint := pg_current_xact_id()::text::bigint;
    now pg_snapshot := pg_current_snapshot();
BEGIN
    INSERT INTO fact_write VALUES (own) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        -- What is over is no longer needed; numbers not given yet come from another cluster's dump.
        DELETE FROM fact_write WHERE xact IN (
            SELECT xact FROM fact_write
            WHERE xact < pg_snapshot_xmin(now)::text::bigint
                OR xact <> own AND xact >= pg_snapshot_xmax(now)::text::bigint
            FOR UPDATE SKIP LOCKED
        );
    END IF;
    RETURN NULL;
END $$;
""" + "".join(
    f"CREATE TRIGGER {table}_is_written AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION fact_written();\n"
    for table in TABLES
)
BACKWARD = (
    "".join(f"DROP TRIGGER {table}_is_written ON {table};\n" for table in TABLES)
    + "DROP FUNCTION fact_written(); DROP TABLE fact_write;"
)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_finding"), ("indicators", "0006_figures_are_bounded")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
