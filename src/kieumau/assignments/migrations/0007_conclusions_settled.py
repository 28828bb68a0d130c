"""A conclusion may need no assignment; whether one follows is known also where nobody may see which."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION visit_awaits_assignment(visit bigint) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM visit_conclusion c
        WHERE c.visit_id = visit AND c.settled_why = ''
            AND NOT EXISTS (SELECT FROM assignment a WHERE a.conclusion_id = c.id))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("assignments", "0006_visits_are_whose_who_led")]

    operations = [
        migrations.AddField(
            "conclusion",
            "settled_why",
            models.CharField(blank=True, max_length=500, default=""),
            preserve_default=False,
        ),
        migrations.RunSQL(FORWARD, "DROP FUNCTION visit_awaits_assignment"),
    ]
