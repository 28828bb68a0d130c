"""What a criterion still lacks at the stage its dossier is in. Plain Python, no clock.

Pages tell it beforehand, and whoever submits or concludes is refused for it: both ask here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kieumau.assessments.rules import Outcome
from kieumau.criteria.rules import CriterionDefinition, Documented, Measured, due_on
from kieumau.rounds.proving import NO_PROOF, Asking, Proof
from kieumau.rounds.rules import SIDE_OF, Side, Stage


class Need(StrEnum):
    """What a criterion still lacks at the stage it is in."""

    ANSWER = "answer"
    DUE = "due"  # said to be not due, and its due day has come
    DOCUMENT = "document"
    LOOK = "look"
    LOOK_AGAIN = "look_again"
    EVIDENCE = "evidence"
    ACCEPTED = "accepted"  # found met, and no document that proves it was accepted
    DO_AGAIN = "do_again"  # sent back, and nothing was done about it; refused to nobody


@dataclass(frozen=True, slots=True)
class Found:
    """What a stage found of a criterion: its version, and that of the stage before that it is about."""

    outcome: Outcome
    is_measured: bool = False
    version: int = 1
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """All that counts of one criterion at a stage.

    `figures` is what figures or dates alone say (null: they are silent), `own` what the stage found, `before`
    what the latest stage before it did. `is_pending`: there is evidence that nobody has judged.
    """

    asking: Asking
    stage: Stage
    figures: Outcome | None = None
    own: Found | None = None
    before: Found | None = None
    proof: Proof = NO_PROOF
    is_pending: bool = False


def needs(one: Standing, today: date) -> Iterator[Need]:
    """What it lacks, the first thing first; nothing where its stage can end with it."""
    if SIDE_OF[one.stage] is Side.UNIT:
        yield from _of_the_unit(one, today)
    else:
        yield from _of_others(one, today)


def _of_the_unit(one: Standing, today: date) -> Iterator[Need]:
    if one.own is None or one.own.is_measured:
        if not _figures_say_it(one, today):
            yield Need.ANSWER
    elif _is_overdue(one, one.own, today):
        yield Need.DUE
    elif _lacks_proof(one, one.own.outcome):
        yield Need.DOCUMENT


def _of_others(one: Standing, today: date) -> Iterator[Need]:
    if one.is_pending:
        yield Need.EVIDENCE
    found = one.own
    if one.before is not None and one.before.is_measured and (found is None or found.is_measured):
        found = one.before  # what figures said is confirmed by itself
    elif found is None:
        yield Need.LOOK
        return
    elif found.about != (one.before.version if one.before else None):
        yield Need.LOOK_AGAIN
    if _is_overdue(one, found, today):
        yield Need.DUE
    elif _lacks_proof(one, found.outcome):
        yield Need.ACCEPTED


def _figures_say_it(one: Standing, today: date) -> bool:
    """Do they still? A verdict that was stored before the due day knows only that it had not come.

    Measured criteria are theirs alone, judged or not yet: nobody of the unit could answer.
    """
    if isinstance(one.asking.criterion, Measured):
        return True
    return one.figures is not None and not (one.figures is Outcome.NOT_DUE and _is_due(one, today))


def _is_overdue(one: Standing, found: Found, today: date) -> bool:
    return found.outcome is Outcome.NOT_DUE and _is_due(one, today)


def _is_due(one: Standing, today: date) -> bool:
    return today >= due_on(one.asking.criterion, one.asking.starts_on, one.asking.ends_before)


def _lacks_proof(one: Standing, outcome: Outcome) -> bool:
    return needs_document(one.asking.criterion, outcome) and not one.proof.suffices(one.stage)


def needs_document(criterion: CriterionDefinition, outcome: Outcome) -> bool:
    """Must a document prove the criterion where that was found?"""
    return outcome is Outcome.MET and isinstance(criterion, Documented)


def counts(
    criterion: CriterionDefinition, outcome: Outcome, stage: Stage, proof: Proof, *, was_submitted: bool
) -> bool:
    """Does what was found last, at that stage, count for what a dossier under way stands at?

    What is found met counts no more once the documents that bore it were refused or taken back, though the
    finding itself stays. What a unit claims before it has submitted is its claim: nobody has looked yet.
    """
    if not needs_document(criterion, outcome) or proof.suffices(stage):
        return True
    return SIDE_OF[stage] is Side.UNIT and not was_submitted
