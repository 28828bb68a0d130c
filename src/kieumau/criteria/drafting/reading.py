"""A draft as its pages read it: leniently, with its faults beside what they are about."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kieumau.criteria.drafting.outline import Path
from kieumau.criteria.missing_words import MISSING
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.yamlfile import load_with_lines

NOTHING_YET = Problem(
    "no-criteria",
    Text(vi="Chưa có tiêu chí nào.", en="There are no criteria yet."),
    Text(vi="Hãy thêm ít nhất một tiêu chí.", en="Add at least one criterion."),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The plain content of a text, None where it is no YAML mapping; problems by the path they are at.

    A path has at most three steps: `("rule",)`, `("criteria", 3)`, `("criteria", 3, "formula")`.
    """

    content: dict[str, Any] | None
    problems: list[tuple[Path, Problem]] = field(default_factory=list)

    @property
    def is_addition(self) -> bool:
        """Does the text add to another set (`extends`)?"""
        return "extends" in (self.content or {})

    @property
    def criteria(self) -> list[Mapping[str, Any]]:
        """The criteria; one that is no mapping counts as an empty one, so that numbers stay right."""
        found = (self.content or {}).get("criteria")
        if not isinstance(found, list):
            return []
        return [one if isinstance(one, Mapping) else {} for one in found]

    @property
    def groups(self) -> list[Mapping[str, Any]]:
        """The headings that can be read."""
        found = (self.content or {}).get("groups")
        return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []

    def of_criterion(self, index: int) -> list[tuple[str, Problem]]:
        """The problems of one criterion, each with the key it is about (or nothing)."""
        return [
            (str(path[2]) if len(path) > 2 else "", problem)
            for path, problem in self.problems
            if path[:2] == ("criteria", index)
        ]

    def of_head(self) -> list[tuple[str, Problem]]:
        """The problems of everything but single criteria, each with its key."""
        return [
            (str(path[0]) if path else "", problem)
            for path, problem in self.problems
            if len(path) < 2 or path[0] != "criteria"
        ]


def read(text: str, problems: list[Problem]) -> Reading:
    """The text with the problems that were found in it put where they belong."""
    try:
        content, places = load_with_lines(text, "")
    except Refused:
        return Reading(None, [((), problem) for problem in problems])
    if not isinstance(content, dict):
        return Reading(None, [((), problem) for problem in problems])
    found, lines = Reading(content), _Lines(places)
    for problem in problems:
        path = lines.path(problem)
        missing = problem.code.removeprefix("missing-")
        if missing in MISSING and len(path) in (0, 2):
            path = (*path, missing.partition(".")[0])
        found.problems.append((path, problem))
    return found


class _Lines:
    """On which line which part of at most three steps begins; the outermost where several do."""

    def __init__(self, places: Mapping[Path, int]) -> None:
        first: dict[int, Path] = {}
        for path, line in places.items():
            if len(path) <= 1 or (path[0] == "criteria" and len(path) <= 3):
                first.setdefault(line, path)
        self._lines = sorted(first)
        self._paths = [first[line] for line in self._lines]

    def path(self, problem: Problem) -> Path:
        """The part that begins on the line of a problem, or the nearest above it."""
        row = problem.place.row
        if row is None or problem.place.file:
            return ()
        at = bisect_right(self._lines, row)
        return self._paths[at - 1] if at else ()
