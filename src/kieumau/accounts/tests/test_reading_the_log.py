"""Whose entries of the log an auditor reads: those of his units; those of no unit only with the country."""

import pytest
from django.test import Client
from django.utils import timezone

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.audit.access import readable
from kieumau.audit.actions import record
from kieumau.audit.queries import Asked, entries
from kieumau.audit.verbs import known
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

pytestmark = pytest.mark.django_db

NOW = timezone.now()

KEYS = ("code", "name", "kind", "parent", "valid_from", "valid_to")
COUNTRY = [
    ("N", "Nước Mẫu", "quoc-gia", "", "2020-01-01", ""),
    ("P1", "Bình Minh", "tinh", "N", "2020-01-01", ""),
    ("P2", "Đông Hải", "tinh", "N", "2020-01-01", ""),
    ("C11", "An Bình", "phuong", "P1", "2020-01-01", ""),
    ("C21", "Ea Súp", "xa", "P2", "2020-01-01", ""),
]

# Over what somebody is an auditor; the units (and “-”, no unit) whose entries come.
READ = [
    (["N"], "- C11 C21 P1"),
    (["P1"], "C11 P1"),
    (["P2"], "C21"),
    (["C11"], "C11"),
    (["C11", "P2"], "C11 C21"),
    ([], ""),
]


@pytest.fixture
def units() -> dict[str, int]:
    """Two provinces, and an entry each of some units and of none."""
    load_rows([dict(zip(KEYS, row, strict=True)) for row in COUNTRY], actor=None, register="m")
    found = dict(Term.objects.values_list("code", "unit_id"))
    for code in ("P1", "C11", "C21", "-"):
        record(
            actor="ghi", verb=known()[0], name=code, object=("tests", code), unit_id=found.get(code), now=NOW
        )
    return found


@pytest.mark.parametrize(("over", "expected"), READ)
def test_an_auditor_reads_the_entries_of_his_units(
    units: dict[str, int], over: list[str], expected: str
) -> None:
    user = User.objects.create_user("chi")
    for code in over:
        grant(user, "auditor", units[code])
    found = entries(Asked(actor="ghi", object_kind="tests"), readable=readable(user))
    assert " ".join(sorted(one.object_name for one in found)) == expected


def test_the_page_shows_no_more(units: dict[str, int], client: Client) -> None:
    user = User.objects.create_user("chi")
    grant(user, "auditor", units["P1"])
    client.force_login(user)
    address = "/nhat-ky/?nguoi=ghi"
    assert client.get(address).content.decode().count("<details>") == 2
    assert client.get(f"{address}&donvi={units['C21']}").content.decode().count("<details>") == 0
    grant(user, "auditor", units["N"])
    assert client.get(address).content.decode().count("<details>") == 4


def test_an_administrator_of_the_installation_reads_everything(units: dict[str, int]) -> None:
    root = User.objects.create_superuser("gốc")
    assert len(entries(Asked(actor="ghi", object_kind="tests"), readable=readable(root))) == 4
