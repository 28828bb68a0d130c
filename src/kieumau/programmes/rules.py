"""What a programme's rows may say, and how far it has come. Plain Python: no Django, no clock."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from kieumau.kernel.messages import Problem, Text

FIRST_YEAR, LAST_YEAR = 1990, 2200
LONGEST_TITLE = 240  # months


class Progress(StrEnum):
    """Đã xong, đang làm, quá hạn, chưa đến: how a stage of a plan stands on a day."""

    DONE = "done"
    NOW = "now"
    LATE = "late"
    TO_COME = "to_come"


def progress(starts_on: date, ends_on: date, done_on: date | None, on: date) -> Progress:
    """How a stage stands on a day. Done counts from the day it was done; the last day itself is not late."""
    if done_on is not None and done_on <= on:
        return Progress.DONE
    if on > ends_on:
        return Progress.LATE
    return Progress.NOW if on >= starts_on else Progress.TO_COME


@dataclass(frozen=True, slots=True)
class Reach:
    """How many units of an area hold the title, of how many.

    `before`: how many do not, but came from units that held one which would still run. They count for
    nothing: a title is given to a unit as it was assessed, and what was merged since is another (ADR 37).
    """

    held: int
    units: int
    before: int = 0

    def __add__(self, other: "Reach") -> "Reach":
        return Reach(self.held + other.held, self.units + other.units, self.before + other.before)

    @property
    def share(self) -> Fraction | None:
        """Exact; None where there are no units at all."""
        return Fraction(self.held, self.units) if self.units else None

    def needed(self, target: Fraction) -> int:
        """How many units the target asks for: the least number whose share is not below it."""
        return -(-target * self.units // 1)

    def short(self, target: Fraction) -> int:
        """How many more units have to hold the title; 0 where the target is reached."""
        return max(0, self.needed(target) - self.held)


def measured_on(year: int, today: date) -> date | None:
    """The day on which a year's target is measured: its last, today while it runs; None for years to come."""
    if year > today.year:
        return None
    return today if year == today.year else date(year, 12, 31)


@dataclass(frozen=True, slots=True)
class Sum:
    """Amounts added up: what is known, and in how many of the lines nothing is said."""

    known: Decimal | None
    missing: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        known = [one for one in (self.known, other.known) if one is not None]
        return Sum(sum(known, Decimal(0)) if known else None, self.missing + other.missing)


def total(amounts: Collection[Decimal | None]) -> Sum:
    """Missing is not zero: nothing known at all gives None, and what is missing is counted."""
    known = [one for one in amounts if one is not None]
    return Sum(sum(known, Decimal(0)) if known else None, len(amounts) - len(known))


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """What is said of a programme itself."""

    area_id: int
    name_vi: str
    name_en: str
    title_vi: str
    title_en: str
    legal_basis: str
    level: int
    kinds: tuple[str, ...]
    first_year: int
    last_year: int | None
    lasts_months: int

    def faults(self) -> Iterator[Problem]:
        """Everything that cannot be."""
        yield from _years(self.first_year)
        if not all((self.name_vi, self.name_en, self.title_vi, self.title_en)):
            yield _problem("no-name", "Hãy ghi tên và danh hiệu bằng cả hai thứ tiếng.",
                           "Name the programme and its title in both languages.")  # fmt: skip
        if not self.legal_basis:
            yield _problem("no-legal-basis", "Hãy ghi căn cứ pháp lý.", "Say what the programme rests on.")
        if self.last_year is not None and self.last_year < self.first_year:
            yield _problem("years-turned-around", "Năm cuối ở trước năm đầu.",
                           "The last year lies before the first.")  # fmt: skip
        if not 1 <= self.lasts_months <= LONGEST_TITLE:
            yield _problem("title-without-time", f"Danh hiệu có giá trị từ 1 đến {LONGEST_TITLE} tháng.",
                           f"A title lasts from 1 to {LONGEST_TITLE} months.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class SetFacts:
    """From a year on a version of a criteria set applies."""

    criteria_set_id: int
    from_year: int

    def faults(self) -> Iterator[Problem]:
        """Everything that cannot be."""
        yield from _years(self.from_year)


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """A post in a body."""

    area_id: int
    body: str
    role: str
    post: str
    of_unit_id: int | None
    task: str
    starts_on: date
    last_day: date | None

    def faults(self) -> Iterator[Problem]:
        """Everything that cannot be."""
        if not self.post:
            yield _problem("no-post", "Hãy ghi chức vụ.", "Name the post.")
        yield from _days(self.starts_on, self.last_day)


@dataclass(frozen=True, slots=True)
class StageFacts:
    """A step of a plan; `ends_on` is its last day."""

    area_id: int
    name: str
    starts_on: date
    ends_on: date
    done_on: date | None
    document_id: int | None

    def faults(self) -> Iterator[Problem]:
        """Everything that cannot be."""
        if not self.name:
            yield _problem("no-name", "Hãy ghi việc phải làm.", "Say what is to be done.")
        yield from _days(self.starts_on, self.ends_on)
        if self.done_on is not None and self.done_on < self.starts_on:
            yield _problem("done-before-begun", "Ngày xong ở trước ngày bắt đầu.",
                           "It was done before it began.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """The share of an area's units that is to hold the title by the end of a year: above 0, at most 1."""

    area_id: int
    year: int
    share: Decimal

    def faults(self) -> Iterator[Problem]:
        """Everything that cannot be."""
        yield from _years(self.year)
        if not 0 < self.share <= 1:
            yield _problem("not-a-share", "Mục tiêu phải trên 0 % và không quá 100 %.",
                           "A target is above 0% and at most 100%.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """How a unit takes part."""

    phase: str
    starts_on: date
    last_day: date | None
    document_id: int | None

    def faults(self) -> Iterator[Problem]:
        """Everything that cannot be."""
        yield from _days(self.starts_on, self.last_day)


@dataclass(frozen=True, slots=True)
class LineFacts:
    """Money for one purpose; amounts in whole units of the currency, None where nothing is said yet."""

    unit_id: int
    year: int
    purpose: str
    source: str
    currency: str
    planned: Decimal | None
    approved: Decimal | None
    spent: Decimal | None
    document_id: int | None

    def faults(self) -> Iterator[Problem]:
        """Everything that cannot be."""
        yield from _years(self.year)
        if not self.purpose:
            yield _problem("no-purpose", "Hãy ghi nội dung chi.", "Say what the money is for.")
        amounts = [one for one in (self.planned, self.approved, self.spent) if one is not None]
        if any(one < 0 for one in amounts):
            yield _problem("below-zero", "Số tiền không được âm.", "An amount is not below zero.")
        if any(one != one.to_integral_value() for one in amounts):
            yield _problem("not-whole", "Số tiền phải là số nguyên.", "An amount has no fractions.")


Facts = ProgrammeFacts | SetFacts | SeatFacts | StageFacts | TargetFacts | MemberFacts | LineFacts


def set_of_year(from_years: Collection[int], year: int) -> int | None:
    """Of the years from which sets apply, the one whose set applies in `year`: the last not after it."""
    return max((one for one in from_years if one <= year), default=None)


def _years(year: int) -> Iterator[Problem]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        yield _problem("no-year", f"Năm phải từ {FIRST_YEAR} đến {LAST_YEAR}.",
                       f"A year lies between {FIRST_YEAR} and {LAST_YEAR}.")  # fmt: skip


def _days(first: date, last: date | None) -> Iterator[Problem]:
    if last is not None and last < first:
        yield _problem("days-turned-around", "Ngày cuối ở trước ngày đầu.",
                       "The last day lies before the first.")  # fmt: skip


def _problem(code: str, vi: str, en: str) -> Problem:
    return Problem(code, Text(vi=vi, en=en))
