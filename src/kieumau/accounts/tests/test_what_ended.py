"""What ended belongs to where it went; what is divided is written by a role that reaches all of its parts.

An act that gives a part of a ward to its neighbor gives the neighbor nothing of the ward that lives on.
"""

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from kieumau.accounts import doors
from kieumau.accounts.acting import acting
from kieumau.accounts.models import Grant, User
from kieumau.accounts.roles import at_work, is_reading
from kieumau.accounts.roles import roles as known_roles
from kieumau.accounts.scopes import holders, holders_of_each, units_in_scope
from kieumau.accounts.tests.granting import LONG_AGO, grant
from kieumau.accounts.tests.test_row_security import column, refused, serving
from kieumau.units.actions import load_rows
from kieumau.units.models import Term
from kieumau.units.over import Over

pytestmark = pytest.mark.django_db

UNITS = [
    ("N", "Nước Mẫu", "quoc-gia", "", ""),
    ("P", "Cần Thơ", "tinh", "N", ""),
    ("P2", "Vĩnh Long", "tinh", "N", ""),
    ("XH", "Xuân Hiệp", "xa", "P2", ""),
    ("AB", "An Bình", "phuong", "P", ""),
    ("CK", "Cái Khế", "phuong", "P", ""),
    ("ALL", "Long Hòa", "phuong", "P", "2025-07-01"),
    ("HALF", "Thới Lai", "xa", "P", "2025-07-01"),
    ("ACROSS", "Trường Long", "xa", "P", "2025-07-01"),
    ("GONE", "Cồn Sơn", "xa", "P", "2025-07-01"),
    ("OLD", "Thới An", "xa", "P", "2022-01-01"),
]
# What CK got on that day: a tenth of AB, which lives on; all of ALL and a half of HALF, which ended. Half of
# ACROSS went to another province, GONE to no ward but to P. HALF had been given all of OLD before.
SHARES = [("AB", "CK", "0.1"), ("AB", "AB", "0.9"), ("ALL", "CK", "1")]
SHARES += [("HALF", "CK", "0.5"), ("HALF", "AB", "0.5"), ("CK", "CK", "1")]
SHARES += [("ACROSS", "CK", "0.5"), ("ACROSS", "XH", "0.5"), ("XH", "XH", "1")]

TABLE = [
    # the ward of somebody of CK, what he wants to do, may he
    ("CK", "rounds.read", True),
    ("CK", "documents.delete", True),
    ("AB", "rounds.read", False),
    ("AB", "rounds.assess", False),
    ("AB", "documents.delete", False),
    ("ALL", "rounds.read", True),
    ("ALL", "documents.delete", True),
    ("HALF", "documents.read", True),
    ("HALF", "documents.delete", False),
    ("HALF", "rounds.assess", False),
]


@pytest.fixture
def units() -> dict[str, int]:
    keys = ("code", "name", "kind", "parent", "valid_to")
    rows = [dict(zip(keys, row, strict=True)) | {"valid_from": "2020-01-01"} for row in UNITS]
    day = {"act": "2025", "takes_effect_on": "2025-07-01", "reference": "NQ 1", "basis": "people"}
    acts = [day | {"predecessor": a, "successor": b, "share": share} for a, b, share in SHARES]
    before = {"act": "2022", "takes_effect_on": "2022-01-01", "reference": "NQ 0"}
    acts += [before | {"predecessor": one, "successor": "HALF", "share": "1"} for one in ("OLD", "HALF")]
    load_rows(rows, acts, actor=None, register="m")
    return dict(Term.objects.values_list("code", "unit_id"))


@pytest.fixture
def lan(units: dict[str, int]) -> User:
    person = User.objects.create_user("lan")
    grant(person, "officer", units["CK"])
    return person


@pytest.mark.parametrize(("unit", "permission", "may"), TABLE)
def test_what_an_officer_may_do(
    lan: User, units: dict[str, int], unit: str, permission: str, may: bool
) -> None:
    there = units[unit]
    place: Any = Over(there)
    assert lan.has_perm(permission, place) is may
    assert units_in_scope(lan, permission).filter(pk=there).exists() is may
    assert holders(permission, there).filter(pk=lan.pk).exists() is may
    assert (lan.pk in holders_of_each([there], permission).get(there, [])) is may


def test_row_security_knows_the_same(lan: User, units: dict[str, int]) -> None:
    with acting(lan), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT app_units()")
        seen = {row[0] for row in cursor.fetchall()}
    assert seen == {units[one] for one in ("CK", "ALL", "HALF", "ACROSS", "OLD")}


# The roles of somebody; of which units that ended he may write what there is.
ABOVE = [
    ([("officer", "CK")], "ALL"),
    ([("officer", "CK"), ("officer", "AB")], "ALL"),  # each by itself: neither reaches all of HALF
    ([("verifier", "CK")], "ALL"),
    ([("verifier", "P")], "ALL GONE HALF OLD"),
    ([("officer", "P")], "GONE"),  # does not count below
    ([("verifier", "P2")], ""),
    ([("verifier", "P"), ("verifier", "P2")], "ALL GONE HALF OLD"),
    ([("verifier", "N")], "ACROSS ALL GONE HALF OLD"),
    ([("auditor", "N")], ""),
]
CHANGING = {"officer": "documents.delete", "verifier": "rounds.verify", "auditor": "documents.delete"}


@pytest.mark.parametrize(("roles", "expected"), ABOVE)
def test_who_is_above_all_parts(units: dict[str, int], roles: list[tuple[str, str]], expected: str) -> None:
    chi = User.objects.create_user("chi")
    for role, unit in roles:
        grant(chi, role, units[unit])
    permission = CHANGING[roles[0][0]]
    ended = sorted(unit for unit in units if unit in {"ALL", "HALF", "ACROSS", "GONE", "OLD"})
    assert " ".join(one for one in ended if doors.may(chi, permission, Over(units[one]))) == expected


def test_doors_lists_holders_and_the_database_agree(units: dict[str, int]) -> None:
    """Every role, over every unit and over two at once, for looking and for changing."""
    here = [unit for unit, end in ((one[0], one[4]) for one in UNITS) if not end]
    pairs = [("AB", "CK"), ("P", "P2"), ("CK", "P"), ("N", "CK")]
    for role, shape in known_roles().items():
        asked = {is_reading(one): one for one in sorted(shape.may)}
        for places in [*((one,) for one in here), *pairs]:
            chi = User.objects.create_user(f"{role} {places}")
            for place in places:
                grant(chi, role, units[place])
            for permission in asked.values():
                mine = {unit for unit in units.values() if doors.may(chi, permission, Over(unit))}
                about = f"{permission} by {chi}"
                assert set(units_in_scope(chi, permission).values_list("pk", flat=True)) == mine, about
                held = holders_of_each(units.values(), permission)
                assert {unit for unit, people in held.items() if chi.pk in people} == mine, about
                assert of_policies(chi, role, permission) in (mine, None), about


def ids(people: Any) -> set[int]:
    return set(people.values_list("pk", flat=True))


def of_policies(person: User, role: str, permission: str) -> set[int] | None:
    """The units that policies let somebody see, or do that to; None where they ask no list of units."""
    seen, may, anywhere = "app_units()", f"app_may('{permission}')", f"app_may_all('{permission}')"
    with acting(person), serving():
        if is_reading(permission):
            return None if column("SELECT app_everywhere()") == [True] else set(column(f"SELECT {seen}"))
        if column(f"SELECT {anywhere}") == [True]:
            return None
        if role in at_work():
            assert set(column("SELECT app_written()")) == set(column(f"SELECT {may}"))
        return set(column(f"SELECT {may}"))


def test_a_role_over_what_is_no_more_lets_nobody_do_anything(units: dict[str, int]) -> None:
    chi = User.objects.create_user("chi")
    Grant.objects.create(
        user=chi, role="officer", unit_id=units["ALL"], starts_on=LONG_AGO, given_at=timezone.now()
    )
    for permission in ("documents.read", "documents.delete"):
        assert not doors.may(chi, permission, Over(units["ALL"]))
        assert not ids(holders(permission, units["ALL"]))
        assert not units_in_scope(chi, permission).exists()


# A role and where; whose shelf; is a document there read, and written, by whom the connection works for?
SHELVES = [
    ("officer", "CK", "CK", True, True),
    ("officer", "CK", "ALL", True, True),
    ("officer", "CK", "HALF", True, False),
    ("officer", "CK", "AB", False, False),
    ("programme_office", "P", "ALL", True, True),
    ("programme_office", "P", "HALF", True, True),
    ("programme_office", "P", "ACROSS", True, False),
    ("programme_office", "P2", "ACROSS", True, False),
    ("programme_office", "N", "ACROSS", True, True),
]


@pytest.mark.parametrize(("role", "place", "unit", "is_read", "is_written"), SHELVES)
def test_what_ended_in_parts_is_written_from_above_all_parts(
    units: dict[str, int], role: str, place: str, unit: str, is_read: bool, is_written: bool
) -> None:
    lan, there = User.objects.create_user("lan"), units[unit]
    grant(lan, role, units[place])
    add = (
        "INSERT INTO document (unit_id, kind, reference, issuer, issued_on, summary, version, added_at,"
        " added_by, changed_at, changed_by, sealed_by)"
        f" VALUES ({there}, 'plan', '', '', '2026-01-01', 'Kế hoạch', 1, now(), 'an', now(), 'an', '')"
    )
    with connection.cursor() as cursor:
        cursor.execute(add)
    with acting(lan), serving():
        where = f"document WHERE unit_id = {there}"
        assert len(column(f"SELECT id FROM {where}")) == is_read
        changed = f"UPDATE document SET summary = 'x' WHERE unit_id = {there} RETURNING id"
        assert len(column(changed)) == is_written
        if is_written:
            column(f"{add} RETURNING id")
        else:
            refused(add)
        if is_written and place != "N":  # nor moved to where it may not
            refused(f"UPDATE document SET unit_id = {units['ACROSS']} WHERE unit_id = {there}")
        deletes = is_written and role == "officer"
        assert len(column(f"DELETE FROM {where} RETURNING id")) == 2 * deletes
