"""One threshold of a draft moved: how many units would meet the set, redrawn at once.

The first time a draft is tried as it is written and each unit judged along the threshold (`threshold_steps`).
Both are kept in Django's cache, for the draft, the day, the figures and the tree as they are; after
that a value is looked up for every unit. Where a threshold reaches further than its own criterion (other
criteria ask for the verdict on it, it stands among other units') the draft is judged anew.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial
from hashlib import sha256
from typing import Any, TypeVar

from django.core.cache import cache

from kieumau.assessments import rules
from kieumau.assessments.known import Asking, column_of
from kieumau.assessments.rules import ZERO, Counts, Ending, Outcome, Score
from kieumau.assessments.setting import Setting
from kieumau.calendars.library import calendar as calendar_of
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import Placed, catalogue_of, definition
from kieumau.criteria.rules import Points
from kieumau.criteria.trees import Trees, texts
from kieumau.formulas.expanding import expand
from kieumau.formulas.parse import parse
from kieumau.formulas.tree import Node
from kieumau.formulas.values import Facts, OperandValue, State
from kieumau.formulas.windows import Operand, Window
from kieumau.indicators.queries import operand_values
from kieumau.indicators.set_based import rows, wide_table
from kieumau.trials.outcomes import provinces_of, seen
from kieumau.trials.standing import Standing, stands
from kieumau.trials.threshold_counts import Along, Gathering, Province, Slid, at
from kieumau.trials.threshold_steps import Adding, Step, Stepping, Steps, around, can_step, rising
from kieumau.trials.thresholds import (
    Rule,
    Threshold,
    check_value,
    literal_in,
    rule_with,
    thresholds,
)
from kieumau.trials.trying import try_set
from kieumau.units.models import Level

__all__ = ["Slid", "Threshold", "slide", "thresholds"]

SECONDS_KEPT = 600
STATES = tuple(State)
Values = Mapping[Operand, OperandValue]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class _Written:
    """The draft as it is written: of every unit its province, ending, outcomes of criteria, and scores."""

    units: Mapping[int, tuple[Province, Ending, bytes, tuple[Score, ...]]]


def slide(
    draft: CriteriaSet,
    window: Window,
    threshold: Threshold,
    value: Decimal,
    *,
    on: date,
    now: datetime,
    assume_answered: bool = False,
) -> Slid:
    """What `try_set` would count of the draft with `value` written in the threshold's place.

    `threshold` is one of `thresholds(draft)`; `value` of a share is a fraction of one. Reads only. Costs
    two small queries; the first time a trial besides, and a query for each threshold. Raises Refused
    for a window that is not a period of the draft, and for a value that makes no sound formula.
    """
    check_value(threshold, value)
    setting = Setting.of(draft, window, on, now, assume_answered=assume_answered)
    kept = _Kept(setting)
    written = kept.get("written", partial(_written, setting))
    if threshold.is_of_rule:
        of_rule = partial(_along_rule, setting, threshold, written)
        return at(value, kept.get(f"along:{threshold.place}", of_rule))
    stepping = _stepping(setting, threshold)
    if stepping is None:
        key = f"moved:{threshold.place}:{value.normalize()}"
        return kept.get(key, partial(_judged_anew, setting, threshold, value, written))
    make = partial(_along, setting, threshold, stepping, written)
    return at(value, kept.get(f"along:{threshold.place}", make))


def moved(draft: CriteriaSet, threshold: Threshold, value: Decimal) -> CriteriaSet:
    """The draft with `value` in the threshold's place; it is in no table."""
    says = definition(draft).canonical()
    if threshold.is_of_rule:
        *steps, last = threshold.path
        place: Any = says
        for step in steps:
            place = place[step]
        place[last] = int(value) if threshold.is_whole else str(value)
        return _unsaved(draft, says, threshold, value)
    criteria = says["criteria"]
    if not isinstance(criteria, list):
        raise TypeError("a definition has a list of criteria")
    one = next(each for each in criteria if each["code"] == threshold.criterion)
    holder, key = (one["points"], "formula") if threshold.field == "points" else (one, threshold.field)
    text = holder[key]
    holder[key] = text[: threshold.start] + threshold.spelled(value) + text[threshold.end :]
    return _unsaved(draft, says, threshold, value)


def _unsaved(
    draft: CriteriaSet, says: dict[str, object], threshold: Threshold, value: Decimal
) -> CriteriaSet:
    digest = sha256(f"{draft.digest} {threshold.place} {value.normalize()}".encode()).hexdigest()
    other = CriteriaSet(code=draft.code, version=draft.version, calendar=draft.calendar)
    other.period_kind, other.in_force = draft.period_kind, draft.in_force
    other.definition, other.derived, other.digest = says, draft.derived, digest
    return other


# What is kept


def _name(setting: Setting, standing: Standing) -> str:
    """A name for everything that a trial of the draft rests on."""
    own = (setting.criteria_set.digest, setting.window.key, setting.occasion.judged_on)
    parts = (*own, setting.assume_answered, *standing.facts)
    return sha256(" ".join(map(str, parts)).encode()).hexdigest()


class _Kept:
    """What is made for one state of things, in Django's cache; not kept while that is not settled."""

    def __init__(self, setting: Setting) -> None:
        standing = stands()
        self._name = _name(setting, standing)
        self._may_be_kept = standing.may_be_kept

    def get(self, key: str, make: Callable[[], Made]) -> Made:
        """What is kept under a key; made where it is not."""
        full = f"sliding:{key}:{self._name}"
        found: Made | None = cache.get(full) if self._may_be_kept else None
        if found is None:
            found = make()
            if self._may_be_kept:
                cache.set(full, found, SECONDS_KEPT)
        return found


def _written(setting: Setting) -> _Written:
    """The draft tried as it is written."""
    [found], [provinces] = seen([setting]), provinces_of([setting])
    return _Written(
        {
            unit_id: (provinces.get(unit_id), one.ending, one.codes, one.scores)
            for unit_id, one in found.items()
        }
    )


def _along(setting: Setting, threshold: Threshold, stepping: Stepping, written: _Written) -> Along:
    """Every unit along the threshold."""
    index = _index(setting, threshold)
    asked = {setting.judge.criteria[one].fact: one for one in setting.placed.asked_criteria}
    adding = _Adding(setting, index)
    along = Gathering(threshold)
    for unit_id, values, known in _figures(setting, setting.placed.trees[index], set(written.units)):
        province, ending, outcomes, scores = written.units[unit_id]
        facts = {**known, **{fact: Outcome(outcomes[one]).key for fact, one in asked.items()}}
        steps = stepping.steps(values, facts, adding.to(outcomes, scores))
        along.add(province, ending, steps)
    return along.done()


def _along_rule(setting: Setting, threshold: Threshold, written: _Written) -> Along:
    """Every unit along a number of the rule: what its criteria came out as is known."""
    rule, along = setting.definition.rule, Gathering(threshold)
    known: dict[tuple[bytes, Score], Steps] = {}
    for province, ending, codes, scores in written.units.values():
        total = Score(sum((one.sure for one in scores), ZERO), sum((one.possible for one in scores), ZERO))
        key = (bytes(sorted(codes)), total)
        if (steps := known.get(key)) is None:
            outcomes = tuple(map(Outcome, key[0]))
            bounds = _bounds_of_rule(rule, outcomes, total)
            steps = known[key] = Steps.of(
                bounds,
                [
                    Step(_ending_of(rule_with(rule, threshold, point), outcomes, (total,)))
                    for point in around(bounds)
                ],
            )
        along.add(province, ending, steps)
    return along.done()


def _bounds_of_rule(rule: Rule, outcomes: Sequence[Outcome], total: Score) -> list[Fraction]:
    """The least and the most criteria or points that a unit has."""
    if isinstance(rule, Points):
        return rising(total.sure, total.possible)
    counts = Counts.of(outcomes)
    return rising(counts.met, counts.met + counts.open)


def _ending_of(rule: Rule, outcomes: Sequence[Outcome], scores: Sequence[Score] = ()) -> Ending:
    return rules.ending(rule, rules.result(rule, outcomes, scores))


class _Adding:
    """What the set comes out as with another outcome of one criterion."""

    def __init__(self, setting: Setting, index: int) -> None:
        self._rule = setting.definition.rule
        self._points = setting.definition.criteria[index].points
        self._index = index
        self._known: dict[bytes, Ending] = {}

    def to(self, outcomes: bytes, scores: tuple[Score, ...]) -> Adding:
        """The function for a unit of which the other outcomes and scores are known."""
        return partial(self._added, outcomes, scores)

    def _added(
        self, outcomes: bytes, scores: tuple[Score, ...], outcome: Outcome, points: Fraction | None
    ) -> Ending:
        index = self._index
        found = outcomes[:index] + bytes([outcome]) + outcomes[index + 1 :]
        if isinstance(self._rule, Points):
            if self._points is None:
                raise ValueError("a set that counts points has points on every criterion")
            own = rules.score(outcome, self._points, points, self._rule)
            others = (*scores[:index], own, *scores[index + 1 :])
            return _ending_of(self._rule, tuple(map(Outcome, found)), others)
        ordered = bytes(sorted(found))  # without points their order does not matter
        if (known := self._known.get(ordered)) is None:
            known = self._known[ordered] = _ending_of(self._rule, tuple(map(Outcome, ordered)))
        return known


# Reading


def _stepping(setting: Setting, threshold: Threshold) -> Stepping | None:
    """Ready to judge units along the threshold; None where that would not be the whole truth."""
    index = _index(setting, threshold)
    if index in setting.placed.asked_criteria:
        return None
    text = next(
        text for field, _, text in texts(setting.definition.criteria[index]) if field == threshold.field
    )
    parsed = parse(text)
    literal = literal_in(parsed, text, threshold)
    if literal is None:
        raise ValueError(f"no number at {threshold.place}: it is a threshold of another text")
    trees = _with_tree(setting, index, threshold.field, parsed)
    if not can_step(literal, trees, threshold.field):
        return None
    places = {operand: place for place, operand in enumerate(setting.placed.operands)}
    return Stepping(threshold, literal, trees, setting.judge.criteria[index], places)


def _with_tree(setting: Setting, index: int, field: str, parsed: Node) -> Trees:
    """The placed formulas of a criterion, one of them made of a tree whose nodes the caller holds."""
    expanded = Trees(**{field: expand(parsed, catalogue_of(setting.criteria_set))})
    own = expanded.placed(setting.window, calendar_of(setting.window.calendar))
    return replace(setting.placed.trees[index], **{field: getattr(own, field)})


def _index(setting: Setting, threshold: Threshold) -> int:
    return setting.placed.codes.index(threshold.criterion)


def _figures(setting: Setting, trees: Trees, unit_ids: set[int]) -> Iterator[tuple[int, Values, Facts]]:
    """What one criterion asks of every unit: figures, and everything else but other criteria."""
    placed = Placed((trees,), trees.operands())
    asking = Asking(setting.definition, placed, setting.last_day)
    if setting.level != Level.COMMUNE:
        facts = asking.of_units(placed.facts, unit_ids)
        tallies = asking.tallies(unit_ids, within=None, slack_days=setting.slack_days)
        for unit_id in unit_ids:
            values = operand_values(unit_id, placed.operands, slack_days=setting.slack_days)
            yield unit_id, values, {**facts[unit_id], **tallies[unit_id]}
        return
    wide = wide_table(
        placed.operands,
        on=setting.last_day,
        slack_days=setting.slack_days,
        beside=asking.columns(placed.facts),
    )
    asked = [(fact, column_of(at)) for at, fact in enumerate(placed.facts) if fact.kind != "children"]
    columns = [wide.states[operand] for operand in placed.operands]
    columns += [wide.values[operand] for operand in placed.operands]
    count = len(placed.operands)
    for unit_id, *found in rows(wide.table.select("unit_id", *columns, *(name for _, name in asked))):
        if unit_id in unit_ids:
            pairs = zip(placed.operands, found[:count], found[count : 2 * count], strict=True)
            values = {operand: OperandValue(STATES[state], value) for operand, state, value in pairs}
            facts_of = zip(asked, found[2 * count :], strict=True)
            yield unit_id, values, {fact: known for (fact, _), known in facts_of if known is not None}


# Judging anew


def _judged_anew(setting: Setting, threshold: Threshold, value: Decimal, written: _Written) -> Slid:
    occasion = setting.occasion
    [tried] = try_set(
        moved(setting.criteria_set, threshold, value),
        [setting.window],
        on=occasion.judged_on,
        now=occasion.judged_at,
        assume_answered=setting.assume_answered,
    ).periods
    own = tried.criteria[_index(setting, threshold)].counts
    before = [ending for _, ending, _, _ in written.units.values()]
    was = Counts.of([one.outcome for one in before])
    was_classes = Counter(one.class_code for one in before if one.class_code is not None)
    changed = sum(
        Ending(unit.outcome, unit.class_code) != written.units[unit.unit_id][1] for unit in tried.units
    )
    return Slid(value, tried.counts, tried.by_province, was, changed, (), tried.classes, was_classes, own)
