"""What is handed over after a decision can be put right: the certificate's number, the day of the ceremony."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION title_keeps_its_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    handed_over CONSTANT text[] := ARRAY['certificate', 'ceremony_on'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - handed_over = to_jsonb(OLD) - handed_over THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what was decided about titles is only added to'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;
DROP TRIGGER title_stays ON title;
CREATE TRIGGER title_stays BEFORE UPDATE OR DELETE ON title
    FOR EACH ROW EXECUTE FUNCTION title_keeps_its_decision();
"""
BACKWARD = """
DROP TRIGGER title_stays ON title;
CREATE TRIGGER title_stays BEFORE UPDATE OR DELETE ON title FOR EACH ROW EXECUTE FUNCTION title_stays();
DROP FUNCTION title_keeps_its_decision;
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0006_decided_without_a_title")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
