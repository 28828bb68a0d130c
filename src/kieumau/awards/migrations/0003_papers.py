"""The decision and the certificate of a title as documents; only ever added, seen where the document is."""

import django.db.models.deletion
from django.db import migrations, models

from kieumau.accounts.row_security import protect

FORWARD = """
CREATE TRIGGER title_paper_stays BEFORE UPDATE OR DELETE ON title_paper
    FOR EACH ROW EXECUTE FUNCTION title_stays();
"""
BACKWARD = "DROP TRIGGER title_paper_stays ON title_paper;"


class Migration(migrations.Migration):
    dependencies = [("awards", "0002_guards"), ("documents", "0003_row_security")]

    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("decision", "decision"), ("certificate", "certificate")], max_length=12
                    ),
                ),
                ("attached_at", models.DateTimeField()),
                ("attached_by", models.CharField(max_length=150)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="awards.title",
                    ),
                ),
            ],
            options={"db_table": "title_paper", "ordering": ("title", "id")},
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(fields=("title", "document"), name="title_paper_once"),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["decision", "certificate"])), name="title_paper_is_known"
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        protect("title_paper", through=("document_id", "document")),
    ]
