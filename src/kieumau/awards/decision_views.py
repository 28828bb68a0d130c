"""The page where the decision on a dossier is put down: typed, looked over, recorded; what it says after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from kieumau.accounts.models import User
from kieumau.accounts.scopes import units_in_scope
from kieumau.awards import access, actions, queries
from kieumau.awards.forms import Decline, Recognize
from kieumau.awards.models import Title
from kieumau.awards.views import REFUSED, went_against
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import Documented
from kieumau.documents import views as documents
from kieumau.documents.access import ADD
from kieumau.kernel.messages import Refused, Text
from kieumau.kernel.numbers import whole_number
from kieumau.rounds.access import readable
from kieumau.rounds.deciding import SENTENCES
from kieumau.rounds.framing import unit_name
from kieumau.rounds.models import Dossier
from kieumau.rounds.rules import State
from kieumau.rounds.weighing import Shown, shown_by
from kieumau.units.calling import name_of
from kieumau.units.models import Term
from kieumau.web.sentences import sentences

WHICH, DECLINED = "la", "decline"
BACK = "tiep"  # back from the shelf
_NOT_TYPED = {"csrfmiddlewaretoken", "version", "step", "shelf"}


@dataclass(frozen=True, slots=True)
class _Page:
    """What is asked for: of which dossier, given or not, over what it shows."""

    request: HttpRequest
    dossier: Dossier
    is_declined: bool
    shown: Shown

    @property
    def against(self) -> list[Text]:
        """What it goes against, in words."""
        is_met = not self.is_declined
        return [SENTENCES[one, is_met] for one in self.shown.against(is_met=is_met)]

    def form(self, typed: Any, initial: dict[str, Any]) -> Recognize | Decline:
        """The form, with what was sent, or with what was typed before."""
        about: dict[str, Any] = {
            "there": queries.offered(
                self.request.user,
                self.dossier.unit_id,
                timezone.localdate(),
                self.dossier.round.period.starts_on,
            ),
            "dossier_id": self.dossier.pk,
            "known": _kinds(self.dossier),
            "concluded_on": self.shown.concluded_on,
            "initial": initial,
        }
        if self.is_declined:
            return Decline(typed, **about)
        return Recognize(typed, **about, is_against=bool(self.against))

    def rendered(self, template: str, status: int = 200, **more: Any) -> HttpResponse:
        """A page about the decision."""
        name = more.pop("unit_name", None) or unit_name(self.dossier)
        crumbs = [
            (name.in_(get_language() or "vi"), reverse("dossier", args=[self.dossier.pk])),
            (gettext("Decision"), ""),
        ]
        context = {
            "dossier": self.dossier,
            "unit_name": name,
            "crumbs": crumbs,
            "is_declined": self.is_declined,
            "shown": self.shown,
            "against": self.against,
            **more,
        }
        return render(self.request, template, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dossier_decision(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Put down the decision on a dossier, recognized or not: what was typed is shown before it counts.

    One that is decided, or not through its stages, says so instead; what is sent to it is refused as typed.
    """
    found = readable(request.user, dossier_id)
    if not access.may_recognize(request.user, found):
        raise Http404
    is_declined = DECLINED in (request.GET.get(WHICH), request.POST.get("do"))
    page = _Page(request, found, is_declined, shown_by(found, timezone.now()))
    if request.method != "POST":
        if found.state != State.CONCLUDED:
            return _closed(page)
        return _typing(page, page.form(None, _kept(request, found)))
    if "shelf" in request.POST:
        return _to_the_shelf(page)
    step = request.POST.get("step")
    if step == "edit":
        return _typing(page, page.form(None, request.POST.dict()))
    form, problems = page.form(request.POST, {}), []
    if form.is_valid():
        try:
            return _record(page, form) if step == "record" else _look_over(page, form)
        except Refused as refused:
            problems = sentences(refused)
    return _typing(page, form, problems)


def _typing(page: _Page, form: Recognize | Decline, problems: Sequence[str] = ()) -> HttpResponse:
    """The form; what was refused stands above what was typed."""
    name, shelves = _names(page)
    is_refused = bool(problems or form.errors)
    return page.rendered(
        "awards/decision.html",
        REFUSED if is_refused else 200,
        form=form,
        problems=problems,
        unit_name=name,
        shelves=shelves,
    )


def _names(page: _Page) -> tuple[Text, list[tuple[int, Text]]]:
    """What the unit was called in the period; those of it and of the units above whose shelf the person may
    fill, from the root down. One query for both."""
    above = [int(one) for one in page.dossier.path.rstrip(".").split(".")]
    may = Q(unit_id__in=units_in_scope(page.request.user, ADD))
    rows = Term.objects.filter(unit__in=above).select_related("kind").order_by("valid")
    found = list(rows.annotate(may_add=ExpressionWrapper(may, BooleanField())))
    today, ends = timezone.localdate(), page.dossier.round.period.ends_before
    own = [one for one in found if one.unit_id == page.dossier.unit_id and one.valid.lower < ends]
    if not own:
        raise Http404
    there = [one for one in found if today in one.valid and vars(one)["may_add"]]
    there.sort(key=lambda one: above.index(one.unit_id))
    return name_of(own[-1]), [(one.unit_id, name_of(one)) for one in there]


def _closed(page: _Page) -> HttpResponse:
    """What is true of a dossier on which nothing can be decided: what was, or that it is on its way."""
    title = queries.titles(timezone.localdate()).filter(dossier=page.dossier).first()
    return page.rendered(
        "awards/decided.html",
        title=title,
        withdrawal=getattr(title, "withdrawal", None),
        is_decided=page.dossier.state == State.DECIDED,
        may_put_right=title is not None and access.may_put_right(page.request.user, title),
    )


def _look_over(page: _Page, form: Recognize | Decline) -> HttpResponse:
    """Everything as it would be recorded: it is tried and taken back. Raises `Refused` as recording does."""
    with transaction.atomic():
        made = _doing(page, form)()
        transaction.set_rollback(True)
    title = made if isinstance(made, Title) else None
    return page.rendered(
        "awards/look_over.html",
        form=form,
        data=form.cleaned_data,
        title=title,
        against=went_against(title) if title else page.against,
    )


def _record(page: _Page, form: Recognize | Decline) -> HttpResponse:
    made = _doing(page, form)()
    page.request.session.pop(_key(page.dossier), None)
    if isinstance(made, Title):
        return redirect("title", made.pk)
    messages.success(page.request, gettext("The decision is recorded."))
    return redirect("dossier", page.dossier.pk)


def _doing(page: _Page, form: Recognize | Decline) -> Callable[[], Title | Dossier]:
    """What records the decision that was typed."""
    data = form.cleaned_data
    said: dict[str, Any] = {
        "actor": cast(User, page.request.user),
        "now": timezone.now(),
        "seen": whole_number(page.request.POST.get("version")),
        "why_early": data.get("why_early", "").replace("\x00", ""),
    }
    if isinstance(form, Decline):
        said |= {"reason": data["reason"], "document": data["document"]}
        return partial(actions.decline, page.dossier, form.decision, **said)
    recognition = actions.Recognition(
        starts_on=data["starts_on"],
        ends_before=data["ends_before"],
        certificate=data["certificate"],
        ceremony_on=data["ceremony_on"],
        document=data["document"],
    )
    said["why"] = data.get("why", "").replace("\x00", "")
    return partial(actions.recognize, page.dossier, form.decision, recognition, **said)


def _to_the_shelf(page: _Page) -> HttpResponse:
    """To the page where a document is put on a shelf, and back: what was typed is kept meanwhile."""
    shelf = whole_number(page.request.POST.get("shelf"))
    if shelf is None:
        raise Http404
    typed = {name: value for name, value in page.request.POST.items() if name not in _NOT_TYPED}
    page.request.session[_key(page.dossier)] = typed
    asked = {BACK: "1", WHICH: DECLINED} if page.is_declined else {BACK: "1"}
    back = f"{reverse('dossier_decision', args=[page.dossier.pk])}?{urlencode(asked)}"
    return redirect(f"{reverse('document_new', args=[shelf])}?{urlencode({documents.BACK: back})}")


def _kept(request: HttpRequest, found: Dossier) -> dict[str, Any]:
    """What was typed before somebody went to the shelf, with what he put there; nothing for anybody else."""
    if BACK not in request.GET:
        return {}
    kept = dict(request.session.get(_key(found), {}))
    filed = whole_number(request.GET.get(documents.FILED))
    return {**kept, "document": filed} if filed is not None else kept


def _key(found: Dossier) -> str:
    return f"decision-{found.pk}"


def _kinds(found: Dossier) -> dict[str, Text]:
    """The kinds of documents that the dossier's criteria ask for: code and name."""
    asked = (
        one.document for one in definition(found.round.criteria_set).criteria if isinstance(one, Documented)
    )
    return {one.code: Text(vi=one.name.vi, en=one.name.en) for one in asked}
