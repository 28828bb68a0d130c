"""What packages above offer on the page of a dossier: a decision to record, a title to look at."""

from collections.abc import Callable, Iterable
from typing import Any

from kieumau.rounds.models import Dossier

Offer = Callable[[Any, Dossier], Iterable[tuple[str, str]]]  # words and addresses, for a person

_offers: list[Offer] = []


def offer(one: Offer) -> None:
    """Registers an offer; the asked package keeps it cheap."""
    if one not in _offers:
        _offers.append(one)


def offered(user: Any, dossier: Dossier) -> list[tuple[str, str]]:
    """Everything that is offered to a person on the page of a dossier."""
    return [found for one in _offers for found in one(user, dossier)]
