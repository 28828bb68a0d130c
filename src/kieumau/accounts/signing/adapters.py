"""Where the sign-in library asks us: who may try, what it says, what it may keep."""

import base64
from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kieumau.accounts.models import User
from kieumau.accounts.signing import browsers, mails, verbs, words
from kieumau.accounts.signing.guessing import MustWait, begin_try, take_back
from kieumau.accounts.signing.rules import Bucket, code_buckets, password_buckets
from kieumau.audit import actions as audit


class Accounts(DefaultAccountAdapter):
    """Passwords: tries are counted, nobody signs up, little is said and all of it in two languages."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("This account is closed."),
        "enter_current_password": gettext_lazy("This is not the current password."),
        "incorrect_code": gettext_lazy("This code is not right."),
        "incorrect_password": gettext_lazy("This password is not right."),
        "invalid_password_reset": gettext_lazy("This link is no longer good."),
        "username_password_mismatch": gettext_lazy("This name and this password do not belong together."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are invited."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address, behind as many proxies as are trusted; empty where the server was told none."""
        return get_client_ip(request) or ""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Left to `authenticate`: the library counts at the account, which locks out its owner."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The person with this name and password. Raises ValidationError with how long to wait."""
        name = str(credentials.get("username", ""))
        address = self.get_client_ip(request)
        buckets = password_buckets(name, address, browsers.mark_of(request, name))
        found: AbstractBaseUser | None = None
        with CountedTry(buckets, name) as this:
            found = super().authenticate(request, **credentials)
            this.was_right = found is not None
        return found

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Only what is said in words of our own; the library's templates of messages are left aside."""
        if kwargs.get("message"):
            super().add_message(request, level, *args, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Only what `mails` knows how to say; without a mail server nothing."""
        mails.send(template_prefix, email, context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the owner that something about signing in has changed."""
        assert isinstance(user, User)
        if to := email or user.email:
            mails.send(template_prefix, to, {"username": user.get_username(), **(context or {})})


class Factors(DefaultMFAAdapter):
    """Second factors: their secrets are kept encrypted, and they are named in two languages."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": gettext_lazy("Recovery codes need a second factor first."),
        "incorrect_code": gettext_lazy("This code is not right."),
    }

    def encrypt(self, text: str) -> str:
        """So that a copy of the database opens no account."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises InvalidToken where the secret key is another than then."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """The name one signs in with, never the mail address."""
        return user.get_username()

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def _get_site_name(self) -> str:
        return "Kiểu Mẫu"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """What a new passkey is called unless its owner says otherwise."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)d") % {"number": count + 1}


class CountedTry:
    """A block in which a secret is looked at: counted before, taken back if `was_right` is set.

    Raises ValidationError with how long to wait; writes into the log when failing has begun to cost time.
    """

    def __init__(self, buckets: list[Bucket], name: str) -> None:
        self.buckets, self.name = buckets, name
        self.was_right = False

    def __enter__(self) -> "CountedTry":
        self.began = now = timezone.now()
        try:
            self.waits_until = begin_try(self.buckets, now=now)
        except MustWait as refused:
            raise forms.ValidationError(words.wait(refused.until, now), code="wait") from None
        return self

    def __exit__(self, *failure: object) -> None:
        if self.was_right:
            take_back(self.buckets, began=self.began)
        elif self.waits_until:
            self._record()

    def _record(self) -> None:
        # What was typed is kept only where it is somebody's name: it may be a password in the wrong field.
        found = User.objects.filter(username__iexact=self.name.strip()).only("pk", "username").first()
        with transaction.atomic():
            audit.record(
                actor=None,
                verb=verbs.FAILED,
                object=("user", found.pk) if found else None,
                name=found.username if found else "",
                now=timezone.now(),
            )


def counted_code(request: HttpRequest, user: AbstractBaseUser) -> CountedTry:
    """A try at somebody's second factor, after the password was right."""
    name = user.get_username()
    address = Accounts(request).get_client_ip(request)
    return CountedTry(code_buckets(name, address, browsers.mark_of(request, name)), name)


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [sha256(b"kieumau.factors\0" + force_bytes(key)).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
