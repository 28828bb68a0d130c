"""An explanation as the page shows it: the steps of the formula, and its figures as columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext

from kieumau.assessments.queries import Explanation, UsedFigure
from kieumau.assessments.reading import facts_from
from kieumau.formulas.catalogue import Catalogue
from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.phrases import window_label
from kieumau.formulas.placing import operands_of
from kieumau.formulas.rendering import Renderer, is_share
from kieumau.formulas.sentences import sentence
from kieumau.formulas.trace import Trace
from kieumau.formulas.tree import (
    Arithmetic,
    Call,
    Comparison,
    Derived,
    Leaf,
    Logic,
    Node,
    Not,
    Number,
    Word,
    children,
)
from kieumau.formulas.values import OperandValue, State
from kieumau.formulas.windows import Operand
from kieumau.web.templatetags.kieumau import day
from kieumau.web.trace import Step

MOST_OPERANDS = 80
SIGNS = {">=": "≥", "<=": "≤", "!=": "≠"}
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


class _Teller:
    """Tells the steps of one explanation in one language."""

    def __init__(self, explanation: Explanation, catalogue: Catalogue, language: str) -> None:
        self._figures = {figure.operand: figure for figure in explanation.figures}
        self._catalogue = catalogue
        self._language = language
        self._renderer = Renderer(catalogue, language, self._sentence)

    def step(self, trace: Trace, *, as_share: bool | None = None) -> Step:
        """One step with those below it; `as_share` writes its number in per cent."""
        node = trace.node
        if isinstance(node, Leaf):
            return self._leaf(node, trace, as_share)
        if isinstance(node, Comparison):
            return self._comparison(trace, node)
        below = [self.step(child) for child in _parts(trace)]
        if _joins(node):
            return Step(self._joined(node), outcome=self._outcome(trace), steps=below)
        if isinstance(trace.outcome, bool) or isinstance(node, Not):
            return Step(self._sentence(trace), outcome=self._outcome(trace), steps=below)
        said = self._renderer.expression(trace, with_values=False)
        return Step(said, result=self._number(trace, as_share), steps=below)

    def _comparison(self, trace: Trace, node: Comparison) -> Step:
        """What is asked, whether it is so, and the numbers of both sides."""
        as_share = any(is_share(child.node, self._catalogue) for child in trace.children) or None
        sides = [self._renderer.expression(child, with_values=False) for child in trace.children]
        said = f" {SIGNS.get(node.operator, node.operator)} ".join(sides).replace(" %", "\N{NO-BREAK SPACE}%")
        below = [self.step(child, as_share=as_share) for child in _not_literal(trace.children)]
        return Step(said, outcome=self._outcome(trace), steps=below)

    def _leaf(self, node: Leaf, trace: Trace, as_share: bool | None) -> Step:
        name = self._renderer.name(node.code)
        if node.window is None:
            return Step(name, result=gettext("there is no such period"))
        said = f"{name}, {window_label(node.window).in_(self._language)}"
        used = self._figures.get(Operand(node.code, node.window))
        return Step(said, result=self._number(trace, as_share), source=_sources(used))

    def _number(self, trace: Trace, as_share: bool | None) -> str:
        if trace.word is not None:
            return self._renderer.word(trace)
        if trace.is_unknown:
            return _state_word(trace.value.state if trace.value else State.MISSING)
        measure = "" if as_share else self._renderer.measure(trace.node)
        return f"{self._renderer.number(trace, as_share=as_share)}{measure}"

    def _outcome(self, trace: Trace) -> str:
        return OUTCOMES[trace.outcome if isinstance(trace.outcome, bool) else None]

    def _joined(self, node: Node) -> str:
        if isinstance(node, Logic):
            return gettext("All of these") if node.operator == "and" else gettext("One of these")
        return gettext("So many of these")

    def _sentence(self, trace: Trace) -> str:
        return sentence(trace, self._catalogue, self._language)


def _parts(trace: Trace) -> list[Trace]:
    """The steps below: of a derived indicator those of its formula, numbers of the formula left out."""
    if isinstance(trace.node, Derived) and isinstance(trace.children[0].node, Arithmetic):
        return _not_literal(trace.children[0].children)
    return _not_literal(trace.children)


def _not_literal(traces: Sequence[Trace]) -> list[Trace]:
    return [trace for trace in traces if not isinstance(trace.node, Number | Word)]


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
    """What one side of a comparison came out as for one unit; None where it is not known."""

    value: Fraction | None
    is_share: bool
    decimals: int | None


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the comparison that decides a criterion, as a column of the list of units."""

    name: str
    node: Node
    operands: Mapping[str, Operand]
    is_share: bool
    decimals: int | None

    def cell(self, stored: Mapping[str, Sequence[int | str]]) -> Cell:
        """The side, from the figures that an assessment was judged on, as they are stored."""
        values = {operand: _stored(*stored[key]) for key, operand in self.operands.items() if key in stored}
        outcome = evaluate_placed(self.node, values, facts_from(stored)).outcome
        return Cell(outcome if isinstance(outcome, Fraction) else None, self.is_share, self.decimals)


def _stored(state: int | str, value: int | str | None = None) -> OperandValue:
    """A figure as an assessment keeps it, read back."""
    return OperandValue(State(int(state)), None if value is None else Decimal(str(value)))


def sides(formula: Node | None, catalogue: Catalogue, language: str) -> list[Side]:
    """The sides of the comparison that a formula is; none where it is anything else.

    Literals are left out. A side whose figures lie a year back says so in its own words. None either
    where so many figures go into it that fifty units would take long.
    """
    if not isinstance(formula, Comparison) or len(operands_of(formula)) > MOST_OPERANDS:
        return []
    renderer = Renderer(catalogue, language, lambda trace: trace.text)
    as_share = any(is_share(child, catalogue) for child in children(formula))
    return [
        Side(
            renderer.expression(evaluate_placed(child, {}), with_values=False),
            child,
            {operand.key: operand for operand in operands_of(child)},
            as_share,
            2 if as_share else renderer.decimals(child, Fraction(0)),
        )
        for child in children(formula)
        if not isinstance(child, Number)
    ]
