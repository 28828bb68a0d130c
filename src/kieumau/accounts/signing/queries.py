"""What the account page says of one's roles."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kieumau.accounts.held import grants_in_force
from kieumau.accounts.models import User
from kieumau.accounts.roles import roles, with_permission
from kieumau.accounts.signing.access import INVITE
from kieumau.calendars.working_days import day_of
from kieumau.kernel.messages import Text
from kieumau.units.models import Term


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role by its name, over a unit by its name, until a day (the last included; None: for good)."""

    unit_id: int
    may_invite: bool
    name: Text
    unit: Text
    until: date | None


def roles_of(user: User, *, now: datetime) -> list[HeldRole]:
    """What somebody holds today. Two queries, however many."""
    on = day_of(now)
    held = grants_in_force(user, on)
    known, inviting = roles(), with_permission(INVITE)
    names = unit_names([one.unit_id for one in held], on)
    return [
        HeldRole(
            one.unit_id,
            one.role in inviting,
            known[one.role].name.text(),
            names.get(one.unit_id, Text(vi="–", en="–")),
            one.ends_before - timedelta(days=1) if one.ends_before else None,
        )
        for one in held
        if one.role in known
    ]


def unit_names(ids: list[int], on: date) -> dict[int, Text]:
    """What a few units are called on a day. One query, none for none."""
    if not ids:
        return {}
    terms = Term.objects.filter(unit_id__in=ids, valid__contains=on).select_related("kind")
    return {one.unit_id: Text(vi=one.full_name("vi"), en=one.full_name("en")) for one in terms}
