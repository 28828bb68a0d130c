"""Reads: forms and their items, the answers of a unit, what it owes, who is late, and the rates."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from kieumau.formulas.values import State as FigureState
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Text
from kieumau.returns.cells import EMPTY, Answer
from kieumau.returns.models import Form, FormItem, Return
from kieumau.returns.rules import Rates, Timeliness, timeliness
from kieumau.units.queries import AFTER_ALL_PATHS


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a form."""

    code: str
    group: Text
    indicator: Definition


def newest_forms() -> list[Form]:
    """The newest version of every form. One query."""
    return list(Form.objects.order_by("code", "-version").distinct("code"))


# The lines of a form never change; what the catalogue says of them may, and then it is another object.
_lines: dict[int, tuple[Mapping[str, Definition], tuple[Item, ...]]] = {}


def items(form_id: int, known: Mapping[str, Definition] | None = None) -> tuple[Item, ...]:
    """The lines of a form in order. One query when a process first asks; a small one without `known`.

    `known` is the catalogue, where the caller has just read it.
    """
    known = catalogue() if known is None else known
    kept = _lines.get(form_id)
    if kept is None or kept[0] is not known:
        kept = _lines[form_id] = (known, _items(form_id, known))
    return kept[1]


def _items(form_id: int, known: Mapping[str, Definition]) -> tuple[Item, ...]:
    by_id = {one.id: one for one in known.values()}
    rows = FormItem.objects.filter(form_id=form_id).values_list("indicator_id", "group_vi", "group_en")
    return tuple(Item(by_id[id_].code, Text(vi=vi, en=en), by_id[id_]) for id_, vi, en in rows)


def answers(unit_id: int, periods: Collection[int], asked: Iterable[Item]) -> dict[tuple[int, int], Answer]:
    """What the unit's cells hold, by period and indicator id; empty cells are left out. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT period, indicator, state, value FROM figure "
            "WHERE unit = %s AND period = ANY(%s) AND indicator = ANY(%s)",
            [unit_id, list(periods), [item.indicator.id for item in asked]],
        )
        return {
            (period, indicator): Answer(FigureState(state), value)
            for period, indicator, state, value in cursor.fetchall()
        }


def unanswered(report: Return) -> list[tuple[str, Text]]:
    """The lines of the return without an answer, in order, with their names. Three queries."""
    asked = items(report.form_id)
    stored = answers(report.unit_id, [report.period_id], asked)
    return [
        (item.code, item.indicator.name)
        for item in asked
        if stored.get((report.period_id, item.indicator.id), EMPTY) == EMPTY
    ]


def owed_by(unit_id: int) -> QuerySet[Return]:
    """Every return of a unit, the latest period first, with its deadline. One query."""
    rows = Return.objects.filter(unit_id=unit_id).select_related("deadline", "form", "period")
    return rows.order_by("-deadline__opens_at", "form_code")


# rates --------------------------------------------------------------------------------------------

# Where a return stood at a moment is the state after its last step by then. What is asked of a period is
# never later than its lock: unlocking a return changes no rate.
_STOOD = """
    coalesce((
        SELECT s.state IN {states} FROM return_step s
        WHERE s.report_id = r.id AND s.at {until}
        ORDER BY s.number DESC LIMIT 1
    ), false)
"""
_HERE = "('submitted', 'accepted')"
_STANDINGS = f"""
    SELECT r.province_id, r.is_owed, d.due_at <= %(at)s AS is_due,
        {_STOOD.format(states=_HERE, until="< least(d.due_at, %(at)s + interval '1 microsecond')")}
            AS stood_when_due,
        {_STOOD.format(states=_HERE, until="<= %(at)s AND s.at < d.locks_at")} AS stands,
        {_STOOD.format(states="('sent_back')", until="<= %(at)s AND s.at < d.locks_at")} AS is_sent_back,
        r.deadline_id, r.id
    FROM figure_return r JOIN return_deadline d ON d.id = r.deadline_id
    WHERE r.deadline_id = ANY(%(deadlines)s) AND r.path >= %(within)s AND r.path < %(end)s
"""
_COUNTED = f"""
    SELECT deadline_id, {{place}}, is_owed, is_due, stood_when_due, stands, count(*),
        count(*) FILTER (WHERE is_sent_back AND is_owed)
    FROM ({_STANDINGS}) standing GROUP BY 1, 2, 3, 4, 5, 6
"""


def rates(
    deadlines: Sequence[int], at: datetime, within: str = "", *, by_province: bool = False
) -> dict[tuple[int, int | None], Rates]:
    """The rates of deadlines as of a moment, by deadline and province (None: all together).

    `within` is a path: only that subtree, as it stood when the periods were opened. One query.
    """
    place = "province_id" if by_province else "NULL::int"
    found: dict[tuple[int, int | None], dict[Timeliness, int]] = {}
    sent_back: dict[tuple[int, int | None], int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(place=place), _asked(deadlines, at, within))
        for deadline, province, is_owed, is_due, stood_when_due, stands, count, back in cursor.fetchall():
            kind = timeliness(is_owed=is_owed, is_due=is_due, stood_when_due=stood_when_due, stands=stands)
            counts = found.setdefault((deadline, province), {})
            counts[kind] = counts.get(kind, 0) + count
            sent_back[deadline, province] = sent_back.get((deadline, province), 0) + back
    return {key: Rates(counts, sent_back[key]) for key, counts in found.items()}


def standings(deadlines: Sequence[int], at: datetime, within: str = "") -> dict[int, Timeliness]:
    """How every return of the deadlines stood at a moment, by its id. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, _asked(deadlines, at, within))
        return {
            id_: timeliness(is_owed=is_owed, is_due=is_due, stood_when_due=stood, stands=stands)
            for _, is_owed, is_due, stood, stands, _, _, id_ in cursor.fetchall()
        }


def _asked(deadlines: Sequence[int], at: datetime, within: str) -> dict[str, Any]:
    return {"deadlines": list(deadlines), "at": at, "within": within, "end": within + AFTER_ALL_PATHS}
