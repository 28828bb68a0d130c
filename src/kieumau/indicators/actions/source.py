"""Sources: what a set of figures was read from, or who typed it."""

from datetime import datetime

from django.utils import timezone

from kieumau.indicators.models import Source
from kieumau.units.actions import Actor


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
    return Source.objects.create(
        name=name[:300],
        sha256=sha256,
        mapping=mapping[:300],
        recorded_at=recorded_at or timezone.now(),
        recorded_by=(recorded_by or name_of(actor))[:150],
        register=register,
        is_synthetic=is_synthetic,
    )


def name_of(actor: Actor) -> str:
    """How an actor is written down."""
    if actor is None:
        return ""
    return actor if isinstance(actor, str) else actor.get_username()
