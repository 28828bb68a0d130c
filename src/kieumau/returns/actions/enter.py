"""Entering figures: what a person typed becomes figures, cell by cell, and nothing of another's is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import connection, transaction

from kieumau.accounts.models import User
from kieumau.indicators.actions import open_source, record_figures, remove_figures
from kieumau.kernel.messages import Problem
from kieumau.returns import rules
from kieumau.returns.actions.decide import locked, refuse
from kieumau.returns.cells import EMPTY, Answer, try_read
from kieumau.returns.models import Return
from kieumau.returns.queries import Item, answers, items
from kieumau.returns.rules import Act, State


@dataclass(frozen=True, slots=True)
class Typed:
    """What a cell holds now, and what it held when the person was shown it, both as typed."""

    text: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two people changed the same cell: what stands there, and what this person typed."""

    theirs: Answer
    mine: Answer
    by: str
    at: datetime | None


@dataclass(slots=True)
class Entered:
    """What came of entering, by indicator code. What has a problem or a conflict was not stored."""

    version: int
    saved: dict[str, Answer] = field(default_factory=dict)
    problems: dict[str, list[Problem]] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)


@transaction.atomic
def enter(
    return_id: int, typed: Mapping[str, Typed], *, actor: User, now: datetime, language: str = "vi"
) -> Entered:
    """Store the cells that changed; totals have them at once.

    A cell that somebody else changed meanwhile is a conflict and stays as it is; one that cannot be read
    has problems. Codes that the form does not ask for are passed over. An emptied cell removes its figure.
    Raises `NotAllowed`. Cost: about 20 ms for 150 cells.
    """
    report = locked(return_id, now)
    now_in = rules.stage(report.deadline.opens_at, report.locks_at, now)
    refuse(rules.refusals(Act.ENTER, State(report.state), now_in))
    asked = {item.code: item for item in items(report.form_id)}
    stored = answers(report.unit_id, [report.period_id], asked.values())
    entered = Entered(report.version)
    wanted: dict[str, Answer] = {}
    for code, cell in typed.items():
        if (item := asked.get(code)) is not None:
            stands = stored.get((report.period_id, item.indicator.id), EMPTY)
            _weigh(entered, wanted, item, cell, stands, language)
    if entered.conflicts:
        _say_who(entered, report, asked)
    if wanted:
        _store(report, wanted, asked, stored, actor, now)
        report.version += 1
        report.save(update_fields=["version"])
        entered.version, entered.saved = report.version, wanted
    return entered


def _weigh(
    entered: Entered, wanted: dict[str, Answer], item: Item, cell: Typed, stands: Answer, language: str
) -> None:
    """Is the cell to be stored, unchanged, wrong, or somebody else's by now?"""
    mine, problems = try_read(cell.text, language, item.indicator)
    was, _ = try_read(cell.was, language, item.indicator)
    if mine is not None and mine in (stands, was):
        return
    if was != stands and mine is not None:
        entered.conflicts[item.code] = Conflict(theirs=stands, mine=mine, by="", at=None)
    elif mine is None:
        entered.problems[item.code] = problems
    else:
        wanted[item.code] = mine


def _say_who(entered: Entered, report: Return, asked: Mapping[str, Item]) -> None:
    """Who wrote what stands in the cells that conflict, and when. One query."""
    ids = {asked[code].indicator.id: code for code in entered.conflicts}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.indicator, s.recorded_by, s.recorded_at "
            "FROM figure f JOIN figure_source s ON s.id = f.source "
            "WHERE f.period = %s AND f.unit = %s AND f.indicator = ANY(%s)",
            [report.period_id, report.unit_id, list(ids)],
        )
        for indicator, by, at in cursor.fetchall():
            found = entered.conflicts[ids[indicator]]
            entered.conflicts[ids[indicator]] = replace(found, by=by, at=at)


def _store(
    report: Return,
    wanted: Mapping[str, Answer],
    asked: Mapping[str, Item],
    stored: Mapping[tuple[int, int], Answer],
    actor: User,
    now: datetime,
) -> None:
    """One source for everything saved together."""
    source = open_source(name=f"{report.form_code}/{report.period_id}", actor=actor, recorded_at=now)
    place = (report.period_id, report.unit_id)
    rows = [
        (*place, asked[code].indicator.id, answer.state, answer.value)
        for code, answer in wanted.items()
        if answer.state is not None
    ]
    gone = [
        (*place, asked[code].indicator.id)
        for code, answer in wanted.items()
        if answer.state is None and (report.period_id, asked[code].indicator.id) in stored
    ]
    if rows:
        record_figures(rows, source=source)
    if gone:
        remove_figures(gone, source=source)
