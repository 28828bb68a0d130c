"""Invitations to a unit, for those who invite; and the link, for whoever was invited."""

from datetime import datetime
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from kieumau.accounts.models import User
from kieumau.accounts.offering import offer
from kieumau.accounts.registry import programme_names
from kieumau.accounts.signing import agencies, invitations, mails, queries
from kieumau.accounts.signing.access import inviting, may_invite
from kieumau.accounts.signing.invitation_forms import Accept, Invite
from kieumau.accounts.signing.invitations import InvitationIsOver
from kieumau.accounts.signing.models import Invitation
from kieumau.calendars.working_days import day_of
from kieumau.kernel.messages import Refused, Text
from kieumau.web.given import Given, over
from kieumau.web.giving_back import never
from kieumau.web.templatetags.kieumau import day

GONE, REFUSED = 410, 422


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@sensitive_variables("secret", "link")
def unit_invitations(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Those that were made, and a new one, whose link is shown once."""
    inviting(request.user, unit_id)
    user, now = cast(User, request.user), timezone.now()
    offered = offer(user, unit_id, programme_names(), day_of(now))
    form = Invite(request.POST or None, offered=offered, mail_is_sent=mails.are_sent())
    names = queries.unit_names([unit_id], day_of(now))
    context = {
        "unit_id": unit_id,
        "unit_name": names.get(unit_id, Text(vi=str(unit_id), en=str(unit_id))),
        "form": form,
        "given": [_given(one, now) for one in invitations.of_unit(unit_id)[:200]],
    }
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made, secret = invitations.invite(
                actor=user,
                name=typed["name"],
                email=typed.get("email", ""),
                unit_id=unit_id,
                roles=typed["roles"],
                programme=typed["programme"],
                roles_until=typed["roles_until"],
                days=typed["days"],
                now=now,
            )
        except Refused as refused:
            language = get_language() or "vi"
            context["problems"] = [problem.reason.in_(language) for problem in refused.problems]
        else:
            return _made(request, made, secret, context["unit_name"])
    status = REFUSED if request.method == "POST" else 200
    return render(request, "signing/invitations.html", context, status=status)


def _given(one: Invitation, now: datetime) -> Given:
    state, take_back = over(one.revoked_at), ""
    if one.accepted_at:
        state = _("accepted %(day)s") % {"day": day(one.accepted_at)}
    elif invitations.is_open(one, now=now):
        state = _("open until %(day)s") % {"day": day(one.expires_at)}
        take_back = reverse("invitation_take_back", args=[one.unit_id, one.pk])
    return Given(one.name, one.made_by.get_username(), one.made_at, state, take_back)


@sensitive_variables("secret", "link")
def _made(request: HttpRequest, made: Invitation, secret: str, unit_name: object) -> HttpResponse:
    link = request.build_absolute_uri(reverse("invitation", args=[secret]))
    assert isinstance(unit_name, Text)
    is_sent = False
    if made.email:
        unit = unit_name.in_(get_language() or "vi")
        said = {"unit": unit, "name": made.name, "url": link, "expires_at": made.expires_at}
        is_sent = mails.send_invitation(made.email, said)
    context = {"invitation": made, "link": link, "unit_name": unit_name, "is_sent": is_sent}
    return render(request, "signing/invitation_made.html", context)


@require_POST
@login_required
def invitation_take_back(request: HttpRequest, unit_id: int, invitation_id: int) -> HttpResponse:
    """An open one no longer lets in."""
    inviting(request.user, unit_id)
    actor, now = cast(User, request.user), timezone.now()
    found = Invitation.objects.filter(pk=invitation_id, unit_id=unit_id).first()
    if found is None or not may_invite(actor, unit_id, found.programme):
        raise Http404
    invitations.take_back(actor=actor, invitation_id=invitation_id, now=now)
    messages.success(request, _("The invitation was taken back."))
    return redirect("unit_invitations", unit_id)


@never
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """The link: choose a password, or go on to the agency's sign-on. Where it is over, 410 and in words."""
    now = timezone.now()
    try:
        found = invitations.open_invitation(secret, now=now)
    except InvitationIsOver:
        return render(request, "signing/invitation_over.html", status=GONE)
    names = queries.unit_names([found.unit_id], day_of(now))
    form = Accept(request.POST or None, user=User(username=found.name, email=found.email))
    context = {"form": form, "invitation": found, "unit_name": names.get(found.unit_id, Text(vi="", en=""))}
    if request.method == "POST" and form.is_valid():
        try:
            password = form.cleaned_data["password1"]
            user = invitations.accept(invitation_id=found.pk, password=password, now=now)
        except InvitationIsOver:
            return render(request, "signing/invitation_over.html", status=GONE)
        except Refused as refused:
            language = get_language() or "vi"
            context["problems"] = [problem.reason.in_(language) for problem in refused.problems]
            return render(request, "signing/invitation.html", context, status=REFUSED)
        return _enter(request, user)
    agencies.expect(request, found)
    return render(request, "signing/invitation.html", context)


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    """Sign in at once: the password was typed a moment ago."""
    agencies.expect(request, None)
    if request.user.is_authenticated:
        get_adapter(request).logout(request)
    login = Login(user=user, redirect_url=reverse("account"))
    answer: HttpResponse = flows.login.perform_password_login(
        request, {"username": user.get_username()}, login
    )
    return answer
