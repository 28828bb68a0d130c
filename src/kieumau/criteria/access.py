"""Who may write drafts, and who may issue them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from kieumau.criteria.models import Draft
from kieumau.units.over import WHOLE

DRAFT = "criteria.draft"
ISSUE = "criteria.issue_set"


def may_draft(user: Any) -> bool:
    """Who has `criteria.draft` anywhere may write drafts of his own, and read and copy those of others."""
    return bool(user is not None and user.is_authenticated and user.has_perm(DRAFT))


def may_issue(user: Any) -> bool:
    """Issuing binds every unit: it takes `criteria.issue_set` over the whole country (programme office)."""
    return may_draft(user) and bool(user.has_perm(ISSUE, WHOLE))


def may_edit(user: Any, draft: Draft) -> bool:
    """Whoever made a draft, or may issue it, may change and delete it; an issued one nobody."""
    if draft.issued_as_id is not None or draft.deleted_at is not None or not may_draft(user):
        return False
    return _is_own(user, draft) or may_issue(user)


def open_draft(user: Any, draft_id: int) -> Draft:
    """The draft, to be read by somebody who may write drafts. 404 otherwise, and where there is none."""
    draft = Draft.objects.there().select_related("issued_as").filter(pk=draft_id).first()
    if draft is None or not may_draft(user):
        raise Http404
    return draft


def editable_draft(user: Any, draft_id: int) -> Draft:
    """The draft, to be changed. 404 where there is none, 403 where it is somebody else's.

    An issued one is given too: that it changes no more is said by the actions.
    """
    draft = open_draft(user, draft_id)
    if draft.issued_as_id is None and not may_edit(user, draft):
        raise PermissionDenied
    return draft


def deleted_draft(user: Any, draft_id: int) -> Draft:
    """A deleted draft, for whoever may bring it back: its maker, or who may issue. 404 otherwise."""
    draft = Draft.objects.exclude(deleted_at=None).filter(pk=draft_id).first()
    if draft is None or not may_draft(user) or not (_is_own(user, draft) or may_issue(user)):
        raise Http404
    return draft


def _is_own(user: Any, draft: Draft) -> bool:
    return bool(draft.made_by == user.get_username())
