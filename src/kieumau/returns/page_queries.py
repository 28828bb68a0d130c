"""What the pages of returns ask for: names of units, steps, periods to choose from, lists of returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext

from kieumau.calendars.library import calendar, decode
from kieumau.kernel.messages import Text
from kieumau.returns.models import Deadline, Reminder, Return, Step
from kieumau.returns.rules import OPEN_TO_ENTRY, State, Timeliness, came_late
from kieumau.units.queries import AFTER_ALL_PATHS, terms, unit

STEPS = {
    "submit": Text(vi="Nộp", en="Submitted"),
    "accept": Text(vi="Duyệt", en="Accepted"),
    "send_back": Text(vi="Trả lại", en="Sent back"),
    "unlock": Text(vi="Mở khóa", en="Unlocked"),
}
TIMELINESS = {
    Timeliness.ON_TIME: Text(vi="đúng hạn", en="on time"),
    Timeliness.LATE: Text(vi="muộn", en="late"),
    Timeliness.TAKEN_BACK: Text(vi="bị trả lại, chưa nộp lại", en="sent back, not here again"),
    Timeliness.MISSING: Text(vi="quá hạn, chưa nộp", en="overdue"),
    Timeliness.NOT_DUE: Text(vi="chưa đến hạn", en="not yet due"),
    Timeliness.NOT_OWED: Text(vi="không phải nộp", en="not owed"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One step of a return, as the page says it."""

    act: Text
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One return in a list. `timeliness` is as of the moment of the page."""

    return_id: int
    unit_id: int
    unit: str
    level: int
    state: State
    submitted_at: datetime | None
    timeliness: Timeliness
    was_late: bool


def unit_name(report: Return) -> Text:
    """The full name the unit had on the period's last day. One query, or two."""
    window = decode(report.period_id)
    own = unit(report.unit_id, calendar(window.calendar).last_day(window))
    return Text(vi=own.full_name("vi"), en=own.full_name("en"))


def crumbs(report: Return, name: str, label: str) -> list[tuple[str, str]]:
    """The way to a return: all returns, those of its unit, itself."""
    of_unit = reverse("returns_of_unit", args=[report.unit_id])
    return [(gettext("Returns"), reverse("returns")), (name, of_unit), (label, "")]


def steps(report: Return) -> list[Said]:
    """What became of a return, the latest first. One query; none for one that nothing has happened to."""
    if report.state == State.DRAFT and report.locks_at == report.deadline.locks_at:
        return []
    rows = Step.objects.filter(report=report).order_by("-number")
    return [Said(STEPS[row.act], row.at, row.by, row.reason) for row in rows]


@dataclass(frozen=True, slots=True)
class Reminded:
    """A reminder that still stands: of which return, and whether it is overdue or falls due soon."""

    report: Return
    kind: str
    made_on: date
    label: Text
    title: Text


def reminders(unit_id: int, now: datetime) -> list[Reminded]:
    """The reminders of a unit's returns that are not with the superior yet, the first due first.

    Of a return of which it was reminded twice the later one. One query.
    """
    rows = (
        Reminder.objects.filter(
            report__unit_id=unit_id, report__state__in=sorted(OPEN_TO_ENTRY), report__locks_at__gt=now
        )
        .select_related("report__deadline", "report__form")
        .order_by("report__deadline__due_at", "report_id", "made_at", "id")
    )
    return list({row.report_id: _reminded(row) for row in rows}.values())


def _reminded(row: Reminder) -> Reminded:
    report, window = row.report, decode(row.report.period_id)
    title = Text(vi=report.form.title_vi, en=report.form.title_en)
    return Reminded(report, row.kind, row.made_on, calendar(window.calendar).label(window), title)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The deadlines of one form and period, one for each level that owes it."""

    form_code: str
    period_id: int
    title: Text
    label: Text
    deadlines: tuple[Deadline, ...]

    @property
    def key(self) -> str:
        """What an address says to choose it."""
        window = decode(self.period_id)
        return f"{self.form_code}:{calendar(window.calendar).period_code(window)}"

    def of_level(self, level: int) -> Deadline | None:
        """The deadline of a level, if that level owes the form."""
        return next((one for one in self.deadlines if one.obligation.level == level), None)

    @property
    def lowest(self) -> Deadline:
        """The deadline of the lowest level that owes it: the one whose rates a page shows."""
        return max(self.deadlines, key=lambda one: one.obligation.level)


def offered(most: int = 36) -> list[Chosen]:
    """The forms and periods that were opened, the latest period first. One query."""
    rows = Deadline.objects.select_related("obligation__form").order_by("-opens_at", "obligation__form__code")
    found: dict[tuple[str, int], list[Deadline]] = {}
    for row in rows[: most * 3]:
        found.setdefault((row.obligation.form.code, row.period_id), []).append(row)
    chosen = []
    for (code, period), deadlines in list(found.items())[:most]:
        form, window = deadlines[0].obligation.form, decode(period)
        title = Text(vi=form.title_vi, en=form.title_en)
        label = calendar(window.calendar).label(window)
        chosen.append(Chosen(code, period, title, label, tuple(deadlines)))
    return chosen


def choose(asked: str, among: Sequence[Chosen]) -> Chosen | None:
    """The one asked for, else the first: the latest period."""
    return next((one for one in among if one.key == asked), among[0] if among else None)


def beside(chosen: Chosen, among: Sequence[Chosen]) -> dict[str, Chosen | None]:
    """The periods of the same form before and after it, where they were opened."""
    same = {one.period_id: one for one in among if one.form_code == chosen.form_code}
    before = max((period for period in same if period < chosen.period_id), default=0)
    after = min((period for period in same if period > chosen.period_id), default=0)
    return {"earlier": same.get(before), "later": same.get(after)}


def names(unit_ids: Sequence[int], deadline: Deadline) -> dict[int, tuple[str, Text]]:
    """Sorting key and full name of units on the last day of the deadline's period. One query."""
    window = decode(deadline.period_id)
    rows = terms(calendar(window.calendar).last_day(window)).filter(unit_id__in=unit_ids)
    return {row.unit_id: (row.sort_key, Text(vi=row.full_name("vi"), en=row.full_name("en"))) for row in rows}


_ROWS = """
    SELECT r.id, r.unit_id, t.name, p.level, r.state, r.submitted_at, d.due_at
    FROM figure_return r
    JOIN return_deadline d ON d.id = r.deadline_id
    JOIN unit_term t ON t.unit_id = r.unit_id AND t.valid @> %(on)s
    JOIN unit_position p ON p.unit_id = r.unit_id AND p.valid @> %(on)s
    WHERE r.deadline_id = ANY(%(deadlines)s) AND r.path >= %(within)s AND r.path < %(end)s
    ORDER BY p.level, t.sort_key, r.id
"""


def rows_within(chosen: Chosen, path: str, stands: dict[int, Timeliness]) -> list[Row]:
    """The returns of a subtree, the highest level first, then in Vietnamese order. One query."""
    window = decode(chosen.period_id)
    asked: dict[str, Any] = {
        "deadlines": [one.pk for one in chosen.deadlines],
        "within": path,
        "end": path + AFTER_ALL_PATHS,
        "on": calendar(window.calendar).last_day(window),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, asked)
        return [
            Row(
                id_,
                unit_id,
                name,
                level,
                State(state),
                submitted_at,
                stands[id_],
                came_late(submitted_at, due_at),
            )
            for id_, unit_id, name, level, state, submitted_at, due_at in cursor.fetchall()
        ]
