"""What the figures listen to: totals follow every change of the tree."""

from kieumau.indicators.actions.totals import rebuild_after_tree_change
from kieumau.units.registry import after_tree_change


def listen() -> None:
    """Leave word with the tree; called once, when all apps are there."""
    after_tree_change.append(rebuild_after_tree_change)
