"""Which role may do what: data, in `library/roles.yaml`."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path

from kieumau.kernel.messages import Text
from kieumau.kernel.yamlfile import Name, Shape, read

FILE = Path(__file__).resolve().parent.parent / "library" / "roles.yaml"
WORK = ("documents.read", "returns.read", "rounds.read")


class RoleShape(Shape):
    """One role: its name, what it does in a few words, whether it counts below, what it may do and give."""

    name: Name
    does: Name
    down: bool
    may: frozenset[str]
    gives: Sequence[str] = ()


class RolesShape(Shape):
    """The file."""

    shared: frozenset[str]
    roles: dict[str, RoleShape]
    permissions: dict[str, Name]


@cache
def _file() -> RolesShape:
    found = read(FILE, RolesShape)
    named = {permission for role in found.roles.values() for permission in role.may} | found.shared
    if unknown := named ^ set(found.permissions):
        raise ValueError(f"{FILE.name}: permissions without words or without a role: {sorted(unknown)}")
    if unknown := {one for role in found.roles.values() for one in role.gives} - set(found.roles):
        raise ValueError(f"{FILE.name}: gives unknown roles: {sorted(unknown)}")
    return found


def roles() -> Mapping[str, RoleShape]:
    """Every role by its code, in the order of the file. Raises `Refused` for a bad file."""
    return _file().roles


def names_of(codes: Collection[str]) -> dict[str, Text]:
    """What roles are called; nothing for a code that no role has any more."""
    return {code: roles()[code].name.text() for code in codes if code in roles()}


def permissions() -> Mapping[str, Text]:
    """Every permission, with what it lets one do."""
    return {code: words.text() for code, words in _file().permissions.items()}


@cache
def with_permission(permission: str) -> frozenset[str]:
    """The roles that may do it; none for a permission that nobody named."""
    return frozenset(code for code, role in roles().items() if permission in role.may)


@cache
def downward() -> frozenset[str]:
    """The roles that count for the units below as well."""
    return frozenset(code for code, role in roles().items() if role.down)


@cache
def at_work() -> frozenset[str]:
    """The roles that see the work of units: what row security lets through. Not those of accounts alone."""
    return frozenset().union(*map(with_permission, WORK))


@cache
def changing() -> Mapping[str, Sequence[str]]:
    """What each role lets one change, of those that change something: what row security lets be written."""
    found = {code: sorted(one for one in role.may if not is_reading(one)) for code, role in roles().items()}
    return {code: permissions for code, permissions in found.items() if permissions}


def is_reading(permission: str) -> bool:
    """Does it only let one look? Their codes end in `.read`."""
    return permission.endswith(".read")


def is_shared(permission: str) -> bool:
    """Is it about what belongs to a unit and to no programme, so that a role in one programme is enough?"""
    return permission in _file().shared
