"""What packages above offer on the page of a dossier, warn of and tell: a decision, a re-check that differs,
a title that was withdrawn."""

from collections.abc import Callable, Iterable
from typing import Any

from kieumau.kernel.messages import Text
from kieumau.rounds.models import Dossier

Offer = Callable[[Any, Dossier], Iterable[tuple[str, str]]]  # words and addresses, for a person

Warner = Callable[[Any, Dossier], Iterable[tuple[Text, str]]]  # sentences and addresses, for a person

Teller = Callable[[Dossier], Iterable[tuple[Text, Text, str]]]  # what became of it, how, and an address

_offers: list[Offer] = []
_warnings: list[Warner] = []
_tellers: list[Teller] = []


def offer(one: Offer) -> None:
    """Registers an offer; the asked package keeps it cheap."""
    if one not in _offers:
        _offers.append(one)


def offered(user: Any, dossier: Dossier) -> list[tuple[str, str]]:
    """Everything that is offered to a person on the page of a dossier."""
    return [found for one in _offers for found in one(user, dossier)]


def warn(one: Warner) -> None:
    """Registers what warns of something on the page of a dossier; the asked package keeps it cheap."""
    if one not in _warnings:
        _warnings.append(one)


def warned(user: Any, dossier: Dossier) -> list[tuple[Text, str]]:
    """Everything a person is warned of on the page of a dossier."""
    return [found for one in _warnings for found in one(user, dossier)]


def tell(one: Teller) -> None:
    """Registers what tells on the page of a dossier what became of what was decided on it."""
    if one not in _tellers:
        _tellers.append(one)


def told(dossier: Dossier) -> list[tuple[Text, Text, str]]:
    """What became of what was decided on a dossier: headings, sentences and addresses."""
    return [found for one in _tellers for found in one(dossier)]
