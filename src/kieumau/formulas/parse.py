"""Text to tree. Whatever the text, the answer is a tree within the bounds or Refused.

Nothing here recurses into the formula: brackets are counted before parsing, the parser keeps its own
stack, and the tree is built from the leaves up. So the bounds are checked before anything can blow.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import cache

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from kieumau.formulas import spreadsheet
from kieumau.formulas.errors import quoted, wrong
from kieumau.formulas.functions import says_word
from kieumau.formulas.tree import (
    NOWHERE,
    Arithmetic,
    Call,
    Comparison,
    Indicator,
    Logic,
    Named,
    Negative,
    Node,
    Not,
    Number,
    Reference,
    Span,
    Word,
    depth,
    walk,
)
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import format_number

MAX_LENGTH = 4_000
MAX_NESTING = 50
MAX_NODES = 500
MAX_DIGITS = 30

_Child = Token | Node | Named


def parse(text: str) -> Node:
    """The tree of a formula. Raises Refused with one problem: its line, column and a hint."""
    if len(text) > MAX_LENGTH:
        raise Refused([_too("long", len(text), MAX_LENGTH, "ký tự", "characters")])
    _check_brackets(text)
    parser = _parser()
    try:
        raw = parser.parse(text)
    except UnexpectedInput as error:
        raise Refused([_syntax_problem(error, text)]) from None
    root = _build(raw, text)
    if depth(root, MAX_NESTING) > MAX_NESTING:
        raise Refused(
            [_too("nested", MAX_NESTING + 1, MAX_NESTING, "tầng lồng nhau trở lên", "nested levels or more")]
        )
    if (count := sum(1 for _ in walk(root))) > MAX_NODES:
        raise Refused([_too("large", count, MAX_NODES, "phần tử", "parts")])
    return root


@cache
def _parser() -> Lark:
    return Lark.open(
        "grammar.lark", rel_to=__file__, parser="lalr", keep_all_tokens=True, maybe_placeholders=False
    )


def _check_brackets(text: str) -> None:
    """Refuse too deep nesting and brackets without a partner, before the parser sees them."""
    opened: list[Span] = []
    for number, line in enumerate(text.split("\n"), start=1):
        for column, sign in enumerate(line.partition("#")[0], start=1):
            here = Span(number, column, sign)
            if sign == "(":
                opened.append(here)
                if len(opened) > MAX_NESTING:
                    raise Refused(
                        [
                            _too(
                                "nested",
                                MAX_NESTING + 1,
                                MAX_NESTING,
                                "tầng lồng nhau trở lên",
                                "nested levels or more",
                                here,
                            )
                        ]
                    )
            elif sign == ")":
                if not opened:
                    vi, en = "dấu ) không có dấu ( tương ứng.", "this ) closes nothing."
                    raise Refused([wrong("formula-syntax", here, vi, en)])
                opened.pop()
    if opened:
        vi, en = "dấu ( này không được đóng.", "this ( is never closed."
        raise Refused([wrong("formula-syntax", opened[-1], vi, en)])


def _build(raw: Tree[Token] | Token, text: str) -> Node:
    """Our tree from the parser's, leaves first."""
    if isinstance(raw, Token):
        raise TypeError("the grammar yields no bare token")
    built: dict[int, Node | Named] = {}
    extents: dict[int, tuple[Token, Token]] = {}
    for branch in raw.iter_subtrees():
        below = branch.children
        first, last = below[0], below[-1]
        start = first if isinstance(first, Token) else extents[id(first)][0]
        end = last if isinstance(last, Token) else extents[id(last)][1]
        extents[id(branch)] = (start, end)
        span = Span(start.line or 1, start.column or 1, text[start.start_pos : end.end_pos])
        parts = [part if isinstance(part, Token) else built[id(part)] for part in below]
        built[id(branch)] = _BUILDERS[str(branch.data)](parts, span)
    root = built[id(raw)]
    if isinstance(root, Named):
        raise TypeError("a pair stands only inside a call")
    return root


def _nodes(parts: list[_Child]) -> tuple[Node, ...]:
    return tuple(part for part in parts if not isinstance(part, Token | Named))


def _number(parts: list[_Child], span: Span) -> Node:
    digits = str(parts[0])
    is_share = digits.endswith("%")
    digits = digits.rstrip("% \t").replace("_", "")
    if len(digits) > MAX_DIGITS:
        vi, en = f"số dài quá {MAX_DIGITS} chữ số.", f"a number has at most {MAX_DIGITS} digits."
        raise Refused([wrong("number-too-long", span, vi, en)])
    if spreadsheet.is_grouped(digits):
        plain = digits.replace(".", "")
        vi, en = (
            f"{quoted(digits)} là {digits.rstrip('0').rstrip('.')} hay {plain}?",
            f"is {quoted(digits)} {digits.rstrip('0').rstrip('.')} or {plain}?",
        )
        hint = Text(
            vi=f"Dấu chấm là dấu thập phân; hàng nghìn viết {plain} hoặc {digits.replace('.', '_')}.",
            en=f"A point begins the decimals; thousands are written {plain} or {digits.replace('.', '_')}.",
        )
        raise Refused([wrong("number-ambiguous", span, vi, en, hint)])
    value = Fraction(digits)
    return Number(value / 100 if is_share else value, is_share, span)


def _negative(parts: list[_Child], span: Span) -> Node:
    [operand] = _nodes(parts)
    if isinstance(operand, Number) and operand.value > 0:
        return Number(-operand.value, operand.is_share, span)
    return Negative(operand, span)


def _arithmetic(parts: list[_Child], span: Span) -> Node:
    return Arithmetic(_nodes(parts), tuple(str(part) for part in parts if isinstance(part, Token)), span)


def _logic(parts: list[_Child], span: Span) -> Node:
    return Logic(str(parts[1]), _nodes(parts), span)


def _compare(parts: list[_Child], span: Span) -> Node:
    left, right = _nodes(parts)
    if says_word(left):
        right = _word(right)
    elif says_word(right):
        left = _word(left)
    return Comparison(str(parts[1]), left, right, span)


def _word(node: Node) -> Node:
    """What a verdict or a class is compared with; classes may be numbered."""
    is_word = isinstance(node, Indicator) or (isinstance(node, Number) and node.span.text.isalnum())
    return Word(node.span.text, node.span) if is_word else node


def _indicator(parts: list[_Child], span: Span) -> Node:
    code = str(parts[0])
    return Reference("unit", "class", span) if code == "unit.class" else Indicator(code, span)


def _reference(parts: list[_Child], span: Span) -> Node:
    kind, _, name = str(parts[0]).partition("(")
    return Reference(kind.strip(), name.rstrip(")").strip(), span)


def _call(parts: list[_Child], span: Span) -> Node:
    named = tuple(part for part in parts if isinstance(part, Named))
    seen_named = False
    for part in parts:
        seen_named = seen_named or isinstance(part, Named)
        if seen_named and not isinstance(part, Token | Named):
            vi, en = "tham số có tên phải đứng sau cùng.", "arguments with a name come last."
            raise Refused([wrong("formula-syntax", part.span, vi, en)])
    if parts[0] == "by":
        named = tuple(_class_word(item) for item in named)
    return Call(str(parts[0]), _nodes(parts), named, span)


def _class_word(item: Named) -> Named:
    """Classes may be numbered: `by(unit.class, 1: 70%, 2: 60%)`."""
    if isinstance(item.key, Number) and item.key.span.text.isalnum():
        return Named(item.key.span.text, None, item.value, item.span)
    return item


def _pair(parts: list[_Child], span: Span) -> Named:
    key, value = _nodes(parts)
    if isinstance(key, Indicator):
        return Named(key.code, None, value, span)
    return Named("", key, value, span)


def _otherwise(parts: list[_Child], span: Span) -> Named:
    [value] = _nodes(parts)
    return Named("else", None, value, span)


def _brackets(parts: list[_Child], span: Span) -> Node:
    [node] = _nodes(parts)
    return node


_BUILDERS: dict[str, Callable[[list[_Child], Span], Node | Named]] = {
    "number": _number,
    "indicator": _indicator,
    "reference": _reference,
    "negative": _negative,
    "sum": _arithmetic,
    "product": _arithmetic,
    "compare": _compare,
    "not_": lambda parts, span: Not(_nodes(parts)[0], span),
    "all_of": _logic,
    "any_of": _logic,
    "call": _call,
    "pair": _pair,
    "otherwise": _otherwise,
    "brackets": _brackets,
}


def _too(what: str, found: int, limit: int, vi: str, en: str, span: Span = NOWHERE) -> Problem:
    """The formula goes over one of the bounds."""
    return wrong(
        f"formula-too-{what}",
        span,
        f"công thức có {format_number(found, 0, 'vi')} {vi}, tối đa {format_number(limit, 0, 'vi')}.",
        f"the formula has {format_number(found, 0, 'en')} {en}; at most {format_number(limit, 0, 'en')}.",
        Text(
            vi="Tách phần lặp lại thành một chỉ tiêu dẫn xuất.",
            en="Move a part of it into a derived indicator.",
        ),
    )


def _syntax_problem(error: UnexpectedInput, text: str) -> Problem:
    """The parser's complaint in words of the language."""
    if isinstance(error, UnexpectedCharacters):
        sign = text[error.pos_in_stream :][:1]
        here = Span(error.line, error.column, sign)
        vi, en = f"không đọc được ký tự {quoted(sign)}.", f"the character {quoted(sign)} cannot be read."
        return wrong("formula-syntax", here, vi, en, spreadsheet.sign(sign))
    token = error.token if isinstance(error, UnexpectedToken) else Token("$END", "")
    if token.type == "$END":
        if not text.strip() or all(not line.partition("#")[0].strip() for line in text.split("\n")):
            return wrong("formula-empty", NOWHERE, "công thức trống.", "the formula is empty.")
        lines = text.rstrip().split("\n")
        here = Span(len(lines), len(lines[-1]) + 1, "")
        return wrong("formula-syntax", here, "công thức bị dừng giữa chừng.", "the formula ends too early.")
    here = Span(token.line or 1, token.column or 1, str(token))
    vi, en = f"{quoted(token)} không thể đứng ở đây.", f"{quoted(token)} cannot stand here."
    return wrong("formula-syntax", here, vi, en, _advice(token, text))


def _advice(token: Token, text: str) -> Text | None:
    """What the author most likely meant by a token that does not fit."""
    before = text[: token.start_pos].rstrip()
    if token.type == "COMPARE":
        if (hint := spreadsheet.comparison(before, str(token))) is not None:
            return hint
        return Text(vi="Nối hai phép so sánh bằng and.", en="Join two comparisons with and.")
    if token == ":":
        return Text(vi="Phép chia viết bằng /.", en="A division is written with /.")
    if token == ",":
        return Text(
            vi="Số thập phân viết bằng dấu chấm: 1.5; hàng nghìn: 3_000.",
            en="Decimals are written with a point: 1.5; thousands: 3_000.",
        )
    if token.type == "NAME" and token.lower() in ("and", "or", "not", "else"):
        return Text(vi=f"Viết {token.lower()}.", en=f"Write {token.lower()}.")
    if token.type in ("NAME", "NUMBER") and before and before[-1] not in "+-*/<>=(,:":
        return Text(vi="Thiếu dấu phép tính ở trước?", en="Is an operator missing before it?")
    return None
