"""What the pages of documents share: the unit that a shelf belongs to, the way to it, names of kinds."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext

from kieumau.documents.kinds import kinds
from kieumau.documents.models import Document
from kieumau.kernel.messages import Refused, Text
from kieumau.units.models import Term
from kieumau.units.queries import UnknownUnit, history, unit
from kieumau.web.synthetic import page_is_about

ACCEPT = ".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx,image/jpeg,image/png,image/webp,application/pdf"


def language() -> str:
    """The language of the page."""
    return get_language() or "vi"


def owner(request: HttpRequest, unit_id: int, on: date) -> Term:
    """The unit of a shelf, as it is today or was last. 404 where there never was one."""
    try:
        found = unit(unit_id, on)
        page_is_about(request, [int(found.path.split(".")[0])])
        return found
    except UnknownUnit:
        last = history(unit_id).last()
        if last is None:
            raise Http404 from None
        return last


def frame(own: Term, *more: tuple[str, str]) -> dict[str, Any]:
    """The unit's name and the way to the page."""
    shelf = reverse("shelf", args=[own.unit_id])
    return {
        "unit_id": own.unit_id,
        "unit_name": Text(vi=own.full_name("vi"), en=own.full_name("en")),
        "crumbs": [
            (own.full_name(language()), reverse("unit", args=[own.unit_id])),
            (gettext("Documents"), shelf),
            *more,
        ],
        "accept": ACCEPT,
    }


def kind_name(document: Document, known: dict[str, Text] | None = None) -> str:
    """What the kind of a document is called; its code where nobody asks for it any more."""
    name = (kinds() if known is None else known).get(document.kind)
    return name.in_(language()) if name else document.kind


def sentences(refused: Refused) -> list[str]:
    """Every problem in the language of the page."""
    return [problem.in_(language()) for problem in refused.problems]
