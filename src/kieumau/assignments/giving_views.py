"""Assignments are given and said otherwise."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from kieumau.accounts.doors import needs
from kieumau.assignments import access, actions
from kieumau.assignments.access import GIVE
from kieumau.assignments.actions.give import came_from_directive
from kieumau.assignments.failures import ChangedMeanwhile
from kieumau.assignments.forms import Edit, Give, edit_filled, see_anew
from kieumau.assignments.frames import (
    giver_choices,
    language,
    programme_choices,
)
from kieumau.assignments.models import Assignment, Directive
from kieumau.assignments.queries import communes_below, names_of
from kieumau.assignments.rules import Act, State, allowed
from kieumau.assignments.views import DIFFERS, REFUSED, frame
from kieumau.documents.access import somebody
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import whole_number
from kieumau.units.models import Term
from kieumau.units.naming import typed, units_named
from kieumau.web.sentences import sentences

UNIT, DIRECTIVE = "don-vi", "chi-dao"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(GIVE)
def assignment_new(request: HttpRequest) -> HttpResponse:
    """Give an assignment, to one unit or to many; `chi-dao` names the directive from which it follows."""
    today = timezone.localdate()
    directive = _directive(request)
    form = Give(
        request.POST or None,
        givers=giver_choices(request, today),
        programmes=programme_choices(),
        initial=_initial(request, directive),
    )
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = _give(request, form, directive)
        except Refused as refused:
            problems = sentences(refused)
        else:
            messages.success(request, _said(len(made)))
            return redirect("assignment", made[0].pk) if len(made) == 1 else redirect(_given_list())
    context = {
        "form": form,
        "problems": problems,
        "directive": directive,
        "crumbs": [
            (gettext("Assignments"), reverse("assignments")),
            (gettext("Give an assignment"), ""),
        ],
    }
    return render(
        request, "assignments/give.html", context, status=REFUSED if request.method == "POST" else 200
    )


def _give(request: HttpRequest, form: Give, directive: Directive | None) -> list[Assignment]:
    """Give what was typed. Raises `Refused`; `Denied` or 404 for units out of the person's reach."""
    data, user, today = form.cleaned_data, somebody(request), timezone.localdate()
    giver, programme = int(data["giver"]), data["programme"]
    named = units_named(data["owners"], today, among=access.units_given(user, programme))
    partners = units_named(data["partners"], today)
    refuse_all([*named.problems, *partners.problems])
    owners = named.ids
    if data["communes"]:
        owners += communes_below(giver, today)
    access.require_giving(user, {*owners, giver}, programme)
    refuse_all(_helping_themselves(owners, partners.ids))
    came = came_from_directive(directive) if directive else actions.Came()
    return actions.give_for(
        came,
        owners,
        text=data["text"],
        due_on=data["due_on"],
        giver_id=giver,
        programme=programme,
        partners=tuple(partners.ids),
        actor=user,
        now=timezone.now(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def assignment_edit(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Say otherwise what is to be done; 409 with both wordings where it changed meanwhile."""
    found = access.readable(request.user, assignment_id)
    if not access.may_change(request.user, found):
        raise Http404
    form = Edit(request.POST or None, initial=edit_filled(found, _typed_units(found.partners)))
    problems: list[str] = []
    status, is_changed = (REFUSED if request.method == "POST" else 200), False
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, found, form)
        except ChangedMeanwhile as meanwhile:
            problems, status, is_changed = sentences(meanwhile), DIFFERS, True
            found = access.readable(request.user, assignment_id)
            see_anew(form, found.version)
        except Refused as refused:
            problems = sentences(refused)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("assignment", found.pk)
    context = {
        **frame(found, (gettext("Change"), "")),
        "form": form,
        "problems": problems,
        "is_changed": is_changed,
        "may_send": Act.CHANGE in allowed(State(found.state)),
    }
    return render(request, "assignments/edit.html", context, status=status)


def _change(request: HttpRequest, found: Assignment, form: Edit) -> None:
    partners = units_named(form.cleaned_data["partners"], timezone.localdate())
    refuse_all([*partners.problems, *_helping_themselves([found.owner_id], partners.ids)])
    actions.change(
        found.pk,
        text=form.cleaned_data["text"],
        partners=tuple(partners.ids),
        seen=form.cleaned_data["seen"],
        actor=somebody(request),
        now=timezone.now(),
    )


def _helping_themselves(owners: Iterable[int], partners: Iterable[int]) -> list[Problem]:
    """A unit that does it is no partner of itself. One query, none for none."""
    both = set(owners) & set(partners)
    return [
        Problem(
            "owner-is-partner",
            Text(
                vi=f"{name.in_('vi')} là đơn vị thực hiện, không ghi lại ở đơn vị phối hợp.",
                en=f"{name.in_('en')} is to do it: do not name it as a partner as well.",
            ),
        )
        for name in (names_of(both).values() if both else ())
    ]


def refuse_all(problems: Iterable[Problem]) -> None:
    """Raises `Refused` if there are any problems."""
    if found := list(problems):
        raise Refused(found)


def _directive(request: HttpRequest) -> Directive | None:
    text = request.GET.get(DIRECTIVE, "")
    if not text:
        return None
    return access.readable_directive(request.user, whole_number(text) or 0)


def _initial(request: HttpRequest, directive: Directive | None) -> dict[str, Any]:
    """What the address says already: the unit, and the words and programme of a directive."""
    found: dict[str, Any] = {}
    unit = whole_number(request.GET.get(UNIT))
    if unit is not None:
        found["owners"] = _typed_units([unit])
    if directive is not None:
        found |= {"text": directive.text, "programme": directive.programme, "giver": str(directive.issuer_id)}
    return found


def _typed_units(units: list[int]) -> str:
    """Units as they are typed, one a line. One query."""
    last = Term.objects.filter(unit__in=units, valid__contains=timezone.localdate()).select_related("kind")
    return "\n".join(typed(one, language()) for one in last.order_by("sort_key")) if units else ""


def _given_list() -> str:
    return reverse("assignments") + "?xem=giao"


def _said(count: int) -> str:
    if count == 0:
        return gettext("Nothing new: these units work on it already.")
    return gettext("Given.") if count == 1 else gettext("Given to %(count)s units.") % {"count": count}
