"""One tree compiled to columns of a query, node by node, with the outcomes of `evaluate`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_

from ibis import _ as here

from kieumau.formulas import exact, facts
from kieumau.formulas.constants import constant
from kieumau.formulas.evaluate import places, required
from kieumau.formulas.exact import Quotient, Sql, cases, is_known, made, negate
from kieumau.formulas.facts import Counts
from kieumau.formulas.functions import thresholds
from kieumau.formulas.staging import HEAVY, Stages
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
    Word,
    keyword,
)
from kieumau.formulas.windows import Fact, Operand

MET, OPEN_COUNT, ALL = "__met", "__open", "__all"


@dataclass(slots=True)
class Compiler:
    """Trees over one table: `columns` holds operands, `facts` what is known of units beside figures.

    Every tree compiled by one compiler shares its stages.
    """

    columns: Mapping[Operand, str]
    facts: Mapping[Fact, str]
    stages: Stages = field(default_factory=Stages)
    done: dict[Node, Sql | Quotient] = field(default_factory=dict)

    def of(self, node: Node) -> Sql | Quotient:
        """The condition or number of a node; equal nodes are compiled once."""
        if node not in self.done:
            self.done[node] = self.stages.kept_small(self.compiled(node))
        return self.done[node]

    def number(self, node: Node) -> Quotient:
        """A node that is a number."""
        found = self.of(node)
        if isinstance(found, Sql):
            raise TypeError("a condition where a number belongs: the formula was not checked")
        return found

    def condition(self, node: Node) -> Sql:
        """A node that is a condition."""
        found = self.of(node)
        if isinstance(found, Quotient):
            raise TypeError("a number where a condition belongs: the formula was not checked")
        return found

    # Nodes

    def compiled(self, node: Node) -> Sql | Quotient:
        """One node over its compiled children."""
        match node:
            case Number():
                return Quotient.of(node.value)
            case Leaf():
                operand = node.operand
                if operand is None:
                    return Quotient(exact.unknown())
                return Quotient(Sql(here[self.columns[operand]], 1, 0))
            case FactLeaf() | Below():
                return self.asked(node)
            case Derived():
                return self.of(node.body)
            case Negative():
                return exact.opposite(self.number(node.operand))
            case Not():
                return negate(self.condition(node.operand))
            case Arithmetic():
                return self.arithmetic(node)
            case Comparison():
                return self.comparison(node)
            case Logic():
                parts = [self.condition(operand) for operand in node.operands]
                join = and_ if node.operator == "and" else or_
                return made(reduce(join, (part.column for part in parts)), *parts)
            case Call():
                return self.call(node)
            case Word() | Indicator() | Reference():
                raise ValueError("a tree is checked and placed before it is compiled")

    def arithmetic(self, node: Arithmetic) -> Quotient:
        """From the left; a constant row is folded."""
        value = constant(node)
        if value is not None:
            return Quotient.of(value)
        if node.operators[0] in "+-":
            return self.sum(node)
        total = self.number(node.operands[0])
        for operator, operand in zip(node.operators, node.operands[1:], strict=True):
            other = self.number(operand)
            if operator == "*":
                total = exact.multiply(total, other)
            else:
                total = exact.divide(total, self.stages.shared(other))
            if total.weight > HEAVY:
                total = self.stages.shared(total)
        return total

    def sum(self, node: Arithmetic) -> Quotient:
        """What has no denominator in one row; then quotients two by two, so that layers stay few."""
        row: Quotient | None = None
        quotients: list[Quotient] = []
        for operator, operand in zip(("+", *node.operators), node.operands, strict=True):
            value = self.number(operand)
            if value.den is None and row is not None:
                row = exact.add(row, value, operator)
                continue
            signed = exact.opposite(value) if operator == "-" else value
            if value.den is None:
                row = signed
            else:
                quotients.append(signed)
        return self.folded([row, *quotients] if row else quotients, self.added)

    def added(self, left: Quotient, right: Quotient) -> Quotient:
        """A sum of two; it writes out both denominators twice."""
        return exact.add(self.stages.with_light_den(left), self.stages.with_light_den(right), "+")

    def folded(self, values: list[Quotient], combine: Callable[[Quotient, Quotient], Quotient]) -> Quotient:
        """One number from several, two by two."""
        while len(values) > 1:
            pairs = [values[index : index + 2] for index in range(0, len(values), 2)]
            values = [combine(*pair) if len(pair) == 2 else pair[0] for pair in pairs]
            values = [self.stages.shared(value) if value.weight > HEAVY else value for value in values]
        return values[0]

    def comparison(self, node: Comparison) -> Sql:
        """Crosswise; a `count` on a side takes part with its bounds, a verdict with its word."""
        if isinstance(node.left, Word) or isinstance(node.right, Word):
            return self.words(node)
        if not (_has_bounds(node.left) or _has_bounds(node.right)):
            return exact.compare(node.operator, self.number(node.left), self.number(node.right))
        return exact.compare_bounds(node.operator, self.bounds(node.left), self.bounds(node.right))

    def bounds(self, node: Node) -> tuple[Quotient, Quotient]:
        """The least and the most a side can be: the same number twice unless it is a `count`."""
        if isinstance(node, Below):
            return facts.share_bounds(self.counts(node))
        if not (isinstance(node, Call) and node.function == "count"):
            value = self.stages.shared(self.number(node))
            return value, value
        conditions = [self.stages.light(self.condition(argument)) for argument in node.arguments]
        least, most = exact.tally(conditions, unknown=False), exact.tally(conditions, unknown=True)
        return self.stages.shared(exact.numeric(least)), self.stages.shared(exact.numeric(most))

    def words(self, node: Comparison) -> Sql:
        """A verdict or a class and the word asked for, on either side."""
        asked, other = (node.left, node.right) if isinstance(node.left, Word) else (node.right, node.left)
        if not isinstance(asked, Word):
            raise TypeError("no word to compare with: the formula was not checked")
        return facts.is_word(node.operator, self.word(other), asked.text)

    def word(self, node: Node) -> Sql:
        """The column of a verdict or a class, at another time perhaps."""
        while isinstance(node, Call):
            node = node.arguments[0]
        if not isinstance(node, FactLeaf):
            raise TypeError("no verdict where one belongs: the formula was not checked")
        return Sql(here[self.facts[node.fact]], 1, 0) if node.fact else exact.no_word()

    def asked(self, node: FactLeaf | Below) -> Sql | Quotient:
        """The points of another set, or what became of the units one level down."""
        if isinstance(node, FactLeaf):
            return Quotient(Sql(here[self.facts[node.fact]], 1, 0) if node.fact else exact.unknown())
        counts = self.counts(node)
        return facts.all_of(counts) if node.function == "all_children" else facts.share_of(counts)

    def counts(self, node: Below) -> Counts | None:
        """The columns that count the units one level down."""
        if node.fact is None:
            return None
        name = self.facts[node.fact]
        return Counts(*(Sql(here[name + part], 1, 0) for part in (MET, OPEN_COUNT, ALL)))

    def by(self, node: Call) -> Sql | Quotient:
        """The value for the class of the unit; the else for any class that is not named."""
        found = self.word(node.arguments[0])
        tests = [
            is_known(found) if item.name == "else" else made(found.column == item.name, found)
            for item in node.named
        ]
        values = [self.of(item.value) for item in node.named]
        conditions = [value for value in values if isinstance(value, Sql)]
        if len(conditions) == len(values):
            return cases(list(zip(tests, conditions, strict=True)))
        numbers = [self.number(item.value) for item in node.named]
        return exact.selected(list(zip(tests, numbers, strict=True)))

    def call(self, node: Call) -> Sql | Quotient:
        """A function over arguments that are already in their windows."""
        match node.function:
            case "if":
                return self.choose(node)
            case "count":
                parts = [self.condition(argument) for argument in node.arguments]
                return exact.numeric(exact.total([part.column for part in parts], parts))
            case "at_least":
                return self.at_least(node)
            case "bands":
                return self.bands(node)
            case "by":
                return self.by(node)
            case "coalesce":
                return self.coalesce([self.stages.shared(self.number(each)) for each in node.arguments])
            case "min" | "max":
                return self.extreme(node.function, [self.number(each) for each in node.arguments])
            case "change":
                now, base = (self.number(each) for each in node.arguments)
                base = self.stages.shared(base)
                return exact.divide(exact.add(self.stages.with_light_den(now), base, "-"), base)
            case "previous" | "year_ago" | "in_year" | "total" | "to_date":
                return self.of(node.arguments[0])
            case _:
                return self.single(node, self.number(node.arguments[0]))

    def single(self, node: Call, value: Quotient) -> Quotient:
        """Functions of one number."""
        match node.function:
            case "abs":
                return Quotient(exact.absolute(value.num), value.den)
            case "floor":
                return exact.floor(self.stages.shared(value))
            case "ceil":
                return exact.ceil(self.stages.shared(value))
            case _:
                return exact.round_half_up(self.stages.shared(value), places(node))

    def at_least(self, node: Call) -> Sql:
        """Decided as soon as it is certain."""
        conditions = [self.stages.light(self.condition(each)) for each in node.arguments[1:]]
        least, most = exact.tally(conditions, unknown=False), exact.tally(conditions, unknown=True)
        k = required(node)
        return exact.decided(made(least.column >= k, least), made(most.column < k, most))

    def choose(self, node: Call) -> Sql | Quotient:
        """`if`: NULL while its condition is; the branches are both numbers or both conditions."""
        condition = self.stages.light(self.condition(node.arguments[0]))
        opposite = negate(condition)
        branches = [self.of(each) for each in node.arguments[1:]]
        if all(isinstance(branch, Sql) for branch in branches):
            return cases(
                [
                    (condition, self.condition(node.arguments[1])),
                    (opposite, self.condition(node.arguments[2])),
                ]
            )
        return exact.selected(
            [(condition, self.number(node.arguments[1])), (opposite, self.number(node.arguments[2]))]
        )

    def bands(self, node: Call) -> Quotient:
        """The first threshold reached; the else only where the measured number is known."""
        measured = self.stages.shared(self.number(node.arguments[0]))
        branches = []
        for item in thresholds(node):
            least = constant(item.key) if item.key is not None else None
            if least is None:
                raise ValueError("a threshold that is no literal: the formula was not checked")
            reached = exact.compare(">=", measured, Quotient.of(least))
            branches.append((self.stages.light(reached), self.number(item.value)))
        otherwise = keyword(node, "else")
        if otherwise is not None:
            branches.append((is_known(measured.num), self.number(otherwise.value)))
        return exact.selected(branches)

    def coalesce(self, values: list[Quotient]) -> Quotient:
        """The first number that is known."""
        return exact.selected([(is_known(value.num), value) for value in values])

    def extreme(self, function: str, values: list[Quotient]) -> Quotient:
        """`min` and `max`, NULL where any is NULL (PostgreSQL's LEAST would skip it)."""
        keep, change = ("<=", ">") if function == "min" else (">=", "<")

        def better(left: Quotient, right: Quotient) -> Quotient:
            first, second = self.stages.shared(left), self.stages.shared(right)
            is_first = self.stages.light(exact.compare(keep, first, second))
            is_second = self.stages.light(exact.compare(change, first, second))
            return exact.selected([(is_first, first), (is_second, second)])

        return self.folded(values, better)


def _has_bounds(node: Node) -> bool:
    if isinstance(node, Below):
        return node.function == "share_of_children"
    return isinstance(node, Call) and node.function == "count"
