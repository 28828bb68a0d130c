"""What a tree of units through time may look like, and what an act does to it. Plain Python.

Everything here works on rows (`TermRow`, `Act`), not on the database: a file, a recorded act and an
undone one all become rows, are checked by the same `check`, and are then stored as a difference.
"""

from kieumau.units.rules.acts import apply, left_hanging, link, revert
from kieumau.units.rules.checks import check, kinds_from_elsewhere
from kieumau.units.rules.facts import BASES, FOREVER, Act, Share, TermRow, even_shares
from kieumau.units.rules.removals import removals
from kieumau.units.rules.tracing import Piece, Tree

__all__ = [
    "BASES",
    "FOREVER",
    "Act",
    "Piece",
    "Share",
    "TermRow",
    "Tree",
    "apply",
    "check",
    "even_shares",
    "kinds_from_elsewhere",
    "left_hanging",
    "link",
    "removals",
    "revert",
]
