"""The inbox, one notice, and how one wants to be told."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kieumau.accounts.models import User
from kieumau.notices import actions
from kieumau.notices.forms import Wishes
from kieumau.notices.models import Notice, Preference
from kieumau.web.paging import page_of


@require_safe
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """What the person was told, newest first."""
    mine = Notice.objects.filter(person=cast(User, request.user))
    return render(
        request,
        "notices/notices.html",
        {"page": page_of(request, mine), "unread": mine.filter(read_at=None).count()},
    )


@require_POST
@login_required
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Go to what one of the person's own notices is about: it is read then. 404 for anybody else's."""
    found = Notice.objects.filter(person=cast(User, request.user), pk=notice_id).first()
    if found is None:
        raise Http404
    actions.read(found, now=timezone.now())
    return redirect(found.url)


@require_POST
@login_required
def notices_read(request: HttpRequest) -> HttpResponse:
    """Everything is read."""
    actions.read_all(cast(User, request.user), now=timezone.now())
    return redirect("notices")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def notice_wishes(request: HttpRequest) -> HttpResponse:
    """Whether and when the person gets mail, and of which kinds none."""
    person = cast(User, request.user)
    form = Wishes(request.POST or None, wish=Preference.objects.filter(person=person).first())
    if request.method == "POST" and form.is_valid():
        actions.choose(person, form.choice, now=timezone.now())
        messages.success(request, gettext("Saved."))
        return redirect("notice_wishes")
    status = 422 if request.method == "POST" else 200
    return render(
        request, "notices/wishes.html", {"form": form, "has_address": bool(person.email)}, status=status
    )
