"""A title is put right by a row that says how: what stood there before is kept with it, by the database itself."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

PARTS = ["reference", "decided_on", "issuer", "valid", "certificate", "ceremony_on", "against", "why"]

# The row alone changes the title, and writes down by itself what stood there. The trigger's own update is one
# level deeper than any other: that is how the guard of the title tells it.
FORWARD = f"""
CREATE FUNCTION title_is_put_right() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    there title%ROWTYPE;
BEGIN
    IF NEW.new - ARRAY{PARTS!r} <> '{{}}' THEN
        RAISE EXCEPTION 'that of a title is not put right' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT * INTO STRICT there FROM title WHERE id = NEW.title_id FOR UPDATE;
    NEW.old := (SELECT jsonb_object_agg(k, to_jsonb(there) -> k) FROM jsonb_object_keys(NEW.new) k);
    there := jsonb_populate_record(there, NEW.new);
    UPDATE title SET (reference, decided_on, issuer, valid, certificate, ceremony_on, against, why) =
        (there.reference, there.decided_on, there.issuer, there.valid, there.certificate, there.ceremony_on,
         there.against, there.why)
    WHERE id = NEW.title_id;
    RETURN NEW;
END $$;
CREATE TRIGGER title_is_put_right BEFORE INSERT ON title_correction
    FOR EACH ROW EXECUTE FUNCTION title_is_put_right();
CREATE TRIGGER title_correction_stays BEFORE UPDATE OR DELETE ON title_correction
    FOR EACH ROW EXECUTE FUNCTION title_stays();
CREATE OR REPLACE FUNCTION title_keeps_its_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    put_right CONSTANT text[] := ARRAY{PARTS!r};
BEGIN
    IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 AND to_jsonb(NEW) - put_right = to_jsonb(OLD) - put_right THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what was decided about titles is only added to'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION title_keeps_its_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    handed_over CONSTANT text[] := ARRAY['certificate', 'ceremony_on'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - handed_over = to_jsonb(OLD) - handed_over THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what was decided about titles is only added to'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;
DROP TRIGGER title_correction_stays ON title_correction;
DROP TRIGGER title_is_put_right ON title_correction;
DROP FUNCTION title_is_put_right;
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0007_put_right")]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("old", models.JSONField(default=dict)),
                ("new", models.JSONField()),
                ("reason", models.TextField()),
                ("by_reference", models.CharField(blank=True, max_length=100)),
                ("by_issued_on", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=150)),
                (
                    "title",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="awards.title",
                    ),
                ),
            ],
            options={"db_table": "title_correction", "ordering": ("-id",)},
        ),
        migrations.AddConstraint(
            "correction",
            models.CheckConstraint(condition=~Q(new={}), name="correction_says_something"),
        ),
        migrations.AddConstraint(
            "correction", models.CheckConstraint(condition=~Q(reason=""), name="correction_says_why")
        ),
        migrations.AddConstraint(
            "correction",
            models.CheckConstraint(
                condition=Q(by_reference="", by_issued_on__isnull=True)
                | (~Q(by_reference="") & Q(by_issued_on__isnull=False)),
                name="correction_names_its_document",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
