"""What the figures listen to: totals follow every change of the tree, and it asks where there are facts."""

from kieumau.indicators.actions.moving import days_with_figures
from kieumau.indicators.actions.totals import rebuild_after_tree_change
from kieumau.units.registry import after_tree_change, days_with_facts


def listen() -> None:
    """Leave word with the tree; called once, when all apps are there."""
    after_tree_change.append(rebuild_after_tree_change)
    days_with_facts.append(days_with_figures)
