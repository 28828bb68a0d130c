"""Over what something is to be done: the second word of `user.has_perm("rounds.verify", Over(…))`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Over:
    """A unit and, where the thing belongs to one, the code of a programme.

    `unit_id` None asks "anywhere at all"; an empty programme says that the thing belongs to none.
    """

    unit_id: int | None = None
    programme: str = ""


# What binds every unit of the country: a criteria set, a day off, an act that changes units.
WHOLE = Over(unit_id=0)
