"""What the sign-in library says has happened, written down."""

from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as django_auth
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kieumau.accounts.models import User
from kieumau.accounts.signing import browsers, demands, guessing, sessions, verbs, words
from kieumau.audit import actions as audit
from kieumau.audit.verbs import Verb


def listen() -> None:
    """Connect; once, when all apps are there."""
    account.user_logged_in.connect(_signed_in)
    django_auth.user_logged_out.connect(_signed_out)
    account.password_changed.connect(_password_changed)
    account.password_set.connect(_password_changed)
    account.password_reset.connect(_password_reset)
    factors.authenticator_removed.connect(_factor_removed)
    post_save.connect(_factor_saved, sender=Authenticator)
    post_delete.connect(_factor_deleted, sender=Authenticator)


def _signed_in(request: HttpRequest, response: HttpResponse, user: User, **_: Any) -> None:
    now = timezone.now()
    with transaction.atomic():
        sessions.note(request, address=get_adapter(request).get_client_ip(request), now=now)
        audit.record(actor=user, verb=verbs.SIGNED_IN, now=now)
    browsers.remember(request, response, user.get_username())
    demands.weigh(request, user, now=now)
    guessing.forget_old(now=now)


def _signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None and request.session.session_key:
        sessions.forget(request.session.session_key)


def _password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    """The session goes on under a new key; all others have ended with the old password."""
    now = timezone.now()
    with transaction.atomic():
        sessions.end_others(user=user, keep=None, now=now)
        sessions.note(request, address=get_adapter(request).get_client_ip(request), now=now)
        audit.record(actor=user, verb=verbs.CHANGE_PASSWORD, now=now)


def _password_reset(request: HttpRequest, user: User, **_: Any) -> None:
    now = timezone.now()
    with transaction.atomic():
        sessions.end_others(user=user, keep=None, now=now)
        audit.record(actor=user, verb=verbs.RESET_PASSWORD, now=now)


def _factor_saved(instance: Authenticator, created: bool, **_: Any) -> None:
    """Inside the transaction that keeps it, unlike the library's own signal."""
    if created:
        is_codes = instance.type == Authenticator.Type.RECOVERY_CODES
        _record_factor(verbs.MAKE_CODES if is_codes else verbs.ADD_FACTOR, instance)


def _factor_deleted(instance: Authenticator, **_: Any) -> None:
    # Recovery codes go where new ones are made, or with the last factor: that is written down already.
    if instance.type != Authenticator.Type.RECOVERY_CODES:
        _record_factor(verbs.REMOVE_FACTOR, instance)


def _factor_removed(request: HttpRequest, user: User, **_: Any) -> None:
    demands.weigh(request, user, now=timezone.now())


def _record_factor(verb: Verb, factor: Authenticator) -> None:
    kind = str(factor.type)
    with transaction.atomic():
        name = "" if verb is verbs.MAKE_CODES else words.factor(kind)
        audit.record(actor=factor.user, verb=verb, object=("factor", kind), name=name, now=timezone.now())
