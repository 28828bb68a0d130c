"""“My work”: what waits now for whoever has signed in, of every package, and what to do where nothing can."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kieumau.accounts.held import held
from kieumau.accounts.roles import roles
from kieumau.assignments.queries import names_of
from kieumau.web import work


@require_safe
@login_required
def my_work(request: HttpRequest) -> HttpResponse:
    """Kind by kind, the nearest last days first. Twelve queries at most."""
    now = timezone.now()
    piles = work.waiting(request.user, now)
    named = names_of({line.unit_id for pile in piles for line in pile.lines if line.unit_id is not None})
    own = held(request.user) if not request.user.is_superuser else ()
    context = {
        "piles": [(pile, [(line, named.get(line.unit_id or 0)) for line in pile.lines]) for pile in piles],
        "has_roles": bool(own) or request.user.is_superuser,
        "roles": list(dict.fromkeys(roles()[one.role].name.text() for one in own if one.role in roles())),
        "today": timezone.localdate(now),
    }
    return render(request, "home/my_work.html", context)
