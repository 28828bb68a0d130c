"""What a norm is: the shape of its YAML. Plain Python.

A norm says by one formula how much of something a unit needs: members of a team, square meters of a
room. It is written in the language of criteria, over the same figures and classes of units.
"""

from pydantic import Field

from kieumau.criteria.days import Effective
from kieumau.criteria.rules import (
    AppliesTo,
    Basis,
    Code,
    PeriodKind,
    Sentence,
    UnitClass,
    Verification,
    class_of,
)
from kieumau.kernel.yamlfile import Name, Shape


class Norm(Shape):
    """How much of something a unit needs, as the YAML says it.

    `period` is what its figures are asked for; `measure` what the formula counts. `unit_classes` are the
    classes that the formula may name. `catalogue` is the one that its indicators come from.
    """

    code: Code
    title: Name
    summary: Name
    verification: Verification
    basis: Basis
    effective: Effective
    catalogue: Sentence | None = None
    period: PeriodKind
    figures_slack_days: int = Field(default=0, ge=0, le=15)
    applies_to: AppliesTo
    unit_classes: dict[Code, UnitClass] | None = None
    measure: Name
    formula: Sentence
    notes: Name | None = None

    def class_of(self, kind: str) -> str | None:
        """The class of units of a kind; None where the norm declares none for it."""
        return class_of(self.unit_classes, kind)
