"""One's own account: what it has to sign in with, its sessions, its roles."""

from typing import cast

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kieumau.accounts.models import User
from kieumau.accounts.signing import demands, queries, sessions


@require_safe
@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Password, second factors, sessions, roles: each with what can be done about it."""
    user, now = _who(request), timezone.now()
    factors = list(Authenticator.objects.filter(user=user).order_by("pk"))
    kinds = {factor.type for factor in factors}
    context = {
        "codes": next((one for one in factors if one.type == Authenticator.Type.TOTP), None),
        "passkeys": [one for one in factors if one.type == Authenticator.Type.WEBAUTHN],
        "has_recovery": Authenticator.Type.RECOVERY_CODES in kinds,
        "session_count": sessions.running(user, now=now).count(),
        "agencies": SocialAccount.objects.filter(user=user).order_by("pk"),
        "roles": queries.roles_of(user, now=now),
        "factor_is_due": demands.is_due(request),
    }
    return render(request, "signing/account.html", context)


@require_safe
@login_required
@never_cache
def session_list(request: HttpRequest) -> HttpResponse:
    """Every browser that is signed in under one's name."""
    now = timezone.now()
    context = {"sessions": sessions.running(_who(request), now=now), "current": request.session.session_key}
    return render(request, "signing/sessions.html", context)


@require_POST
@login_required
def session_end(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of them; one that has ended already is nothing to complain about."""
    if sessions.end(user=_who(request), session_id=session_id, now=timezone.now()):
        messages.success(request, _("The session has ended."))
    return redirect("sessions")


@require_POST
@login_required
def sessions_end_others(request: HttpRequest) -> HttpResponse:
    """End all but this one."""
    sessions.end_others(user=_who(request), keep=request.session.session_key, now=timezone.now())
    messages.success(request, _("All other sessions have ended."))
    return redirect("sessions")


def _who(request: HttpRequest) -> User:
    return cast(User, request.user)
