"""Sentences in both languages, for the layers that know no Django.

What the core says to a person (a problem in a file, a step of an explanation, a name from a
catalogue) is written once, in Vietnamese and English side by side, so that neither can be missing.
Screens use Django's message catalogues instead.
"""

from dataclasses import dataclass
from typing import Literal

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or name in Vietnamese and English."""

    vi: str
    en: str

    def in_(self, language: str) -> str:
        """The text in `language`; Vietnamese for anything that is not English."""
        return self.en if language.startswith("en") else self.vi

    def __str__(self) -> str:
        return self.vi


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something is wrong: one-based line or row, column by number or letter."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""

    def in_(self, language: str) -> str:
        """Readable place: `figures.xlsx, sheet "T10", row 5, column C`."""
        english = language.startswith("en")
        parts = [self.file] if self.file else []
        if self.sheet:
            parts.append(f"sheet “{self.sheet}”" if english else f"trang “{self.sheet}”")
        if self.row is not None:
            parts.append(f"row {self.row}" if english else f"dòng {self.row}")
        if self.column:
            parts.append(f"column {self.column}" if english else f"cột {self.column}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what somebody gave us: where, why, and what to do about it.

    `code` is a stable kebab-case word for programs and tests (`unknown-unit`, `not-a-number`). `also` are the
    other places that it is about, where it is about several at once.
    """

    code: str
    reason: Text
    hint: Text | None = None
    place: Place = Place()
    also: tuple[Place, ...] = ()

    def in_(self, language: str) -> str:
        """The whole complaint as one line."""
        where = self.place.in_(language)
        line = f"{where}: {self.reason.in_(language)}" if where else self.reason.in_(language)
        return f"{line} {self.hint.in_(language)}" if self.hint else line

    def as_dict(self) -> dict[str, str | int | None]:
        """For programs: the place apart, the whole sentence in both languages."""
        place = self.place
        return {
            "code": self.code,
            "file": place.file,
            "sheet": place.sheet,
            "row": place.row,
            "column": place.column,
            "vi": self.in_("vi"),
            "en": self.in_("en"),
        }


class Refused(Exception):
    """Input was refused. Holds every problem found in one pass, never only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.in_("en") for problem in problems[:5]))
        self.problems = problems
