"""Checks as a load of their catalogue leaves them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import connection

from kieumau.indicators.catalogue import CheckDefinition
from kieumau.indicators.models import Check


def store_checks(catalogue_code: str, definitions: Sequence[CheckDefinition]) -> tuple[str, ...]:
    """Make these the checks of a catalogue; the codes of those that are new, changed or out of force now.

    To be called within the load of the catalogue, which holds the lock.
    """
    wanted = {one.code: _columns(one) for one in definitions}
    stored = {row.code: row for row in Check.objects.all()}
    written = [code for code in wanted if code not in stored or _differs(stored[code], wanted[code])]
    gone = [
        code
        for code, row in stored.items()
        if row.catalogue == catalogue_code and row.is_in_force and code not in wanted
    ]
    if written or gone:
        revision = next_revision()
        Check.objects.filter(code__in=gone).update(is_in_force=False, revision=revision)
        Check.objects.bulk_create(
            [Check(**wanted[code], revision=revision) for code in written],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=[field.name for field in Check._meta.fields if field.name not in ("id", "code")],
        )
    return (*written, *gone)


def next_revision() -> int:
    """A number higher than that of every change of a catalogue before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('indicator_revision')")
        return int(cursor.fetchone()[0])


def _columns(one: CheckDefinition) -> dict[str, Any]:
    """The definition as columns of the table."""
    columns = asdict(one)
    for name in ("title", "action"):
        text = columns.pop(name)
        columns[f"{name}_vi"], columns[f"{name}_en"] = text["vi"], text["en"]
    return columns | {"is_in_force": True}


def _differs(row: Check, wanted: dict[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in wanted.items())
