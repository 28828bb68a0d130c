"""A secret for every round, from which the seeds of its draws are made; rounds that are there get theirs now."""

from django.db import migrations, models

from kieumau.rounds import lots

FORWARD = """
UPDATE round SET lot = encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'hex');
CREATE FUNCTION round_lot_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.lot <> new.lot THEN
        RAISE EXCEPTION 'the lot of a round stays' USING ERRCODE = 'restrict_violation', TABLE = 'round';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER round_lot_stays BEFORE UPDATE OF lot ON round
    FOR EACH ROW EXECUTE FUNCTION round_lot_stays();
"""
BACKWARD = "DROP TRIGGER round_lot_stays ON round; DROP FUNCTION round_lot_stays"


class Migration(migrations.Migration):
    dependencies = [("rounds", "0010_teams_end")]

    operations = [
        migrations.AddField(
            "round", "lot", models.CharField(default="", max_length=64), preserve_default=False
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AlterField("round", "lot", models.CharField(default=lots.fresh, max_length=64)),
    ]
