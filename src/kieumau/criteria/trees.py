"""The formulas of a set: read when it is loaded, kept as trees while it is used.

A published set rests on the formulas of derived indicators as they stood when it was loaded
(`derived`), so its trees are expanded against a catalogue in which exactly those are derived.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from kieumau.calendars.library import calendar as calendar_of
from kieumau.calendars.library import tile
from kieumau.calendars.rules import Calendar
from kieumau.criteria.rules import CriterionDefinition, Definition, Measured
from kieumau.formulas.catalogue import Catalogue, Described, Entry, Type
from kieumau.formulas.checking import check
from kieumau.formulas.expanding import expand
from kieumau.formulas.parse import parse
from kieumau.formulas.placing import below_of, facts_of, operands_of, place
from kieumau.formulas.scope import Scope
from kieumau.formulas.tree import Below, Derived, Node, Reference, walk
from kieumau.formulas.windows import Fact, Operand, Window
from kieumau.kernel.messages import LANGUAGES, Problem, Refused, Text
from kieumau.kernel.numbers import format_number

Path = tuple[int | str, ...]
# Names, numbers and operators of all formulas: thirty times what the longest real set has.
MOST_PARTS = 20_000


@dataclass(frozen=True, slots=True)
class Trees:
    """The formulas of one criterion; each may be absent. Of a window once they are placed."""

    formula: Node | None = None
    applies_if: Node | None = None
    points: Node | None = None

    def operands(self) -> tuple[Operand, ...]:
        """Every figure that placed trees need, each once, in reading order."""
        found = (operands_of(tree) for tree in (self.formula, self.applies_if, self.points) if tree)
        return tuple(dict.fromkeys(operand for some in found for operand in some))

    def deciding_operands(self) -> tuple[Operand, ...]:
        """The figures on which the outcome rests: those of the formula and of `applies_if`."""
        return replace(self, points=None).operands()

    def facts(self) -> tuple[Fact, ...]:
        """Everything else that placed trees ask, each once, in reading order."""
        found = (facts_of(tree) for tree in self._all() if tree)
        return tuple(dict.fromkeys(fact for some in found for fact in some))

    def deciding_facts(self) -> tuple[Fact, ...]:
        """The facts on which the outcome rests: those of the formula and of `applies_if`."""
        return replace(self, points=None).facts()

    def belows(self) -> tuple[Below, ...]:
        """The conditions that placed trees put to the units one level down, each once."""
        found = (below_of(tree) for tree in self._all() if tree)
        return tuple(dict.fromkeys(below for some in found for below in some))

    def references(self, kind: str) -> tuple[str, ...]:
        """The criteria or sets (`kind`) that trees not placed yet refer to, each once."""
        nodes = (node for tree in self._all() if tree for node in walk(tree))
        named = (node.name for node in nodes if isinstance(node, Reference) and node.kind == kind)
        return tuple(dict.fromkeys(named))

    def placed(self, window: Window, calendar: Calendar) -> "Trees":
        """The same with a window on every figure."""
        return Trees(*(tree and place(tree, window, calendar) for tree in self._all()))

    def _all(self) -> tuple[Node | None, ...]:
        return self.formula, self.applies_if, self.points


def texts(criterion: CriterionDefinition) -> Iterator[tuple[str, Path, str]]:
    """Formulas of one criterion: field of `Trees`, path below the criterion, text."""
    if isinstance(criterion, Measured):
        yield "formula", ("formula",), criterion.formula
    if criterion.applies_if:
        yield "applies_if", ("applies_if",), criterion.applies_if
    if criterion.points and criterion.points.formula:
        yield "points", ("points", "formula"), criterion.points.formula


def published(definition: Definition, catalogue: Catalogue) -> tuple[Trees, ...]:
    """The trees of a set that was checked before, in the order of its criteria."""
    return tuple(
        Trees(**{field: expand(parse(text), catalogue) for field, _, text in texts(criterion)})
        for criterion in definition.criteria
    )


class FrozenCatalogue(Mapping[str, Described]):
    """A catalogue in which exactly the given indicators are derived, by the formulas given.

    Names and units of measure are today's; an indicator that is gone goes by its code.
    """

    def __init__(self, catalogue: Catalogue, derived: Mapping[str, str]) -> None:
        self._catalogue = catalogue
        self._derived = derived

    def __getitem__(self, code: str) -> Described:
        formula = self._derived.get(code, "")
        today = self._catalogue.get(code)
        if today is None:
            if not formula:
                raise KeyError(code)
            return Entry(Type.NUMBER, Text(vi=code, en=code), formula=formula)
        if today.formula == formula:
            return today
        return Entry(today.type, today.name, today.measure, today.decimals, formula, today.polarity)

    def __iter__(self) -> Iterator[str]:
        yield from self._catalogue
        yield from (code for code in self._derived if code not in self._catalogue)

    def __len__(self) -> int:
        return len(set(self._catalogue) | set(self._derived))


@dataclass(frozen=True, slots=True)
class FormulaProblem:
    """A problem in a formula: `path` says which, the problem's own place says where inside it."""

    path: Path
    problem: Problem


@dataclass(frozen=True, slots=True)
class Checked:
    """What reading every formula of a set gave: problems, or the derived indicators it rests on."""

    problems: list[FormulaProblem]
    trees: list[Trees]
    derived: dict[str, str]


def check_all(
    definition: Definition, catalogue: Catalogue, sets: Mapping[str, bool | None] | None = None
) -> Checked:
    """Parse, check and expand every formula; every problem of all of them in one pass.

    `sets` are the other sets that formulas may refer to, each with whether it counts points.
    """
    criteria = [criterion.code for criterion in definition.criteria]
    scope = Scope(tuple(definition.unit_classes or ()), criteria, sets or {})
    problems: list[FormulaProblem] = []
    found: list[Trees] = []
    derived: dict[str, str] = {}
    parts = 0
    for index, criterion in enumerate(definition.criteria):
        trees: dict[str, Node] = {}
        for field, below, text in texts(criterion):
            path = ("criteria", index, *below)
            try:
                trees[field] = read_formula(text, catalogue, scope, is_condition=field != "points")
            except Refused as refused:
                problems += [FormulaProblem(path, problem) for problem in refused.problems]
                continue
            codes = [node.code for node in walk(trees[field]) if isinstance(node, Derived)]
            derived |= {code: catalogue[code].formula for code in codes}
        found.append(Trees(**trees))
        parts += sum(1 for tree in trees.values() for _ in walk(tree))
        if parts > MOST_PARTS:
            problems.append(FormulaProblem(("criteria", index), _too_many_parts()))
            break
    if not problems:
        problems += _circles(criteria, found)
    return Checked(problems, found, derived)


def _too_many_parts() -> Problem:
    shown = [format_number(MOST_PARTS, 0, language) for language in LANGUAGES]
    reason = Text(
        vi=f"Đến đây các công thức của bộ cộng lại quá {shown[0]} phần tử.",
        en=f"Up to here the formulas of the set have more than {shown[1]} parts.",
    )
    hint = Text(vi="Hãy chia thành nhiều bộ tiêu chí.", en="Make several sets of it.")
    return Problem("set-too-large", reason, hint)


def order_of(codes: Sequence[str], trees: Sequence[Trees]) -> tuple[int, ...]:
    """The criteria, by index, so that each stands behind those its formulas refer to.

    `trees` are not placed yet. Raises ValueError for a circle.
    """
    waits = {code: set(one.references("criterion")) for code, one in zip(codes, trees, strict=True)}
    try:
        return tuple(codes.index(code) for code in TopologicalSorter(waits).static_order())
    except CycleError as circle:
        raise ValueError(" → ".join(reversed(circle.args[1]))) from None


def _circles(codes: Sequence[str], trees: Sequence[Trees]) -> Iterator[FormulaProblem]:
    """Criteria that wait for each other, the way written out."""
    try:
        order_of(codes, trees)
    except ValueError as circle:
        first = str(circle).partition(" → ")[0]
        reason = Text(vi=f"Tiêu chí vòng tròn: {circle}.", en=f"Criteria in a circle: {circle}.")
        hint = Text(vi="Một tiêu chí không thể dựa vào chính nó.", en="A criterion cannot rest on itself.")
        yield FormulaProblem(("criteria", codes.index(first)), Problem("circular-criteria", reason, hint))


def read_formula(text: str, catalogue: Catalogue, scope: Scope, *, is_condition: bool) -> Node:
    """The expanded tree of one formula, which must be a condition or a number. Raises Refused."""
    tree = parse(text)
    kind = check(tree, catalogue, scope)
    if kind is Type.WORD:
        reason = Text(vi="Đây là một từ, không phải điều kiện.", en="This is a word and no condition.")
        raise Refused([Problem("word-compared", reason, Text(vi="Thêm = met.", en="Add = met."))])
    if is_condition and kind is not Type.CONDITION:
        reason = Text(
            vi="Công thức này cho một số; ở đây cần một điều kiện.",
            en="This formula gives a number; a condition is needed here.",
        )
        hint = Text(vi="So sánh với một mức, ví dụ: … >= 70%.", en="Compare it, for example: … >= 70%.")
        raise Refused([Problem("not-a-condition", reason, hint)])
    if not is_condition and kind is Type.CONDITION:
        reason = Text(
            vi="Công thức này là một điều kiện; ở đây cần số điểm.",
            en="This formula is a condition; points are needed here.",
        )
        hint = Text(vi="Ví dụ: if(…, 5, 0).", en="For example: if(…, 5, 0).")
        raise Refused([Problem("not-a-number", reason, hint)])
    return expand(tree, catalogue)


def asked_sets(trees: Trees, window: Window) -> tuple[str, ...]:
    """The sets whose verdict for a period that ends with the window itself is asked for, each once."""
    placed = trees.placed(window, calendar_of(window.calendar))
    below = (fact for one in placed.belows() for fact in facts_of(one.condition))
    return tuple(
        dict.fromkeys(
            fact.name
            for fact in (*placed.facts(), *below)
            if fact.kind in ("result", "points") and fact.window and fact.window.last >= window.last
        )
    )


def operands_that_do_not_fit(
    trees: Trees, window: Window, slack_days: int, reported: Mapping[str, tuple[str, str]]
) -> list[Operand]:
    """The figures whose own reporting periods do not tile the window that is asked for.

    `reported` gives calendar and kind of period of each indicator.
    """
    placed = trees.placed(window, calendar_of(window.calendar))
    below = (operand for one in placed.belows() for operand in operands_of(one.condition))
    return [
        operand
        for operand in dict.fromkeys((*placed.operands(), *below))
        if operand.indicator in reported and not _fits(operand, slack_days, reported[operand.indicator])
    ]


def _fits(operand: Operand, slack_days: int, reported: tuple[str, str]) -> bool:
    calendar, kind = reported
    return tile(operand.window, calendar, kind, slack_days) is not None
