"""What a formula may refer to beside indicators, which depends on where it stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Scope:
    """What the formulas of a criteria set may refer to.

    `classes` are the classes of units that the set declares, `criteria` its criteria. `sets` are other
    sets, each with whether it counts points (None: not known before it is loaded).
    """

    classes: Collection[str] = ()
    criteria: Collection[str] = ()
    sets: Mapping[str, bool | None] = field(default_factory=dict)
