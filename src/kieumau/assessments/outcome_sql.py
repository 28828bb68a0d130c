"""The verdict on one criterion as SQL, where another criterion asks for it: the meaning of `rules`.

Only there: final verdicts are given by `judging` from what was read, for one unit and for all alike.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from kieumau.assessments.judging import Prepared
from kieumau.assessments.rules import OPEN, Outcome
from kieumau.criteria.rules import Measured
from kieumau.formulas.compiling import ALL
from kieumau.formulas.values import State
from kieumau.formulas.windows import Fact


def outcome_word(
    table: ir.Table,
    prepared: Prepared,
    condition: str | None,
    applies: str | None,
    states: Sequence[str],
    facts: Mapping[Fact, str],
) -> Any:
    """The word for what the criterion came out as, row by row.

    `condition` and `applies` name the columns of its formulas, `states` those of all figures, `facts`
    those of everything else that was asked.
    """
    does, does_not = _truths(table, applies, missing=True)
    met, not_met = _truths(table, condition, missing=None)
    unknown = _unknown(table, prepared, states, facts)
    branches = [(does & met, Outcome.MET)] if isinstance(prepared.criterion, Measured) else []
    if prepared.is_assumed and not isinstance(prepared.criterion, Measured):
        branches.append((does, Outcome.MET))
    if not prepared.is_due:
        branches.append((ibis.literal(True), Outcome.NOT_DUE))
    branches.append((does_not, Outcome.NOT_APPLICABLE))
    if isinstance(prepared.criterion, Measured):
        branches.append((does & not_met, Outcome.NOT_MET))
    else:
        branches.append((does, Outcome.NOT_JUDGED))
    return ibis.cases(*((test, outcome.key) for test, outcome in branches), else_=unknown)


def _truths(table: ir.Table, column: str | None, *, missing: bool | None) -> tuple[Any, Any]:
    """Is a condition true, is it false; where there is no such formula both follow `missing`."""
    if column is None:
        return ibis.literal(missing is True), ibis.literal(missing is False)
    return table[column].fill_null(False), (~table[column]).fill_null(False)


def _unknown(table: ir.Table, prepared: Prepared, states: Sequence[str], facts: Mapping[Fact, str]) -> Any:
    """Why there is no answer: nothing but figures, or another verdict that is open.

    Where a figure does not apply, only a trace tells; such rows are read again exactly (see `reading`).
    """
    asked = [table[states[place]] for place in prepared.places]
    lacking: list[Any] = [state.isin([State.MISSING.value, State.REFUSED.value]) for state in asked]
    awaited: list[Any] = []
    for fact in prepared.facts:
        if fact.kind == "children":
            lacking.append(table[facts[fact] + ALL] == 0)
            continue
        lacking.append(table[facts[fact]].isnull())
        if fact.kind in ("criterion", "result"):
            awaited.append(table[facts[fact]])
    branches = [(test, Outcome.NO_DATA.key) for test in lacking]
    branches += [
        ((word == outcome.key).fill_null(False), outcome.key) for outcome in OPEN for word in awaited
    ]
    return ibis.cases(*branches, else_=Outcome.NO_DATA.key) if branches else ibis.literal(Outcome.NO_DATA.key)
