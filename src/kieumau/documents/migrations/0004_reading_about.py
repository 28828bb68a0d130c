"""For what a document was read: the dossier from which somebody reached it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_row_security")]

    operations = [
        migrations.AddField(
            "reading",
            "about_kind",
            models.CharField(blank=True, max_length=20, default=""),
            preserve_default=False,
        ),
        migrations.AddField("reading", "about_id", models.BigIntegerField(null=True)),
        migrations.AddField(
            "reading",
            "about_name",
            models.CharField(blank=True, max_length=200, default=""),
            preserve_default=False,
        ),
    ]
