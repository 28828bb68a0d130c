"""What came of reading a file: counts, changes from old to new, and everything that was wrong."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from kieumau.formulas.values import State
from kieumau.kernel.messages import Place, Problem, Text

STATE_WORDS = {
    State.VALUE: "value",
    State.MISSING: "missing",
    State.NOT_APPLICABLE: "not_applicable",
    State.REFUSED: "refused",
}


class Problems:
    """Counts every problem and keeps the first ones to be shown."""

    def __init__(self, most_shown: int = 500) -> None:
        self._most_shown = most_shown
        self.shown: list[Problem] = []
        self.counts: Counter[str] = Counter()

    @property
    def has_room(self) -> bool:
        """Will the next one be shown?"""
        return len(self.shown) < self._most_shown

    @property
    def count(self) -> int:
        """How many there are, shown or not."""
        return self.counts.total()

    def add(self, problem: Problem, place: Place | None = None) -> None:
        """One more; `place` where the problem does not know its own."""
        self.counts[problem.code] += 1
        if len(self.shown) < self._most_shown:
            self.shown.append(replace(problem, place=place) if place else problem)

    def add_unseen(self, code: str) -> None:
        """One more that is only counted."""
        self.counts[code] += 1

    def extend(self, problems: Iterable[Problem]) -> None:
        """Several that know their places."""
        for problem in problems:
            self.add(problem)


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that another value replaces: `None` stands for a state without a value."""

    unit: str
    indicator: str
    period: str
    old_state: State
    old: Decimal | None
    state: State
    new: Decimal | None

    def as_dict(self) -> dict[str, Any]:
        """For programs; numbers as text, so that they stay exact."""
        return {
            "unit": self.unit,
            "indicator": self.indicator,
            "period": self.period,
            "old": _said(self.old_state, self.old),
            "new": _said(self.state, self.new),
        }


def _said(state: State, value: Decimal | None) -> str:
    return STATE_WORDS[state] if value is None else f"{value:f}"


@dataclass
class Checked:
    """What one check said of a file: for how many units and periods it does not hold.

    `remarked` of them are kept with a remark; `later` are of periods after those in the file, where
    nothing is refused.
    """

    severity: str
    title: Text
    failing: int = 0
    remarked: int = 0
    later: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "severity": self.severity,
            "title": {"vi": self.title.vi, "en": self.title.en},
            "failing": self.failing,
            "remarked": self.remarked,
            "later": self.later,
        }


@dataclass
class Report:
    """The outcome of one file.

    `problems` holds the first of `problem_count` problems. `inserted`, `revised` and `unchanged` count
    figures that were stored, or would have been in a dry run (`is_dry_run`), `zeros_filled` among them.
    `known_left` counts figures that the file has no row for and that stay what they are, although its
    mapping takes absent rows for zeros. `changes` lists every revision of a dry run. `is_stored` tells
    whether the file was written, `has_failed` whether it was refused (good rows kept at the caller's word
    are no failure). `checks` counts by check what did not hold, `warnings` holds the first of
    `warning_count` of those that refuse nothing, and `implausible_left_out` counts the figures left out with
    their unit and period because of a check.
    """

    file: str
    mapping: str
    sha256: str = ""
    is_dry_run: bool = False
    is_stored: bool = False
    has_failed: bool = False
    rows_read: int = 0
    rows_ignored: int = 0
    rows_left_out: int = 0
    columns_left_out: int = 0
    figures_left_out: int = 0
    values_read: int = 0
    zeros_filled: int = 0
    known_left: int = 0
    units_added: int = 0
    inserted: int = 0
    revised: int = 0
    unchanged: int = 0
    changes: list[Changed] = field(default_factory=list)
    problem_count: int = 0
    problems: Sequence[Problem] = ()
    problem_counts: dict[str, int] = field(default_factory=dict)
    checks: dict[str, Checked] = field(default_factory=dict)
    warnings: Sequence[Problem] = ()
    warning_count: int = 0
    implausible_left_out: int = 0

    def fail(self) -> None:
        """Nothing was stored: neither figures nor what came with them."""
        self.has_failed = True
        self.is_stored = False
        self.units_added = self.zeros_filled = self.known_left = 0

    def take(self, problems: Problems) -> None:
        """Note all that was wrong."""
        self.problem_count = problems.count
        self.problems = problems.shown
        self.problem_counts = dict(problems.counts)

    @property
    def needs_remarks(self) -> bool:
        """Would remarks alone let the rest of the file in?"""
        return "needs-remark" in self.problem_counts and len(self.problem_counts) == 1

    @property
    def notices(self) -> list[Text]:
        """What is no fault but should be seen."""
        if not self.known_left:
            return []
        return [
            Text(
                vi=f"{self.known_left} số liệu đã có khác 0, tệp không có dòng nào: giữ nguyên, không ghi 0.",
                en=f"{self.known_left} figures that are known and not zero have no row in the file: "
                "they were left as they are, not made zero.",
            )
        ]

    def as_dict(self) -> dict[str, Any]:
        """For programs: plain types only, sentences in both languages."""
        return {
            "file": self.file,
            "mapping": self.mapping,
            "sha256": self.sha256,
            "dry_run": self.is_dry_run,
            "stored": self.is_stored,
            "failed": self.has_failed,
            "rows": {"read": self.rows_read, "ignored": self.rows_ignored, "left_out": self.rows_left_out},
            "left_out": {"columns": self.columns_left_out, "figures": self.figures_left_out},
            "values_read": self.values_read,
            "zeros_filled": self.zeros_filled,
            "known_left": self.known_left,
            "notices": [{"vi": notice.vi, "en": notice.en} for notice in self.notices],
            "units_added": self.units_added,
            "figures": {"inserted": self.inserted, "revised": self.revised, "unchanged": self.unchanged},
            "changes": [change.as_dict() for change in self.changes],
            "checks": {code: checked.as_dict() for code, checked in self.checks.items()},
            "warning_count": self.warning_count,
            "warnings": [warning.as_dict() for warning in self.warnings],
            "problem_count": self.problem_count,
            "problem_counts": self.problem_counts,
            "problems": [problem.as_dict() for problem in self.problems],
        }
