"""Who may recognize and withdraw, and who is told of decisions without a title. The register is public."""

from enum import Enum, auto
from typing import Any

from django.conf import settings

from kieumau.awards.models import Title
from kieumau.programmes.models import Programme
from kieumau.rounds.access import READ
from kieumau.rounds.models import Dossier
from kieumau.units.over import Over

RECOGNIZE = "awards.recognize"
WITHDRAW = "awards.withdraw"


def may_recognize(user: Any, dossier: Dossier) -> bool:
    """May the person record a decision on the dossier?"""
    programme = dossier.round.programme.code if dossier.round.programme else ""
    return _may(user, RECOGNIZE, Over(dossier.unit_id, programme))


def may_record(user: Any, unit_id: int, programme: Programme | None = None) -> bool:
    """May the person put down titles that a unit was given before, in a programme or none?"""
    return _may(user, RECOGNIZE, Over(unit_id, programme.code if programme else ""))


def may_withdraw(user: Any, title: Title) -> bool:
    """May the person record that a title was withdrawn?"""
    return _may(user, WITHDRAW, Over(title.unit_id, title.programme.code if title.programme else ""))


def may_attach(user: Any, title: Title) -> bool:
    """May the person put the decision or the certificate to a title?"""
    return _may(user, RECOGNIZE, Over(title.unit_id, title.programme.code if title.programme else ""))


def may_put_right(user: Any, title: Title) -> bool:
    """May the person add or correct what was handed over: whoever may recognize the unit?"""
    return _may(user, RECOGNIZE, Over(title.unit_id, title.programme.code if title.programme else ""))


class Knows(Enum):
    """What somebody is told of a decision without a title: nothing, that it was taken, the dossier too."""

    NOTHING = auto()
    DECISION = auto()
    DOSSIER = auto()


def may_know(user: Any, unit_id: int, programme: str) -> Knows:
    """What a reader is told of a decision on a dossier of a unit that led to no title.

    Whoever may read the dossier, all of it; where reading is open, like the verdicts beside it, anybody that
    it was decided and how; where it is not, nobody else (ADR 44).
    """
    if _may(user, READ, Over(unit_id, programme)):
        return Knows.DOSSIER
    return Knows.DECISION if settings.KIEUMAU_OPEN_READING else Knows.NOTHING


def _may(user: Any, permission: str, over: Over) -> bool:
    return bool(user.is_authenticated and user.has_perm(permission, over))
