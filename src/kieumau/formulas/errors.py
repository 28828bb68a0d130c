"""What is wrong with a formula, with line, column and a hint, in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from kieumau.formulas.tree import Span
from kieumau.kernel.messages import Place, Problem, Text

LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Spot(Place):
    """A place inside a formula: `row` is its line, `column` its one-based column, `file` its owner."""

    def in_(self, language: str) -> str:
        """Readable place: `line 2, column 14`."""
        if language.startswith("en"):
            where = f"line {self.row}, column {self.column}"
        else:
            where = f"dòng {self.row}, cột {self.column}"
        return f"{self.file}, {where}" if self.file else where


def wrong(code: str, span: Span, vi: str, en: str, hint: Text | None = None) -> Problem:
    """A problem at the beginning of `span`."""
    return Problem(code, Text(vi=vi, en=en), hint, Spot(row=span.line, column=str(span.column)))


def owned_by(owner: str, problems: Iterable[Problem]) -> list[Problem]:
    """The same problems, saying whose formula they are in (an indicator, a criterion)."""
    return [
        replace(problem, place=replace(problem.place, file=owner)) if not problem.place.file else problem
        for problem in problems
    ]


def quoted(text: str) -> str:
    """A bounded one-line piece of somebody's text in quotation marks."""
    line = " ".join(text.split())
    line = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)
    return f'"{line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + "…"}"'


def did_you_mean(word: str, known: Iterable[str]) -> Text | None:
    """`did you mean crime.total?` for the nearest known word, or None when nothing is near."""
    near = get_close_matches(word, list(known), n=1)
    return Text(vi=f"có phải là {near[0]}?", en=f"did you mean {near[0]}?") if near else None
