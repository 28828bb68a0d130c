"""What a formula may call, and whether a call is well formed (its types are `checking`'s business)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kieumau.formulas import spreadsheet
from kieumau.formulas.constants import constant, whole
from kieumau.formulas.errors import did_you_mean, quoted, wrong
from kieumau.formulas.tree import Call, FactLeaf, Named, Node, Reference, keyword
from kieumau.kernel.messages import Problem, Text

MOST_ARGUMENTS = 200
MOST_WINDOWS = 120
MOST_PLACES = 12
FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class Function:
    """How a function is called. `usage` is shown in hints.

    `word` is its one `name: value` argument, which must be there unless `word_may_lack`.
    """

    usage: str
    least: int
    most: int
    word: str = ""
    word_may_lack: bool = False
    takes_classes: bool = False
    takes_thresholds: bool = False


FUNCTIONS: dict[str, Function] = {
    "if": Function("if(condition, a, b)", 3, 3),
    "min": Function("min(a, b, …)", 2, MOST_ARGUMENTS),
    "max": Function("max(a, b, …)", 2, MOST_ARGUMENTS),
    "abs": Function("abs(x)", 1, 1),
    "floor": Function("floor(x)", 1, 1),
    "ceil": Function("ceil(x)", 1, 1),
    "round": Function("round(x, 2)", 1, 2),
    "coalesce": Function("coalesce(x, 0)", 2, MOST_ARGUMENTS),
    "previous": Function("previous(x)", 1, 1),
    "year_ago": Function("year_ago(x)", 1, 1),
    "in_year": Function("in_year(x, 2019)", 2, 2),
    "change": Function("change(x) / change(x, since: 2019)", 1, 1, word="since", word_may_lack=True),
    "total": Function("total(x, last: 3)", 1, 1, word="last"),
    "to_date": Function("to_date(x)", 1, 1),
    "count": Function("count(condition, …)", 1, MOST_ARGUMENTS),
    "at_least": Function("at_least(2, condition, condition, …)", 2, MOST_ARGUMENTS),
    "by": Function(
        "by(unit.class, rural: 350, urban: 500, else: 400)",
        *(1, 1),
        word="else",
        word_may_lack=True,
        takes_classes=True,
    ),
    "all_children": Function("all_children(condition)", 1, 1),
    "share_of_children": Function("share_of_children(condition)", 1, 1),
    "bands": Function("bands(x, 90%: 1, 70%: 0.5, else: 0)", 1, 1, word="else", takes_thresholds=True),
}

# Functions that read their argument over another window.
SHIFTS = frozenset({"previous", "year_ago", "in_year", "total", "to_date"})

# What stands between the brackets of these is a name; the parser reads them whole (`Reference`).
REFERENCES = {
    "criterion": "criterion(4)",
    "result": "result(tt124-commune)",
    "points": "points(movement-510)",
}


def call_problems(call: Call) -> list[Problem]:
    """What is wrong with the form of a call: its name, how many arguments, their words and literals."""
    name = quoted(call.function)
    if call.function in REFERENCES:
        usage = REFERENCES[call.function]
        vi, en = f"{name} cần một tên trong ngoặc.", f"{name} wants one name in its brackets."
        hint = Text(vi=f"Cách viết: {usage}", en=f"Write it as {usage}")
        return [wrong("wrong-arguments", call.span, vi, en, hint)]
    function = FUNCTIONS.get(call.function)
    if function is None:
        vi, en = f"không có hàm {name};", f"there is no function {name};"
        names = [*FUNCTIONS, *REFERENCES]
        known = Text(vi=f"có: {', '.join(names)}.", en=f"there are: {', '.join(names)}.")
        hint = spreadsheet.function(call.function, names) or did_you_mean(call.function, names) or known
        return [wrong("unknown-function", call.span, vi, en, hint)]
    problems = list(_named_problems(call, function))
    if not function.least <= len(call.arguments) <= function.most:
        vi, en = f"số tham số của {name} không đúng.", f"{name} has the wrong number of arguments."
        problems.append(wrong("wrong-arguments", call.span, vi, en, _usage(function)))
    return problems or list(_literal_problems(call, function))


def says_word(node: Node) -> bool:
    """Is it a verdict or a class, at another time perhaps, which is a word and no number?"""
    while isinstance(node, Call) and node.function in SHIFTS and node.arguments:
        node = node.arguments[0]
    return isinstance(node, Reference | FactLeaf) and node.kind != "points"


def thresholds(call: Call) -> tuple[Named, ...]:
    """The `threshold: value` pairs of a call of `bands`."""
    return tuple(item for item in call.named if item.key is not None)


def year_in(node: Node) -> int | None:
    """The year that a literal says, or None."""
    return whole(node, FIRST_YEAR, LAST_YEAR)


def base_year(call: Call) -> int | None:
    """The year of `change(x, since: 2019)`; None for a change on the year before."""
    since = keyword(call, "since")
    return year_in(since.value) if since else None


def _named_problems(call: Call, function: Function) -> Iterator[Problem]:
    seen: set[str] = set()
    for item in call.named:
        if item.key is not None and function.takes_thresholds:
            continue
        elif function.takes_classes and item.key is None and item.name not in seen:
            seen.add(item.name)
        elif item.name != function.word or item.key is not None or item.name in seen:
            text = quoted(item.span.text)
            vi, en = f"{text} không dùng được ở đây.", f"{text} cannot be used here."
            yield wrong("wrong-arguments", item.span, vi, en, _usage(function))
        seen.add(item.name)
    if function.word and function.word not in seen and not function.word_may_lack:
        vi, en = f"thiếu {function.word}: ….", f"{function.word}: … is missing."
        yield wrong("wrong-arguments", call.span, vi, en, _usage(function))
    if function.takes_classes and not seen - {"else"}:
        vi, en = "chưa nêu loại nào.", "no class is named."
        yield wrong("wrong-arguments", call.span, vi, en, _usage(function))
    if function.takes_thresholds and not thresholds(call):
        vi, en = "thiếu ngưỡng.", "a threshold is missing."
        yield wrong("wrong-arguments", call.span, vi, en, _usage(function))


def _literal_problems(call: Call, function: Function) -> Iterator[Problem]:
    """The arguments that must be written as literals: how many, how far, which thresholds."""
    match call.function:
        case "at_least":
            most = len(call.arguments) - 1
            if whole(call.arguments[0], 1, most) is None:
                yield _not_whole(call, call.arguments[0].span.text, 1, most)
        case "round" if len(call.arguments) == 2:
            if whole(call.arguments[1], -MOST_PLACES, MOST_PLACES) is None:
                yield _not_whole(call, call.arguments[1].span.text, -MOST_PLACES, MOST_PLACES)
        case "total":
            last = keyword(call, "last")
            if last and whole(last.value, 1, MOST_WINDOWS) is None:
                yield _not_whole(call, last.value.span.text, 1, MOST_WINDOWS)
        case "in_year":
            if year_in(call.arguments[1]) is None:
                yield _not_whole(call, call.arguments[1].span.text, FIRST_YEAR, LAST_YEAR)
        case "change":
            since = keyword(call, "since")
            if since and year_in(since.value) is None:
                yield _not_whole(call, since.value.span.text, FIRST_YEAR, LAST_YEAR)
        case "bands":
            yield from _threshold_problems(call, function)


def _threshold_problems(call: Call, function: Function) -> Iterator[Problem]:
    values = []
    for item in thresholds(call):
        value = constant(item.key) if item.key is not None else None
        if value is None:
            text = quoted(item.span.text)
            vi, en = f"ngưỡng trong {text} phải là một số.", f"the threshold in {text} must be a literal."
            yield wrong("threshold-not-literal", item.span, vi, en, _usage(function))
            return
        values.append((value, item))
    for (higher, _), (lower, item) in pairwise(values):
        if lower >= higher:
            vi, en = "các ngưỡng phải giảm dần.", "thresholds must fall from one to the next."
            yield wrong("thresholds-must-fall", item.span, vi, en, _usage(function))
            return


def usage_of(name: str) -> Text:
    """How a function is called, as a hint."""
    return _usage(FUNCTIONS[name])


def _usage(function: Function) -> Text:
    return Text(vi=f"Cách viết: {function.usage}", en=f"Write it as {function.usage}")


def _not_whole(call: Call, text: str, least: int, most: int) -> Problem:
    return wrong(
        "not-a-whole-number",
        call.span,
        f"{quoted(text)} phải là số nguyên từ {least} đến {most}.",
        f"{quoted(text)} must be a whole number from {least} to {most}.",
    )
