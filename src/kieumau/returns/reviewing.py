"""What whoever decides on a return has to see: what changed since the last submission, and what is doubtful.

A doubt is a check of the catalogue that does not hold, explained or not, or a jump (`rules.is_jump`) of a
figure that no such check reads, against the period before or against what was last submitted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from kieumau.calendars.library import calendar, decode
from kieumau.formulas.values import State as FigureState
from kieumau.indicators.checks.queries import CheckOutcome, checks_of
from kieumau.indicators.checks.restating import RESTATEMENT
from kieumau.kernel.messages import Text
from kieumau.returns.cells import EMPTY, Answer
from kieumau.returns.models import Return
from kieumau.returns.queries import answers, items
from kieumau.returns.rules import STANDING, State, is_jump

THAN_LAST = Text(
    vi="Gấp hơn năm lần, hoặc chưa bằng một phần năm kỳ trước.",
    en="More than five times, or less than a fifth of the period before.",
)
THAN_SUBMITTED = Text(
    vi="Gấp hơn năm lần, hoặc chưa bằng một phần năm lần nộp trước.",
    en="More than five times, or less than a fifth of what was submitted before.",
)


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that is not what was last submitted: what it was, who changed it last, when, and why."""

    before: Answer
    by: str
    at: datetime
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Review:
    """Changes and jumps by indicator code, and the checks that do not hold."""

    changes: dict[str, Change] = field(default_factory=dict)
    jumps: dict[str, Text] = field(default_factory=dict)
    failing: list[CheckOutcome] = field(default_factory=list)

    @property
    def with_reason(self) -> int:
        """How many changed cells somebody said something about."""
        return sum(bool(one.reasons or self.said_of(code)) for code, one in self.changes.items())

    @property
    def doubts(self) -> int:
        """How many checks and jumps are to be looked at."""
        return len(self.failing) + len(self.jumps)

    def said_of(self, code: str) -> list[CheckOutcome]:
        """The failing checks that read a cell and were explained."""
        return [one for one in self.doubts_of(code) if one.remark]

    def doubts_of(self, code: str) -> list[CheckOutcome]:
        """The failing checks that read a cell."""
        return [one for one in self.failing if code in one.codes]


# A submitted return is held against the submission before; one that is being mended against the latest.
_CHANGED = """
    WITH last AS MATERIALIZED (
        SELECT at FROM return_step WHERE report_id = %(report)s AND act = 'submit'
        ORDER BY number DESC LIMIT 1 OFFSET %(skipped)s
    ), version AS MATERIALIZED (
        SELECT g.id, g.indicator, g.state, g.value, g.source, g.superseded_by, g.superseded_at
        FROM last, figure_superseded g
        WHERE g.unit = %(unit)s AND g.period = %(period)s AND g.superseded_at > last.at
            AND g.indicator IN (SELECT indicator_id FROM return_form_item WHERE form_id = %(form)s)
        UNION ALL
        SELECT NULL, f.indicator, f.state, f.value, f.source, NULL, NULL
        FROM last, figure f JOIN figure_source s ON s.id = f.source
        WHERE f.unit = %(unit)s AND f.period = %(period)s AND s.recorded_at > last.at
            AND f.indicator IN (SELECT indicator_id FROM return_form_item WHERE form_id = %(form)s)
    )
    SELECT v.indicator, v.state, v.value, s.recorded_at <= last.at, v.superseded_at IS NULL,
        coalesce(s.recorded_by, ''), s.recorded_at, coalesce(n.recorded_by, ''), v.superseded_at,
        ARRAY(
            SELECT m.text FROM figure_remark m
            WHERE m.unit = %(unit)s AND m.period = %(period)s AND m.source = v.source
                AND m.check_code = %(restatement)s AND m.written_at > last.at
        )
    FROM last CROSS JOIN version v
    LEFT JOIN figure_source s ON s.id = v.source
    LEFT JOIN figure_source n ON n.id = v.superseded_by
    ORDER BY v.indicator, v.id NULLS LAST
"""


def changes(report: Return, now_there: Mapping[int, Answer]) -> dict[int, Change]:
    """The cells, by indicator id, that are not what was last submitted; none before that. One query.

    `now_there` is what stands. A cell that was changed and changed back is none.
    """
    asked: dict[str, Any] = {
        "report": report.pk,
        "form": report.form_id,
        "unit": report.unit_id,
        "period": report.period_id,
        "skipped": int(State(report.state) in STANDING),
        "restatement": RESTATEMENT,
    }
    found: dict[int, Change] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, asked)
        for indicator, state, value, stood, stands, by, at, next_by, next_at, said in cursor.fetchall():
            so_far = found.get(indicator, Change(EMPTY, "", report.deadline.opens_at, ()))
            before = Answer(FigureState(state), value) if stood else so_far.before
            who, when = (by, at) if stands else (next_by, next_at)
            found[indicator] = Change(before, who, when, (*so_far.reasons, *said))
    return {id_: one for id_, one in found.items() if one.before != now_there.get(id_, EMPTY)}


def weigh(
    codes: Mapping[int, str],
    now_there: Mapping[int, Answer],
    last: Mapping[int, Answer],
    changed: Mapping[int, Change],
    outcomes: Sequence[CheckOutcome],
) -> Review:
    """All of it together; answers and changes by indicator id, `codes` of the indicators asked for."""
    found = Review({codes[id_]: one for id_, one in changed.items() if id_ in codes})
    found.failing = [one for one in outcomes if one.holds is False]
    read = {code for one in found.failing for code in one.codes}
    for id_, code in codes.items():
        here, before = now_there.get(id_, EMPTY).value, last.get(id_, EMPTY).value
        was = changed[id_].before.value if id_ in changed else None
        if code in read:
            continue
        if is_jump(before, here):
            found.jumps[code] = THAN_LAST
        elif is_jump(was, here):
            found.jumps[code] = THAN_SUBMITTED
    return found


def review(report: Return) -> Review:
    """What is to be seen before deciding on a return. About eight queries."""
    window = decode(report.period_id)
    own = calendar(window.calendar)
    previous = own.previous(window)
    last_id = own.period_ids(previous)[0] if previous else 0
    asked = items(report.form_id)
    stored = answers(report.unit_id, [report.period_id, last_id], asked)
    there, last = (
        {id_: answer for (period, id_), answer in stored.items() if period == wanted}
        for wanted in (report.period_id, last_id)
    )
    codes = {item.indicator.id: item.code for item in asked}
    outcomes = checks_of(report.unit_id, report.period_id)
    return weigh(codes, there, last, changes(report, there), outcomes)
