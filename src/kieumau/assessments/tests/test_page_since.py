"""Why a merged commune lacks figures of last year: a table of periods and the day since which it is there."""

from datetime import date
from decimal import Decimal

import pytest

from kieumau.assessments.page_since import before_it
from kieumau.assessments.queries import UsedFigure
from kieumau.calendars.library import window
from kieumau.formulas.values import OperandValue, State
from kieumau.formulas.windows import Operand
from kieumau.kernel.messages import Text

SINCE = date(2025, 7, 1)


@pytest.mark.parametrize(
    ("period", "state", "days"),
    [
        ("2024", State.MISSING, (date(2024, 1, 1), date(2024, 12, 31))),  # all of it is before
        ("2025", State.MISSING, (date(2025, 1, 1), date(2025, 6, 30))),  # half of it
        ("2025-H2", State.MISSING, None),  # it was there: somebody has not sent it
        ("2024", State.REFUSED, None),
        ("2024", State.VALUE, None),
    ],
)
def test_what_it_cannot_have(period: str, state: State, days: tuple[date, date] | None) -> None:
    value = OperandValue(state, Decimal(1) if state is State.VALUE else None)
    text = Text(vi=period, en=period)
    figure = UsedFigure(Operand("crime", window(f"civil:{period}")), text, text, None, value, ())
    found = [(one.first, one.last) for one in before_it([figure], SINCE)]
    assert found == ([days] if days else [])
