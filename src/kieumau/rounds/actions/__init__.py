"""What is done in rounds: criteria answered, evidence named and judged, dossiers moved on, votes kept."""

from kieumau.rounds.actions.move import conclude, decide, send_back, submit
from kieumau.rounds.actions.prove import add_evidence, look_at_evidence, record_vote, remove_evidence
from kieumau.rounds.actions.say import say

__all__ = [
    "add_evidence",
    "conclude",
    "decide",
    "look_at_evidence",
    "record_vote",
    "remove_evidence",
    "say",
    "send_back",
    "submit",
]
