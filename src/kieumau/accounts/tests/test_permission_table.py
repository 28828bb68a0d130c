"""Who may do what where: role by role, action by action.

Every role is held over the province P1 in the programme `pilot`. A cell says where it counts, for things of
that programme: `o` at the own unit, `b` below it, `a` above, `s` beside, `x` at the own unit in another
programme; and `u` for things of the own unit that belong to no programme.
"""

import pytest

from kieumau.accounts.doors import may
from kieumau.accounts.models import User
from kieumau.accounts.roles import permissions, roles
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tests.test_row_security import units
from kieumau.units.over import WHOLE, Over

__all__ = ["units"]  # a fixture
pytestmark = pytest.mark.django_db

TABLE = """
                              officer  approver  verifier appraiser programme   auditor administr open_data
accounts.grant                      -         -         -         -        ob         -        ob         -
accounts.invite                     -         -         -         -        ob         -        ob         -
assignments.close                   -         -         -         -        ob         -         -         -
assignments.give                    -         -         -         -        ob         -         -         -
assignments.read                   ou        ou       obu       obu       obu       obu         -         -
assignments.report                 ou        ou         -         -         -         -         -         -
audit.read                          -         -         -         -         -        ob         -         -
awards.recognize                    -         -         -         -        ob         -         -         -
awards.withdraw                     -         -         -         -        ob         -         -         -
calendars.change_specialday         -         -         -         -        ob         -         -         -
criteria.draft                      -         -       obu       obu       obu         -         -         -
criteria.issue_set                  -         -         -         -        ob         -         -         -
documents.add                      ou         -         -         -       obu         -         -         -
documents.delete                   ou         -         -         -         -         -         -         -
documents.read                     ou        ou       obu       obu       obu       obu         -         -
exports.open_data                   -         -         -         -         -         -         -        ob
programmes.budget                   -         -         -         -        ob         -         -         -
programmes.edit                     -         -         -         -        ob         -         -         -
programmes.read                     o         o        ob        ob        ob        ob         -         -
rechecks.check                      -         -        ob        ob         -         -         -         -
rechecks.draw                       -         -         -         -        ob         -         -         -
returns.enter                       o         -         -         -         -         -         -         -
returns.read                        o         o        ob        ob        ob        ob         -         -
returns.review                      -         -        ob         -        ob         -         -         -
rounds.appraise                     -         -         -        ob         -         -         -         -
rounds.assess                       o         -         -         -         -         -         -         -
rounds.decide                       -         -         -         -        ob         -         -         -
rounds.extend                       -         -         -         -        ob         -         -         -
rounds.open                         -         -         -         -        ob         -         -         -
rounds.read                         o         o        ob        ob        ob        ob         -         -
rounds.send_back                    -         -        ob        ob        ob         -         -         -
rounds.submit                       -         o         -         -         -         -         -         -
rounds.verify                       -         -        ob         -         -         -         -         -
units.record_act                    -         -         -         -        ob         -         -         -
visits.record                       -         -         -        ob        ob         -         -         -
"""


def where(user: User | None, permission: str, units: dict[str, int]) -> str:
    """The letters of the places at which the person may do that."""
    places = {
        "o": Over(units["P1"], "pilot"),
        "b": Over(units["C11"], "pilot"),
        "a": Over(units["N"], "pilot"),
        "s": Over(units["P2"], "pilot"),
        "x": Over(units["P1"], "other"),
        "u": Over(units["P1"]),
    }
    return "".join(letter for letter, over in places.items() if may(user, permission, over)) or "-"


def test_the_table(units: dict[str, int]) -> None:
    people = {role: User.objects.create_user(role) for role in roles()}
    for role, user in people.items():
        grant(user, role, units["P1"], "pilot")
    lines = ["".ljust(28) + " ".join(role[:9].rjust(9) for role in people)]
    for permission in sorted(permissions()):
        cells = [where(user, permission, units).rjust(9) for user in people.values()]
        lines.append(permission.ljust(28) + " ".join(cells))
    assert "\n".join(lines) == TABLE.strip("\n"), "\n" + "\n".join(lines)


def test_what_binds_the_whole_country_takes_a_role_over_the_country(units: dict[str, int]) -> None:
    province, country = (User.objects.create_user(name) for name in ("chi", "dung"))
    grant(province, "programme_office", units["P1"])
    grant(country, "programme_office", units["N"])
    for permission in ("criteria.issue_set", "units.record_act"):
        assert not may(province, permission, WHOLE)
        assert may(country, permission, WHOLE)


def test_nobody_and_somebody_without_a_role_may_nothing(units: dict[str, int]) -> None:
    for user in (None, User.objects.create_user("chi"), User(username="an", is_active=False)):
        assert {where(user, permission, units) for permission in permissions()} == {"-"}


def test_a_place_is_a_unit_or_nothing() -> None:
    with pytest.raises(TypeError):
        User.objects.create_user("chi").has_perm("returns.read", "P1")  # type: ignore[arg-type]  # refused
