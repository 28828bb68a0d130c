"""Sources: what a set of figures was read from, or who typed it."""

from datetime import datetime

from django.db import connection
from django.utils import timezone

from kieumau.indicators.models import Source
from kieumau.units.actions import Actor

_INSERT = """
    INSERT INTO figure_source (name, sha256, mapping, recorded_at, recorded_by, register, is_synthetic)
    VALUES (%(name)s, %(sha256)s, %(mapping)s, %(recorded_at)s, %(recorded_by)s, %(register)s,
        %(is_synthetic)s)
    RETURNING id
"""


def open_source(
    *,
    name: str,
    sha256: str = "",
    mapping: str = "",
    actor: Actor = None,
    recorded_by: str = "",
    recorded_at: datetime | None = None,
    register: str = "",
    is_synthetic: bool = False,
) -> Source:
    """A new source for figures to name. `recorded_at` is now unless given.

    `recorded_by` is the actor's name unless given.
    """
    values: dict[str, str | datetime | bool] = {
        "name": name[:300],
        "sha256": sha256,
        "mapping": mapping[:300],
        "recorded_at": recorded_at or timezone.now(),
        "recorded_by": (recorded_by or name_of(actor))[:150],
        "register": register,
        "is_synthetic": is_synthetic,
    }
    with connection.cursor() as cursor:  # once per form that is saved: the ORM takes longer than the query
        cursor.execute(_INSERT, values)
        (pk,) = cursor.fetchone()
    return Source.from_db("default", ["id", *values], [pk, *values.values()])


def name_of(actor: Actor) -> str:
    """How an actor is written down."""
    if actor is None:
        return ""
    return actor if isinstance(actor, str) else actor.get_username()
