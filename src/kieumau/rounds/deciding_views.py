"""What becomes of a dossier: handed on, sent back, voted on by a council."""

from datetime import date
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.forms import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from kieumau.accounts.models import User
from kieumau.accounts.scopes import in_scope
from kieumau.calendars.working_days import ONE_DAY
from kieumau.criteria.queries import definition
from kieumau.documents.access import READ as READ_DOCUMENTS
from kieumau.documents.models import Document
from kieumau.documents.where_to_add import where_to_add
from kieumau.kernel.messages import Refused
from kieumau.kernel.numbers import whole_number
from kieumau.kernel.text import search_key
from kieumau.rounds import access, actions
from kieumau.rounds.at_fields import OF_SENDING_BACK, OF_VOTE, put_at_fields
from kieumau.rounds.beneath import unchanged
from kieumau.rounds.dossier_page import page_of
from kieumau.rounds.dossier_views import show_dossier
from kieumau.rounds.forms import SendingBack, Voting
from kieumau.rounds.framing import REFUSED, frame
from kieumau.rounds.models import Dossier, Vote
from kieumau.rounds.shelves import of_who_decides
from kieumau.web.sentences import sentences

CORRECT = "sua"
_VOTED = ["council", "held_on", "members", "in_favor", "against", "minutes"]


@require_POST
@login_required
def dossier_move(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Submit, conclude or send back; then the page again, with what was wrong if anything was.

    What was typed for sending it back is there again.
    """
    found = access.readable(request.user, dossier_id)
    is_back = request.POST.get("do") == "send_back"
    back = (
        SendingBack(request.POST, criteria=definition(found.round.criteria_set).criteria) if is_back else None
    )
    problems: list[str] = []
    same = unchanged(page_of(found, timezone.now())) if request.POST.get("do") == "submit" else []
    try:
        said = _moves(request, found, back)
    except Refused as refused:
        said = ""
        problems = put_at_fields(back, refused, OF_SENDING_BACK) if back else sentences(refused)
    if said:
        messages.success(request, said)
        if same:
            told = gettext("Nothing had changed of what was sent back in %(codes)s.")
            messages.warning(request, told % {"codes": ", ".join(same)})
        return redirect("dossier", found.pk)
    found = access.readable(request.user, dossier_id)
    return show_dossier(request, found, page_of(found, timezone.now()), problems, back)


def _moves(request: HttpRequest, found: Dossier, back: SendingBack | None) -> str:
    """Do what was asked for; what to say of it, nothing where the form is wrong.

    Raises `Refused`; 404 for who may not.
    """
    now, actor = timezone.now(), cast(User, request.user)
    seen = whole_number(request.POST.get("version"))
    match request.POST.get("do"):
        case "submit" if access.may_end(actor, found):
            actions.submit(found.pk, actor=actor, now=now, seen=seen)
            return gettext("Submitted.")
        case "conclude" if access.may_end(actor, found):
            actions.conclude(found.pk, actor=actor, now=now, seen=seen)
            return gettext("The stage is concluded.")
        case "send_back" if back is not None and access.may_send_back(actor, found):
            if not back.is_valid():
                return ""
            actions.send_back(
                found.pk,
                actor=actor,
                now=now,
                reason=back.cleaned_data["reason"],
                criteria=back.cleaned_data["criteria"],
                due_until=back.cleaned_data["until"],
                seen=seen,
            )
            return gettext("Sent back.")
        case _:
            raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dossier_vote(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Put down how a council voted on a dossier, with its minutes from the unit's shelf or one above it.

    `?sua=<id>` corrects a vote, which stays. What was typed stays where it comes too late.
    """
    found = access.readable(request.user, dossier_id)
    page = page_of(found, timezone.now())
    is_sent = bool(request.POST)  # then the action says why it cannot be any more
    if not access.may_vote(request.user, found) or not (page.is_voted_on or is_sent):
        raise Http404
    corrected = _to_correct(request, found)
    form = _voting(request, found, corrected)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            _vote(request, found, form, corrected)
        except Refused as refused:
            problems = put_at_fields(form, refused, OF_VOTE)
        else:
            messages.success(request, gettext("The vote is put down."))
            return redirect("dossier", found.pk)
    context = {
        **frame(request, found, page, (gettext("Vote of the council"), "")),
        "form": form,
        "problems": problems,
        "corrected": corrected,
        "councils": _councils(found),
        "adding": where_to_add(request.user, _on_the_way(found), _today(found)),
    }
    return render(request, "rounds/vote.html", context, status=REFUSED if problems or form.errors else 200)


def _on_the_way(found: Dossier) -> list[int]:
    """The units above that of the dossier, the highest first, and itself."""
    return [int(one) for one in found.path.split(".") if one]


def _today(found: Dossier) -> date:
    """Today, or the last day of the period, on which units of the dossier that ended since were there."""
    return min(timezone.localdate(), found.round.period.ends_before - ONE_DAY)


def _voting(request: HttpRequest, found: Dossier, corrected: Vote | None) -> Voting:
    """The form, filled with what was sent, else with the vote that is to be corrected."""
    period = found.round.period
    theirs = of_who_decides(found.unit_id, period.ends_before - ONE_DAY, period.starts_on)
    if corrected is not None and corrected.minutes_id is not None:
        theirs |= Q(pk=corrected.minutes_id)
    there = in_scope(Document.objects.filter(theirs), request.user, READ_DOCUMENTS)
    return Voting(
        request.POST or None,
        documents=there.order_by("-issued_on", "-pk"),
        is_correction=corrected is not None,
        initial=model_to_dict(corrected, _VOTED) if corrected else None,
    )


def _vote(request: HttpRequest, found: Dossier, form: Voting, corrected: Vote | None) -> None:
    data = form.cleaned_data
    actions.record_vote(
        found.pk,
        council=data["council"],
        held_on=data["held_on"],
        count=form.count,
        minutes=data["minutes"],
        actor=cast(User, request.user),
        now=timezone.now(),
        corrects=corrected.pk if corrected else None,
        reason=data.get("reason", ""),
    )


def _to_correct(request: HttpRequest, found: Dossier) -> Vote | None:
    """The vote that is to be corrected, if one is; 404 for one that is not of the dossier, or was before."""
    asked = request.GET.get(CORRECT)
    if asked is None:
        return None
    of_dossier = Vote.objects.filter(dossier=found)
    if request.method != "POST":  # else the action says that it was corrected before
        of_dossier = of_dossier.filter(correction=None)
    vote = of_dossier.filter(pk=whole_number(asked) or 0).first()
    if vote is None:
        raise Http404
    return vote


def _councils(found: Dossier) -> list[str]:
    """The names of councils that voted in the round before, each as it was typed last, by name."""
    rows = Vote.objects.filter(dossier__round=found.round_id).order_by("at")
    return sorted({search_key(name): name for name in rows.values_list("council", flat=True)}.values())
