"""What is wrong with a text or a formula that somebody is writing, with the place of each mistake."""

from collections.abc import Mapping
from dataclasses import dataclass

from kieumau.criteria.drafts import surroundings
from kieumau.criteria.files import check_text
from kieumau.criteria.live.surroundings import Written, scope_of
from kieumau.criteria.places import Extent, line_at, word_at
from kieumau.criteria.trees import read_formula
from kieumau.formulas.parse import parse
from kieumau.formulas.reading import reading
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Problem, Refused

NAME = "kieumau"


@dataclass(frozen=True, slots=True)
class Answer:
    """Every problem, and for a sound formula what it says in words."""

    problems: tuple[Mapping[str, str | int | None], ...] = ()
    says: str = ""

    def as_dict(self) -> dict[str, object]:
        """For the browser."""
        return {"problems": list(self.problems), "says": self.says}


def checked_text(text: str, language: str) -> Answer:
    """What is wrong with the text of a criteria set. Rows and columns count from one."""
    try:
        check_text(text, NAME, surroundings())
    except Refused as refused:
        return Answer(tuple(_shown(one, _extent_in_text(text, one), language) for one in refused.problems))
    return Answer()


def checked_formula(text: str, written: Written, language: str) -> Answer:
    """What is wrong with one formula, or what it says in words."""
    known = catalogue()
    try:
        read_formula(text, known, scope_of(written), is_condition=written.is_condition)
    except Refused as refused:
        return Answer(tuple(_shown(one, _extent_in_formula(text, one), language) for one in refused.problems))
    return Answer(says=reading(parse(text), known, language))


def _shown(problem: Problem, extent: Extent | None, language: str) -> dict[str, str | int | None]:
    """A problem without the place in words: the editor shows the place itself.

    `row` is None where it stands somewhere else, which `where` then says.
    """
    place = problem.place
    is_elsewhere = bool(place.file) and place.file != NAME
    return {
        "code": problem.code,
        "row": extent.row if extent else None,
        "column": extent.column if extent else None,
        "end": extent.end if extent else None,
        "where": place.in_(language) if is_elsewhere else "",
        "reason": problem.reason.in_(language),
        "hint": problem.hint.in_(language) if problem.hint else "",
    }


def _extent_in_formula(text: str, problem: Problem) -> Extent | None:
    place = problem.place
    if place.file or place.row is None:
        return None
    return word_at(text, place.row, int(place.column or 1))


def _extent_in_text(text: str, problem: Problem) -> Extent | None:
    place = problem.place
    if place.file != NAME or place.row is None:
        return None
    if not place.column:
        return line_at(text, place.row)
    return word_at(text, place.row, int(place.column))
