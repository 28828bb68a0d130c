"""A period as addresses name it and pages offer it, in the calendar it belongs to."""

from kieumau.calendars.library import calendar as calendar_of
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Text

PERIOD = "ky"
MOST_OFFERED = 24


def code_of(window: Window) -> str:
    """`2026-Q3`: how an address names a period in its set's own calendar."""
    return calendar_of(window.calendar).period_code(window)


def label_of(window: Window) -> Text:
    """“quý III năm 2026”, “Q3 2026”."""
    return calendar_of(window.calendar).label(window)
