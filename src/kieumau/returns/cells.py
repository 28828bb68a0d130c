"""What a person types into a cell of the form, and back: plain Python.

Four answers are kept apart: a number (0 is “không phát sinh”), no figure (“không có số liệu”, typed `-`),
not applicable (“không áp dụng”, typed `x`), and nothing typed, which is no answer at all.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from kieumau.formulas.values import State
from kieumau.indicators.catalogue import Definition
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import DecimalMark, format_number, parse_number

NO_FIGURE, NOT_APPLICABLE, REFUSED = "-", "x", "!"
MARKS = {State.MISSING: NO_FIGURE, State.NOT_APPLICABLE: NOT_APPLICABLE, State.REFUSED: REFUSED}
DASHES = frozenset("-–—−")
LARGEST = Decimal(10) ** 15  # nothing a commune counts comes near


@dataclass(frozen=True, slots=True)
class Answer:
    """One cell: a value, or the fact that there is none. `Answer()` is a cell left empty."""

    state: State | None = None
    value: Decimal | None = None

    def text(self, language: str) -> str:
        """As a person would type it."""
        if self.state is None:
            return ""
        if self.state is State.VALUE and self.value is not None:
            return format_number(self.value, None, language)
        return MARKS[self.state]


EMPTY = Answer()


def mark_of(language: str) -> DecimalMark:
    """The decimal mark of a language."""
    return "." if language.startswith("en") else ","


def read(text: str, language: str) -> Answer:
    """What was typed. Raises `Refused` for what is no number and no mark."""
    tidy = text.strip()
    if not tidy:
        return EMPTY
    if tidy in DASHES:
        return Answer(State.MISSING)
    if tidy.casefold() == NOT_APPLICABLE:
        return Answer(State.NOT_APPLICABLE)
    if tidy == REFUSED:
        return Answer(State.REFUSED)
    return Answer(State.VALUE, parse_number(tidy, mark_of(language)))


def faults(answer: Answer, indicator: Definition) -> list[Problem]:
    """What cannot be right about an answer, whatever the other cells say."""
    value = answer.value
    if value is None:
        return []
    if value < 0:
        reason = Text(vi="Không được âm.", en="It cannot be negative.")
        return [Problem("negative", reason)]
    if value > LARGEST:
        reason = Text(vi="Số quá lớn.", en="The number is too large.")
        return [Problem("too-large", reason)]
    # A share is stored as a part of one: 12.5 % with one decimal is 0.125.
    decimals = indicator.decimals + 2 * indicator.is_share
    if value != value.quantize(Decimal(1).scaleb(-decimals)):
        return [Problem("too-many-decimals", _decimals(decimals))]
    return []


def _decimals(count: int) -> Text:
    if count == 0:
        return Text(vi="Phải là số nguyên.", en="It must be a whole number.")
    return Text(vi=f"Nhiều nhất {count} chữ số thập phân.", en=f"At most {count} decimals.")


def _fitting(problem: Problem, indicator: Definition) -> Problem:
    """The problem with an example of a number that this indicator takes: 1.061 where it counts whole ones."""
    if problem.code != "not-a-number" or indicator.decimals or indicator.is_share:
        return problem
    hint = Text(vi="Viết bằng chữ số, ví dụ 1.061.", en="Write it in digits, for example 1,061.")
    return replace(problem, hint=hint)


def try_read(text: str, language: str, indicator: Definition) -> tuple[Answer | None, list[Problem]]:
    """The answer, or None with what is wrong with it."""
    try:
        answer = read(text, language)
    except Refused as refused:
        return None, [_fitting(problem, indicator) for problem in refused.problems]
    problems = faults(answer, indicator)
    return (None, problems) if problems else (answer, [])
