"""The figures beneath a criterion that figures decide: what they are, and where its unit puts them right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kieumau.assessments.reading import operands_from
from kieumau.calendars.library import calendar, decode
from kieumau.criteria.queries import placed
from kieumau.formulas.values import MISSING, OperandValue
from kieumau.formulas.windows import Operand
from kieumau.indicators.queries import catalogue
from kieumau.indicators.runs import runs_of
from kieumau.kernel.messages import Text
from kieumau.returns.models import Return
from kieumau.rounds.dossier_page import Line, Page
from kieumau.rounds.lacking import Need
from kieumau.rounds.rules import SIDE_OF, Side

MOST_RETURNS = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that the criterion rests on, of its period."""

    name: Text
    period: Text
    value: OperandValue


@dataclass(frozen=True, slots=True)
class Beneath:
    """The figures of a criterion as they are judged, and the unit's returns in which they stand.

    `returns` are ids and periods, the newest first: while the dossier is with its unit, which alone may
    change them for it. `is_same`: it was sent back, and none of them has changed since it was submitted.
    """

    figures: Sequence[Figure]
    returns: Sequence[tuple[int, Text]]
    is_same: bool


def beneath(page: Page, line: Line) -> Beneath | None:
    """What is beneath a measured criterion; nothing beneath others. Two queries, one once it is submitted."""
    if not line.is_measured:
        return None
    operands = _operands(page, line)
    values, known = operands_from(page.stored), catalogue()
    figures = [
        Figure(
            known[one.indicator].name,
            calendar(one.window.calendar).label(one.window),
            values.get(one, MISSING),
        )
        for one in operands
    ]
    is_with_unit = SIDE_OF[page.place.stage] is Side.UNIT and bool(page.acts)
    return Beneath(
        figures,
        _returns(page, operands, known) if is_with_unit else [],
        line in unchanged_figures(page),
    )


def unchanged_figures(page: Page) -> list[Line]:
    """The measured criteria that were sent back and whose figures are those that were submitted. No query."""
    if page.sent_back is None or not page.since.is_judged:
        return []
    changed = {one.operand for one in page.since.figures}
    asked = (line for line in page.lines if line.is_measured and line.is_reopened)
    return [line for line in asked if changed.isdisjoint(_operands(page, line))]


def unchanged(page: Page) -> list[str]:
    """The codes of criteria that were sent back by themselves and are as they were submitted. No query."""
    again = [line.criterion.code for line in page.lines if line.need is Need.DO_AGAIN]
    return sorted([*again, *(line.criterion.code for line in unchanged_figures(page))])


def _operands(page: Page, line: Line) -> tuple[Operand, ...]:
    """The figures of a criterion in reading order; read once per process and version."""
    made = page.dossier.round
    trees = placed(made.criteria_set, decode(made.period_id)).trees[line.number - 1]
    return trees.operands()


def _returns(page: Page, operands: Sequence[Operand], known: Any) -> list[tuple[int, Text]]:
    """The unit's returns for the periods of figures, on forms that ask for them. One query."""
    runs = list(runs_of(operands, known, page.said.figures_slack_days))
    rows = Return.objects.filter(
        unit=page.dossier.unit_id,
        period__in={period for one in runs for period in one.periods},
        form__items__indicator__in={one.indicator_id for one in runs},
    )
    found = rows.distinct().order_by("-period", "pk").values_list("pk", "period")[:MOST_RETURNS]
    windows = [(pk, decode(period)) for pk, period in found]
    return [(pk, calendar(window.calendar).label(window)) for pk, window in windows]
