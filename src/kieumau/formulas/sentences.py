"""The trace as a sentence: what was measured, how it stands to what is asked, what is missing.

Đã công nhận 16 / 25 khu dân cư = 64 %, dưới mức 70 %
Crimes fell 24.25%: 9,398 against 12,407 in the same period last year, as required (a fall of …)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from kieumau.formulas import phrases
from kieumau.formulas.catalogue import Catalogue
from kieumau.formulas.constants import constant
from kieumau.formulas.evaluate import OPPOSITE, required, tally
from kieumau.formulas.functions import SHIFTS
from kieumau.formulas.rendering import Renderer, has_few_parts, is_share, shift_of, tells_value
from kieumau.formulas.trace import Trace
from kieumau.formulas.tree import (
    Below,
    Call,
    Comparison,
    Derived,
    FactLeaf,
    Leaf,
    Logic,
    Node,
    Not,
    Word,
)
from kieumau.formulas.values import State
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Text

MOST_LISTED = 6  # figures named one by one
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def sentence(trace: Trace, catalogue: Catalogue, language: str) -> str:
    """The outcome of a formula in words, in `language` (`vi` or `en`), without a full stop."""
    return _Writer(catalogue, language).whole(trace)


@dataclass(frozen=True, slots=True)
class _Writer:
    catalogue: Catalogue
    language: str

    @property
    def render(self) -> Renderer:
        """Writes numbers and expressions, and comes back here for conditions inside them."""
        return Renderer(self.catalogue, self.language, self.part)

    def say(self, phrase: Text, *parts: object) -> str:
        """The phrase in the language, with its gaps filled."""
        return phrase.in_(self.language).format(*parts)

    def whole(self, trace: Trace) -> str:
        """A sentence that stands alone."""
        if not trace.is_unknown or _is_several(trace.node):
            return self.known(trace)
        causes = trace.causes()
        if causes and all(cause.divided_by_zero for cause in causes):
            return self.say(phrases.NOT_COMPUTABLE, self.lack(trace))
        states = {cause.value.state for cause in causes if cause.value}
        if states == {State.NOT_APPLICABLE} and all(cause.value for cause in causes):
            return self.say(phrases.NOT_APPLICABLE, self.listed(trace.lacking(State.NOT_APPLICABLE)))
        return self.say(phrases.NOT_ENOUGH, self.lack(trace))

    def part(self, trace: Trace) -> str:
        """The same inside a list: several conditions in brackets, the unknown by what it lacks."""
        if _is_several(trace.node):
            return f"({self.known(trace)})"
        return self.lack(trace) if trace.is_unknown else self.known(trace)

    def known(self, trace: Trace) -> str:
        """A known outcome, or several conditions of which some are unknown."""
        node = trace.node
        match node:
            case Comparison(left=left, right=right) if isinstance(left, Word) or isinstance(right, Word):
                return self.words(trace, node.operator, holds=trace.outcome is True)
            case Below(function="all_children"):
                return self.render.expression(trace)
            case Comparison():
                return self.comparison(trace, node.operator, holds=trace.outcome is True)
            case Logic():
                return self.logic(trace, node)
            case Call(function="at_least"):
                least, _ = tally(trace.children)
                head = self.say(phrases.MET_OF, least, len(trace.children), required(node))
                return ". ".join([head, *self.groups(trace.children, (False, None, True))])
            case Not(operand=Comparison(operator=operator, right=right)) if not isinstance(right, Word):
                return self.comparison(trace.children[0], OPPOSITE[operator], holds=trace.outcome is True)
            case Not():
                return self.say(phrases.NOT, self.known(trace.children[0]))
            case _ if isinstance(trace.outcome, bool):
                return self.of_condition(trace)
            case _:
                return self.valued(trace, None)

    def of_condition(self, trace: Trace) -> str:
        """A condition that is wrapped: a branch of an `if`, another window."""
        inner = self.known(trace.children[-1])
        match trace.node:
            case Call(function="if"):
                return self.say(phrases.CHOSEN, inner, self.part(trace.children[0]))
            case Call(function=name) if name in SHIFTS:
                return self.say(phrases.FUNCTIONS[name], f"({inner})", shift_of(trace.node))
            case _:
                return inner

    # Verdicts and classes

    def words(self, trace: Trace, operator: str, *, holds: bool) -> str:
        """`Criterion 4: met, as required (met)`."""
        asked, found = trace.children if isinstance(trace.children[0].node, Word) else trace.children[::-1]
        word = self.render.word(asked)
        wanted = word if operator == "=" else self.say(phrases.OTHER_THAN, word)
        name = self.render.expression(found, with_values=False)
        return self.say(phrases.WORD_ASKED[holds], name, self.render.word(found), wanted)

    # Comparisons

    def comparison(self, trace: Trace, operator: str, *, holds: bool) -> str:
        """What was measured, and whether it stands in `operator` to the other side."""
        left, right = trace.children
        if constant(left.node) is not None and constant(right.node) is None:
            left, right, operator = right, left, _MIRRORED[operator]
        change = _change_of(left)
        if change is not None and isinstance(right.outcome, Fraction):
            return f"{self.changed(change, right.outcome)}, {self.need(operator, right.outcome, holds)}"
        as_share = is_share(left.node, self.catalogue) or is_share(right.node, self.catalogue)
        against = right.outcome if isinstance(right.outcome, Fraction) else None
        said = self.valued(left, against, as_share=as_share)
        other = self.other_side(right, as_share, left.node)
        return f"{said}, {self.say(phrases.VERDICTS[operator, holds], other)}"

    def valued(self, trace: Trace, against: Fraction | None, *, as_share: bool | None = None) -> str:
        """`Name: 3 vụ` for one figure, `expression = value` for anything else."""
        render = self.render
        change = _change_of(trace)
        if change is not None:
            return self.changed(change, against)
        if isinstance(trace.node, Call) and trace.node.function == "count":
            return render.expression(trace)
        if trace.tally is not None and trace.tally.open:
            return render.expression(trace)
        value = render.number(trace, as_share=as_share, against=against)
        match trace.node:
            case Leaf(code=code):
                return f"{render.name(code)}: {value}{render.measure(trace.node)}"
            case Derived(code=code) if not has_few_parts(trace):
                return f"{render.name(code)}: {value}{render.measure(trace.node)}"
            case Derived(code=code):
                return f"{render.name(code)} ({render.expression(trace.children[0])}) = {value}"
            case _:
                text = render.expression(trace)
                return text if tells_value(trace) and value in text else f"{text} = {value}"

    def other_side(self, trace: Trace, as_share: bool, left: Node) -> str:
        """A literal as it is, anything else with its name: not again where it is that of the left side."""
        render = self.render
        if isinstance(trace.node, Call) and trace.node.function in SHIFTS:
            value, inner = render.number(trace, as_share=as_share), trace.children[0].node
            if isinstance(inner, Leaf | Derived):
                is_same = isinstance(left, Leaf | Derived) and left.code == inner.code
                told = value if is_same else f"{value} {render.name(inner.code)}"
                return self.say(phrases.FUNCTIONS[trace.node.function], told, shift_of(trace.node))
        if constant(trace.node) is not None:
            return render.number(trace, as_share=as_share)
        if isinstance(trace.node, Leaf | Derived):
            return f"{render.number(trace, as_share=as_share)} ({render.name(trace.node.code)})"
        if isinstance(trace.node, Call) and trace.node.function in ("count", "by"):
            return render.expression(trace)
        return f"{render.number(trace, as_share=as_share)} ({render.expression(trace)})"

    # Changes

    def changed(self, trace: Trace, against: Fraction | None) -> str:
        """`Crimes fell 24.25%: 9,398 against 12,407 in the same period last year`."""
        now, base = trace.children
        outcome = trace.outcome if isinstance(trace.outcome, Fraction) else Fraction(0)
        render = self.render
        size = Trace(trace.node, abs(outcome))
        limit = abs(against) if against is not None and (against < 0) == (outcome < 0) else None
        return (
            phrases.CHANGED[_sign(outcome)]
            .in_(self.language)
            .format(
                name=render.expression(now, with_values=False),
                by=render.number(size, as_share=True, against=limit),
                now=render.number(now),
                base=render.number(base),
                then=render.base(trace.node) if isinstance(trace.node, Call) else "",
            )
        )

    def need(self, operator: str, threshold: Fraction, holds: bool) -> str:
        """What was asked of a change, and whether it was reached."""
        size = self.render.number(Trace(_NOTHING, abs(threshold)), as_share=True)
        return self.say(phrases.NEED_MET[holds], self.say(phrases.NEEDS[operator, _sign(threshold)], size))

    # Several conditions

    def logic(self, trace: Trace, node: Logic) -> str:
        """What decides comes first: of an `and` what failed, of an `or` what was met."""
        parts = [self.part(child) for child in trace.children]
        if node.operator == "and":
            if trace.outcome is True:
                return self.say(phrases.ALL_MET, len(parts), "; ".join(parts))
            return ". ".join(self.groups(trace.children, (False, None, True)))
        if trace.outcome is False:
            return self.say(phrases.NONE_MET, len(parts), "; ".join(parts))
        return ". ".join(self.groups(trace.children, (True, None, False)))

    def groups(self, children: tuple[Trace, ...], order: Iterable[bool | None]) -> list[str]:
        """The conditions by outcome, each group under its word."""
        words = {True: phrases.MET, False: phrases.NOT_MET, None: phrases.UNKNOWN}
        found = []
        for outcome in order:
            parts = [self.part(child) for child in children if child.outcome is outcome]
            if parts:
                found.append(self.say(words[outcome], "; ".join(parts)))
        return found

    # What is missing

    def lack(self, trace: Trace) -> str:
        """Which figures are not there, by state, and which divisors were zero."""
        causes = trace.causes()
        found = [
            (phrases.LACKS_MISSING, self.listed(trace.lacking(State.MISSING))),
            (phrases.LACKS_REFUSED, self.listed(trace.lacking(State.REFUSED))),
            (phrases.LACKS_APPLICABLE, self.listed(trace.lacking(State.NOT_APPLICABLE))),
            (
                phrases.LACKS_WINDOW,
                self.listed(each for each in causes if each.value is None and isinstance(each.node, Leaf)),
            ),
            (phrases.LACKS_FACT, self.unknown_facts(causes)),
        ]
        said = [self.say(phrase, names) for phrase, names in found if names]
        said += [text for each in causes if (text := self.still_open(each))]
        return "; ".join(said + [self.zero(each) for each in causes if each.divided_by_zero])

    def unknown_facts(self, causes: Iterable[Trace]) -> str:
        """Verdicts and classes of which nothing is known, each with its window."""
        names: dict[str, None] = {}
        for cause in causes:
            if isinstance(cause.node, FactLeaf):
                name, window = self.render.expression(cause, with_values=False), cause.node.window
                names[f"{name} ({phrases.window_label(window).in_(self.language)})" if window else name] = (
                    None
                )
        return ", ".join(names)

    def still_open(self, cause: Trace) -> str:
        """A verdict that may still change, units below of which not enough is known; else nothing."""
        if isinstance(cause.node, Below):
            if cause.tally is None:
                return self.say(phrases.LACKS_CHILDREN)
            return self.say(phrases.LACKS_BELOW, len(cause.tally.open))
        found = next((each for each in cause.children if each.word and not isinstance(each.node, Word)), None)
        return "" if found is None else self.render.expression(found)

    def listed(self, leaves: Iterable[Trace]) -> str:
        """Names of figures with their windows, each once."""
        names: dict[str, None] = {}
        for leaf in leaves:
            if isinstance(leaf.node, Leaf):
                name = self.render.name(leaf.node.code)
                window = leaf.node.window
                names[f"{name} ({phrases.window_label(window).in_(self.language)})" if window else name] = (
                    None
                )
        shown, more = list(names)[:MOST_LISTED], len(names) - MOST_LISTED
        return ", ".join(shown) + (self.say(phrases.AND_MORE, more) if more > 0 else "")

    def dated(self, name: str, window: Window | None) -> str:
        """A name with its window, if it has one."""
        return f"{name} ({phrases.window_label(window).in_(self.language)})" if window else name

    def zero(self, trace: Trace) -> str:
        """A step whose divisor was zero."""
        if isinstance(trace.node, Call):
            name = self.render.expression(trace.children[0], with_values=False)
            return self.say(phrases.ZERO_BASE, name, self.render.base(trace.node))
        return self.say(phrases.ZERO_DIVISOR, self.render.expression(trace, with_values=False))


def _is_several(node: Node) -> bool:
    return isinstance(node, Logic) or (isinstance(node, Call) and node.function == "at_least")


def _change_of(trace: Trace) -> Trace | None:
    """The `change` that a side is, seen through the name of a derived indicator."""
    while isinstance(trace.node, Derived):
        trace = trace.children[0]
    is_change = isinstance(trace.node, Call) and trace.node.function == "change"
    return trace if is_change and not trace.is_unknown else None


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


_NOTHING = Call("change", ())
