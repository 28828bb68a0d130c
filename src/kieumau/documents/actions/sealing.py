"""Documents are sealed when something is submitted that rests on them."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from kieumau.accounts.acting import everywhere
from kieumau.audit.actions import Actor
from kieumau.documents import verbs
from kieumau.documents.actions.describe import log, name_of
from kieumau.documents.models import Document, File


@transaction.atomic
def seal(documents: QuerySet[Document], *, actor: Actor, now: datetime) -> int:
    """Seal documents, when something is submitted that rests on them; how many were not sealed before.

    In the transaction of what is submitted: from then on the database refuses every change. The log keeps
    the digests of their files.
    """
    with everywhere():  # what is submitted may rest on the shelf of a unit that ended in parts
        open_ones = list(documents.filter(sealed_at__isnull=True).order_by("pk").select_for_update())
        for one in open_ones:
            contents = list(File.objects.filter(document=one).order_by("pk").values_list("sha256", flat=True))
            log(verbs.SEAL, one, actor, now, new={"files": contents})
        ids = [one.pk for one in open_ones]
        return Document.objects.filter(pk__in=ids).update(sealed_at=now, sealed_by=name_of(actor))
