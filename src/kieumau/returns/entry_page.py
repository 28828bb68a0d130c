"""The form of one return as a page shows it: generated from the catalogue, with what stood there before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kieumau.calendars.library import calendar, decode
from kieumau.indicators.actions.enter import Mark
from kieumau.kernel.messages import Problem, Text
from kieumau.returns import rules
from kieumau.returns.actions import Conflict, Entered, Typed
from kieumau.returns.cells import EMPTY, MARKS, Answer
from kieumau.returns.models import Return
from kieumau.returns.queries import Item, answers, items
from kieumau.returns.rules import Act, Stage, State

VALUE, WAS, KIND, REMARK = "v-", "o-", "k-", "r-"  # what the names of fields begin with


@dataclass(slots=True)
class Cell:
    """One line of the page: what is asked, what stands there, what stood there, what is wrong.

    `text` is what the field shows, `was` what the store held when it was shown.
    """

    item: Item
    text: str
    was: str
    last: Answer
    year_ago: Answer
    problems: list[Problem] = field(default_factory=list)
    conflict: Conflict | None = None

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
    last_label: Text | None
    year_ago_label: Text | None
    is_late: bool
    marks: list[Mark] = field(default_factory=list)

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
        """The lines with problems or conflicts."""
        return [cell for cell in self.cells if cell.problems or cell.conflict]

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
        text = stored.get((report.period_id, item.indicator.id), EMPTY).text(language)
        before = [stored.get((ids.get(name, 0), item.indicator.id), EMPTY) for name in ("last", "year_ago")]
        groups[-1].cells.append(Cell(item, text, text, before[0], before[1]))
    now_in = rules.stage(report.deadline.opens_at, report.locks_at, now)
    return EntryPage(
        report,
        groups,
        rules.shown_state(State(report.state), now_in),
        now_in,
        own.label(window),
        own.label(last) if last else None,
        own.label(year_ago) if year_ago else None,
        is_late=now >= report.deadline.due_at and State(report.state) not in rules.STANDING,
    )


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


def what_was_refused(codes: Sequence[str], page: EntryPage) -> EntryPage:
    """The page with “not answered” beside the fields named."""
    reason = Text(vi="Chưa trả lời.", en="Not answered.")
    for cell in page.cells:
        if cell.item.code in codes:
            cell.problems = [Problem("not-answered", reason)]
    return page
