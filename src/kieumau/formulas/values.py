"""What a figure can be: a value, or one of three different facts why there is none; and other facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from kieumau.formulas.windows import Fact

# What a criterion or a set can come out as. An open outcome may still become any of the decided ones.
DECIDED = ("met", "not_met", "not_applicable")
OPEN = ("no_data", "not_judged", "not_due")


class State(IntEnum):
    """Tình trạng số liệu: the four facts a figure can be; zero is a value, missing is not zero."""

    VALUE = 0
    MISSING = 1
    NOT_APPLICABLE = 2
    REFUSED = 3


@dataclass(frozen=True, slots=True)
class OperandValue:
    """The figure of one operand for one unit.

    `value` is None unless `state` is VALUE. `source` says where the figure came from (a file, a
    return), for the explanation only.
    """

    state: State
    value: Decimal | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if (self.state is State.VALUE) != (self.value is not None):
            raise ValueError("a figure has a value if and only if its state is VALUE")

    @classmethod
    def of(cls, value: Decimal | int | str, source: str = "") -> "OperandValue":
        """A figure that has the exact `value`."""
        return cls(State.VALUE, Decimal(value), source)


@dataclass(frozen=True, slots=True)
class Tally:
    """How a condition came out for the units one level down: the ids for which it is true, false, unknown."""

    met: tuple[int, ...] = ()
    failed: tuple[int, ...] = ()
    open: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        """All units one level down."""
        return len(self.met) + len(self.failed) + len(self.open)


# What is known of a unit beside its figures: a word, points, or a tally. What is not in it is unknown.
Facts = Mapping[Fact, str | Decimal | Tally]
NO_FACTS: Facts = {}

MISSING = OperandValue(State.MISSING)
NOT_APPLICABLE = OperandValue(State.NOT_APPLICABLE)
REFUSED = OperandValue(State.REFUSED)
