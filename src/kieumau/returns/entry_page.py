"""The form of one return as a page shows it: generated from the catalogue, with what stood there before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from kieumau.calendars.library import calendar, decode
from kieumau.formulas.values import State as FigureState
from kieumau.formulas.windows import Operand
from kieumau.indicators.actions.enter import Mark as CheckMark
from kieumau.indicators.checks.queries import CheckOutcome
from kieumau.indicators.maps.queries import values_on_map
from kieumau.indicators.maps.rules import MARKS as MAP_MARKS
from kieumau.indicators.maps.rules import Map
from kieumau.indicators.maps.rules import Mark as MapMark
from kieumau.kernel.messages import Problem, Text
from kieumau.kernel.numbers import whole_number
from kieumau.returns import rules
from kieumau.returns.actions import Conflict, Entered, Typed
from kieumau.returns.cells import EMPTY, MARKS, Answer
from kieumau.returns.models import Return
from kieumau.returns.queries import Item, answers, items
from kieumau.returns.reviewing import Change, Review, changes, weigh
from kieumau.returns.rules import Act, Stage, State

NOT_ANSWERED = "not-answered"
VALUE, WAS, KIND, REMARK = "v-", "o-", "k-", "r-"  # what the names of fields begin with


@dataclass(frozen=True, slots=True)
class Before:
    """A figure of an earlier period: the unit's own, or that of the units it came from, with why it is so."""

    state: FigureState | None = None
    value: Decimal | Fraction | None = None
    mark: Text | None = None
    why: Text | None = None


@dataclass(slots=True)
class Cell:
    """One line of the page: what is asked, what stands there, what stood there, what is wrong.

    `text` is what the field shows, `was` what the store held when it was shown; `seen` what an earlier page
    showed, where that is something else. `answer` is what the store holds; `change` and `was_submitted` say
    what became of what was submitted before, `doubts` and `jump` what to look at before deciding;
    `asked` the checks that ask for a reason here, with what was typed.
    """

    item: Item
    text: str
    was: str
    last: Before
    year_ago: Before
    problems: list[Problem] = field(default_factory=list)
    conflict: Conflict | None = None
    seen: str | None = None
    answer: Answer = EMPTY
    change: Change | None = None
    was_submitted: str = ""
    doubts: list[CheckOutcome] = field(default_factory=list)
    jump: Text | None = None
    asked: list[tuple[CheckMark, str]] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """The mark in the field, if it says why there is no number."""
        return self.text if self.text in MARKS.values() else ""


@dataclass(slots=True)
class Group:
    """A heading with its lines."""

    title: Text
    cells: list[Cell]


@dataclass(slots=True)
class EntryPage:
    """Everything the page says of one return."""

    report: Return
    groups: list[Group]
    state: State
    now_in: Stage
    label: Text
    days: Text
    last_label: Text | None
    year_ago_label: Text | None
    is_late: bool
    was_late: bool
    version: int
    marks: list[CheckMark] = field(default_factory=list)
    review: Review = field(default_factory=Review)

    @property
    def cells(self) -> list[Cell]:
        """Every line."""
        return [cell for group in self.groups for cell in group.cells]

    @property
    def answered(self) -> int:
        """How many lines the store has an answer for."""
        return sum(cell.was != "" for cell in self.cells)

    @property
    def faulty(self) -> list[Cell]:
        """The lines with problems, conflicts or changes since they were seen."""
        return [cell for cell in self.cells if cell.problems or cell.conflict or cell.seen is not None]

    @property
    def is_only_unanswered(self) -> bool:
        """Is nothing wrong but that some lines were not answered yet?"""
        return bool(self.faulty) and all(
            [one.code for one in cell.problems] == [NOT_ANSWERED] for cell in self.faulty
        )

    def may(self, act: Act) -> bool:
        """May the act be done now, whoever does it?"""
        return rules.may(act, State(self.report.state), self.now_in)


def entry_page(report: Return, now: datetime, language: str) -> EntryPage:
    """The page of a return. Four queries: its lines, the catalogue's age, and three periods at once."""
    window = decode(report.period_id)
    own = calendar(window.calendar)
    last, year_ago = own.previous(window), own.year_ago(window)
    ids = {name: own.period_ids(one)[0] for name, one in (("last", last), ("year_ago", year_ago)) if one}
    asked = items(report.form_id)
    stored = answers(report.unit_id, [report.period_id, *ids.values()], asked)
    groups: list[Group] = []
    for item in asked:
        if not groups or groups[-1].title != item.group:
            groups.append(Group(item.group, []))
        answer = stored.get((report.period_id, item.indicator.id), EMPTY)
        text = answer.text(language)
        then = [stored.get((ids.get(name, 0), item.indicator.id), EMPTY) for name in ("last", "year_ago")]
        before = [Before(answer.state, answer.value) for answer in then]
        groups[-1].cells.append(Cell(item, text, text, before[0], before[1], answer=answer))
    now_in = rules.stage(report.deadline.opens_at, report.locks_at, now)
    return EntryPage(
        report,
        groups,
        rules.shown_state(State(report.state), now_in),
        now_in,
        own.label(window),
        own.days(window),
        own.label(last) if last else None,
        own.label(year_ago) if year_ago else None,
        is_late=now >= report.deadline.due_at and State(report.state) not in rules.STANDING,
        was_late=rules.came_late(report.submitted_at, report.deadline.due_at),
        version=report.version,
    )


def with_review(page: EntryPage, outcomes: Sequence[CheckOutcome], language: str) -> EntryPage:
    """The page with what changed since it was last submitted, and with what is doubtful. One query."""
    there = {cell.item.indicator.id: cell.answer for cell in page.cells}
    last = {cell.item.indicator.id: Answer(cell.last.state, _decimal(cell.last)) for cell in page.cells}
    codes = {cell.item.indicator.id: cell.item.code for cell in page.cells}
    page.review = weigh(codes, there, last, changes(page.report, there), outcomes)
    for cell in page.cells:
        code = cell.item.code
        cell.change, cell.jump = page.review.changes.get(code), page.review.jumps.get(code)
        cell.doubts = page.review.doubts_of(code)
        cell.was_submitted = cell.change.before.text(language) if cell.change else ""
    return page


def _decimal(before: Before) -> Decimal | None:
    """An own figure is a decimal."""
    return before.value if isinstance(before.value, Decimal) else None


def with_predecessors(page: EntryPage) -> EntryPage:
    """The page with the figures of a year ago on the map of its period, where the unit has none of its own.

    A commune made by a merger sees what its predecessors reported together. Asks nothing where the unit
    reported then itself; else at most nine queries more.
    """
    window = decode(page.report.period_id)
    own = calendar(window.calendar)
    year_ago = own.year_ago(window)
    lacking = {Operand(cell.item.code, year_ago): cell for cell in page.cells if year_ago}
    if year_ago is None or any(cell.year_ago.state is not None for cell in lacking.values()):
        return page
    found = values_on_map(page.report.unit_id, list(lacking), Map(own.last_day(window)))
    for operand, mapped in found.items():
        if mapped.state is not FigureState.MISSING:
            mark = None if mapped.mark is MapMark.SAME else MAP_MARKS[mapped.mark]
            lacking[operand].year_ago = Before(mapped.state, mapped.value, mark, mapped.judged.why)
    return page


def typed_in(posted: Mapping[str, str]) -> dict[str, Typed]:
    """What was typed, by indicator code. Of a field and the choice beside it, the one that was changed wins.

    Choosing a mark over a number that stays in its field means the mark; typing a number beside a mark that
    stays chosen means the number; choosing “a number” over a mark empties the field.
    """
    found = {}
    for name, value in posted.items():
        if not name.startswith(VALUE):
            continue
        code = name.removeprefix(VALUE)
        text, was = _short(value), _short(posted.get(WAS + code, ""))
        kind = posted.get(KIND + code)
        if kind is not None and text.strip() in {"", was}:
            text = kind if kind in MARKS.values() else "" if was in MARKS.values() else text
        found[code] = Typed(text, was)
    return found


def _short(text: str) -> str:
    return text.replace("\x00", "")[:60]


def remarks_in(posted: Mapping[str, str]) -> dict[str, str]:
    """The remarks that explain a figure, by the code of the check they answer; empty ones left out."""
    return {
        name.removeprefix(REMARK): value.strip()[:2000]
        for name, value in posted.items()
        if name.startswith(REMARK) and value.strip()
    }


def with_typed(
    page: EntryPage, typed: Mapping[str, Typed], entered: Entered | None, language: str
) -> EntryPage:
    """The page with what the person typed still in its fields, and what is wrong beside them.

    Where somebody else changed a field, the next save knows of it: it says what now stands there.
    """
    for cell in page.cells:
        code = cell.item.code
        if code in typed and (entered is None or code in entered.problems or code in entered.conflicts):
            cell.text = typed[code].text
        if entered is None and code in typed:
            cell.was = typed[code].was
        if entered is not None:
            cell.problems = entered.problems.get(code, [])
            cell.conflict = entered.conflicts.get(code)
    if entered is not None:
        page.marks = entered.marks
    return page


def with_reasons_asked(page: EntryPage, posted: Mapping[str, str]) -> list[tuple[CheckMark, str]]:
    """Puts each check that asks for a reason at the first wrong line it reads; gives those that read none."""
    elsewhere = []
    for mark in page.marks:
        asked = mark, posted.get(REMARK + mark.check_code, "")
        cell = next((one for one in page.cells if one.item.code in mark.codes and one.problems), None)
        if cell is None:
            elsewhere.append(asked)
        else:
            cell.asked.append(asked)
    return elsewhere


def with_what_came_meanwhile(
    page: EntryPage, typed: Mapping[str, Typed], saved: Collection[str]
) -> EntryPage:
    """The page with what it showed before beside every field that others have changed since."""
    for cell in page.cells:
        shown = typed.get(cell.item.code)
        if shown is not None and cell.item.code not in saved and shown.was != cell.was:
            cell.seen = shown.was
    return page


def version_in(posted: Mapping[str, str]) -> int:
    """The version of the return that the page showed; 0 where it does not say."""
    return whole_number(posted.get("version")) or 0


def what_was_refused(codes: Sequence[str], page: EntryPage) -> EntryPage:
    """The page with “not answered” beside the fields named."""
    reason = Text(vi="Chưa trả lời.", en="Not answered.")
    for cell in page.cells:
        if cell.item.code in codes:
            cell.problems = [Problem(NOT_ANSWERED, reason)]
    return page
