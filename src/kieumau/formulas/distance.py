"""How far a condition that is false is from being true: the least change of single figures.

    16 of 25 areas recognized, 70 % asked for  →  2 more areas recognized
    111 crimes against 105 the year before, a fall of 5 % asked for  →  12 fewer crimes

A step changes one figure of the window judged, by whole units of its last decimal, in the direction
that the catalogue calls good, within what a figure can be (see `changeable`). It is the least such
change that makes the condition true: the outcome is evaluated at every place where it can turn (see
`turning`), so the step is exact for any formula whose turning points are known. Where no figure alone
is enough, `together` holds steps that do it together; where other verdicts or the units below must
come out otherwise first, `awaited` says which (see `awaiting`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from kieumau.formulas.awaiting import awaiting, settled
from kieumau.formulas.catalogue import Catalogue
from kieumau.formulas.changeable import Figure, Folded, figures, fold
from kieumau.formulas.evaluate import evaluate_placed, required
from kieumau.formulas.steps import Distance, Full, Reason, Step, changed, decimal_of, plus
from kieumau.formulas.trace import Trace
from kieumau.formulas.tree import Below, Call, Derived, FactLeaf, Logic, Node, Not, walk
from kieumau.formulas.turning import CannotTell, is_readable, narrowed, next_step, turning
from kieumau.formulas.values import NO_FACTS, Facts, OperandValue
from kieumau.formulas.windows import Operand, Window

MOST_TRIES = 400
MOST_FIGURES = 60


def distance(
    placed: Node,
    values: Mapping[Operand, OperandValue],
    catalogue: Catalogue,
    window: Window,
    facts: Facts = NO_FACTS,
) -> Distance:
    """How to make a placed condition true by figures of `window`, the window judged.

    `values` and `facts` are the unit's, as for `evaluate_placed`; facts (its class, other verdicts, the
    units below) are held fixed. Never raises for a checked formula: what it cannot tell it says.
    """
    found, search = _alone(placed, values, catalogue, window, facts)
    if search is None or found.steps:
        return found
    if together := search.plan(search.folded.tree, search.folded.values):
        return replace(found, together=tuple(map(search.told, _merged(together))))
    return search.behind_verdicts() or found


def alone(
    placed: Node,
    values: Mapping[Operand, OperandValue],
    catalogue: Catalogue,
    window: Window,
    facts: Facts = NO_FACTS,
) -> Distance:
    """The same without steps that are needed together: for looking through many units."""
    return _alone(placed, values, catalogue, window, facts)[0]


def _alone(
    placed: Node, values: "Values", catalogue: Catalogue, window: Window, facts: Facts
) -> "tuple[Distance, _Search | None]":
    """What one figure can do, and the search to go on with where the condition is false."""
    placed = settled(placed, facts)
    if not is_readable(placed):
        return Distance(reason=Reason.CANNOT_TELL), None
    folded = fold(placed, values, catalogue)
    trace = evaluate_placed(folded.tree, folded.values, facts)
    if trace.outcome is not False:
        return Distance(reason=None if trace.outcome is True else _why_unknown(trace)), None
    search = _Search(catalogue, window, folded, values, facts)
    found = search.single(folded.tree, folded.values)
    return replace(found, steps=tuple(map(search.told, found.steps))), search


def _why_unknown(trace: Trace) -> Reason:
    return Reason.MISSING_FIGURES if _lacks_figures(trace) else Reason.CANNOT_TELL


def _lacks_figures(trace: Trace) -> bool:
    """Is a figure not there that the outcome may rest on?"""
    return any(leaf.is_unknown for leaf in trace.leaves())


def _rests_on_verdicts(tree: Node) -> bool:
    """Does it ask for other verdicts, or for the units below, which figures may change as well?"""
    return any(
        isinstance(node, Below) or (isinstance(node, FactLeaf) and node.kind != "unit") for node in walk(tree)
    )


Values = Mapping[Operand, OperandValue]


@dataclass(frozen=True, slots=True)
class _Search:
    """Looks for steps over a folded formula; `figures` and `facts` as they were given."""

    catalogue: Catalogue
    window: Window
    folded: Folded
    figures: Values
    facts: Facts

    def judged(self, node: Node, values: Values) -> Trace:
        """A condition over changed figures and the same facts."""
        return evaluate_placed(node, values, self.facts)

    def single(self, tree: Node, values: Values) -> Distance:
        """Every figure by itself, for a tree that is false."""
        candidates = figures(tree, values, self.catalogue, self.window)
        if len(candidates) > MOST_FIGURES:
            return Distance(reason=Reason.CANNOT_TELL)
        tree = narrowed(tree, values, self.facts, frozenset(one for each in candidates for one in each.moved))
        steps: list[Step] = []
        full: list[Full] = []
        is_told = True
        for figure in candidates:
            narrow = narrowed(tree, values, self.facts, frozenset(figure.moved))
            try:
                found = [
                    step for sign in (1, -1) if (step := self.least(narrow, values, figure, sign)) is not None
                ]
            except CannotTell:
                found, is_told = [], False
            steps += found
            is_told = is_told and not figure.is_untold
            if not found and figure.whole is not None and figure.most_up is not None:
                full.append(Full(figure.operand, figure.whole))
        if steps:
            return Distance(steps=tuple(sorted(steps, key=lambda step: (step.nearness, step.operand.key))))
        if _lacks_figures(self.judged(tree, values)):
            return Distance(reason=Reason.MISSING_FIGURES)
        is_told = is_told and not _rests_on_verdicts(tree)
        reason = Reason.CANNOT_BE_REACHED if is_told else Reason.CANNOT_TELL
        return Distance(reason=reason, full=tuple(full))

    def least(self, tree: Node, values: Values, figure: Figure, sign: int) -> Step | None:
        """The least change of one figure in one direction; None where there is none. Raises CannotTell."""
        most = figure.most_up if sign > 0 else figure.most_down
        if most == 0:
            return None
        slopes = dict.fromkeys(figure.moved, sign * figure.unit)
        count, tries = 0, 0
        while most is None or count <= most:
            moved = {operand: plus(values[operand], sign * figure.unit * count) for operand in figure.moved}
            trace = self.judged(tree, {**values, **moved})
            if trace.outcome is True:
                return _step(figure, sign * figure.unit * count)
            if (tries := tries + 1) > MOST_TRIES:
                raise CannotTell
            following = next_step(turning(trace, slopes, count), count)
            if following is None:
                return None
            count = following
        return None

    def plan(self, node: Node, values: Values) -> tuple[Step, ...] | None:
        """Steps that make a condition true together; None where none are found.

        Each is the least for its own part of the condition, after those before it.
        """
        outcome = self.judged(node, values).outcome
        if outcome is not False:
            return () if outcome is True else None
        if steps := self.single(node, values).steps:
            return steps[:1]
        match node:
            case Derived(body=body):
                return self.plan(body, values)
            case Logic(operator="and", operands=operands):
                return self.enough(operands, len(operands), node, values)
            case Logic(operands=operands):
                return self.enough(operands, 1, node, values)
            case Call(function="at_least"):
                return self.enough(node.arguments[1:], required(node), node, values)
            case Not(operand=Logic(operator=operator, operands=operands)):
                opposite = "or" if operator == "and" else "and"
                return self.plan(Logic(opposite, tuple(Not(operand) for operand in operands)), values)
            case _:
                return None

    def enough(
        self, conditions: tuple[Node, ...], k: int, node: Node, values: Values
    ) -> tuple[Step, ...] | None:
        """Steps after which `k` of the conditions hold, the nearest conditions first."""
        met = sum(self.judged(each, values).outcome is True for each in conditions)
        open_ = [each for each in conditions if self.judged(each, values).outcome is False]
        ways = [(way, each) for each in open_ if (way := self.plan(each, values)) is not None]
        ways.sort(key=lambda pair: sum((step.nearness for step in pair[0]), Fraction(0)))
        if met + len(ways) < k:
            return None
        done: tuple[Step, ...] = ()
        after = values
        for _, each in ways[: k - met]:
            way = self.plan(each, after)
            if way is None:
                return None
            done, after = (*done, *way), changed(after, way)
        return done if self.judged(node, after).outcome is True else None

    def behind_verdicts(self) -> Distance | None:
        """What other verdicts must be, and what figures must do besides; None where that is not it."""
        tree, values = self.folded.tree, self.folded.values
        found = awaiting(tree, values, self.facts, lambda after: self.plan(after, values) is not None)
        if found is None:
            return None
        steps = _merged(self.plan(found.tree, values) or ())
        return Distance(
            together=tuple(map(self.told, steps)),
            reason=Reason.OTHER_VERDICTS,
            awaited=found.awaited,
            one_is_enough=found.one_is_enough,
        )

    def told(self, step: Step) -> Step:
        """The step with single figures in the place of a sum: of a fall the largest part falls first."""
        parts = self.folded.parts.get(step.operand)
        if parts is None:
            return step
        amounts = _shared(step.change, {each.indicator: self.figures[each].value for each in parts})
        changes = tuple(
            (each, amounts[each.indicator])
            for total, _ in step.changes
            for each in self.folded.parts[total]
            if amounts[each.indicator]
        )
        return replace(step, changes=changes)


def _shared(change: Fraction, values: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    """A change of a sum over its parts, none of them falling below zero; a rise goes to the first."""
    amounts = dict.fromkeys(values, Decimal(0))
    rest = change
    for code in sorted(values, key=lambda code: -(values[code] or 0)) if change < 0 else values:
        amount = max(rest, -Fraction(values[code] or 0)) if change < 0 else rest
        amounts[code] = decimal_of(amount)
        rest -= amount
    return amounts


def _step(figure: Figure, change: Fraction) -> Step:
    to = figure.value + change
    scale = figure.whole_value or max(abs(figure.value), abs(to))
    by = decimal_of(change)
    return Step(
        figure.operand,
        figure.value,
        to,
        change,
        abs(change) / scale,
        tuple((operand, by) for operand in figure.moved),
    )


def _merged(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Several steps of one figure as one."""
    found: dict[Operand, Step] = {}
    for step in steps:
        before = found.get(step.operand)
        if before is None:
            found[step.operand] = step
            continue
        by = dict(before.changes)
        changes = tuple((operand, by[operand] + more) for operand, more in step.changes)
        found[step.operand] = replace(
            before,
            to=step.to,
            change=before.change + step.change,
            nearness=before.nearness + step.nearness,
            changes=changes,
        )
    return tuple(step for step in found.values() if step.change)
