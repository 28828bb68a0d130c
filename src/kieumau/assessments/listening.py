"""What verdicts listen to: the figures they rest on, and the tree."""

from django.core.exceptions import ImproperlyConfigured

from kieumau.assessments.following import judge_after_figures, judge_after_tree_change
from kieumau.assessments.offering import judging_offer
from kieumau.assessments.queries import newest_set
from kieumau.criteria.registry import judged_last, offers
from kieumau.indicators.actions.totals import rebuild_after_tree_change
from kieumau.indicators.registry import after_figures
from kieumau.units.registry import after_tree_change


def listen() -> None:
    """Leave word with the figures and the tree; called once, when all apps are there.

    Raises ImproperlyConfigured where the totals would hear of the tree later than the verdicts that
    rest on them.
    """
    if rebuild_after_tree_change not in after_tree_change:
        raise ImproperlyConfigured("INSTALLED_APPS must name kieumau.indicators before this app")
    judged_last.append(newest_set)
    offers.append(judging_offer)
    after_figures.append(judge_after_figures)
    after_tree_change.append(judge_after_tree_change)
