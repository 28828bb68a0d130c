"""The file of roles and the doors name the same permissions."""

from importlib import import_module
from importlib.util import find_spec

import pytest
from django.apps import apps

from kieumau.accounts.roles import permissions, roles, with_permission

PACKAGES = [one.name for one in apps.get_app_configs() if one.name.startswith("kieumau.")]
# Asked in a module beside.
NAMED_ELSEWHERE = {"accounts.grant"}
DOORS = [name for name in PACKAGES if find_spec(f"{name}.access")]


def named_at(door: str) -> set[str]:
    """The permissions that an `access.py` names: its own constants in capitals."""
    named = vars(import_module(f"{door}.access")).items()
    return {value for name, value in named if name.isupper() and isinstance(value, str) and "." in value}


@pytest.mark.parametrize("door", DOORS)
def test_what_a_door_asks_stands_in_the_file(door: str) -> None:
    assert named_at(door) <= set(permissions())


def test_what_stands_in_the_file_is_asked_by_a_door() -> None:
    assert set(permissions()) - set().union(*map(named_at, DOORS)) - NAMED_ELSEWHERE == set()


def test_every_role_may_something() -> None:
    assert all(role.may for role in roles().values())


def test_an_auditor_writes_nothing_and_an_administrator_sees_no_work() -> None:
    assert {one.rpartition(".")[2] for one in roles()["auditor"].may} == {"read"}
    assert roles()["administrator"].may == {"accounts.grant", "accounts.invite"}


def test_who_gives_roles_may_give_some() -> None:
    assert {code for code, role in roles().items() if role.gives} == with_permission("accounts.grant")


def test_a_permission_nobody_named_is_nobodys() -> None:
    assert with_permission("figures.forge") == frozenset()
