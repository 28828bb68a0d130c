"""Reads of verdicts: one unit's assessment, and why a criterion came out as it did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from kieumau.assessments.earlier import Earlier
from kieumau.assessments.models import Assessment
from kieumau.assessments.reading import facts_from, operands_from
from kieumau.assessments.rules import Counts, Outcome, Result, Score
from kieumau.assessments.sentences import because, outcome_word
from kieumau.assessments.setting import period_id
from kieumau.assessments.sources import UsedSource, sources
from kieumau.calendars.library import calendar as calendar_of
from kieumau.calendars.library import tile
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition, placed
from kieumau.criteria.rules import Basis, CriterionDefinition, Verification, due_on, nearest_hint
from kieumau.criteria.trees import FrozenCatalogue, Trees
from kieumau.formulas.distance import distance
from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.needs import needs
from kieumau.formulas.steps import Distance
from kieumau.formulas.trace import Trace
from kieumau.formulas.tree import Node
from kieumau.formulas.values import OperandValue
from kieumau.formulas.windows import Fact, Operand, Window
from kieumau.indicators.catalogue import Definition as IndicatorDefinition
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Problem, Refused, Text


def newest_set() -> int | None:
    """The id of the version by which a unit was judged last for the first time; None before any."""
    return Assessment.objects.order_by("-pk").values_list("criteria_set", flat=True).first()


def assessment(
    criteria_set: CriteriaSet, window: Window, unit_id: int, known_at: datetime | None = None
) -> Assessment:
    """The verdict on a unit: as it is stored, or as it was known at a moment (an unsaved row).

    Raises Refused where it was not judged, or not by then.
    """
    period = period_id(criteria_set, window)
    if known_at is None:
        found = Assessment.objects.filter(criteria_set=criteria_set, period=period, unit=unit_id).first()
    else:
        found = Earlier(known_at).verdict(criteria_set, window, unit_id)
    if found is None:
        label = calendar_of(window.calendar).label(window)
        if known_at is not None:
            raise Refused([_not_judged_by_then(criteria_set, label)])
        reason = Text(
            vi=f"Đơn vị chưa được xét theo {criteria_set.code}, {label.vi}.",
            en=f"The unit has not been judged by {criteria_set.code} for {label.en}.",
        )
        hint = Text(vi="Chạy kieumau assess trước.", en="Run kieumau assess first.")
        raise Refused([Problem("not-judged-yet", reason, hint)])
    return found


def _not_judged_by_then(criteria_set: CriteriaSet, label: Text) -> Problem:
    reason = Text(
        vi=f"Đến ngày đó đơn vị chưa được xét theo {criteria_set.code}, {label.vi}.",
        en=f"By that day the unit had not been judged by {criteria_set.code} for {label.en}.",
    )
    return Problem("not-judged-by-then", reason)


def counts(found: Assessment) -> Counts:
    """How many criteria of an assessment came out as what."""
    return Counts(*(getattr(found, f"{outcome.key}_count") for outcome in Outcome))


def result(found: Assessment) -> Result:
    """An assessment's result as the rules gave it."""
    score = None
    if found.points is not None and found.points_possible is not None:
        score = Score(Fraction(found.points), Fraction(found.points_possible))
    return Result(Outcome(found.outcome), counts(found), score, found.class_code)


@dataclass(frozen=True, slots=True)
class UsedFigure:
    """One figure a criterion was judged on, as it stood then, and where it came from.

    `days` are the first and last day of the reporting periods it was made of, where the set allows
    them to lie off the period asked for and they do; None where they fit.
    """

    operand: Operand
    name: Text
    period: Text
    days: tuple[date, date] | None
    value: OperandValue
    sources: tuple[UsedSource, ...]

    def as_dict(self, language: str) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "operand": self.operand.key,
            "name": self.name.in_(language),
            "period": self.period.in_(language),
            "days": self.days and [day.isoformat() for day in self.days],
            "state": self.value.state.name.lower(),
            "value": None if self.value.value is None else str(self.value.value),
            "sources": [source.as_dict() for source in self.sources],
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one criterion came out as it did, from the figures frozen with the verdict.

    `trace` is that of the formula, `applies` that of `applies_if`, `points` that of the points; each
    None where the criterion has no such formula. `distance` says what would make a formula true that
    is false now (None otherwise), `needs` says it in words. Words are in the language asked for.
    """

    set_code: str
    version: int
    criterion_code: str
    title: Text
    kind: str
    outcome: Outcome
    sentence: str
    language: str
    due_on: date
    judged_on: date
    judged_at: datetime
    verification: Verification
    basis: Basis | None
    trace: Trace | None
    applies: Trace | None
    points: Trace | None
    figures: tuple[UsedFigure, ...]
    distance: Distance | None = None
    needs: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON, words in the language asked for."""
        basis = None
        if self.basis is not None:
            article = self.basis.article.text().in_(self.language) if self.basis.article else ""
            basis = {"document": self.basis.document, "article": article}
        return {
            "set": self.set_code,
            "version": self.version,
            "criterion": self.criterion_code,
            "title": self.title.in_(self.language),
            "kind": self.kind,
            "outcome": self.outcome.key,
            "outcome_word": outcome_word(self.outcome, self.language),
            "sentence": self.sentence,
            "due_on": self.due_on.isoformat(),
            "judged_on": self.judged_on.isoformat(),
            "judged_at": self.judged_at.isoformat(),
            "verification": self.verification,
            "basis": basis,
            "figures": [figure.as_dict(self.language) for figure in self.figures],
            "trace": self.trace and self.trace.as_dict(),
            "applies": self.applies and self.applies.as_dict(),
            "points": self.points and self.points.as_dict(),
            "distance": self.distance and self.distance.as_dict(),
            "needs": self.needs,
        }


def explain(
    *,
    criteria_set: CriteriaSet,
    criterion_code: str,
    unit_id: int,
    window: Window,
    language: str,
    known_at: datetime | None = None,
) -> Explanation:
    """Why a criterion came out as it did for a unit: evaluated again from the frozen figures.

    `known_at` asks for the verdict known then. Raises Refused for an unknown criterion and for a unit that
    was not judged (by then).
    """
    index, criterion = _criterion(criteria_set, criterion_code)
    found = assessment(criteria_set, window, unit_id, known_at)
    return _Explaining(criteria_set, window, found, language).of(index, criterion)


def explain_found(
    found: Assessment,
    criteria_set: CriteriaSet,
    window: Window,
    language: str,
    known: Mapping[str, IndicatorDefinition] | None = None,
) -> list[Explanation]:
    """The same for every criterion, in order, of a verdict that was read (or worked out as of a moment).

    Figures come without their sources. `known` is the catalogue, where the caller has read it.
    """
    explaining = _Explaining(criteria_set, window, found, language, known)
    criteria = definition(criteria_set).criteria
    return [explaining.of(index, criterion, sourced=False) for index, criterion in enumerate(criteria)]


def _criterion(criteria_set: CriteriaSet, code: str) -> tuple[int, CriterionDefinition]:
    criteria = definition(criteria_set).criteria
    for index, criterion in enumerate(criteria):
        if criterion.code == code:
            return index, criterion
    name = criteria_set.code
    reason = Text(
        vi=f"Bộ {name} không có tiêu chí “{code}”.", en=f"The set {name} has no criterion “{code}”."
    )
    codes = [criterion.code for criterion in criteria]
    hint = nearest_hint(code, codes) or Text(vi=f"Có: {', '.join(codes)}.", en=f"It has: {', '.join(codes)}.")
    raise Refused([Problem("unknown-criterion", reason, hint)])


class _Explaining:
    """Explains criteria of one assessment; what they share is read once."""

    def __init__(
        self,
        criteria_set: CriteriaSet,
        window: Window,
        found: Assessment,
        language: str,
        known: Mapping[str, IndicatorDefinition] | None = None,
    ) -> None:
        self.criteria_set = criteria_set
        self.found = found
        self.language = language
        self.calendar = calendar_of(window.calendar)
        self.window = window
        self.definition = definition(criteria_set)
        self.trees = placed(criteria_set, window).trees
        self.values = operands_from(found.operands)
        codes = (criterion.code for criterion in self.definition.criteria)
        own = zip(codes, found.outcomes, strict=True)
        verdicts = {Fact("criterion", code): Outcome(outcome).key for code, outcome in own}
        self.facts = {**facts_from(found.operands), **verdicts}
        self.today = catalogue() if known is None else known
        self.catalogue = FrozenCatalogue(self.today, criteria_set.derived)

    def of(self, index: int, criterion: CriterionDefinition, *, sourced: bool = True) -> Explanation:
        """The explanation of one criterion."""
        trees, outcome = self.trees[index], Outcome(self.found.outcomes[index])
        trace, applies = self._trace(trees.formula), self._trace(trees.applies_if)
        bounds = self.calendar.bounds(self.window)
        due = due_on(criterion, *bounds)
        away = self._distance(trees.formula, trace, applies)
        return Explanation(
            set_code=self.criteria_set.code,
            version=self.criteria_set.version,
            criterion_code=criterion.code,
            title=criterion.title.text(),
            kind=criterion.kind,
            outcome=outcome,
            sentence=because(criterion, outcome, due, bounds, trace, applies, self.catalogue, self.language),
            language=self.language,
            due_on=due,
            judged_on=self.found.judged_on,
            judged_at=self.found.judged_at,
            verification=self.definition.verification_of(criterion),
            basis=self.definition.basis_of(criterion),
            trace=trace,
            applies=applies,
            points=self._trace(trees.points),
            figures=self._figures(trees, sourced=sourced),
            distance=away,
            needs=needs(away, self.catalogue, self.language) if away else "",
        )

    def _distance(self, formula: Node | None, trace: Trace | None, applies: Trace | None) -> Distance | None:
        """What would make a formula true that is false, where the criterion applies."""
        if formula is None or trace is None or trace.outcome is not False:
            return None
        if applies is not None and applies.outcome is not True:
            return None
        return distance(formula, self.values, self.catalogue, self.window, self.facts)

    def _trace(self, tree: Node | None) -> Trace | None:
        return evaluate_placed(tree, self.values, self.facts) if tree else None

    def _figures(self, trees: Trees, *, sourced: bool) -> tuple[UsedFigure, ...]:
        operands = trees.operands()
        found: Mapping[Operand, tuple[UsedSource, ...]] = {}
        if sourced:
            found = sources(
                self.found.unit,
                operands,
                self.today,
                slack_days=self.definition.figures_slack_days,
                known_at=self.found.judged_at,
            )
        return tuple(
            UsedFigure(
                operand=operand,
                name=self.catalogue[operand.indicator].name,
                period=calendar_of(operand.window.calendar).label(operand.window),
                days=self._days_off(operand),
                value=self.values[operand],
                sources=found.get(operand, ()),
            )
            for operand in operands
        )

    def _days_off(self, operand: Operand) -> tuple[date, date] | None:
        """First and last day of the reporting periods, where they are not those of the window."""
        indicator = self.today.get(operand.indicator)
        slack = self.definition.figures_slack_days
        if not slack or indicator is None:
            return None
        run = tile(operand.window, indicator.calendar, indicator.period_kind, slack)
        asked = calendar_of(operand.window.calendar).bounds(operand.window)
        if run is None or (used := calendar_of(indicator.calendar).bounds(run)) == asked:
            return None
        return used[0], used[1] - timedelta(days=1)
