"""The doors to documents: by the unit on whose shelf they stand.

Evidence is nobody's to see who has not said who he is, also where reading is open. A document elsewhere is
not there (404); one that may be read but not changed is refused with the reasons (403).
"""

from typing import Any, cast

from django.http import Http404, HttpRequest

from kieumau.accounts.doors import may, require
from kieumau.accounts.models import User
from kieumau.documents.models import Document, File
from kieumau.units.over import Over

READ, ADD, DELETE = "documents.read", "documents.add", "documents.delete"


def somebody(request: HttpRequest) -> User:
    """Who asks; only behind a door that lets nobody in without a name."""
    return cast(User, request.user)


def may_read(user: Any, unit_id: int) -> bool:
    """May the person see the documents of a unit and their files?"""
    return may(user, READ, Over(unit_id))


def may_add(user: Any, unit_id: int) -> bool:
    """May the person put documents on the shelf of a unit and change them?"""
    return may(user, ADD, Over(unit_id))


def may_delete(user: Any, unit_id: int) -> bool:
    """May the person take documents off the shelf of a unit, and files from them?"""
    return may(user, DELETE, Over(unit_id))


def open_shelf(user: Any, unit_id: int, permission: str = READ) -> None:
    """Lets pass whoever may do that at the shelf of a unit. Raises `Denied` otherwise."""
    require(user, permission, Over(unit_id))


def readable(user: Any, document_id: int) -> Document:
    """The document, for somebody who may read it. 404 otherwise, and where there is none."""
    found = Document.objects.filter(pk=document_id).first()
    if found is None or not may_read(user, found.unit_id):
        raise Http404
    return found


def editable(user: Any, document_id: int) -> Document:
    """The document, for somebody who may change it. 404 where he may not read it, `Denied` otherwise."""
    found = readable(user, document_id)
    open_shelf(user, found.unit_id, ADD)
    return found


def removable(user: Any, document_id: int) -> Document:
    """The document, for somebody who may take it off its shelf. 404 or `Denied` otherwise."""
    found = readable(user, document_id)
    open_shelf(user, found.unit_id, DELETE)
    return found


def readable_file(user: Any, file_id: int) -> File:
    """The file with its document, for somebody who may read that. 404 otherwise."""
    found = File.objects.select_related("document").filter(pk=file_id).first()
    if found is None or not may_read(user, found.document.unit_id):
        raise Http404
    return found
