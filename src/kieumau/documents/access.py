"""The doors to documents. Roles and scope come with the accounts; until then one function a door.

Evidence is nobody's to see who has not said who he is, also where reading is open.
"""

from typing import Any, cast

from django.http import Http404, HttpRequest

from kieumau.accounts.models import User
from kieumau.documents.models import Document, File


def somebody(request: HttpRequest) -> User:
    """Who asks; only behind a door that lets nobody in without a name."""
    return cast(User, request.user)


def may_read(user: Any) -> bool:
    """May the person see documents and their files? Whoever has signed in, for now."""
    return bool(user is not None and user.is_authenticated)


def may_add(user: Any) -> bool:
    """May the person put documents on a shelf and change them? Whoever has signed in, for now."""
    return may_read(user)


def readable(user: Any, document_id: int) -> Document:
    """The document, for somebody who may read it. 404 otherwise, and where there is none."""
    found = Document.objects.filter(pk=document_id).first() if may_read(user) else None
    if found is None:
        raise Http404
    return found


def editable(user: Any, document_id: int) -> Document:
    """The document, for somebody who may change it. 404 otherwise."""
    if not may_add(user):
        raise Http404
    return readable(user, document_id)


def readable_file(user: Any, file_id: int) -> File:
    """The file with its document, for somebody who may read that. 404 otherwise."""
    rows = File.objects.select_related("document")
    found = rows.filter(pk=file_id).first() if may_read(user) else None
    if found is None:
        raise Http404
    return found
