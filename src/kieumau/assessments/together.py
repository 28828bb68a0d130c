"""Several versions of sets over the same communes from one query, figures themselves left behind.

For trying a draft beside the version in force: what both ask is asked once, and only conditions and
states travel. The rules are those of `judging`, asked once for every case that occurs: a criterion's
outcome follows from its conditions and the states of its figures, so thousands of units are a few
dozen cases. Only where a condition is unknown and a figure does not apply the figures themselves are
needed to tell why; units of which that is so are read again in the ordinary way.
"""

from collections.abc import Callable, Collection, Sequence
from operator import itemgetter
from typing import Any

from kieumau.assessments import rules
from kieumau.assessments.judging import Prepared, Reading, Verdict
from kieumau.assessments.reading import all_units
from kieumau.assessments.rules import Outcome
from kieumau.assessments.setting import Setting
from kieumau.criteria.rules import Points
from kieumau.formulas.compile import add_columns
from kieumau.formulas.tree import Node
from kieumau.formulas.values import NO_FACTS, State
from kieumau.indicators.set_based import Wide, rows, wide_table
from kieumau.units.models import Level

UNCLEAR = 0  # no outcome: why a condition is unknown cannot be told from states


def can_be_together(settings: Sequence[Setting]) -> bool:
    """Whether `verdicts` may be asked: sets of communes that rest on figures and count no points."""
    first = settings[0]
    return all(
        one.level == Level.COMMUNE
        and (one.last_day, one.slack_days) == (first.last_day, first.slack_days)
        and not isinstance(one.definition.rule, Points)
        and not (one.placed.facts or one.placed.belows or one.placed.asked_criteria)
        for one in settings
    )


def verdicts(settings: Sequence[Setting]) -> list[dict[int, Verdict]]:
    """For each setting its verdicts by unit, the same as judging one setting after the other gives.

    Verdicts that are equal are one object. One query over all units, and one per setting for the units
    it applies to; another one for a setting with units that have to be read again. Raises ValueError
    where `can_be_together` says no.
    """
    if not can_be_together(settings):
        raise ValueError("these settings cannot be judged by one query")
    operands = dict.fromkeys(operand for one in settings for operand in one.placed.operands)
    first = settings[0]
    wide = wide_table(operands, on=first.last_day, slack_days=first.slack_days)
    trees = dict.fromkeys(
        tree
        for one in settings
        for each in one.placed.trees
        for tree in (each.formula, each.applies_if)
        if tree is not None
    )
    names = {tree: f"c{index}" for index, tree in enumerate(trees)}
    table = add_columns(wide.table, {name: tree for tree, name in names.items()}, wide.values)
    columns = ["unit_id", *names.values(), *wide.states.values()]
    places = {name: place for place, name in enumerate(columns)}
    readers = [_Reader(one, wide, names, places) for one in settings]
    applying = [one.unit_ids() for one in settings]
    found: list[dict[int, Verdict]] = [{} for _ in settings]
    unclear: list[set[int]] = [set() for _ in settings]
    for row in rows(table.select(*columns)):
        unit_id = row[0]
        for reader, units, judged, again in zip(readers, applying, found, unclear, strict=True):
            if unit_id in units:
                cases = reader.cases(row)
                if UNCLEAR in cases:
                    again.add(unit_id)
                else:
                    judged[unit_id] = reader.verdict(cases)
    for setting, reader, judged, again in zip(settings, readers, found, unclear, strict=True):
        if again:
            judged.update(_read_again(setting, reader, again))
    return found


def _read_again(setting: Setting, reader: "_Reader", unit_ids: Collection[int]) -> dict[int, Verdict]:
    """The verdicts on some units from their figures."""
    readings = all_units(setting.placed, within=None, on=setting.last_day, slack_days=setting.slack_days)
    return {
        reading.unit_id: reader.verdict(bytes(setting.judged(reading).verdict.outcomes))
        for reading in readings
        if reading.unit_id in unit_ids
    }


class _Reader:
    """Judges rows by one setting; remembers what it found for every case."""

    def __init__(self, setting: Setting, wide: Wide, names: dict[Node, str], places: dict[str, int]) -> None:
        self._rule = setting.definition.rule
        self._verdicts: dict[bytes, Verdict] = {}
        states = [places[wide.states[operand]] for operand in setting.placed.operands]
        self._criteria = [
            _case(
                prepared,
                places[names[trees.formula]] if trees.formula else None,
                places[names[trees.applies_if]] if trees.applies_if else None,
                states,
            )
            for prepared, trees in zip(setting.judge.criteria, setting.placed.trees, strict=True)
        ]

    def cases(self, row: Sequence[Any]) -> bytes:
        """What each criterion comes out as for the unit of a row; `UNCLEAR` where that cannot be told."""
        return bytes([outcome(row) for outcome in self._criteria])

    def verdict(self, cases: bytes) -> Verdict:
        """The verdict that these outcomes make."""
        if (known := self._verdicts.get(cases)) is None:
            outcomes = tuple(map(Outcome, cases))
            known = self._verdicts[cases] = Verdict(outcomes, (), rules.result(self._rule, outcomes))
        return known


def _case(
    prepared: Prepared, condition: int | None, applies: int | None, states: Sequence[int]
) -> Callable[[Sequence[Any]], int]:
    """What a criterion comes out as for a row, worked out once for every case."""
    asked = [states[place] for place in prepared.places]
    if condition is None and applies is None:
        settled = prepared.outcome(Reading(), [], NO_FACTS).value
        return lambda row: settled
    case_of = itemgetter(*(place for place in (condition, applies) if place is not None), *asked)
    known: dict[Any, int] = {}

    def outcome(row: Sequence[Any]) -> int:
        case = case_of(row)
        if (found := known.get(case)) is None:
            reading = Reading(
                condition=None if condition is None else row[condition],
                applies=True if applies is None else row[applies],
            )
            known[case] = found = prepared.outcome(reading, [], NO_FACTS).value
            if found == Outcome.NO_DATA and any(row[place] == State.NOT_APPLICABLE for place in asked):
                known[case] = found = UNCLEAR
        return found

    return outcome
