"""Is a formula sound? Types, names, arguments: every problem in one pass, each with its place and a hint.

A share is kept apart from a number: `70%` is a share, a count is a number, and comparing the two is a
mistake that a person makes once and nobody finds for years. A quotient of two numbers, and a literal
without `%`, is a RATIO and goes with both. The one exception is a share against a literal beyond 1
(`change(x) <= -5`), where five per cent was meant.
"""

from collections.abc import Iterable, Sequence

from kieumau.formulas.catalogue import Catalogue, Type
from kieumau.formulas.constants import constant
from kieumau.formulas.errors import did_you_mean, quoted, wrong
from kieumau.formulas.functions import REFERENCES, call_problems, says_word, thresholds
from kieumau.formulas.measures import measure_problems
from kieumau.formulas.referring import (
    children_problems,
    class_problems,
    not_a_number,
    reference_problems,
    word_problems,
)
from kieumau.formulas.scope import Scope
from kieumau.formulas.tree import (
    Arithmetic,
    Below,
    Call,
    Comparison,
    Derived,
    FactLeaf,
    Indicator,
    Leaf,
    Logic,
    Negative,
    Node,
    Not,
    Number,
    Reference,
    Span,
    Word,
    walk,
)
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import format_share

_Typed = tuple[Node, Type | None]


def check(tree: Node, catalogue: Catalogue, scope: Scope | None = None) -> Type:
    """The type of a parsed formula. Raises Refused with every problem in it, in reading order.

    `scope` says what it may refer to beside indicators; without one to nothing.
    """
    checker = _Checker(catalogue, scope)
    found = checker.type_of(tree)
    if found is not None and not checker.problems:
        checker.problems += measure_problems(tree, catalogue)
    if checker.problems or found is None:
        raise Refused(sorted(checker.problems, key=_reading_order))
    return found


def join(left: Type, right: Type) -> Type | None:
    """The type of two values of which either may be taken; None when they do not go together."""
    if left is right:
        return left
    if (
        Type.CONDITION in (left, right)
        or Type.WORD in (left, right)
        or {left, right} == {Type.NUMBER, Type.SHARE}
    ):
        return None
    return right if left is Type.RATIO else left


def _product(left: Type, right: Type) -> Type:
    """A share of a number is a number, a share of a share a share; a ratio changes nothing."""
    return Type.NUMBER if Type.NUMBER in (left, right) else join(left, right) or Type.NUMBER


def _quotient(left: Type, right: Type) -> Type:
    """Like over like is a ratio; a number over a share or ratio stays a number."""
    return Type.RATIO if left is right or right is Type.NUMBER else left


def _reading_order(problem: Problem) -> tuple[int, int]:
    return problem.place.row or 0, int(problem.place.column or 0)


class _Checker:
    """Walks one tree. A node whose type cannot be told is None and is not complained about twice."""

    def __init__(self, catalogue: Catalogue, scope: Scope | None) -> None:
        self.catalogue = catalogue
        self.scope = scope
        self.inside: list[str] = []
        self.problems: list[Problem] = []

    def refuse(self, code: str, span: Span, vi: str, en: str, hint: Text | None = None) -> None:
        """Note one problem."""
        self.problems.append(wrong(code, span, vi, en, hint))

    def type_of(self, node: Node) -> Type | None:
        """The type of any node, or None after complaining."""
        match node:
            case Number(is_share=is_share):
                return Type.SHARE if is_share else Type.RATIO
            case Indicator(code=code) | Leaf(code=code) | Derived(code=code):
                return self.indicator(code, node.span)
            case Reference():
                return self.reference(node)
            case Word() | FactLeaf() | Below():
                raise ValueError("a word stands in a comparison, and a tree is checked before it is placed")
            case Negative(operand=operand):
                return self.number(operand)[1]
            case Arithmetic():
                return self.arithmetic(node)
            case Comparison():
                return self.comparison(node)
            case Logic(operands=operands):
                return self.conditions(operands)
            case Not(operand=operand):
                return self.conditions((operand,))
            case Call():
                return self.call(node)

    def indicator(self, code: str, span: Span) -> Type | None:
        """The type the catalogue gives."""
        if code in self.catalogue:
            return self.catalogue[code].type
        hint = did_you_mean(code, self.catalogue)
        if "-" in code and code.split("-", maxsplit=1)[0] in self.catalogue:
            spaced = " - ".join(code.split("-"))
            hint = Text(vi=f"phép trừ thì viết {spaced}", en=f"for a subtraction write {spaced}")
        vi, en = f"{quoted(code)} không phải là chỉ tiêu;", f"{quoted(code)} is not an indicator;"
        none = Text(vi="xem danh mục chỉ tiêu.", en="see the catalogue of indicators.")
        self.refuse("unknown-indicator", span, vi, en, hint or none)
        return None

    def reference(self, node: Reference) -> Type | None:
        """Another verdict or a class is a word; the points of another set are a number."""
        problems = list(reference_problems(node, self.scope, self.inside))
        self.problems += problems
        if problems:
            return None
        return Type.NUMBER if node.kind == "points" else Type.WORD

    def number(self, node: Node) -> _Typed:
        """A node that must not be a condition or a word, with its type."""
        found = self.type_of(node)
        if found is Type.WORD:
            self.problems.append(not_a_number(node))
            return node, None
        if found is not Type.CONDITION:
            return node, found
        text = quoted(node.span.text)
        self.refuse(
            "not-a-number-here",
            node.span,
            f"{text} là một điều kiện; ở đây cần một số.",
            f"{text} is a condition; a number is needed here.",
            Text(vi="Để đếm điều kiện, dùng count(…).", en="To count conditions, use count(…)."),
        )
        return node, None

    def numbers(self, nodes: Iterable[Node]) -> Type | None:
        """Several values of which any may be taken, and their common type."""
        return self.fit([self.number(node) for node in nodes])

    def conditions(self, nodes: Iterable[Node]) -> Type:
        """Nodes that must be conditions."""
        for node in nodes:
            found = self.type_of(node)
            if found is Type.WORD:
                self.problems.append(not_a_number(node))
            elif found not in (None, Type.CONDITION):
                text = quoted(node.span.text)
                self.refuse(
                    "not-a-condition",
                    node.span,
                    f"{text} là một số; ở đây cần một điều kiện.",
                    f"{text} is a number; a condition is needed here.",
                    Text(vi="So sánh nó với một mức: x > 0.", en="Compare it with something: x > 0."),
                )
        return Type.CONDITION

    def fit(self, typed: Sequence[_Typed]) -> Type | None:
        """The common type; complains about the first two that do not go together."""
        first, common = typed[0]
        for node, found in typed[1:]:
            if common is None or found is None:
                return None
            joined = join(common, found)
            if joined is None:
                self.mismatch(first, common, node, found)
                return None
            first, common = (first if joined is common else node), joined
        return common

    def mismatch(self, left: Node, left_type: Type, right: Node, right_type: Type) -> None:
        """Two values that do not go together; a count against a share gets the usual advice."""
        a, b = quoted(left.span.text), quoted(right.span.text)
        hint = None
        if not {Type.CONDITION, Type.WORD} & {left_type, right_type}:
            text = (left if left_type is Type.NUMBER else right).span.text
            hint = Text(
                vi=f"Chia cho tổng để thành tỷ lệ: {text} / …?",
                en=f"Divide it by the whole to get a share: {text} / …?",
            )
        self.refuse(
            "types-differ",
            left.span,
            f"{a} là {left_type.words.vi} còn {b} là {right_type.words.vi}.",
            f"{a} is {left_type.words.en} but {b} is {right_type.words.en}.",
            hint,
        )

    def arithmetic(self, node: Arithmetic) -> Type | None:
        """`+ -` want like with like, `* /` take anything; a literal zero divisor is refused."""
        done = self.number(node.operands[0])
        for operator, operand in zip(node.operators, node.operands[1:], strict=True):
            other = self.number(operand)
            if operator == "/" and constant(operand) == 0:
                vi, en = (
                    f"phép chia cho {quoted(operand.span.text)} là chia cho 0.",
                    "this is a division by zero.",
                )
                self.refuse("division-by-zero", operand.span, vi, en)
            left, right = done[1], other[1]
            if left is None or right is None:
                done = (operand, None)
            elif operator in "+-":
                done = (operand if left is Type.RATIO else done[0], self.fit([done, other]))
            else:
                done = (operand, _product(left, right) if operator == "*" else _quotient(left, right))
        return done[1]

    def comparison(self, node: Comparison) -> Type:
        """Like with like, and no share against a bare literal beyond 1."""
        if says_word(node.left) or says_word(node.right):
            for side in (node.left, node.right):
                if says_word(side):
                    self.type_of(side)
            self.problems += word_problems(node, self.scope)
            return Type.CONDITION
        left, right = self.number(node.left), self.number(node.right)
        if self.fit([left, right]):
            self.per_cent_forgotten(left, node.right)
            self.per_cent_forgotten(right, node.left)
        return Type.CONDITION

    def per_cent_forgotten(self, against: _Typed, literal: Node) -> None:
        """`change(x) <= -5`: minus five hundred per cent was not meant, nor by -1 minus a hundred."""
        value = constant(literal)
        has_share = any(isinstance(part, Number) and part.is_share for part in walk(literal))
        if against[1] is not Type.SHARE or value is None or has_share:
            return
        is_change = isinstance(against[0], Call) and against[0].function == "change"
        if abs(value) < 1 or (abs(value) == 1 and not is_change):
            return
        text = quoted(literal.span.text)
        self.refuse(
            "share-against-number",
            literal.span,
            f"tỷ lệ được so với {text}, tức là {format_share(value, 'vi')};",
            f"a share is compared with {text}, which is {format_share(value, 'en')};",
            Text(vi=f"có phải là {literal.span.text}%?", en=f"did you mean {literal.span.text}%?"),
        )

    def call(self, node: Call) -> Type | None:
        """The type of a call, after its form and its arguments have been checked."""
        problems = call_problems(node)
        self.problems += problems
        if problems:
            if node.function not in REFERENCES:
                for argument in node.arguments:
                    self.type_of(argument)
            return None
        self.inside.append(node.function)
        found = self.called(node)
        self.inside.pop()
        return found

    def called(self, node: Call) -> Type | None:
        """The type of a call of sound form."""
        match node.function:
            case "if":
                self.conditions(node.arguments[:1])
                return self.fit([(branch, self.type_of(branch)) for branch in node.arguments[1:]])
            case "min" | "max" | "coalesce":
                return self.numbers(node.arguments)
            case "count":
                self.conditions(node.arguments)
                return Type.NUMBER
            case "at_least":
                return self.conditions(node.arguments[1:])
            case "previous" | "year_ago" | "in_year" | "total" | "to_date":
                return self.type_of(node.arguments[0])
            case "change":
                return Type.SHARE if self.number(node.arguments[0])[1] else None
            case "bands":
                return self.bands(node)
            case "by":
                self.type_of(node.arguments[0])
                self.problems += class_problems(node, self.scope)
                return self.fit([(item.value, self.type_of(item.value)) for item in node.named])
            case "all_children" | "share_of_children":
                self.problems += children_problems(node, self.scope, self.inside[:-1])
                self.conditions(node.arguments)
                return Type.CONDITION if node.function == "all_children" else Type.SHARE
            case _:
                return self.number(node.arguments[0])[1]

    def bands(self, node: Call) -> Type | None:
        """The common type of the values; thresholds must go with what they divide."""
        measured = self.number(node.arguments[0])
        for item in thresholds(node):
            if item.key is not None and self.fit([measured, self.number(item.key)]):
                self.per_cent_forgotten(measured, item.key)
        return self.numbers(item.value for item in node.named)
