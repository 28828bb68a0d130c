"""Everything that writes indicators and figures."""

from kieumau.indicators.actions.catalogue import load_catalogue
from kieumau.indicators.actions.enter import (
    BadEntry,
    Entered,
    Implausible,
    Mark,
    NeedsRemark,
    enter_figures,
)
from kieumau.indicators.actions.explaining import NothingToExplain, explain_figures
from kieumau.indicators.actions.record import Recorded, record_figures, remove_figures
from kieumau.indicators.actions.source import open_source
from kieumau.indicators.actions.totals import Difference, check_totals, rebuild_totals

__all__ = [
    "BadEntry",
    "Difference",
    "Entered",
    "Implausible",
    "Mark",
    "NeedsRemark",
    "NothingToExplain",
    "Recorded",
    "check_totals",
    "enter_figures",
    "explain_figures",
    "load_catalogue",
    "open_source",
    "rebuild_totals",
    "record_figures",
    "remove_figures",
]
