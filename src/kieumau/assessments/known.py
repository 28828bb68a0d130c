"""What formulas ask of units beside figures: their class, what other sets said, the units below them.

The same is read in two ways: for some units as values, and as SQL for every commune at once.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Protocol

import ibis.expr.datatypes as dt

from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome
from kieumau.calendars.library import calendar as calendar_of
from kieumau.calendars.rules import Calendar
from kieumau.criteria.applying import class_column
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import Placed
from kieumau.criteria.rules import Definition
from kieumau.formulas.compile import add_columns
from kieumau.formulas.compiling import ALL, MET, OPEN_COUNT
from kieumau.formulas.evaluate import tally_below
from kieumau.formulas.exact import NUMERIC
from kieumau.formulas.tree import Below
from kieumau.formulas.values import Facts, Tally
from kieumau.formulas.windows import Fact, Window
from kieumau.indicators.queries import operand_values
from kieumau.indicators.set_based import Beside, rows, wide_table
from kieumau.kernel.messages import Refused
from kieumau.units.models import Level, Position, Term

Verdict = tuple[int, int]  # version of a set, period
Said = tuple[int, Decimal | None, Decimal | None]  # outcome, points, points possible


class Then(Protocol):
    """What was known at a moment of the verdicts of other sets."""

    @property
    def known_at(self) -> datetime:
        """The moment."""

    def was_judged(self, verdict: Verdict) -> bool:
        """Had anybody been judged by that version for that period?"""

    def said(
        self, verdict: Verdict, *, unit_ids: Collection[int] | None, within: str | None
    ) -> Mapping[int, Said]:
        """The verdicts on some units, or on all below a path."""


@dataclass(frozen=True)
class Asking:
    """Answers what the formulas of one version, placed over one window, ask as of the window's last day.

    As known now, or `then`.
    """

    definition: Definition
    placed: Placed
    on: date
    then: Then | None = None

    @cached_property
    def verdicts(self) -> Mapping[Fact, Verdict]:
        """Which version and period each fact about another set means; none where there is none."""
        facts = (*self.placed.facts, *self.placed.facts_below)
        found = {fact: verdict_of(fact, self.then) for fact in facts}
        return {fact: verdict for fact, verdict in found.items() if verdict}

    @property
    def known_at(self) -> datetime | None:
        """The moment whose knowledge is asked for; None: now."""
        return self.then.known_at if self.then else None

    # As values

    def of_units(self, facts: Collection[Fact], unit_ids: Collection[int]) -> dict[int, Facts]:
        """What is known of each unit, the units below it apart. A query for classes, one per verdict."""
        found: dict[int, dict[Fact, str | Decimal | Tally]] = {unit_id: {} for unit_id in unit_ids}
        for fact in facts:
            for unit_id, value in self._values(fact, unit_ids):
                found[unit_id][fact] = value
        return dict(found)

    def _values(self, fact: Fact, unit_ids: Collection[int]) -> Iterator[tuple[int, str | Decimal]]:
        if fact.kind == "unit":
            terms = Term.objects.filter(unit__in=unit_ids, valid__contains=self.on)
            for unit_id, kind in terms.values_list("unit_id", "kind_id"):
                if word := self.definition.class_of(kind):
                    yield unit_id, word
        elif fact in self.verdicts:
            for unit_id, said in self._said(self.verdicts[fact], unit_ids).items():
                if (value := _value(fact, said)) is not None:
                    yield unit_id, value

    def _said(self, verdict: Verdict, unit_ids: Collection[int]) -> Mapping[int, Said]:
        if self.then:
            return self.then.said(verdict, unit_ids=unit_ids, within=None)
        version, period = verdict
        judged = Assessment.objects.filter(criteria_set=version, period=period, unit__in=unit_ids)
        rows = judged.values_list("unit", "outcome", "points", "points_possible")
        return {unit_id: (outcome, points, possible) for unit_id, outcome, points, possible in rows}

    def tallies(
        self, unit_ids: Collection[int], *, within: str | None, slack_days: int
    ) -> dict[int, dict[Fact, Tally]]:
        """How the conditions about the units one level down come out, for each of `unit_ids`.

        Communes are read by one query, the few units above them one by one.
        """
        belows = [below for below in self.placed.belows if below.fact]
        if not belows:
            return {unit_id: {} for unit_id in unit_ids}
        children = Term.objects.filter(valid__contains=self.on, parent__in=unit_ids)
        parents = dict(children.values_list("unit_id", "parent_id"))
        standing = Position.objects.filter(unit__in=parents, valid__contains=self.on)
        levels = standing.values_list("unit_id", "level")
        communes = {unit_id for unit_id, level in levels if level == Level.COMMUNE}
        outcomes = list(self._of_communes(belows, within, slack_days, communes)) if communes else []
        others = sorted(parents.keys() - communes)
        facts = self.of_units(self.placed.facts_below, others)
        for unit_id in others:
            values = operand_values(
                unit_id, self.placed.operands_below, slack_days=slack_days, as_known_at=self.known_at
            )
            tallied = [tally_below(below.condition, [(unit_id, values, facts[unit_id])]) for below in belows]
            outcomes.append((unit_id, [None if one.open else bool(one.met) for one in tallied]))
        return _tallied(unit_ids, belows, parents, outcomes)

    def _of_communes(
        self, belows: Sequence[Below], within: str | None, slack_days: int, communes: Collection[int]
    ) -> Iterator[tuple[int, Sequence[bool | None]]]:
        facts = self.placed.facts_below
        wide = wide_table(
            self.placed.operands_below,
            within=within,
            on=self.on,
            slack_days=slack_days,
            beside=self.columns(facts, within),
            as_known_at=self.known_at,
        )
        wanted = {f"b{index}": below.condition for index, below in enumerate(belows)}
        names = {fact: column_of(index) for index, fact in enumerate(facts)}
        table = add_columns(wide.table, wanted, wide.values, names)
        for row in rows(table.select("unit_id", *wanted)):
            if row[0] in communes:
                yield row[0], row[1:]

    # As SQL

    def columns(self, facts: Sequence[Fact], within: str | None = None) -> dict[str, Beside]:
        """SQL of every fact for the unit `w.unit_id`, by the name of its column.

        Communes have nothing below them: the three counts of such a condition are zero. Of other sets only
        the verdicts below the path `within` need to be known.
        """
        found: dict[str, Beside] = {}
        for index, fact in enumerate(facts):
            name = column_of(index)
            if fact.kind == "children":
                found |= {name + part: Beside("0::numeric", NUMERIC) for part in (MET, OPEN_COUNT, ALL)}
            elif fact.kind == "unit":
                found[name] = Beside(class_column(self.definition.unit_classes, self.on), dt.string)
            else:
                kind = "text" if fact.kind == "result" else "numeric"
                read = self._known_sql if self.then else self._verdict_sql
                found[name] = Beside(read(fact, kind, within), dt.string if kind == "text" else NUMERIC)
        return found

    def _verdict_sql(self, fact: Fact, kind: str, within: str | None) -> str:
        """What is stored, for every unit of the country."""
        if fact not in self.verdicts:
            return f"NULL::{kind}"
        column = "CASE WHEN a.points = a.points_possible THEN a.points END"
        if fact.kind == "result":
            words = " ".join(f"WHEN {outcome:d} THEN '{outcome.key}'" for outcome in Outcome)
            column = f"CASE a.outcome {words} END"
        version, period = self.verdicts[fact]
        return (
            f"(SELECT {column} FROM assessment a WHERE a.criteria_set_id = {version:d}"
            f" AND a.period = {period:d} AND a.unit = w.unit_id)"
        )

    def _known_sql(self, fact: Fact, kind: str, within: str | None) -> str:
        """What was known then, as one object of JSON: its keys are in order, so finding one is quick."""
        if self.then is None or fact not in self.verdicts:
            return f"NULL::{kind}"
        said = self.then.said(self.verdicts[fact], unit_ids=None, within=within)
        values = {unit_id: _value(fact, one) for unit_id, one in said.items()}
        # Numbers and the words of outcomes: nothing in them needs quoting.
        text = json.dumps({str(unit_id): str(one) for unit_id, one in values.items() if one is not None})
        return f"('{text}'::jsonb ->> w.unit_id::text)::{kind}"


def _value(fact: Fact, said: Said) -> str | Decimal | None:
    """The word of a verdict, or its points where they are certain."""
    outcome, points, possible = said
    if fact.kind == "result":
        return Outcome(outcome).key
    return points if points is not None and points == possible else None


def column_of(index: int) -> str:
    """The column of a fact, by its place among the facts asked for."""
    return f"k{index}"


def _tallied(
    unit_ids: Collection[int],
    belows: Sequence[Below],
    parents: Mapping[int, int],
    outcomes: Iterable[tuple[int, Sequence[bool | None]]],
) -> dict[int, dict[Fact, Tally]]:
    """The outcomes of the units below, counted by the unit above; nothing for one without any."""
    found: dict[int, list[dict[bool | None, list[int]]]] = defaultdict(
        lambda: [{True: [], False: [], None: []} for _ in belows]
    )
    for unit_id, conditions in outcomes:
        for counted, outcome in zip(found[parents[unit_id]], conditions, strict=True):
            counted[outcome].append(unit_id)
    return {
        unit_id: {
            below.fact: Tally(*(tuple(sorted(counted[outcome])) for outcome in (True, False, None)))
            for below, counted in zip(belows, found[unit_id], strict=True)
            if below.fact and any(counted.values())
        }
        for unit_id in unit_ids
    }


def verdict_of(fact: Fact, then: Then | None = None) -> Verdict | None:
    """The version and the period of another set that ends last within the fact's window.

    As known now or `then`: the highest version in force on its last day by which anybody was judged;
    where nobody was by any, the highest in force. So a version that is issued and not yet used takes no
    verdict away.
    """
    if fact.kind not in ("result", "points") or fact.window is None:
        return None
    bounds = calendar_of(fact.window.calendar).bounds(fact.window)
    unused: Verdict | None = None
    versions = CriteriaSet.objects.filter(code=fact.name).order_by("-version")
    if then:
        versions = versions.filter(loaded_at__lte=then.known_at)
    for found in versions:
        calendar = calendar_of(found.calendar)
        period = last_within(calendar, found.period_kind, *bounds)
        if period and calendar.last_day(period) in found.in_force:
            [period_id] = calendar.period_ids(period)
            if _is_used((found.pk, period_id), then):
                return found.pk, period_id
            unused = unused or (found.pk, period_id)
    return unused


def _is_used(verdict: Verdict, then: Then | None) -> bool:
    if then:
        return then.was_judged(verdict)
    return Assessment.objects.filter(criteria_set=verdict[0], period=verdict[1]).exists()


def last_within(calendar: Calendar, kind: str, starts_on: date, ends_before: date) -> Window | None:
    """The period that ends last between two days; None where none does."""
    last_day = ends_before - timedelta(days=1)
    try:
        if calendar.tiles_year(kind):
            around = calendar.containing(kind, last_day)
            candidates = [around, calendar.previous(around)]
        else:
            year = calendar.containing("year", last_day).last[0]
            candidates = [calendar.period(kind, one, 1) for one in (year, year - 1)]
    except Refused:
        return None
    for period in candidates:
        if period and starts_on < calendar.bounds(period)[1] <= ends_before:
            return period
    return None
