"""Who had a hand in a dossier does not re-check it, nor the other way round; what was found stays."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION recheck_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND old.outcome IS NOT NULL THEN
        RAISE EXCEPTION 'what a re-check found stays'
            USING ERRCODE = 'restrict_violation', TABLE = 'recheck';
    END IF;
    IF new.person_id IS NOT NULL AND EXISTS (
        SELECT FROM dossier_hand h WHERE h.dossier_id = new.dossier_id AND h.person_id = new.person_id
    ) THEN
        RAISE EXCEPTION 'a person who had a hand in the dossier does not re-check it'
            USING ERRCODE = 'restrict_violation', TABLE = 'recheck';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER recheck_by_another BEFORE INSERT OR UPDATE ON recheck
    FOR EACH ROW EXECUTE FUNCTION recheck_by_another();

CREATE FUNCTION recheck_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'draws and re-checks stay' USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER recheck_stays BEFORE DELETE ON recheck FOR EACH ROW EXECUTE FUNCTION recheck_stays();
CREATE TRIGGER recheck_draw_stays BEFORE UPDATE OR DELETE ON recheck_draw
    FOR EACH ROW EXECUTE FUNCTION recheck_stays();
"""
BACKWARD = """
DROP TRIGGER recheck_draw_stays ON recheck_draw;
DROP TRIGGER recheck_stays ON recheck;
DROP TRIGGER recheck_by_another ON recheck;
DROP FUNCTION recheck_stays, recheck_by_another;
"""


class Migration(migrations.Migration):
    dependencies = [("rechecks", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
