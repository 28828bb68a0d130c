"""Published versions never change and never vanish.

A set and its criteria are written once, together. Triggers refuse every later change and removal, and
a criterion that its set's definition does not name at that place.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION criteria_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published criteria set never changes: load a new version instead'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;

CREATE FUNCTION criterion_stands_in_definition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM criteria_set s
        WHERE s.id = NEW.criteria_set_id
          AND s.definition -> 'criteria' -> (NEW.position - 1) ->> 'code' = NEW.code
    ) THEN
        RAISE EXCEPTION 'criterion % is not number % of its set', NEW.code, NEW.position
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER criteria_set_never_changes BEFORE UPDATE OR DELETE ON criteria_set
    FOR EACH ROW EXECUTE FUNCTION criteria_refuse_change();
CREATE TRIGGER criterion_never_changes BEFORE UPDATE OR DELETE ON criterion
    FOR EACH ROW EXECUTE FUNCTION criteria_refuse_change();
CREATE TRIGGER criterion_stands_in_definition BEFORE INSERT ON criterion
    FOR EACH ROW EXECUTE FUNCTION criterion_stands_in_definition();
"""

BACKWARD = """
DROP TRIGGER criterion_stands_in_definition ON criterion;
DROP TRIGGER criterion_never_changes ON criterion;
DROP TRIGGER criteria_set_never_changes ON criteria_set;
DROP FUNCTION criterion_stands_in_definition();
DROP FUNCTION criteria_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("criteria", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
