"""What is to be done, with whom and until when is the giver's to change; between whom it is, nobody's.

A policy sees the old row or the new one: what may change of a row, its trigger asks. Only of who serves pages.
"""

from django.db import migrations

from kieumau.accounts.row_security import ROLE

FORWARD = f"""
CREATE FUNCTION assignment_is_the_givers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (old.owner_id, old.giver_id, old.programme, old.origin, old.given_at)
            IS DISTINCT FROM (new.owner_id, new.giver_id, new.programme, new.origin, new.given_at) THEN
        RAISE EXCEPTION 'between whom an assignment is, and where it comes from, stays'
            USING ERRCODE = 'restrict_violation', TABLE = 'assignment';
    END IF;
    IF NOT public.app_may_all('assignments.give')
            AND new.giver_id NOT IN (SELECT public.app_may('assignments.give')) THEN
        RAISE EXCEPTION 'words, partners and due day of an assignment are changed by who gave it'
            USING ERRCODE = 'insufficient_privilege', TABLE = 'assignment';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER assignment_is_the_givers BEFORE UPDATE ON assignment
    FOR EACH ROW WHEN (current_user = '{ROLE}' AND (
        OLD.owner_id, OLD.giver_id, OLD.programme, OLD.origin, OLD.given_at, OLD.text, OLD.partners, OLD.due_on
    ) IS DISTINCT FROM (
        NEW.owner_id, NEW.giver_id, NEW.programme, NEW.origin, NEW.given_at, NEW.text, NEW.partners, NEW.due_on
    )) EXECUTE FUNCTION assignment_is_the_givers();
"""
BACKWARD = """
DROP TRIGGER assignment_is_the_givers ON assignment;
DROP FUNCTION assignment_is_the_givers;
"""


class Migration(migrations.Migration):
    dependencies = [("assignments", "0004_written_by_who_may")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
