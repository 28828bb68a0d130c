"""The log of one object, for its own page, or the way there."""

from typing import Any

from django.template import Context, Library

from kieumau.audit.access import may_read, readable
from kieumau.audit.lines import lines_of
from kieumau.audit.queries import Asked, entries

SHOWN = 5

register = Library()


@register.inclusion_tag("audit/of_object.html", takes_context=True)
def audit_log(context: Context, kind: str, object_id: int | str) -> dict[str, Any]:
    """What was done to an object, latest first, for those who may read the log; else nothing."""
    user = context.get("user")
    if not may_read(user):
        return {}
    asked = Asked(object_kind=kind, object_id=str(object_id))
    found = entries(asked, limit=SHOWN + 1, readable=readable(user))
    return {
        "lines": lines_of(found[:SHOWN]),
        "has_more": len(found) > SHOWN,
        "object": f"{kind}:{object_id}",
        "may_read": True,
        "request": context.get("request"),
    }


@register.inclusion_tag("audit/link.html", takes_context=True)
def audit_link(context: Context, kind: str, object_id: int | str) -> dict[str, Any]:
    """The way to the log of an object, where its page is full of queries: this takes none."""
    return {"may_read": may_read(context.get("user")), "object": f"{kind}:{object_id}"}
