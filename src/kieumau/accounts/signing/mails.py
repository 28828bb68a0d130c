"""Mails about signing in. Sent only where the installation has a mail server (`KIEUMAU_SMTP`)."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The sign-in library's names of its mails, and what ours are about. What is not here is not sent.
_CHANGES = {
    "account/email/password_changed": gettext_lazy("Your password was changed"),
    "account/email/password_reset": gettext_lazy("Your password was set anew"),
    "account/email/password_set": gettext_lazy("Your password was set"),
    "mfa/email/totp_activated": gettext_lazy("One-time codes were added to your account"),
    "mfa/email/totp_deactivated": gettext_lazy("One-time codes were removed from your account"),
    "mfa/email/recovery_codes_generated": gettext_lazy("New recovery codes were made for your account"),
    "mfa/email/webauthn_added": gettext_lazy("A passkey was added to your account"),
    "mfa/email/webauthn_removed": gettext_lazy("A passkey was removed from your account"),
    "socialaccount/email/account_connected": gettext_lazy("Your account was linked to the agency's sign-on"),
}
RESET = "account/email/password_reset_key"


def are_sent() -> bool:
    """Has this installation a mail server?"""
    return bool(settings.KIEUMAU_MAIL)


def send(kind: str, to: str, context: dict[str, Any]) -> None:
    """Send the mail of this kind, if it is one of ours; a mail server that fails lets nothing else fail."""
    if kind == RESET:
        _send(_("Set a new password"), "signing/mail/reset.txt", to, context)
    elif kind in _CHANGES:
        _send(str(_CHANGES[kind]), "signing/mail/changed.txt", to, {"what": _CHANGES[kind], **context})


def send_invitation(to: str, context: dict[str, Any]) -> bool:
    """Send somebody the link of his invitation; False where no mail server took it."""
    return _send(_("You are invited to Kiểu Mẫu"), "signing/mail/invitation.txt", to, context)


def _send(subject: str, template: str, to: str, context: dict[str, Any]) -> bool:
    if not are_sent():
        return False
    words = render_to_string(template, context)
    return send_mail(f"[Kiểu Mẫu] {subject}", words, None, [to], fail_silently=True) == 1
