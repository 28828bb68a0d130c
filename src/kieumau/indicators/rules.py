"""How figures add up: the rules both back ends follow, as plain Python.

A derived figure is never guessed at. One missing part makes the whole missing, because a total that
silently leaves a commune out is worse than none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, Inexact, InvalidOperation

from kieumau.formulas.values import OperandValue, State

# Adding never rounds: the usual context would, beyond 28 digits.
_EXACT = Context(
    prec=min(MAX_PREC, 1_000_000), Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[Inexact, InvalidOperation]
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What is known of the figures that make up one: their sum and how many are in which state.

    Those said to be missing are not counted: they are what is left of the number expected.
    """

    total: Decimal = Decimal(0)
    value_count: int = 0
    not_applicable_count: int = 0
    refused_count: int = 0

    def __add__(self, other: "Parts") -> "Parts":
        """Both together, exactly."""
        return Parts(
            _EXACT.add(self.total, other.total),
            self.value_count + other.value_count,
            self.not_applicable_count + other.not_applicable_count,
            self.refused_count + other.refused_count,
        )


def state_of(expected: int, value_count: int, not_applicable_count: int, refused_count: int) -> State:
    """The state of an aggregate of `expected` figures (periods times units).

    Anything missing: MISSING. Else anything refused: REFUSED. Else any value: VALUE, the figures that
    do not apply adding nothing. Else NOT_APPLICABLE. Of nothing nothing is known: MISSING.
    """
    if expected == 0 or value_count + not_applicable_count + refused_count < expected:
        return State.MISSING
    if refused_count:
        return State.REFUSED
    return State.VALUE if value_count else State.NOT_APPLICABLE


def state_so_far(value_count: int, not_applicable_count: int, refused_count: int) -> State:
    """The state of a total shown to people as far as it goes: VALUE as soon as there is one figure.

    Never of a figure that a verdict rests on; who shows such a total says how much of it is there.
    """
    if value_count:
        return State.VALUE
    if refused_count:
        return State.REFUSED
    return State.NOT_APPLICABLE if not_applicable_count else State.MISSING


def state_without_outcome(parts: Iterable[State]) -> State:
    """Why a formula has no outcome: missing before refused before not applicable.

    With nothing lacking the divisor was zero: no report is missing, there was nothing to count.
    """
    found = set(parts)
    return next((one for one in (State.MISSING, State.REFUSED) if one in found), State.NOT_APPLICABLE)


def combine(expected: int, parts: Iterable[Parts], source: str = "") -> OperandValue:
    """The figure that the parts make when `expected` of them belong to it."""
    total, values, not_applicable, refused = Decimal(0), 0, 0, 0
    for one in parts:  # hundreds for one form: adding `Parts` to `Parts` would make as many of them
        total = _EXACT.add(total, one.total)
        values += one.value_count
        not_applicable += one.not_applicable_count
        refused += one.refused_count
    state = state_of(expected, values, not_applicable, refused)
    return OperandValue(state, total if state is State.VALUE else None, source)


def part(state: State, value: Decimal | None) -> Parts:
    """One figure as a part."""
    return Parts(
        value if value is not None else Decimal(0),
        int(state is State.VALUE),
        int(state is State.NOT_APPLICABLE),
        int(state is State.REFUSED),
    )
