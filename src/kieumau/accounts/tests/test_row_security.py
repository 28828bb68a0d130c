"""Whoever forgets the filter gets nothing of another province; the role that serves owns nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone

from kieumau.accounts.acting import NOBODY, _scope, acting, begin, end, everywhere
from kieumau.accounts.models import User
from kieumau.accounts.row_security import ROLE
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tokens import make_token, token_of
from kieumau.audit.actions import record
from kieumau.audit.verbs import known
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

pytestmark = pytest.mark.django_db

COUNTRY = [
    ("N", "Nước Mẫu", "quoc-gia", "", ""),
    ("P1", "Bình Minh", "tinh", "N", ""),
    ("P2", "Đông Hải", "tinh", "N", ""),
    ("C11", "An Bình", "phuong", "P1", ""),
    ("C12", "Ân Thi", "xa", "P1", ""),
    ("C21", "Ea Súp", "xa", "P2", ""),
    ("OLD", "An Hòa", "xa", "P2", "2025-07-01"),
]
ACTS = [
    {
        "act": "2025",
        "takes_effect_on": "2025-07-01",
        "predecessor": "OLD",
        "successor": "C11",
        "reference": "NQ 1",
    },
    {
        "act": "2025",
        "takes_effect_on": "2025-07-01",
        "predecessor": "C11",
        "successor": "C11",
        "reference": "NQ 1",
    },
]


@pytest.fixture
def units() -> dict[str, int]:
    """Two provinces; OLD of P2 went into C11 of P1. A document on every shelf. Nobody is at work."""
    begin(None)
    keys = ("code", "name", "kind", "parent", "valid_to")
    rows = [dict(zip(keys, row, strict=True)) | {"valid_from": "2020-01-01"} for row in COUNTRY]
    load_rows(rows, ACTS, actor=None, register="m")
    found = dict(Term.objects.values_list("code", "unit_id"))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO document (unit_id, kind, reference, issuer, issued_on, summary, version, added_at,"
            " added_by, changed_at, changed_by, sealed_by)"
            " VALUES (%s, 'ke-hoach', %s, '', %s, 'Kế hoạch', 1, now(), 'an', now(), 'an', '')",
            [(unit, code, date(2026, 1, 1)) for code, unit in found.items()],
        )
    return found


@contextmanager
def serving() -> Iterator[None]:
    """As the role that serves pages."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        yield
        cursor.execute("RESET ROLE")


def seen(user: Any) -> str:
    """The documents somebody gets when a page forgets every filter."""
    with acting(user), serving():
        return " ".join(column("SELECT reference FROM document ORDER BY reference"))


def column(sql: str, *parameters: Any) -> list[Any]:
    """The first column of what the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


# Role and unit; the shelves that come back from `SELECT * FROM document`.
SEEN = [
    ("verifier", "N", "C11 C12 C21 N OLD P1 P2"),
    ("verifier", "P1", "C11 C12 OLD P1"),  # what went into a unit of the province comes along
    ("verifier", "P2", "C21 P2"),
    ("officer", "C11", "C11 OLD"),
    ("officer", "P1", "P1"),
    ("auditor", "P2", "C21 P2"),
    ("administrator", "N", ""),  # looks after accounts, sees no work
    ("open_data_editor", "P1", ""),
]


@pytest.mark.parametrize(("role", "unit", "expected"), SEEN)
def test_a_forgotten_filter_shows_the_own_units_only(
    units: dict[str, int], role: str, unit: str, expected: str
) -> None:
    user = User.objects.create_user("chi")
    grant(user, role, units[unit])
    assert seen(user) == expected


def test_two_roles_add_up_and_nobody_sees_nothing(units: dict[str, int]) -> None:
    user = User.objects.create_user("chi")
    assert seen(user) == seen(None) == seen(AnonymousUser()) == ""
    grant(user, "officer", units["C12"])
    grant(user, "auditor", units["P2"])
    assert seen(user) == "C12 C21 P2"
    assert seen(User.objects.create_superuser("gốc")) == "C11 C12 C21 N OLD P1 P2"
    user.is_active = False
    assert seen(user) == ""


def test_nothing_is_set_once_it_is_over(units: dict[str, int]) -> None:
    chi = User.objects.create_user("chi")
    grant(chi, "auditor", units["P2"])
    with acting(chi):
        with everywhere(), serving():
            assert len(column("SELECT id FROM document")) == len(COUNTRY)
        with serving():
            assert len(column("SELECT id FROM document")) == 2
    with serving():
        assert column("SELECT id FROM document") == []
    assert column("SELECT current_setting('app.units', true)") == [""]


def test_rows_are_neither_written_nor_moved_elsewhere(units: dict[str, int]) -> None:
    chi = User.objects.create_user("chi")
    grant(chi, "officer", units["C12"])
    with acting(chi), serving():
        assert column("UPDATE document SET summary = 'của tôi' RETURNING reference") == ["C12"]
        assert column("DELETE FROM document WHERE reference <> 'C12' RETURNING id") == []
        for wrong in (
            f"UPDATE document SET unit_id = {units['C21']} WHERE reference = 'C12'",
            f"INSERT INTO document_reading (document_id, unit_id, sha256, at, by)"
            f" VALUES (1, {units['C21']}, '', now(), 'chi')",
        ):
            refused(wrong)


# What the serving role tries, in vain, to get around it.
TRICKS = [
    "ALTER TABLE document DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE document DISABLE TRIGGER ALL",
    "DROP POLICY in_scope ON document",
    "CREATE POLICY mine ON document USING (true)",
    "ALTER TABLE document OWNER TO kieumau_serving",
    "SET LOCAL row_security = off; SELECT * FROM document",
    "SET LOCAL session_replication_role = replica",
    "TRUNCATE document",
    "TRUNCATE audit_entry",
    "UPDATE audit_entry SET verb = 'x'",
    "DELETE FROM audit_entry",
    "INSERT INTO audit_link VALUES (1, 1, now(), sha256(''))",
    "DELETE FROM audit_link",
    "DELETE FROM past_row",
    "UPDATE document_reading SET by = 'x'",
    "DELETE FROM return_step",
    "DELETE FROM account_grant",
    "SELECT * FROM account_token",
    "CREATE TABLE mine (id int)",
    "CREATE OR REPLACE FUNCTION app_everywhere() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "DELETE FROM django_migrations",
]


def refused(sql: str) -> None:
    """The database says no."""
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("trick", TRICKS)
def test_the_serving_role_cannot(trick: str) -> None:
    with serving():
        refused(trick)


def test_the_serving_role_is_nobody(units: dict[str, int]) -> None:
    rights = "rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb"
    assert column(f"SELECT (({rights}))::text FROM pg_roles WHERE rolname = %s", ROLE) == ["(f,f,f,f,f)"]
    assert column("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", ROLE) == [0]


def test_the_serving_role_adds_to_the_log_and_finds_a_token(units: dict[str, int]) -> None:
    _, secret = make_token(name="máy", days=1, actor="an", now=timezone.now())
    with serving():
        record(actor="an", verb=known()[0])
        assert token_of(secret, timezone.now()) is not None
        assert token_of("km_x", timezone.now()) is None
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # chained now, as at the end


@pytest.mark.django_db(transaction=True)
def test_a_request_leaves_nothing_on_the_connection(client: Client) -> None:
    _ask(client)
    assert column("SELECT current_setting('app.person', true)") == [""]
    end()


@pytest.mark.django_db
def test_nor_does_one_in_a_transaction_that_is_rolled_back(client: Client) -> None:
    """Whoever asked would be remembered beyond it: the next stranger would have to be looked up."""
    _ask(client)
    assert column("SELECT current_setting('app.person', true)") == [""]
    assert _scope() == NOBODY


def _ask(client: Client) -> None:
    chi = User.objects.create_user("chi")
    grant(chi, "officer")
    client.force_login(chi)
    client.get("/khong-co/")
