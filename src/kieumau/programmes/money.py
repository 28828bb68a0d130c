"""Amounts of money as people write and read them: “4,6 tỷ đồng”, VND 4.6 billion. Plain Python, exact."""

import re
from decimal import Decimal
from fractions import Fraction

from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import format_number, parse_number
from kieumau.kernel.text import search_key

VND = "VND"
# The least amount, what it is called, and its word in English.
_SCALES = ((10**12, "nghìn tỷ", "trillion"), (10**9, "tỷ", "billion"), (10**6, "triệu", "million"))
_WORDS = {
    "nghin ty": 10**12,
    "ngan ty": 10**12,
    "trillion": 10**12,
    "ty": 10**9,
    "ti": 10**9,
    "billion": 10**9,
    "trieu": 10**6,
    "tr": 10**6,
    "million": 10**6,
    "nghin": 10**3,
    "ngan": 10**3,
    "thousand": 10**3,
    "": 1,
}
_AMOUNT = re.compile(r"([0-9][0-9., \u00a0]*)(.*)", re.DOTALL)


def exactly(value: Decimal, currency: str, language: str) -> str:
    """Every digit: `4.638.000.000 đồng`, `VND 4,638,000,000`."""
    written = format_number(value, None, language)
    return _with_currency(written, currency, language)


def briefly(value: Decimal, currency: str, language: str) -> str:
    """One decimal at most, of billions or millions: `4,6 tỷ đồng`, `VND 4.6 billion`."""
    for least, vi, en in _SCALES:
        # What would be written as 1.000,0 triệu is 1 tỷ.
        if Fraction(value) >= least - Fraction(least, 20_000):
            word = en if language.startswith("en") else vi
            return _with_currency(
                f"{_one_decimal(Fraction(value) / least, language)} {word}", currency, language
            )
    return exactly(value, currency, language)


def parse_money(text: str) -> Decimal | None:
    """What somebody typed: `4,6 tỷ`, `500 triệu đồng`, `4.600.000.000`; empty is None, never zero.

    Raises `Refused` with one problem for what is no amount. With a word (tỷ) a lone mark is the decimal one;
    without a word amounts are whole, and a mark before three digits parts thousands.
    """
    tidy = " ".join(text.split())
    if not tidy:
        return None
    found = _AMOUNT.fullmatch(tidy)
    if not found:
        raise Refused([_no_amount(text)])
    digits, rest = found.group(1).strip(), search_key(found.group(2))
    word = re.sub(r"\s*(dong|vnd|d)$", "", rest).strip()
    if word not in _WORDS:
        raise Refused([_no_amount(text)])
    try:
        return parse_number(digits) * _WORDS[word]
    except Refused as refused:
        if refused.problems[0].code != "ambiguous-number":
            raise Refused([_no_amount(text)]) from None
    # 4,600 tỷ is said by nobody, 4.600 đồng by everybody.
    plain = re.sub(r"[., \u00a0]", "", digits)
    if word:
        raise Refused([_no_amount(text)])
    return Decimal(plain)


def _one_decimal(value: Fraction, language: str) -> str:
    mark = "." if language.startswith("en") else ","
    return format_number(value, 1, language).removesuffix(f"{mark}0")


def _with_currency(written: str, currency: str, language: str) -> str:
    if language.startswith("en"):
        return f"{currency} {written}"
    return f"{written} {'đồng' if currency == VND else currency}"


def _no_amount(text: str) -> Problem:
    shown = " ".join(text.split())[:40]
    return Problem(
        "no-amount",
        Text(vi=f"“{shown}” không phải là số tiền.", en=f"“{shown}” is no amount of money."),
        Text(
            vi="Viết như 4,6 tỷ hoặc 4.600.000.000; để trống nếu chưa có.",
            en="Write 4.6 billion or 4,600,000,000; leave it empty where nothing is known.",
        ),
    )
