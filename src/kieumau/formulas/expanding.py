"""Derived indicators: the formula put in the place of the name, within bounds and without circles."""

from dataclasses import dataclass, field

from kieumau.formulas.catalogue import Catalogue, Type
from kieumau.formulas.checking import check, join
from kieumau.formulas.errors import owned_by, quoted, wrong
from kieumau.formulas.parse import parse
from kieumau.formulas.scope import Scope
from kieumau.formulas.tree import NOWHERE, Call, Derived, Indicator, Node, Span, children, rebuild
from kieumau.kernel.messages import Problem, Refused, Text

MAX_EXPANDED_NODES = 2_000
MAX_EXPANDED_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Formula:
    """A sound formula: its text, its type, and its tree with derived indicators expanded."""

    text: str
    type: Type
    tree: Node


def read(text: str, catalogue: Catalogue, owner: str = "", scope: Scope | None = None) -> Formula:
    """Parse, check and expand. Raises Refused with every problem.

    `owner` is what the text belongs to (a criterion, say); it is named in the places of problems.
    `scope` says what it may refer to beside indicators.
    """
    try:
        tree = parse(text)
        found = check(tree, catalogue, scope)
        return Formula(text, found, expand(tree, catalogue))
    except Refused as refused:
        raise Refused(owned_by(owner, refused.problems)) from None


def check_catalogue(catalogue: Catalogue) -> None:
    """Check every derived indicator. Raises Refused with all problems, each naming its indicator."""
    problems: list[Problem] = []
    expansion = _Expansion(catalogue)
    for code, described in catalogue.items():
        if not described.formula or code in expansion.circled:
            continue
        try:
            expansion.of(Indicator(code), ())
        except Refused as refused:
            problems += [problem for problem in refused.problems if problem not in problems]
    if problems:
        raise Refused(problems)


def _check_declared(found: Type, declared: Type) -> None:
    """Raises Refused where a formula gives another type than its indicator is declared to have."""
    if join(found, declared) is None:
        vi = f"công thức cho ra {found.words.vi}, nhưng chỉ tiêu được khai là {declared.words.vi}."
        en = f"the formula gives {found.words.en}, but the indicator is declared {declared.words.en}."
        raise Refused([wrong("types-differ", NOWHERE, vi, en)])


def expand(tree: Node, catalogue: Catalogue) -> Node:
    """The tree with every derived indicator replaced by `Derived(code, body)`.

    Raises Refused for a circle (`a → b → a`), for a formula of a derived indicator that is not
    sound, and for a result of more than 2,000 nodes (with both windows of `change` counted) or 100
    levels. Indicators that the catalogue does not know are left alone.
    """
    return _Expansion(catalogue).of(tree, ()).tree


@dataclass(frozen=True, slots=True)
class _Grown:
    """An expanded tree with its size and depth, counted while it grew."""

    tree: Node
    size: int
    depth: int


@dataclass(slots=True)
class _Expansion:
    """One expansion. `level` is how deep a node stands; it is bounded on the way down.

    `circled` holds the codes that were found to stand in a circle.
    """

    catalogue: Catalogue
    bodies: dict[str, _Grown] = field(default_factory=dict)
    circled: set[str] = field(default_factory=set)

    def of(self, node: Node, path: tuple[str, ...], level: int = 1) -> _Grown:
        """The expansion of any node."""
        _bound(node, 1, level)
        if isinstance(node, Indicator):
            return self.indicator(node, path, level)
        below = [self.of(child, path, level + 1) for child in children(node)]
        size = sum(part.size for part in below)
        if isinstance(node, Call) and node.function == "change":
            size *= 2
        _bound(node, size + 1, level)
        tree = rebuild(node, iter([part.tree for part in below]))
        return _Grown(tree, size + 1, max((part.depth for part in below), default=0) + 1)

    def indicator(self, node: Indicator, path: tuple[str, ...], level: int) -> _Grown:
        """An indicator: itself, or its formula."""
        described = self.catalogue.get(node.code)
        if described is None or not described.formula:
            return _Grown(node, 1, 1)
        if node.code in path:
            circle = path[path.index(node.code) :]
            self.circled.update(circle)
            raise Refused([_circle((*circle, node.code), node.span)])
        if node.code not in self.bodies:
            self.bodies[node.code] = self.body(node.code, described.formula, (*path, node.code), level + 1)
        body = self.bodies[node.code]
        _bound(node, body.size + 1, level + body.depth)
        return _Grown(Derived(node.code, body.tree, node.span), body.size + 1, body.depth + 1)

    def body(self, code: str, formula: str, path: tuple[str, ...], level: int) -> _Grown:
        """The expanded formula of a derived indicator; its problems say whose it is."""
        try:
            tree = parse(formula)
            _check_declared(check(tree, self.catalogue), self.catalogue[code].type)
            return self.of(tree, path, level)
        except Refused as refused:
            raise Refused(owned_by(code, refused.problems)) from None


def _bound(node: Node, size: int, depth: int) -> None:
    """Raises Refused where an expanded tree grows over the bounds."""
    if size > MAX_EXPANDED_NODES or depth > MAX_EXPANDED_DEPTH:
        text = quoted(node.span.text)
        vi = f"{text} trở nên quá lớn khi thay các chỉ tiêu dẫn xuất bằng công thức của chúng."
        en = f"{text} grows too large when derived indicators are replaced by their formulas."
        raise Refused([wrong("formula-too-large", node.span, vi, en)])


def _circle(path: tuple[str, ...], span: Span) -> Problem:
    way = " → ".join(path)
    return wrong(
        "circular-definition",
        span,
        f"định nghĩa vòng tròn: {way}.",
        f"circular definition: {way}.",
        Text(
            vi="Một chỉ tiêu không thể tính từ chính nó.", en="An indicator cannot be computed from itself."
        ),
    )
