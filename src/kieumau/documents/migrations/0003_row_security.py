"""Documents, their files and who read them are seen by those in whose scope the unit lies."""

from django.db import migrations

from kieumau.accounts.row_security import protect


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_guards"), ("accounts", "0004_row_security")]

    operations = [
        protect("document"),
        protect("document_file", through=("document_id", "document")),
        protect("document_reading"),
    ]
