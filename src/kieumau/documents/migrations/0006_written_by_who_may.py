"""Documents and their files are written by who may put documents on that shelf, or take them off it."""

from django.db import migrations

from kieumau.accounts.row_security import belonging, may, written

ADDS, REMOVES = may("unit_id", "documents.add"), may("unit_id", "documents.delete")
ADDED = belonging("document_file", "document_id", "document", may("o.unit_id", "documents.add"))
REMOVED = belonging(
    "document_file", "document_id", "document", may("o.unit_id", "documents.add", "documents.delete")
)


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_written_as_a_whole"), ("accounts", "0012_where_one_may")]

    operations = [
        written(
            "document",
            added=ADDS,
            changed=f"{ADDS} OR {REMOVES}",
            becomes=ADDS,
            removed=REMOVES,
            besides=True,
        ),
        written("document_file", added=ADDED, changed=ADDED, removed=REMOVED),
    ]
