"""A re-check keeps what it is compared with: what the dossier had found of the criterion when it was drawn.

Of earlier ones that is known where the finding has not changed since; of the others it stays empty, and they
are compared with nothing.
"""

from django.db import migrations, models
from django.db.models import Q

from kieumau.assessments.rules import Outcome
from kieumau.rounds.rules import Stage

FORWARD = """
ALTER TABLE recheck DISABLE TRIGGER recheck_by_another;
UPDATE recheck c SET was = f.outcome, stage = f.stage, is_measured = f.is_measured
FROM recheck one JOIN recheck_draw d ON d.id = one.draw_id, LATERAL (
    SELECT f.* FROM dossier_finding f
    WHERE f.dossier_id = one.dossier_id AND f.criterion_id = one.criterion_id
    ORDER BY f.stage DESC LIMIT 1
) f
WHERE one.id = c.id AND f.at <= coalesce(one.at, d.drawn_at);
ALTER TABLE recheck ENABLE TRIGGER recheck_by_another;

CREATE FUNCTION recheck_compared_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a re-check is compared with stays'
        USING ERRCODE = 'restrict_violation', TABLE = 'recheck';
END $$;
CREATE TRIGGER recheck_compared_stays BEFORE UPDATE ON recheck FOR EACH ROW
    WHEN ((old.was, old.stage, old.is_measured) IS DISTINCT FROM (new.was, new.stage, new.is_measured))
    EXECUTE FUNCTION recheck_compared_stays();
"""
BACKWARD = """
DROP TRIGGER recheck_compared_stays ON recheck;
DROP FUNCTION recheck_compared_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("rechecks", "0008_bound_late_in_the_log"), ("rounds", "0015_written_by_who_may")]

    operations = [
        migrations.AddField(
            "recheck", "was", models.PositiveSmallIntegerField(choices=Outcome.choices(), null=True)
        ),
        migrations.AddField(
            "recheck", "stage", models.PositiveSmallIntegerField(choices=Stage.choices(), null=True)
        ),
        migrations.AddField("recheck", "is_measured", models.BooleanField(null=True)),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AddConstraint(
            "recheck",
            models.CheckConstraint(
                condition=Q(was__isnull=True, stage__isnull=True, is_measured__isnull=True)
                | Q(was__isnull=False, stage__isnull=False, is_measured__isnull=False),
                name="recheck_is_compared_with_all",
            ),
        ),
    ]
