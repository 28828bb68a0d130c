"""What somebody may give over a unit, for forms: roles, programmes, and what speaks against some."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kieumau.accounts.granting import Wanted, why_not
from kieumau.accounts.models import User
from kieumau.accounts.roles import downward
from kieumau.accounts.roles import roles as known_roles
from kieumau.kernel.messages import Text
from kieumau.units.models import Term
from kieumau.units.queries import terms

# Only the day of the end speaks against it: that one chooses in the same form.
_LONGER = "longer-than-yours"


@dataclass(frozen=True)
class Offer:
    """What somebody may give over a unit: roles in the order of the file, in these programmes or in all.

    `above` is the name of the unit where others stand below it, empty for one without any: there a role that
    counts for the very unit alone finds no work of those below.
    """

    roles: tuple[str, ...]
    programmes: tuple[str, ...]
    in_all: bool
    above: Text | None = None

    @cached_property
    def alone(self) -> tuple[str, ...]:
        """The roles offered that would not count for the units below, where there are such."""
        return tuple(one for one in self.roles if one not in downward()) if self.above else ()

    def without_work(self, chosen: Collection[str]) -> Text | None:
        """Why roles that were chosen seem to be meant for another unit; None where nothing speaks against."""
        narrow = [known_roles()[one].name.text() for one in self.alone if one in chosen]
        if not narrow or self.above is None:
            return None
        vi, en = ", ".join(one.vi for one in narrow), ", ".join(one.en for one in narrow)
        return Text(
            vi=f"Vai trò {vi} chỉ tính cho chính {self.above.vi}, không tính cho các đơn vị bên dưới: người "
            "này sẽ không thấy việc của xã, phường nào. Nếu người ấy làm cho một xã, phường, hãy mở trang "
            "này tại chính xã, phường đó; nếu đúng là việc của chính đơn vị này, hãy đánh dấu vào ô này.",
            en=f"The role {en} counts for {self.above.en} itself and for no unit below: the person would "
            "see the work of no commune. For somebody who works for a commune, open this page at that "
            "commune; if the work is this very unit's, tick this box.",
        )


def offer(actor: User, unit_id: int, programmes: Iterable[str], on: date) -> Offer:
    """What the actor may give over a unit; which role in which programme is asked once more at sending."""
    by_programme = {code: _may_give(actor, unit_id, code) for code in ("", *programmes)}
    given = set().union(*by_programme.values())
    return Offer(
        tuple(role for role in known_roles() if role in given),
        tuple(code for code, roles in by_programme.items() if code and roles),
        bool(by_programme[""]),
        _above(unit_id, on),
    )


def _may_give(actor: User, unit_id: int, programme: str) -> set[str]:
    """Asked as for somebody who has no account yet: to oneself nobody gives anything."""
    problems = {role: why_not(actor, User(), Wanted(role, unit_id, programme)) for role in known_roles()}
    return {role for role, problem in problems.items() if problem is None or problem.code == _LONGER}


def _above(unit_id: int, on: date) -> Text | None:
    """The name of the unit, where others stand below it on that day."""
    if not Term.objects.filter(parent=unit_id, valid__contains=on).exists():
        return None
    found = terms(on).filter(unit_id=unit_id).first()
    return None if found is None else Text(vi=found.full_name("vi"), en=found.full_name("en"))
