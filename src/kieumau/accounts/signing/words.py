"""Sentences that are said in more than one place."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def wait(until: datetime, now: datetime) -> str:
    """That there were too many tries, and how long to wait: seconds, or minutes, rounded up."""
    left = max(until - now, timedelta(seconds=1))
    seconds = -(-left // timedelta(seconds=1))
    if seconds < 60:
        how_long = ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    else:
        minutes = -(-seconds // 60)
        how_long = ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    return _("Too many failed tries from here. Try again in %(how_long)s.") % {"how_long": how_long}


def factor(kind: str) -> str:
    """What a second factor is called, by the sign-in library's word for it."""
    return {
        "totp": _("one-time codes"),
        "webauthn": _("passkey"),
        "recovery_codes": _("recovery codes"),
    }.get(kind, kind)
