"""What is typed to sign in and to change how: the library's forms, in our words, with tries counted."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.account.models import Login
from allauth.mfa.base import forms as factors
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kieumau.accounts.signing import browsers, codes, mails, words
from kieumau.accounts.signing.adapters import counted_code
from kieumau.accounts.signing.guessing import MustWait, begin_try
from kieumau.accounts.signing.rules import mail_buckets

LONGEST_NAME, LONGEST_PASSWORD = 150, 1_000


def _password(label: Any, autocomplete: str, **kwargs: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=LONGEST_PASSWORD, widget=widget, **kwargs)


def new_password() -> forms.CharField:
    """The first of the two fields of a new password."""
    return _password(_("New password"), "new-password", help_text=_("At least 12 characters."))


def new_password_again() -> forms.CharField:
    """The second."""
    return _password(_("New password, once more"), "new-password")


def _code(label: Any, help_text: Any) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "off"}
    return forms.CharField(
        label=label, max_length=20, help_text=help_text, widget=forms.TextInput(attrs=attrs)
    )


class SignIn(forms.Form):
    """A name and a password."""

    username = forms.CharField(
        label=_("Name to sign in with"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = _password(_("Password"), "current-password")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        """Ask whether they belong together; what it says is the same for a name that nobody has."""
        typed = super().clean() or {}
        if self.errors:
            return typed
        adapter = get_adapter(self.request)
        found = adapter.authenticate(self.request, username=typed["username"], password=typed["password"])
        if found is None:
            raise adapter.validation_error("username_password_mismatch")
        self.found = found
        return typed

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in, or go on to the second factor."""
        login = Login(user=self.found, redirect_url=redirect_url)
        answer: HttpResponse = flows.login.perform_password_login(
            request, {"username": self.found.get_username()}, login
        )
        return answer


class TwicePassword(forms.Form):
    """A new password, typed twice. `user` is whose it will be."""

    user: Any

    def clean_password1(self) -> str:
        """Raises ValidationError for one that is short or common."""
        password: str = get_adapter().clean_password(self.cleaned_data["password1"], user=self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        typed = super().clean() or {}
        first, second = typed.get("password1"), typed.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ."))
        return typed


class ChangePassword(TwicePassword):
    """The password that is, and the one that shall be."""

    oldpassword = _password(_("Current password"), "current-password")
    password1 = new_password()
    password2 = new_password_again()

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_oldpassword(self) -> str:
        """A try like any other: who finds a browser left open does not guess at leisure."""
        typed: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, typed):
            raise get_adapter().validation_error("enter_current_password")
        return typed

    def save(self) -> None:
        """Keep the new one."""
        flows.password_change.change_password(self.user, self.cleaned_data["password1"])


class SetPassword(TwicePassword):
    """A first password, for an account that had none."""

    password1 = new_password()
    password2 = new_password_again()

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def save(self) -> None:
        """Keep it."""
        flows.password_change.change_password(self.user, self.cleaned_data["password1"])


class NewPasswordByMail(SetPassword):
    """The same, at the link of a mail."""

    def __init__(self, *args: Any, user: Any = None, temp_key: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.temp_key = temp_key

    def save(self) -> None:
        """Keep it."""
        flows.password_reset.reset_password(self.user, self.cleaned_data["password1"])


class AskForPassword(account.ResetPasswordForm):
    """The address to which a link is sent, if it is somebody's; whether it is, is not said."""

    email = forms.EmailField(
        label=_("Mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def clean_email(self) -> str:
        """Raises ValidationError with how long to wait where too many were asked for."""
        typed: str = super().clean_email()
        request = get_adapter().request
        marks = (browsers.mark_of(request, user.get_username()) for user in self.users)
        browser, now = next(filter(None, marks), ""), timezone.now()
        try:
            begin_try(mail_buckets(typed, get_adapter().get_client_ip(request), browser), now=now)
        except MustWait as refused:
            raise forms.ValidationError(words.wait_for_mail(refused.until, now), code="wait") from None
        return typed

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send the link, where there is a mail server."""
        if mails.are_sent():
            super().save(request, **kwargs)
        return str(self.cleaned_data["email"])


class Reauthenticate(account.ReauthenticateForm):
    """The password once more, before something that matters."""

    password = _password(_("Password"), "current-password")


_ANY_CODE = _("Six digits from your app, or one of your recovery codes.")


class _CountedCode:
    """Counts a try at a code before it is looked at."""

    user: Any
    authenticator: Any = None

    def use_up(self, code: str) -> None:
        """Raises ValidationError for one that was used before. A first code belongs to no factor yet."""
        if self.authenticator is not None and not codes.use(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")

    def clean_code(self) -> str:
        """Raises ValidationError with how long to wait, or that the code is not right."""
        with counted_code(get_adapter().request, self.user) as this:
            code: str = super().clean_code()  # type: ignore[misc]  # allauth has no types
            self.use_up(code)
            this.was_right = True
        return code


class Authenticate(_CountedCode, factors.AuthenticateForm):
    """A code after the password."""

    code = _code(_("Code"), _ANY_CODE)


class ReauthenticateByCode(_CountedCode, factors.ReauthenticateForm):
    """A code before something that matters."""

    code = _code(_("Code"), _ANY_CODE)


class ActivateCodes(_CountedCode, totp.ActivateTOTPForm):
    """The first code of a new app, which shows that it was set up."""

    code = _code(_("Code"), _("The six digits that the app shows now."))


class AddPasskey(webauthn.AddWebAuthnForm):
    """A name for a passkey and what the browser made."""

    name = forms.CharField(label=_("What to call it"), max_length=80, required=False)
    # A key that lets in alone must know its owner: by finger, face or number.
    passwordless = forms.BooleanField(initial=True, required=True, widget=forms.HiddenInput)


class RenamePasskey(webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label=_("What to call it"), max_length=80)
