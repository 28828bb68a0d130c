"""Is what a formula says of other verdicts, of classes and of the units below sound?"""

from collections.abc import Iterable, Iterator, Sequence

from kieumau.formulas.errors import did_you_mean, quoted, wrong
from kieumau.formulas.functions import SHIFTS, says_word, usage_of
from kieumau.formulas.scope import Scope
from kieumau.formulas.tree import Call, Comparison, Node, Reference, Word
from kieumau.formulas.values import DECIDED, OPEN
from kieumau.kernel.messages import Problem, Text

CHILDREN = frozenset({"all_children", "share_of_children"})
OUTCOME_WORDS = (*DECIDED, *OPEN)
_COMPARED = Text(vi="So sánh bằng = hoặc != với một từ.", en="Compare it with a word, by = or !=.")


def not_a_number(node: Node) -> Problem:
    """A verdict or a class stands where a number or a condition belongs."""
    text = quoted(node.span.text)
    vi, en = (
        f"{text} là một từ, không phải số hay điều kiện.",
        f"{text} is a word, no number and no condition.",
    )
    return wrong("word-compared", node.span, vi, en, _COMPARED)


def only_in_a_set(node: Node) -> Problem:
    """The formula does not belong to a criteria set, so there is nothing to refer to."""
    text = quoted(node.span.text)
    vi = f"{text} chỉ dùng được trong bộ tiêu chí."
    en = f"{text} can only be used in a criteria set."
    return wrong("only-in-a-set", node.span, vi, en)


def reference_problems(node: Reference, scope: Scope | None, inside: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with `criterion(4)` and its like, standing `inside` these calls."""
    if scope is None:
        yield only_in_a_set(node)
    elif node.kind == "criterion":
        yield from _criterion_problems(node, scope, inside)
    elif node.kind in ("result", "points"):
        yield from _set_problems(node, scope)
    elif not scope.classes:
        vi, en = "bộ tiêu chí chưa khai unit_classes.", "the set declares no unit_classes."
        yield wrong("no-classes", node.span, vi, en)


def _criterion_problems(node: Reference, scope: Scope, inside: Sequence[str]) -> Iterator[Problem]:
    if node.name not in scope.criteria:
        vi = f"bộ này không có tiêu chí {quoted(node.name)};"
        en = f"this set has no criterion {quoted(node.name)};"
        known = Text(vi=f"có: {', '.join(scope.criteria)}.", en=f"there are: {', '.join(scope.criteria)}.")
        hint = did_you_mean(node.name, scope.criteria) or known
        yield wrong("unknown-criterion", node.span, vi, en, hint)
    outside = next((name for name in inside if name in SHIFTS | CHILDREN | {"change"}), None)
    if outside:
        vi = f"criterion(…) là của chính đơn vị và kỳ đang xét, không đứng trong {outside}."
        en = f"criterion(…) is of the very unit and period judged; it cannot stand in {outside}."
        hint = Text(vi="Dùng result(bộ) = met.", en="Use result(set) = met.")
        yield wrong("criterion-elsewhere", node.span, vi, en, hint)


def _set_problems(node: Reference, scope: Scope) -> Iterator[Problem]:
    if node.name not in scope.sets:
        vi, en = (
            f"không có bộ tiêu chí {quoted(node.name)};",
            f"there is no criteria set {quoted(node.name)};",
        )
        known = Text(vi=f"có: {', '.join(scope.sets)}.", en=f"there are: {', '.join(scope.sets)}.")
        yield wrong("unknown-set", node.span, vi, en, did_you_mean(node.name, scope.sets) or known)
    elif node.kind == "points" and scope.sets[node.name] is False:
        vi, en = f"bộ {quoted(node.name)} không chấm điểm.", f"the set {quoted(node.name)} counts no points."
        hint = Text(vi=f"Dùng result({node.name}) = met.", en=f"Use result({node.name}) = met.")
        yield wrong("set-without-points", node.span, vi, en, hint)


def word_problems(node: Comparison, scope: Scope | None) -> Iterator[Problem]:
    """What is wrong with `criterion(4) = met` beside the reference itself."""
    worded, other = (node.left, node.right) if says_word(node.left) else (node.right, node.left)
    if node.operator not in ("=", "!=") or not isinstance(other, Word):
        yield not_a_number(worded)
    elif _is_class(worded):
        yield from _unknown_words([other], scope.classes if scope else ())
    else:
        yield from _unknown_words([other], OUTCOME_WORDS)


def class_problems(node: Call, scope: Scope | None) -> Iterator[Problem]:
    """What is wrong with the classes of a `by`."""
    [asked] = node.arguments
    if not _is_class(asked):
        text = quoted(asked.span.text)
        vi, en = f"{text} không phải là loại đơn vị.", f"{text} is not the class of the unit."
        yield wrong("wrong-arguments", asked.span, vi, en, usage_of("by"))
    elif scope is not None and scope.classes:
        words = [Word(item.name, item.span) for item in node.named if item.name != "else"]
        yield from _unknown_words(words, scope.classes)


def children_problems(node: Call, scope: Scope | None, inside: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with where an `all_children` stands."""
    if scope is None:
        yield only_in_a_set(node)
    elif CHILDREN & set(inside):
        vi = f"{quoted(node.function)} không lồng trong nhau được."
        en = f"{quoted(node.function)} cannot stand in another of its kind."
        yield wrong("children-of-children", node.span, vi, en)


def _is_class(node: Node) -> bool:
    return isinstance(node, Reference) and node.kind == "unit"


def _unknown_words(words: Iterable[Word], known: Iterable[str]) -> Iterator[Problem]:
    known = list(known)
    for word in words:
        if word.text in known:
            continue
        vi, en = f"không có từ {quoted(word.text)} ở đây;", f"there is no word {quoted(word.text)} here;"
        listed = Text(vi=f"có: {', '.join(known)}.", en=f"there are: {', '.join(known)}.")
        yield wrong("unknown-word", word.span, vi, en, did_you_mean(word.text, known) or listed)
