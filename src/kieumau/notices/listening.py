"""What notices leave word of: the inbox, for the header of every page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from kieumau.accounts import acting
from kieumau.notices.queries import COUNT, UNREAD, unread
from kieumau.web import navigation, work


def listen() -> None:
    """The inbox stands beside the name of whoever has signed in, its count asked along with him."""
    acting.beside[UNREAD] = COUNT
    work.add(50, _piles)
    navigation.add_own("notices", gettext_lazy("Notices"), unread)


def _piles(person: Any, now: datetime) -> Iterator[work.Pile]:
    """How much is new in the inbox; no query more than the header asks."""
    yield work.Pile(gettext_lazy("Unread notices"), unread(person), reverse("notices"))
