"""Dossiers move by the rules alone, whoever writes them; what a decision rests on is kept with it."""

from django.db import migrations, models

from kieumau.accounts.row_security import as_owner

FORWARD = """
-- As `rules.after` says. What was decided stays, and so does what was frozen once it was handed on.
CREATE FUNCTION dossier_moves_by_the_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    made record;
    later smallint;
    is_with_unit boolean := old.stage <= 2 AND old.state IN ('open', 'sent_back');
BEGIN
    IF old.state = 'decided' THEN
        RAISE EXCEPTION 'nothing of a decided dossier changes'
            USING ERRCODE = 'restrict_violation', TABLE = 'dossier';
    END IF;
    IF (old.id, old.round_id, old.unit_id, old.path, old.province_id)
            IS DISTINCT FROM (new.id, new.round_id, new.unit_id, new.path, new.province_id)
        OR new.version < old.version THEN
        RAISE EXCEPTION 'a dossier stays that of its unit and round, and its version rises'
            USING ERRCODE = 'restrict_violation', TABLE = 'dossier';
    END IF;
    IF NOT is_with_unit AND (old.frozen, old.frozen_sha256, old.submitted_at)
            IS DISTINCT FROM (new.frozen, new.frozen_sha256, new.submitted_at) THEN
        RAISE EXCEPTION 'what was submitted stays as it was frozen'
            USING ERRCODE = 'restrict_violation', TABLE = 'dossier';
    END IF;
    IF (old.stage, old.state) = (new.stage, new.state) THEN
        RETURN new;
    END IF;
    SELECT r.state, r.stages INTO made FROM round r WHERE r.id = old.round_id FOR SHARE;
    later := (SELECT min(stage) FROM unnest(made.stages) AS stage WHERE stage > old.stage);
    IF new.version > old.version AND (CASE new.state
        WHEN 'decided' THEN old.state = 'concluded' AND new.stage = old.stage
        WHEN 'sent_back' THEN made.state = 'open' AND new.stage = 2 AND NOT is_with_unit
        WHEN 'open' THEN made.state = 'open' AND old.state <> 'concluded' AND new.stage = later
        ELSE made.state = 'open' AND old.state <> 'concluded' AND later IS NULL AND new.stage = old.stage
    END) THEN
        RETURN new;
    END IF;
    RAISE EXCEPTION 'a dossier does not move like that'
        USING ERRCODE = 'restrict_violation', TABLE = 'dossier';
END $$;
CREATE TRIGGER dossier_moves_by_the_rules BEFORE UPDATE ON dossier
    FOR EACH ROW EXECUTE FUNCTION dossier_moves_by_the_rules();

CREATE FUNCTION round_stays_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.state <> 'preparing' AND (
        (old.criteria_set_id, old.period_id, old.area_id, old.level, old.kinds, old.only, old.stages,
            old.opened_at)
        IS DISTINCT FROM
        (new.criteria_set_id, new.period_id, new.area_id, new.level, new.kinds, new.only, new.stages,
            new.opened_at)
        OR new.state = 'preparing' OR (old.state = 'closed' AND new.state <> 'closed')
    ) THEN
        RAISE EXCEPTION 'a round that was opened stays what it is'
            USING ERRCODE = 'restrict_violation', TABLE = 'round';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER round_stays_what_it_is BEFORE UPDATE ON round
    FOR EACH ROW EXECUTE FUNCTION round_stays_what_it_is();

-- A council votes on what was submitted, until it is decided.
CREATE FUNCTION dossier_vote_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place record;
BEGIN
    SELECT d.stage, d.state INTO place FROM dossier d WHERE d.id = new.dossier_id FOR SHARE;
    IF FOUND AND (place.state IN ('sent_back', 'decided')
            OR place.stage <= 2 AND place.state <> 'concluded') THEN
        RAISE EXCEPTION 'a council votes on what was submitted and is not decided'
            USING ERRCODE = 'restrict_violation', TABLE = 'dossier_vote';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER dossier_vote_in_time BEFORE INSERT ON dossier_vote
    FOR EACH ROW EXECUTE FUNCTION dossier_vote_in_time();
"""

BACKWARD = """
DROP TRIGGER dossier_vote_in_time ON dossier_vote;
DROP FUNCTION dossier_vote_in_time;
DROP TRIGGER round_stays_what_it_is ON round;
DROP FUNCTION round_stays_what_it_is;
DROP TRIGGER dossier_moves_by_the_rules ON dossier;
DROP FUNCTION dossier_moves_by_the_rules;
"""


class Migration(migrations.Migration):
    dependencies = [("rounds", "0003_row_security")]

    operations = [
        migrations.AddField("move", "due_until", models.DateField(null=True)),
        migrations.AddField(
            "move", "sha256", models.CharField(blank=True, default="", max_length=64), preserve_default=False
        ),
        migrations.AddConstraint(
            "vote",
            models.UniqueConstraint(fields=["dossier", "council", "held_on"], name="dossier_vote_once_a_day"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        as_owner("dossier_moves_by_the_rules", "dossier_vote_in_time"),
    ]
