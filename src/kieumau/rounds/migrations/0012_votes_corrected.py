"""A vote that was put down wrongly is corrected by another row, with a reason; the old one stays."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from kieumau.accounts.row_security import as_owner

FORWARD = """
CREATE OR REPLACE FUNCTION dossier_vote_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place record;
BEGIN
    SELECT d.stage, d.state INTO place FROM dossier d WHERE d.id = new.dossier_id FOR NO KEY UPDATE;
    IF FOUND AND (place.state IN ('sent_back', 'decided')
            OR place.stage <= 2 AND place.state <> 'concluded') THEN
        RAISE EXCEPTION 'a council votes on what was submitted and is not decided'
            USING ERRCODE = 'restrict_violation', TABLE = 'dossier_vote';
    END IF;
    IF new.corrects_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM dossier_vote v WHERE v.id = new.corrects_id AND v.dossier_id = new.dossier_id
    ) THEN
        RAISE EXCEPTION 'a vote corrects one on the same dossier'
            USING ERRCODE = 'restrict_violation', TABLE = 'dossier_vote';
    END IF;
    IF EXISTS (
        SELECT FROM dossier_vote v
        WHERE v.dossier_id = new.dossier_id AND v.council = new.council AND v.held_on = new.held_on
            AND v.id IS DISTINCT FROM new.corrects_id
            AND NOT EXISTS (SELECT FROM dossier_vote w WHERE w.corrects_id = v.id)
    ) THEN
        RAISE EXCEPTION 'a council votes once a day on a dossier'
            USING ERRCODE = 'unique_violation', TABLE = 'dossier_vote';
    END IF;
    RETURN new;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("rounds", "0011_lots")]

    operations = [
        migrations.RemoveConstraint("vote", "dossier_vote_once_a_day"),
        migrations.AddField(
            "vote",
            "corrects",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="correction",
                to="rounds.vote",
            ),
        ),
        migrations.AddField(
            "vote", "reason", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.AddConstraint(
            "vote",
            models.CheckConstraint(
                condition=Q(corrects=None) | ~Q(reason=""), name="dossier_vote_corrected_says_why"
            ),
        ),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
        as_owner("dossier_vote_in_time"),
    ]
