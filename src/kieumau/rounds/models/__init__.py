"""Rounds, and the dossiers of units in them."""

from kieumau.rounds.models.dossiers import Dossier, Evidence, Hand, Move, StageFinding, Vote
from kieumau.rounds.models.rounds import ChosenUnit, Extension, Round, StageDeadline, Team

__all__ = [
    "ChosenUnit",
    "Dossier",
    "Evidence",
    "Extension",
    "Hand",
    "Move",
    "Round",
    "StageDeadline",
    "StageFinding",
    "Team",
    "Vote",
]
