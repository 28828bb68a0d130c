"""A file is taken away by who may delete evidence of that unit, as its document is."""

from django.db import migrations
from django.db.migrations import RunSQL

from kieumau.accounts.row_security import ROLE, belonging, may

DELETED = may("o.unit_id", "documents.delete")
BEFORE = may("o.unit_id", "documents.add", "documents.delete")


def removed(condition: str) -> str:
    """Files are removed where that is so of their document."""
    asked = belonging("document_file", "document_id", "document", condition)
    return (
        "DROP POLICY removed_by ON document_file;"
        f"CREATE POLICY removed_by ON document_file FOR DELETE TO {ROLE} USING ({asked})"
    )


class Migration(migrations.Migration):
    dependencies = [("documents", "0006_written_by_who_may")]

    operations = [RunSQL(removed(DELETED), removed(BEFORE))]
