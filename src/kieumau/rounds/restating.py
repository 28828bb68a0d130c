"""Which figures beneath a dossier have changed since it was frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kieumau.assessments.models import Assessment
from kieumau.assessments.reading import operands_from
from kieumau.formulas.values import MISSING, OperandValue
from kieumau.formulas.windows import Operand
from kieumau.rounds.models import Dossier


@dataclass(frozen=True, slots=True)
class Restated:
    """One figure that a frozen dossier rests on: what it was then, what it is now."""

    operand: Operand
    then: OperandValue
    now: OperandValue


def compared(then: Mapping[str, Sequence[Any]], now: Mapping[str, Sequence[Any]]) -> list[Restated]:
    """The figures that differ between two sets of stored operands, in the order of then."""
    before, after = operands_from(then), operands_from(now)
    return [
        Restated(operand, value, after.get(operand, MISSING))
        for operand, value in before.items()
        if after.get(operand, MISSING) != value
    ]


def restated(dossier: Dossier) -> list[Restated]:
    """The figures restated since the dossier was submitted; empty while it was not. One query."""
    if dossier.frozen is None:
        return []
    made = dossier.round
    found = Assessment.objects.filter(
        criteria_set=made.criteria_set_id, period=made.period_id, unit=dossier.unit_id
    )
    operands = found.values_list("operands", flat=True).first()
    return restated_in(dossier, operands or {})


def restated_in(dossier: Dossier, now: Mapping[str, Sequence[Any]]) -> list[Restated]:
    """The figures of a dossier restated against what they are now; empty while it was not submitted."""
    then = dossier.frozen["operands"] if dossier.frozen else {}
    return compared(then, now) if then else []
