"""The history of figures is not emptied by itself, either.

It may go only together with all sources, in one TRUNCATE: that empties the installation (`flush`), and
leaves no history behind that is a lie. All tables of a TRUNCATE are locked before the first trigger runs.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION figure_history_is_not_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_locks
        WHERE pid = pg_backend_pid() AND relation = 'figure_source'::regclass
            AND mode = 'AccessExclusiveLock' AND granted
    ) THEN
        RAISE EXCEPTION 'the history of figures is only added to'
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER figure_history_is_not_truncated BEFORE TRUNCATE ON figure_superseded
    FOR EACH STATEMENT EXECUTE FUNCTION figure_history_is_not_truncated();
"""

BACKWARD = """
DROP TRIGGER figure_history_is_not_truncated ON figure_superseded;
DROP FUNCTION figure_history_is_not_truncated();
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_totals_and_history")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
