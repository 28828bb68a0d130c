"""What counts of the documents under a dossier, as it is read for `proving`."""

from django.db.models import Exists, OuterRef, QuerySet

from kieumau.documents.models import Document, File
from kieumau.rounds.models import Evidence
from kieumau.rounds.proving import Paper


def with_files(rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Evidence with its documents; of each is known whether it has a file, for `paper_of`. No query more."""
    there = Exists(File.objects.filter(document=OuterRef("document")))
    return rows.select_related("criterion", "document").annotate(has_file=there)


def paper_of(one: Evidence) -> Paper:
    """What counts of a row of `with_files`."""
    return paper(one.document, has_file=vars(one)["has_file"])


def paper(document: Document, *, has_file: bool) -> Paper:
    """What counts of a document."""
    return Paper(
        document.kind,
        document.issued_on,
        document.proves_from,
        document.proves_before,
        has_file,
        document.reference or document.summary,
    )
