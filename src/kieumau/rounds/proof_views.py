"""Evidence of a criterion: pointed at, taken back, accepted or refused."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from kieumau.accounts.models import User
from kieumau.calendars.working_days import ONE_DAY
from kieumau.documents.models import Document
from kieumau.kernel.messages import Refused
from kieumau.rounds import access, actions
from kieumau.rounds.models import Dossier, Evidence
from kieumau.rounds.proof_page import on_its_shelves


@require_POST
@login_required
def dossier_evidence(request: HttpRequest, dossier_id: int, code: str) -> HttpResponse:
    """Add documents of the unit's shelves, take one back, accept or refuse one; then the criterion again."""
    found = access.readable(request.user, dossier_id)
    if not access.may_work(request.user, found):
        raise Http404
    try:
        messages.success(request, _do(request, found, code))
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, problem.in_(get_language() or "vi"))
    return redirect(reverse("dossier_criterion", args=[found.pk, code]) + "#minh-chung")


def _do(request: HttpRequest, found: Dossier, code: str) -> str:
    """Do what was asked for; what to say of it. Raises `Refused`."""
    now, actor = timezone.now(), cast(User, request.user)
    match request.POST.get("do"):
        case "add":
            for document in _documents(request, found):
                actions.add_evidence(found.pk, criterion=code, document=document, actor=actor, now=now)
            return gettext("Added.")
        case "remove":
            actions.remove_evidence(_piece(request, found, code), actor=actor, now=now)
            return gettext("Taken back; the document stays on the shelf.")
        case "accept" | "refuse" as said:
            actions.look_at_evidence(
                _piece(request, found, code),
                is_accepted=said == "accept",
                reason=request.POST.get("reason", "").replace("\x00", "")[:2000],
                actor=actor,
                now=now,
            )
            return gettext("Accepted.") if said == "accept" else gettext("Not accepted.")
        case _:
            raise Http404


def _documents(request: HttpRequest, found: Dossier) -> list[Document]:
    """The documents that were chosen, from the unit's shelves only. 404 for any other."""
    chosen = {int(one) for one in request.POST.getlist("document") if one.isdecimal()}
    on = found.round.period.ends_before - ONE_DAY
    there = list(Document.objects.filter(on_its_shelves(found.unit_id, on), pk__in=chosen))
    if not chosen or len(there) != len(chosen):
        raise Http404
    return there


def _piece(request: HttpRequest, found: Dossier, code: str) -> Evidence:
    text = request.POST.get("evidence", "")
    rows = Evidence.objects.select_related("criterion").filter(dossier=found, criterion__code=code)
    piece = rows.filter(pk=int(text)).first() if text.isdecimal() else None
    if piece is None:
        raise Http404
    return piece
