"""What a person may where is worked out once, when the connection begins to work for him, and read after."""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client

from kieumau.accounts.acting import _NAMES, acting
from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tests.test_row_security import COUNTRY, column, seen, serving, units
from kieumau.units.models import Term

__all__ = ["units"]  # a fixture
pytestmark = pytest.mark.django_db

# Role and unit; the units of work, those of it that are written, of people and the log; where documents are
# added, by the role's permissions. OLD of P2 went into C11 of P1 as a whole.
KEPT = [
    ("programme_office", "P1", "C11 C12 OLD P1", "C11 C12 OLD P1", "C11 C12 OLD P1", "C11 C12 OLD P1"),
    ("programme_office", "P2", "C21 P2", "C21 P2", "C21 P2", "C21 P2"),
    ("officer", "C11", "C11 OLD", "C11 OLD", "C11 OLD", "C11 OLD"),
    ("officer", "P1", "P1", "P1", "P1", "P1"),
    ("auditor", "P1", "C11 C12 OLD P1", "C11 C12 OLD P1", "C11 C12 OLD P1", ""),
    ("administrator", "P1", "", "", "C11 C12 OLD P1", ""),
]
ASKED = ("app_units()", "app_written()", "app_reach()", "app_may('rounds.open', 'documents.add')")


@pytest.mark.parametrize(("role", "unit", "work", "written", "reach", "may"), KEPT)
def test_what_is_kept(
    units: dict[str, int], role: str, unit: str, work: str, written: str, reach: str, may: str
) -> None:
    chi = User.objects.create_user("chi")
    grant(chi, role, units[unit])
    with acting(chi), serving():
        assert kept(units) == [work, written, reach, may]


def kept(units: dict[str, int]) -> list[str]:
    """What policies are told, by the codes of the units."""
    codes = {unit: code for code, unit in units.items()}
    return [" ".join(sorted(codes[one] for one in column(f"SELECT {asked}"))) for asked in ASKED]


def test_it_is_worked_out_once(units: dict[str, int]) -> None:
    """Nothing is left to work it out with, and policies answer as before."""
    chi = User.objects.create_user("chi")
    grant(chi, "officer", units["C11"])
    with acting(chi):
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION app_within(integer, text, date)")
        with serving():
            assert column("SELECT reference FROM document ORDER BY 1") == ["C11", "OLD"]
            assert len(column("UPDATE document SET summary = 'của tôi' RETURNING id")) == 2


def test_one_within_another_gets_his_own_and_gives_it_back(units: dict[str, int]) -> None:
    chi, dung = (User.objects.create_user(name) for name in ("chi", "dung"))
    grant(chi, "programme_office", units["P1"])
    grant(dung, "officer", units["C21"])
    with acting(chi):
        before = kept(units)
        with acting(dung):
            assert kept(units) == ["C21"] * 4
        assert kept(units) == before
        assert seen(dung) == "C21"
        with acting(None):
            assert kept(units) == [""] * 4
    assert kept(units) == [""] * 4


def test_a_role_over_the_country_needs_no_lists(units: dict[str, int]) -> None:
    nation = User.objects.create_user("quốc")
    grant(nation, "programme_office", units["N"])
    with acting(nation), serving():
        assert column("SELECT app_everywhere() AND app_whole() AND app_may_all('documents.add')") == [True]
        assert kept(units) == [""] * 4
        assert len(column("SELECT id FROM document")) == len(COUNTRY)


class Looks:
    """Sees, in the middle of a request, what policies are told; stands last in `MIDDLEWARE`."""

    found: ClassVar[list[list[str]]] = []

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.found.append(kept(dict(Term.objects.values_list("code", "unit_id"))))
        return self.get_response(request)


@pytest.mark.django_db(transaction=True)
def test_a_request_leaves_none_of_it_to_the_next(units: dict[str, int], settings: Any) -> None:
    """Two people and a stranger by one connection, which stays open: each gets what is his."""
    chi, dung = (User.objects.create_user(name) for name in ("chi", "dung"))
    grant(chi, "programme_office", units["P1"])
    grant(dung, "officer", units["C21"])
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Looks"]
    Looks.found.clear()
    backend = column("SELECT pg_backend_pid()")
    for person in (chi, dung, None):
        client = Client()
        if person is not None:
            client.force_login(person)
        client.get("/khong-co/")
        left = [column(f"SELECT current_setting('app.{name}', true)") for name in _NAMES]
        assert left == [[""]] * len(_NAMES)
    assert column("SELECT pg_backend_pid()") == backend
    assert Looks.found == [["C11 C12 OLD P1"] * 4, ["C21"] * 4, [""] * 4]
