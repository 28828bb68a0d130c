"""Texts are kept: that of a version beside what it says, and every text that a draft has had.

An issued draft, and a text once saved, never change; a draft that was deleted is only put aside. Like
versions they go only with the whole installation, in one TRUNCATE.
"""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
INSERT INTO criteria_draft_text (draft_id, version, text, saved_by, saved_at)
SELECT id, version, text, changed_by, changed_at FROM criteria_draft;

CREATE FUNCTION criteria_draft_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an issued draft, and a text that was saved, never change'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;

CREATE FUNCTION criteria_draft_is_not_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_locks
        WHERE pid = pg_backend_pid() AND relation = 'indicator'::regclass
            AND mode = 'AccessExclusiveLock' AND granted
    ) THEN
        RAISE EXCEPTION 'an issued draft, and a text that was saved, never change'
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER criteria_draft_issued_stays BEFORE UPDATE OR DELETE ON criteria_draft
    FOR EACH ROW WHEN (OLD.issued_as_id IS NOT NULL) EXECUTE FUNCTION criteria_draft_stays();
CREATE TRIGGER criteria_draft_text_stays BEFORE UPDATE OR DELETE ON criteria_draft_text
    FOR EACH ROW EXECUTE FUNCTION criteria_draft_stays();
CREATE TRIGGER criteria_draft_is_not_truncated BEFORE TRUNCATE ON criteria_draft
    FOR EACH STATEMENT EXECUTE FUNCTION criteria_draft_is_not_truncated();
CREATE TRIGGER criteria_draft_text_is_not_truncated BEFORE TRUNCATE ON criteria_draft_text
    FOR EACH STATEMENT EXECUTE FUNCTION criteria_draft_is_not_truncated();
"""

BACKWARD = """
DROP TRIGGER criteria_draft_text_is_not_truncated ON criteria_draft_text;
DROP TRIGGER criteria_draft_is_not_truncated ON criteria_draft;
DROP TRIGGER criteria_draft_text_stays ON criteria_draft_text;
DROP TRIGGER criteria_draft_issued_stays ON criteria_draft;
DROP FUNCTION criteria_draft_is_not_truncated();
DROP FUNCTION criteria_draft_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("criteria", "0004_draft"), ("indicators", "0001_initial")]

    operations = [
        migrations.AddField("criteriaset", "text", models.TextField(blank=True, default="")),
        migrations.AddField("draft", "deleted_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("draft", "deleted_by", models.CharField(blank=True, max_length=150, default="")),
        migrations.CreateModel(
            name="SavedText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("saved_by", models.CharField(blank=True, max_length=150)),
                ("saved_at", models.DateTimeField()),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="texts",
                        to="criteria.draft",
                    ),
                ),
            ],
            options={"db_table": "criteria_draft_text", "ordering": ("draft", "-version")},
        ),
        migrations.AddConstraint(
            "savedtext",
            models.UniqueConstraint(fields=("draft", "version"), name="criteria_draft_text_once"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
