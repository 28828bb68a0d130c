"""The page on which an account is closed."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kieumau.accounts.models import User
from kieumau.accounts.people import grants_listed
from kieumau.accounts.role_forms import EndForm
from kieumau.accounts.roles import roles
from kieumau.accounts.signing.closing import (
    ACCOUNT_KEPT,
    WORKS_ELSEWHERE,
    close_account,
    holds_within_reach,
    why_not,
)
from kieumau.calendars.working_days import day_of
from kieumau.kernel.messages import Problem, Refused

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def person_close(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ask why an account is to be closed; then close it.

    Whoever may end one of the person's roles but not all reads why not (403); 404 for whoever else may not.
    """
    actor, now = cast(User, request.user), timezone.now()
    person = User.objects.filter(pk=user_id).first()
    problem = why_not(actor, person) if person else None
    if person is None or (problem and not _is_told(problem, actor, person)):
        raise Http404
    if problem:
        context = {"person": person, "problems": [problem.in_(get_language() or "vi")]}
        return render(request, "signing/person_close.html", context, status=403)
    form, problems = EndForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            close_account(person=person, reason=form.cleaned_data["reason"], actor=actor, now=now)
        except Refused as refused:
            problems = [problem.in_(get_language() or "vi") for problem in refused.problems]
        else:
            said = gettext("The account of %(name)s is closed.") % {"name": person.get_username()}
            messages.success(request, said)
            return redirect("roles")
    context = {
        "person": person,
        "form": form,
        "problems": problems,
        "grants": [
            (roles()[one.role].name.text(), one.unit_name)
            for one in grants_listed(day_of(now)).filter(user=person)
            if one.role in roles()
        ],
        "days": ACCOUNT_KEPT.days,
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "signing/person_close.html", context, status=status)


def _is_told(problem: Problem, actor: User, person: User) -> bool:
    return problem.code == WORKS_ELSEWHERE and holds_within_reach(actor, person)
