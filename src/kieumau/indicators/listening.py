"""What the figures listen to: totals follow every change of the tree, and it asks where there are facts; the
log asks what indicators are called."""

from collections.abc import Collection

from kieumau.audit.registry import part_names
from kieumau.indicators.actions.moving import days_with_figures
from kieumau.indicators.actions.totals import rebuild_after_tree_change
from kieumau.indicators.models import Indicator
from kieumau.kernel.messages import Text
from kieumau.units.registry import after_tree_change, days_with_facts


def listen() -> None:
    """Leave word with the tree and the log; called once, when all apps are there."""
    after_tree_change.append(rebuild_after_tree_change)
    days_with_facts.append(days_with_figures)
    part_names.append(_names)


def _names(codes: Collection[str]) -> dict[str, Text]:
    """What indicators are called. One query."""
    found = Indicator.objects.filter(code__in=codes).values_list("code", "name_vi", "name_en")
    return {code: Text(vi=vi, en=en) for code, vi, en in found}
