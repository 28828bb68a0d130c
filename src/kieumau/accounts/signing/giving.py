"""The roles that come with an invitation: what whoever invites may give, given in his name."""

from collections.abc import Sequence
from datetime import date, datetime

from kieumau.accounts.models import User
from kieumau.accounts.signing.models import Invitation
from kieumau.kernel.messages import Problem


def check_roles(
    *, actor: User, unit_id: int, roles: Sequence[str], programme: str, until: date | None, now: datetime
) -> list[Problem]:
    """Why the actor may not give these roles; empty where he may."""
    return []


def give_roles(invitation: Invitation, user: User, *, now: datetime) -> None:
    """Give them, as whoever invited. Raises `Refused` where he may no longer."""


def offered_roles(actor: User, unit_id: int, *, now: datetime) -> list[str]:
    """The roles that the actor may give over a unit, in the order of the file."""
    return []
