"""What the database itself keeps: what is sealed stays as it was, and what was read is only added to."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION document_sealed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'document % is sealed and does not change', old.id
        USING ERRCODE = 'restrict_violation', TABLE = 'document';
END $$;
CREATE TRIGGER document_sealed_stays BEFORE UPDATE OR DELETE ON document
    FOR EACH ROW WHEN (old.sealed_at IS NOT NULL) EXECUTE FUNCTION document_sealed_stays();

-- Waits for whoever seals the document meanwhile.
CREATE FUNCTION document_files_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE sealed timestamptz;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'a file is never swapped: it is removed and another one added'
            USING ERRCODE = 'restrict_violation', TABLE = 'document_file';
    END IF;
    SELECT d.sealed_at INTO sealed FROM document d
        WHERE d.id = CASE TG_OP WHEN 'INSERT' THEN new.document_id ELSE old.document_id END
        FOR SHARE;
    IF sealed IS NOT NULL THEN
        RAISE EXCEPTION 'the files of a sealed document do not change'
            USING ERRCODE = 'restrict_violation', TABLE = 'document_file';
    END IF;
    RETURN coalesce(new, old);
END $$;
CREATE TRIGGER document_files_stay BEFORE INSERT OR UPDATE OR DELETE ON document_file
    FOR EACH ROW EXECUTE FUNCTION document_files_stay();

CREATE FUNCTION document_readings_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was read is only added to'
        USING ERRCODE = 'restrict_violation', TABLE = 'document_reading';
END $$;
CREATE TRIGGER document_readings_stay BEFORE UPDATE OR DELETE ON document_reading
    FOR EACH ROW EXECUTE FUNCTION document_readings_stay();

-- Emptied only together with the units, which empties the installation (`flush`).
CREATE FUNCTION document_is_not_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_locks
        WHERE pid = pg_backend_pid() AND relation = 'unit'::regclass
            AND mode = 'AccessExclusiveLock' AND granted
    ) THEN
        RAISE EXCEPTION 'documents are not emptied by themselves'
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER document_is_not_truncated BEFORE TRUNCATE ON document
    FOR EACH STATEMENT EXECUTE FUNCTION document_is_not_truncated();
CREATE TRIGGER document_file_is_not_truncated BEFORE TRUNCATE ON document_file
    FOR EACH STATEMENT EXECUTE FUNCTION document_is_not_truncated();
CREATE TRIGGER document_reading_is_not_truncated BEFORE TRUNCATE ON document_reading
    FOR EACH STATEMENT EXECUTE FUNCTION document_is_not_truncated();
"""

BACKWARD = """
DROP TRIGGER document_reading_is_not_truncated ON document_reading;
DROP TRIGGER document_file_is_not_truncated ON document_file;
DROP TRIGGER document_is_not_truncated ON document;
DROP TRIGGER document_readings_stay ON document_reading;
DROP TRIGGER document_files_stay ON document_file;
DROP TRIGGER document_sealed_stays ON document;
DROP FUNCTION document_is_not_truncated, document_readings_stay, document_files_stay, document_sealed_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
