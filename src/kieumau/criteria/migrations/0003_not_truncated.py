"""Published versions are not emptied away, either.

They may go only together with the whole catalogue, in one TRUNCATE: that empties the installation
(`flush`). All tables of a TRUNCATE are locked before the first trigger runs.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION criteria_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_locks
        WHERE pid = pg_backend_pid() AND relation = 'indicator'::regclass
            AND mode = 'AccessExclusiveLock' AND granted
    ) THEN
        RAISE EXCEPTION 'a published criteria set never changes: load a new version instead'
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER criteria_set_is_not_truncated BEFORE TRUNCATE ON criteria_set
    FOR EACH STATEMENT EXECUTE FUNCTION criteria_refuse_truncate();
CREATE TRIGGER criterion_is_not_truncated BEFORE TRUNCATE ON criterion
    FOR EACH STATEMENT EXECUTE FUNCTION criteria_refuse_truncate();
"""

BACKWARD = """
DROP TRIGGER criterion_is_not_truncated ON criterion;
DROP TRIGGER criteria_set_is_not_truncated ON criteria_set;
DROP FUNCTION criteria_refuse_truncate();
"""


class Migration(migrations.Migration):
    dependencies = [("criteria", "0002_immutable"), ("indicators", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
