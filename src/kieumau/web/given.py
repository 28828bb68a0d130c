"""What was given out with an end and can be taken back, invitations and tokens, as a list on a page."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Given:
    """One line of `web/components/given.html`: to whom or what, by whom, when, and what has become of it.

    `state` is in the language of the page. `take_back` is the address that takes it back; empty where
    nothing is left to take back.
    """

    name: str
    by: str
    at: datetime
    state: str
    take_back: str = ""


def over(revoked_at: datetime | None) -> str:
    """How what is no longer good came to its end: by a person, or by time."""
    return gettext("ran out") if revoked_at is None else gettext("taken back")
