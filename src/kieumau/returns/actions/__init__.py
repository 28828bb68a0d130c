"""Everything that writes forms and returns."""

from kieumau.returns.actions.decide import NotAllowed, SeenBefore, accept, send_back, submit, unlock
from kieumau.returns.actions.enter import Conflict, Entered, Typed, enter
from kieumau.returns.actions.load import load_form
from kieumau.returns.actions.open import Opened, open_periods
from kieumau.returns.actions.remind import remind

__all__ = [
    "Conflict",
    "Entered",
    "NotAllowed",
    "Opened",
    "SeenBefore",
    "Typed",
    "accept",
    "enter",
    "load_form",
    "open_periods",
    "remind",
    "send_back",
    "submit",
    "unlock",
]
