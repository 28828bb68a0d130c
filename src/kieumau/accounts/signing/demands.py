"""Roles whose holders must have a second factor: named by the installation (`KIEUMAU_SECOND_FACTOR`)."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from kieumau.accounts.held import grants_in_force
from kieumau.accounts.models import User
from kieumau.web.days import ZONE

_DUE = "second_factor_due"
SUPERUSER = "superuser"


def weigh(request: HttpRequest, user: User, *, now: datetime) -> None:
    """Note in the session whether its owner still has to add a second factor. Asked at sign-in and where a
    factor was removed, so that no page pays for it; a role given later counts from the next sign-in.
    """
    if _is_demanded(user, now) and not has_factor(user):
        request.session[_DUE] = True
    else:
        request.session.pop(_DUE, None)


def is_due(request: HttpRequest) -> bool:
    """Does this session wait for a second factor? One query, and only where it does or did."""
    if not request.session.get(_DUE) or not isinstance(request.user, User):
        return False
    if has_factor(request.user):
        del request.session[_DUE]
        return False
    return True


def has_factor(user: User) -> bool:
    """Has somebody one-time codes or a passkey? Recovery codes alone are none."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())


def _is_demanded(user: User, now: datetime) -> bool:
    roles = settings.KIEUMAU_SECOND_FACTOR
    if not roles:
        return False
    if SUPERUSER in roles and user.is_superuser:
        return True
    return any(one.role in roles for one in grants_in_force(user, now.astimezone(ZONE).date()))
