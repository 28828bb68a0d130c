"""What is done: directives and visits put down, assignments given, reported on, extended, closed."""

from kieumau.assignments.actions.act import (
    ask,
    change,
    close,
    grant,
    refuse_time,
    report,
    send_back,
    withdraw,
)
from kieumau.assignments.actions.directive import change_directive, record_directive
from kieumau.assignments.actions.facts import DirectiveFacts, VisitFacts
from kieumau.assignments.actions.give import Came, Task, give, give_for
from kieumau.assignments.actions.remind import remind
from kieumau.assignments.actions.visit import (
    Pick,
    assign_conclusions,
    change_visit,
    record_visit,
    settle_conclusion,
)

__all__ = [
    "Came",
    "DirectiveFacts",
    "Pick",
    "Task",
    "VisitFacts",
    "ask",
    "assign_conclusions",
    "change",
    "change_directive",
    "change_visit",
    "close",
    "give",
    "give_for",
    "grant",
    "record_directive",
    "record_visit",
    "refuse_time",
    "remind",
    "report",
    "send_back",
    "settle_conclusion",
    "withdraw",
]
