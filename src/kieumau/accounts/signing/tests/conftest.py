"""A country of one province with two wards, and who may invite there."""

from collections.abc import Callable

import pytest

from kieumau.accounts.models import User
from kieumau.accounts.signing.tests.log import Log
from kieumau.accounts.tests.granting import grant
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

COUNTRY = [
    ("N", "Nước Mẫu", "quoc-gia", ""),
    ("P", "Bình Minh", "tinh", "N"),
    ("Q", "Đông Hải", "tinh", "N"),
    ("P1", "An Hưng", "phuong", "P"),
    ("Q1", "Ea Súp", "xa", "Q"),
]


@pytest.fixture
def log(db: None) -> Log:
    """The log from here on."""
    return Log()


@pytest.fixture
def unit_of(db: None) -> Callable[[str], int]:
    """The id of a unit by its name."""
    rows = [
        {"code": code, "name": name, "kind": kind, "parent": parent, "valid_from": "2020-01-01"}
        for code, name, kind, parent in COUNTRY
    ]
    load_rows(rows, actor=None, register="m")
    ids = dict(Term.objects.values_list("name", "unit_id"))
    return ids.__getitem__


@pytest.fixture
def office(unit_of: Callable[[str], int]) -> User:
    """Looks after the accounts of Bình Minh."""
    office = User.objects.create_user("office", password="mật khẩu dài 12")
    grant(office, "administrator", unit_of("Bình Minh"))
    return office
