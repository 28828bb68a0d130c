"""What a figure can be: a value, or one of three different facts why there is none."""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum


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


MISSING = OperandValue(State.MISSING)
NOT_APPLICABLE = OperandValue(State.NOT_APPLICABLE)
REFUSED = OperandValue(State.REFUSED)
