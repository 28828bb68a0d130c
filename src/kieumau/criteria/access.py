"""Who may write drafts, and who may issue them."""

from typing import Any

from django.http import Http404

from kieumau.criteria.models import Draft

ISSUE = "criteria.issue_set"


def may_draft(user: Any) -> bool:
    """Whoever has signed in may write, change and delete drafts, his own and those of others."""
    return bool(user is not None and user.is_authenticated)


def may_issue(user: Any) -> bool:
    """Issuing binds every unit: it takes the permission `criteria.issue_set` (the programme office)."""
    return may_draft(user) and bool(user.has_perm(ISSUE))


def open_draft(user: Any, draft_id: int) -> Draft:
    """The draft, for somebody who may write drafts. 404 otherwise, and where there is none."""
    draft = Draft.objects.select_related("issued_as").filter(pk=draft_id).first()
    if draft is None or not may_draft(user):
        raise Http404
    return draft
