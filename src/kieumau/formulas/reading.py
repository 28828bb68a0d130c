"""A formula in words, before there is any figure: what it asks for.

    areas.recognised / areas.total >= 70%   Khu dân cư được công nhận / Khu dân cư: ít nhất 70 %
    change(crime.total) <= -5%              Crimes: a fall of at least 5% on the same period last year

What came out for a unit is told by `sentences`.
"""

from dataclasses import dataclass
from fractions import Fraction

from kieumau.formulas import phrases
from kieumau.formulas.catalogue import Catalogue
from kieumau.formulas.constants import constant
from kieumau.formulas.functions import SHIFTS, base_year, thresholds, year_in
from kieumau.formulas.tree import (
    Arithmetic,
    Call,
    Comparison,
    Indicator,
    Logic,
    Negative,
    Node,
    Not,
    Number,
    Reference,
    Word,
    keyword,
)
from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import format_number, format_share

ASKS: dict[str, Text] = {
    ">=": Text(vi="{}: ít nhất {}", en="{}: at least {}"),
    ">": Text(vi="{}: trên {}", en="{}: more than {}"),
    "<=": Text(vi="{}: không quá {}", en="{}: at most {}"),
    "<": Text(vi="{}: dưới {}", en="{}: less than {}"),
    "=": Text(vi="{}: đúng bằng {}", en="{}: exactly {}"),
    "!=": Text(vi="{}: khác {}", en="{}: anything but {}"),
}
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ASKS_WORD = {
    "=": Text(vi="{}: {}", en="{}: {}"),
    "!=": Text(vi="{}: không phải “{}”", en="{}: not “{}”"),
}
_ASKS_CHANGE = Text(vi="{}: {} so với {}", en="{}: {} on {}")
_AT_LEAST = Text(vi="ít nhất {} trong {} điều kiện: {}", en="at least {} of {} conditions: {}")
_COUNT = Text(vi="số điều kiện đạt trong ({})", en="how many are met of ({})")
_IF = Text(vi="nếu ({}) thì {}, nếu không thì {}", en="if ({}) then {}, else {}")
_BANDS = Text(vi="theo {}: {}", en="by {}: {}")
_BAND = Text(vi="từ {} được {}", en="from {} it is {}")
_BY = Text(vi="theo loại đơn vị ({})", en="by the class of the unit ({})")
_ELSE = Text(vi="còn lại {}", en="else {}")
_ROUND = Text(vi="làm tròn ({})", en="rounded ({})")
_SHOWN = {"*": "×", "-": "\N{MINUS SIGN}"}


def reading(tree: Node, catalogue: Catalogue, language: str) -> str:
    """What a parsed formula asks for, in `language` (`vi` or `en`), without a full stop.

    The formula was found sound; an indicator that the catalogue does not know goes by its code.
    """
    return _Reader(catalogue, language).of(tree)


@dataclass(frozen=True, slots=True)
class _Reader:
    catalogue: Catalogue
    language: str

    def say(self, phrase: Text, *parts: object) -> str:
        """The phrase in the language, with its gaps filled."""
        return phrase.in_(self.language).format(*parts)

    def of(self, node: Node) -> str:
        """Any node."""
        match node:
            case Number(value=value, is_share=is_share):
                return self.number(value, is_share=is_share)
            case Indicator(code=code):
                return self.catalogue[code].name.in_(self.language) if code in self.catalogue else code
            case Word(text=text):
                return self.say(phrases.WORDS[text]) if text in phrases.WORDS else text
            case Reference(kind=kind, name=name):
                return self.say(phrases.ASKED[kind], name)
            case Negative(operand=operand):
                return f"-{self.inside(operand)}"
            case Arithmetic(operands=operands, operators=operators):
                text = self.inside(operands[0])
                for operator, operand in zip(operators, operands[1:], strict=True):
                    text += f" {_SHOWN.get(operator, operator)} {self.inside(operand)}"
                return text
            case Comparison():
                return self.comparison(node)
            case Logic(operator=operator, operands=operands):
                joined = self.say(phrases.JOINED[operator])
                return joined.join(self.inside(operand) for operand in operands)
            case Not(operand=operand):
                return self.say(phrases.NOT, self.of(operand))
            case Call():
                return self.call(node)
            case _:
                raise ValueError("a formula is read before it is expanded and placed")

    def inside(self, node: Node) -> str:
        """A node as part of a larger one: in brackets where it is a row itself."""
        text = self.of(node)
        is_row = isinstance(node, Arithmetic | Logic) or (
            isinstance(node, Call) and node.function == "at_least"
        )
        return f"({text})" if is_row else text

    def number(self, value: Fraction, *, is_share: bool) -> str:
        """As it was written, with the signs of the language."""
        if is_share:
            return format_share(value, self.language, 6)
        return format_number(value, None, self.language)

    def comparison(self, node: Comparison) -> str:
        """What is measured, and what is asked of it."""
        left, right, operator = node.left, node.right, node.operator
        if _is_fixed(left) and not _is_fixed(right):
            left, right, operator = right, left, _MIRRORED[operator]
        if isinstance(right, Word):
            return self.say(_ASKS_WORD[operator], self.of(left), self.of(right))
        value = constant(right)
        if isinstance(left, Call) and left.function == "change" and value is not None:
            sign = (value > 0) - (value < 0)
            need = self.say(phrases.NEEDS[operator, sign], self.number(abs(value), is_share=True))
            base = phrases.base_words(base_year(left)).in_(self.language)
            return self.say(_ASKS_CHANGE, self.of(left.arguments[0]), need, base)
        return self.say(ASKS[operator], self.of(left), f"{self.of(right)}{self.measure(left, value)}")

    def measure(self, node: Node, value: Fraction | None) -> str:
        """The unit of measure of an indicator that is compared with a number, behind a space."""
        if value is None or not isinstance(node, Indicator) or node.code not in self.catalogue:
            return ""
        measure = self.catalogue[node.code].measure.in_(self.language)
        return f" {measure}" if measure else ""

    def listed(self, nodes: tuple[Node, ...]) -> str:
        """Several nodes in a row."""
        return "; ".join(self.of(node) for node in nodes)

    def call(self, node: Call) -> str:
        """A function in words over its arguments."""
        arguments = node.arguments
        match node.function:
            case "if":
                return self.say(_IF, *(self.of(each) for each in arguments))
            case "count":
                return self.say(_COUNT, self.listed(arguments))
            case "at_least":
                conditions = arguments[1:]
                return self.say(_AT_LEAST, self.of(arguments[0]), len(conditions), self.listed(conditions))
            case "bands":
                bands = [
                    self.say(_BAND, self.of(item.key), self.of(item.value))
                    for item in thresholds(node)
                    if item.key is not None
                ]
                return self.say(_BANDS, self.inside(arguments[0]), "; ".join([*bands, *self.otherwise(node)]))
            case "by":
                named = [f"{item.name}: {self.of(item.value)}" for item in node.named if item.name != "else"]
                return self.say(_BY, "; ".join([*named, *self.otherwise(node)]))
            case "all_children":
                return self.say(phrases.BELOW_ALL, self.of(arguments[0]))
            case "share_of_children":
                return self.say(phrases.BELOW_SHARE, self.of(arguments[0]))
            case "change":
                base = phrases.base_words(base_year(node)).in_(self.language)
                return self.say(phrases.FUNCTIONS["change"], self.of(arguments[0]), base)
            case "round":
                return self.say(_ROUND, self.of(arguments[0]))
            case name if name in SHIFTS:
                return self.say(phrases.FUNCTIONS[name], self.inside(arguments[0]), self.shift(node))
            case name:
                return self.say(phrases.FUNCTIONS[name], self.listed(arguments))

    def otherwise(self, node: Call) -> list[str]:
        """What `else` gives, if it is there."""
        found = keyword(node, "else")
        return [self.say(_ELSE, self.of(found.value))] if found else []

    def shift(self, node: Call) -> str:
        """The year of `in_year`, the n of `total`; nothing for the other shifts."""
        if node.function == "in_year":
            return str(year_in(node.arguments[1]) or "")
        last = keyword(node, "last")
        return self.of(last.value) if last else ""


def _is_fixed(node: Node) -> bool:
    """Is it a literal or a word, which belongs behind what is measured?"""
    return isinstance(node, Word) or constant(node) is not None
