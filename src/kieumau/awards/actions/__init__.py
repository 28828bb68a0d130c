"""What is done to titles: recognized, declined, put down from before, given papers, put right, withdrawn."""

from kieumau.awards.actions.earlier import record_all_earlier, record_earlier
from kieumau.awards.actions.papers import attach
from kieumau.awards.actions.put_right import put_right
from kieumau.awards.actions.recognize import Recognition, decline, recognize
from kieumau.awards.actions.withdraw import AlreadyWithdrawn, withdraw

__all__ = [
    "AlreadyWithdrawn",
    "Recognition",
    "attach",
    "decline",
    "put_right",
    "recognize",
    "record_all_earlier",
    "record_earlier",
    "withdraw",
]
