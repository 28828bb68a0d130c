"""What is done in rounds: criteria answered, evidence named and judged, dossiers moved on, votes kept.

Every action asks whether a thing can be done: the stage, the deadline, the side of whoever does it, his team.
Whether he may do it over that unit no action asks: the door of the page does (`access`), and the database
again with every row that is written (ADR 43), so that what is called past a door writes nothing.
"""

from kieumau.rounds.actions.anew import CannotChange, Readiness, begin_anew, cancel, readiness
from kieumau.rounds.actions.close import CannotClose, close
from kieumau.rounds.actions.extend import CannotExtend, extend, extend_each
from kieumau.rounds.actions.move import conclude, decide, send_back, submit
from kieumau.rounds.actions.open import (
    CannotOpen,
    Wish,
    ask_for_round,
    count_units,
    prepare,
    prepare_part,
    wrong_with,
)
from kieumau.rounds.actions.prove import add_evidence, add_new_evidence, look_at_evidence, remove_evidence
from kieumau.rounds.actions.say import say
from kieumau.rounds.actions.team import CannotAssign, assign_team, change_team, end_team
from kieumau.rounds.actions.vote import Count, record_vote
from kieumau.rounds.choosing import named

__all__ = [
    "CannotAssign",
    "CannotChange",
    "CannotClose",
    "CannotExtend",
    "CannotOpen",
    "Count",
    "Readiness",
    "Wish",
    "add_evidence",
    "add_new_evidence",
    "ask_for_round",
    "assign_team",
    "begin_anew",
    "cancel",
    "change_team",
    "close",
    "conclude",
    "count_units",
    "decide",
    "end_team",
    "extend",
    "extend_each",
    "look_at_evidence",
    "named",
    "prepare",
    "prepare_part",
    "readiness",
    "record_vote",
    "remove_evidence",
    "say",
    "send_back",
    "submit",
    "wrong_with",
]
