"""Sentences that are said in more than one place."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def wait(until: datetime, now: datetime) -> str:
    """That there were too many tries, and how long to wait."""
    return _("Too many failed tries from here. Try again in %(how_long)s.") % {
        "how_long": _how_long(until, now)
    }


def wait_for_mail(until: datetime, now: datetime) -> str:
    """That a new password was asked for too often, here or elsewhere, and how long to wait."""
    return _(
        "A new password was asked for too often, for this address or from here. Try again in %(how_long)s."
    ) % {"how_long": _how_long(until, now)}


def _how_long(until: datetime, now: datetime) -> str:
    """Seconds, or minutes, rounded up."""
    left = max(until - now, timedelta(seconds=1))
    seconds = -(-left // timedelta(seconds=1))
    if seconds < 60:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    minutes = -(-seconds // 60)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def factor(kind: str) -> str:
    """What a second factor is called, by the sign-in library's word for it."""
    return {
        "totp": _("one-time codes"),
        "webauthn": _("passkey"),
        "recovery_codes": _("recovery codes"),
    }.get(kind, kind)
