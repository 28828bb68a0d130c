"""What was said of an assignment is only added to, and whoever reported on it never closes it."""

from django.db import migrations

from kieumau.accounts.row_security import as_owner

FORWARD = """
CREATE FUNCTION assignment_said_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was said of an assignment is only added to'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER assignment_turn_stays BEFORE UPDATE OR DELETE ON assignment_turn
    FOR EACH ROW EXECUTE FUNCTION assignment_said_stays();
CREATE TRIGGER assignment_report_stays BEFORE UPDATE OR DELETE ON assignment_report
    FOR EACH ROW EXECUTE FUNCTION assignment_said_stays();
CREATE TRIGGER assignment_report_document_stays BEFORE UPDATE OR DELETE ON assignment_report_document
    FOR EACH ROW EXECUTE FUNCTION assignment_said_stays();
CREATE TRIGGER assignment_due_change_stays BEFORE UPDATE OR DELETE ON assignment_due_change
    FOR EACH ROW EXECUTE FUNCTION assignment_said_stays();
CREATE TRIGGER assignment_is_not_deleted BEFORE DELETE ON assignment
    FOR EACH ROW EXECUTE FUNCTION assignment_said_stays();

CREATE FUNCTION assignment_over_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.state IN ('closed', 'withdrawn') THEN
        RAISE EXCEPTION 'assignment % is over and does not change', old.id
            USING ERRCODE = 'restrict_violation', TABLE = 'assignment';
    END IF;
    -- The last reporter is refused by a constraint of the row; here everybody who ever reported is.
    IF new.closed_by_id IS NOT NULL AND EXISTS (
        SELECT FROM assignment_report r WHERE r.assignment_id = new.id AND r.by_id = new.closed_by_id
    ) THEN
        RAISE EXCEPTION 'nobody closes what he reported himself'
            USING ERRCODE = 'check_violation', TABLE = 'assignment',
                CONSTRAINT = 'assignment_is_closed_by_another';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER assignment_over_stays BEFORE UPDATE ON assignment
    FOR EACH ROW EXECUTE FUNCTION assignment_over_stays();

-- Waits for whoever ends the assignment meanwhile.
CREATE FUNCTION assignment_over_is_not_reported_on() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE now_is text;
BEGIN
    SELECT a.state INTO now_is FROM assignment a WHERE a.id = new.assignment_id FOR SHARE;
    IF now_is IN ('closed', 'withdrawn') THEN
        RAISE EXCEPTION 'assignment % is over', new.assignment_id
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER assignment_over_is_not_reported_on BEFORE INSERT ON assignment_report
    FOR EACH ROW EXECUTE FUNCTION assignment_over_is_not_reported_on();
"""

BACKWARD = """
DROP TRIGGER assignment_over_is_not_reported_on ON assignment_report;
DROP TRIGGER assignment_over_stays ON assignment;
DROP TRIGGER assignment_is_not_deleted ON assignment;
DROP TRIGGER assignment_due_change_stays ON assignment_due_change;
DROP TRIGGER assignment_report_document_stays ON assignment_report_document;
DROP TRIGGER assignment_report_stays ON assignment_report;
DROP TRIGGER assignment_turn_stays ON assignment_turn;
DROP FUNCTION assignment_over_is_not_reported_on, assignment_over_stays, assignment_said_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("assignments", "0001_initial"), ("accounts", "0004_row_security")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        as_owner("assignment_over_stays", "assignment_over_is_not_reported_on"),
    ]
