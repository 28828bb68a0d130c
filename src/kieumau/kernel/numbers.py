"""Numbers as people write them, in Vietnamese and English: exact in both directions.

Vietnamese writes 1.061,5 and English 1,061.5. Rounding is half up, and half away from zero below it
(−2.5 becomes −3), as in Vietnamese practice and in spreadsheets. Nothing here is ever a binary float.
"""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from kieumau.kernel.messages import Problem, Refused, Text

Exact = Decimal | Fraction | int
DecimalMark = Literal[",", "."]

# The largest number of a row that the database holds (bigint).
LARGEST_ID = 2**63 - 1
# Enough for any figure; a longer text is not a number that somebody counted.
LONGEST = 40
MOST_DECIMALS = 30

_PLAIN = re.compile(r"-?[0-9]+")
_DIGITS = re.compile(r"[0-9]+")
_SPACES = dict.fromkeys(map(ord, "   "), " ")
_VIETNAMESE_MARKS = str.maketrans(",.", ".,")
_MINUS = dict.fromkeys(map(ord, "−–"), "-")


def round_half_up(value: Exact, decimals: int = 0) -> Fraction:
    """`value` rounded to `decimals` places (negative: tens, hundreds), half away from zero."""
    rounded = Fraction(_scaled(value, decimals)) / Fraction(10) ** decimals
    return rounded if value >= 0 else -rounded


def _scaled(value: Exact, decimals: int) -> int:
    """How many units of the last place kept there are in the absolute value, rounded half up.

    In whole numbers from end to end: a page formats hundreds of them, and fractions cost ten times as much.
    """
    numerator, denominator = value.as_integer_ratio()
    if decimals < 0:
        denominator *= 10**-decimals
    else:
        numerator *= 10**decimals
    return (2 * abs(numerator) + denominator) // (2 * denominator)


def exact_decimals(value: Exact) -> int | None:
    """How many decimals write `value` exactly; None when no number of decimals does (1/3)."""
    rest, twos, fives = Fraction(value).denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def format_number(value: Exact, decimals: int | None, language: str) -> str:
    """`value` with separators of the language: 1061.5 → `1.061,5` (vi), `1,061.5` (en).

    With `decimals` exactly so many are written; with None as many as needed, six at most.
    """
    if decimals is None:
        needed = exact_decimals(value)
        decimals = 6 if needed is None else min(needed, 6)
        return _without_trailing_zeros(format_number(value, decimals, language), language)
    scaled = _scaled(value, decimals)
    # Through Decimal: Python refuses to write an int of more than 4,300 digits.
    digits = str(Decimal(scaled)).rjust(decimals + 1, "0")
    whole, part = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    text = f"{Decimal(whole):,}" + (f".{part}" if part else "")
    if not language.startswith("en"):
        text = text.translate(_VIETNAMESE_MARKS)
    return f"-{text}" if scaled and value < 0 else text


def format_share(value: Exact, language: str, decimals: int = 2) -> str:
    """A share in per cent, at most `decimals` places: 16/25 → `64 %` (vi), `64%` (en)."""
    text = _without_trailing_zeros(format_number(Fraction(value) * 100, decimals, language), language)
    return f"{text}%" if language.startswith("en") else f"{text} %"


def whole_number(text: str | None, most: int = LARGEST_ID) -> int | None:
    """The number that a browser sent as plain digits, from 0 to `most`; None for anything else, or nothing.

    However many digits came: those of a number that is too large are not read.
    """
    if text is None or not _DIGITS.fullmatch(text) or len(text) > LONGEST:
        return None
    found = int(text)
    return found if found <= most else None


def parse_number(text: str, decimal_mark: DecimalMark | None = None) -> Decimal:
    """The exact number that a person or a file wrote.

    Without `decimal_mark` both `1.061,5` and `1,061.5` are read, and a text that means one number in
    Vietnamese and another in English (`1.061`) is refused rather than guessed. Raises Refused with
    one problem: `not-a-number` or `ambiguous-number`; its place is empty, for the caller to fill.
    """
    if _PLAIN.fullmatch(text) and len(text) <= LONGEST:
        return Decimal(text)
    tidy = text.translate(_SPACES).translate(_MINUS).strip()
    found = re.fullmatch(r"([+-]?) ?([0-9][0-9., ]*|[.,][0-9]+)", tidy)
    if not found or len(tidy) > LONGEST:
        raise Refused([_not_a_number(text)])
    sign, digits = found.groups()
    number = _read(digits, decimal_mark or _guess_mark(digits, text))
    if number is None:
        raise Refused([_not_a_number(text)])
    return -number if sign == "-" else number


def _read(digits: str, mark: str) -> Decimal | None:
    """Read unsigned digits with a known decimal mark; None when the groups are malformed."""
    whole, _, part = digits.partition(mark)
    grouping = "." if mark == "," else ","
    groups = r"[0-9]+|[1-9][0-9]{0,2}(?:(?P<by>[" + re.escape(grouping) + r" ])[0-9]{3}(?:(?P=by)[0-9]{3})*)"
    if not re.fullmatch(groups, whole or "0") or not re.fullmatch(r"[0-9]*", part):
        return None
    if mark in digits and not part:
        return None
    return Decimal(re.sub(r"[., ]", "", whole or "0") + (f".{part}" if part else ""))


def _guess_mark(digits: str, text: str) -> str:
    """Which mark is the decimal one, where the text itself leaves no doubt; raises Refused."""
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return "."
    mark, other = digits[last], "," if digits[last] == "." else "."
    if other in digits or " " in digits:
        return mark
    if digits.count(mark) > 1:
        return other
    if re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", digits):
        raise Refused([_ambiguous(text)])
    return mark


def _without_trailing_zeros(text: str, language: str) -> str:
    mark = "." if language.startswith("en") else ","
    return text.rstrip("0").rstrip(mark) if mark in text else text


def _shown(text: str) -> str:
    """A bounded piece of foreign text, fit for a message."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _not_a_number(text: str) -> Problem:
    shown = _shown(text)
    return Problem(
        "not-a-number",
        Text(vi=f"“{shown}” không phải là số.", en=f"“{shown}” is not a number."),
        Text(
            vi="Viết bằng chữ số, ví dụ 1.061,5.",
            en="Write it in digits, for example 1,061.5.",
        ),
    )


def _ambiguous(text: str) -> Problem:
    shown = _shown(text)
    thousand, fraction = (
        shown.replace(".", "").replace(",", ""),
        shown.replace(",", "."),
    )
    return Problem(
        "ambiguous-number",
        Text(
            vi=f"“{shown}” có thể là {thousand} hoặc {fraction.replace('.', ',')}.",
            en=f"“{shown}” may mean {thousand} or {fraction}.",
        ),
        Text(
            vi="Khai báo dấu thập phân của tệp, hoặc viết số không có dấu phân cách hàng nghìn.",
            en="Declare the decimal mark of the file, or write the number without a thousands separator.",
        ),
    )
