"""An explanation as the page shows it: the steps of the formula, and its figures as columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from kieumau.assessments.queries import Explanation, UsedFigure
from kieumau.calendars.library import calendar as calendar_of
from kieumau.formulas.catalogue import Catalogue, Type
from kieumau.formulas.rendering import Renderer
from kieumau.formulas.sentences import sentence
from kieumau.formulas.trace import Trace
from kieumau.formulas.tree import Call, Leaf, Logic, Node, Number
from kieumau.formulas.values import State
from kieumau.formulas.windows import Operand, Window
from kieumau.kernel.messages import Text
from kieumau.web.templatetags.kieumau import day
from kieumau.web.trace import Step

OUTCOMES = {True: "met", False: "not_met", None: "no_data"}


def steps(explanation: Explanation, catalogue: Catalogue, language: str) -> list[Step]:
    """The tree under “why?”: whether the criterion applies, its formula, its points."""
    teller = _Teller(explanation, catalogue, language)
    found = []
    if explanation.applies is not None:
        found.append(Step(gettext("Does it apply?"), steps=[teller.step(explanation.applies)]))
    if explanation.trace is not None:
        found.append(teller.step(explanation.trace))
    if explanation.points is not None:
        found.append(Step(gettext("Points"), steps=[teller.step(explanation.points)]))
    return found


def label(window: Window) -> Text:
    """A window in the words of its own calendar."""
    return calendar_of(window.calendar).label(window)


class _Teller:
    """Tells the steps of one explanation in one language."""

    def __init__(self, explanation: Explanation, catalogue: Catalogue, language: str) -> None:
        self._figures = {figure.operand: figure for figure in explanation.figures}
        self._catalogue = catalogue
        self._language = language
        self._renderer = Renderer(catalogue, language, self._sentence)

    def step(self, trace: Trace) -> Step:
        """One step with those below it; numbers that stand in the formula itself are not steps."""
        node = trace.node
        below = [self.step(child) for child in trace.children if not isinstance(child.node, Number)]
        if isinstance(node, Leaf):
            return self._leaf(node, trace)
        if _joins(node):
            return Step(self._joined(node), outcome=self._outcome(trace), steps=below)
        if isinstance(trace.outcome, bool) or self._is_condition(node):
            return Step(self._sentence(trace), outcome=self._outcome(trace), steps=below)
        said = self._renderer.expression(trace, with_values=False)
        return Step(said, result=self._number(trace), steps=below)

    def _leaf(self, node: Leaf, trace: Trace) -> Step:
        name = self._renderer.name(node.code)
        if node.window is None:
            return Step(name, result=gettext("there is no such period"))
        said = f"{name}, {label(node.window).in_(self._language)}"
        used = self._figures.get(Operand(node.code, node.window))
        return Step(said, result=self._number(trace), source=_sources(used))

    def _number(self, trace: Trace) -> str:
        if trace.is_unknown:
            return _state_word(trace.value.state if trace.value else State.MISSING)
        return f"{self._renderer.number(trace)}{self._renderer.measure(trace.node)}"

    def _outcome(self, trace: Trace) -> str:
        return OUTCOMES[trace.outcome if isinstance(trace.outcome, bool) else None]

    def _is_condition(self, node: Node) -> bool:
        return type(node).__name__ in {"Comparison", "Not"}

    def _joined(self, node: Node) -> str:
        if isinstance(node, Logic):
            return gettext("All of these") if node.operator == "and" else gettext("One of these")
        return gettext("So many of these")

    def _sentence(self, trace: Trace) -> str:
        return sentence(trace, self._catalogue, self._language, label)


def _joins(node: Node) -> bool:
    return isinstance(node, Logic) or (isinstance(node, Call) and node.function == "at_least")


def _state_word(state: State) -> str:
    return {
        State.MISSING: gettext("missing"),
        State.NOT_APPLICABLE: gettext("not applicable"),
        State.REFUSED: gettext("refused"),
    }.get(state, gettext("cannot be computed"))


def _sources(used: UsedFigure | None) -> str:
    """“Month of October.xlsx, 3 Nov 2026; …”."""
    if used is None:
        return ""
    return "; ".join(f"{source.name}, {day(source.recorded_at.date())}" for source in used.sources)


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one unit in a list, and the column it stands in."""

    value: Decimal | None
    state: State
    column: "FigureColumn"


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """One figure that decides a criterion, as a column of the list of units."""

    operand: Operand
    name: Text
    period: Text
    decimals: int
    is_share: bool

    def cell(self, operands: Mapping[str, Any]) -> Cell:
        """The figure among those an assessment was judged on."""
        state, *value = operands.get(self.operand.key, [State.MISSING])
        return Cell(Decimal(value[0]) if value else None, State(state), self)


def figures(operands: Sequence[Operand], catalogue: Catalogue) -> list[FigureColumn]:
    """A column for each figure."""
    return [
        FigureColumn(
            operand,
            catalogue[operand.indicator].name,
            label(operand.window),
            catalogue[operand.indicator].decimals,
            catalogue[operand.indicator].type is Type.SHARE,
        )
        for operand in operands
        if operand.indicator in catalogue
    ]
