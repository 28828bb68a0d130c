"""An act that gives a part of a ward to its neighbor gives the neighbor nothing of the ward that lives on."""

from typing import Any

import pytest
from django.db import connection

from kieumau.accounts.acting import acting
from kieumau.accounts.models import User
from kieumau.accounts.scopes import holders, holders_of_each, units_in_scope
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tests.test_row_security import column, refused, serving
from kieumau.units.actions import load_rows
from kieumau.units.models import Term
from kieumau.units.over import Over

pytestmark = pytest.mark.django_db

UNITS = [
    ("N", "Nước Mẫu", "quoc-gia", "", ""),
    ("P", "Cần Thơ", "tinh", "N", ""),
    ("AB", "An Bình", "phuong", "P", ""),
    ("CK", "Cái Khế", "phuong", "P", ""),
    ("ALL", "Long Hòa", "phuong", "P", "2025-07-01"),
    ("HALF", "Thới Lai", "xa", "P", "2025-07-01"),
]
# What CK got on that day: a tenth of AB, which lives on; all of ALL and a half of HALF, which ended.
SHARES = [("AB", "CK", "0.1"), ("AB", "AB", "0.9"), ("ALL", "CK", "1")]
SHARES += [("HALF", "CK", "0.5"), ("HALF", "AB", "0.5"), ("CK", "CK", "1")]

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
    assert seen == {units["CK"], units["ALL"], units["HALF"]}


# Whose shelf; is a document there read, and written, by the role that serves an officer of CK?
SHELVES = [("CK", True, True), ("ALL", True, True), ("HALF", True, False), ("AB", False, False)]


@pytest.mark.parametrize(("unit", "is_read", "is_written"), SHELVES)
def test_what_ended_in_parts_is_read_and_not_written(
    lan: User, units: dict[str, int], unit: str, is_read: bool, is_written: bool
) -> None:
    there = units[unit]
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
        if is_written:  # nor moved to where it may not
            refused(f"UPDATE document SET unit_id = {units['HALF']} WHERE unit_id = {there}")
        assert len(column(f"DELETE FROM {where} RETURNING id")) == 2 * is_written
