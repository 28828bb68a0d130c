"""What is said of a visit is changed for the unit that led it, never for the one visited.

A policy sees the old row or the new one: who led it before, its trigger asks. Only of who serves pages.
"""

from django.db import migrations

from kieumau.accounts.row_security import ROLE, belonging, may, may_somewhere

LED = may("leader_id", "visits.record")
VISITED = may("unit_id", "visits.record")
# Whoever gives assignments from what a visit concluded holds the visit meanwhile.
HOLDS = may_somewhere("assignments.give")
PARTS = ("visit_participant", "visit_observation", "visit_conclusion")

FORWARD = f"""
CREATE FUNCTION visit_is_the_leaders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.unit_id <> new.unit_id THEN
        RAISE EXCEPTION 'the unit visited stays' USING ERRCODE = 'restrict_violation', TABLE = 'visit';
    END IF;
    IF NOT public.app_may_all('visits.record')
            AND old.leader_id NOT IN (SELECT public.app_may('visits.record')) THEN
        RAISE EXCEPTION 'what is said of a visit is changed for the unit that led it'
            USING ERRCODE = 'insufficient_privilege', TABLE = 'visit';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER visit_is_the_leaders BEFORE UPDATE ON visit
    FOR EACH ROW WHEN (current_user = '{ROLE}') EXECUTE FUNCTION visit_is_the_leaders();
"""
BACKWARD = """
DROP TRIGGER visit_is_the_leaders ON visit;
DROP FUNCTION visit_is_the_leaders;
"""


def _of_visit(table: str, unit: str) -> str:
    return belonging(table, "visit_id", "visit", may(f"o.{unit}", "visits.record"))


def _parts(unit: str) -> str:
    """Who writes what belongs to a visit: whoever may for that unit of it."""
    return ";\n".join(
        f"""ALTER POLICY added_by ON {table} WITH CHECK ({_of_visit(table, unit)});
        ALTER POLICY changed_by ON {table} USING ({_of_visit(table, unit)}) WITH CHECK ({_of_visit(table, unit)});
        ALTER POLICY removed_by ON {table} USING ({_of_visit(table, unit)})"""
        for table in PARTS
    )


POLICIES = f"""
ALTER POLICY added_by ON visit WITH CHECK ({VISITED} AND {LED});
ALTER POLICY changed_by ON visit USING ({LED} OR {HOLDS}) WITH CHECK ({LED});
{_parts("leader_id")};
"""
AS_BEFORE = f"""
{_parts("unit_id")};
ALTER POLICY changed_by ON visit USING ({VISITED} OR {HOLDS}) WITH CHECK ({VISITED});
ALTER POLICY added_by ON visit WITH CHECK ({VISITED});
"""


class Migration(migrations.Migration):
    dependencies = [("assignments", "0005_words_are_the_givers")]

    operations = [migrations.RunSQL(FORWARD + POLICIES, AS_BEFORE + BACKWARD)]
