"""What a page says of nearness: criteria of a unit, the nearest first; units one step away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from kieumau.assessments.nearest import OneStep, by_nearness, class_reached, points_short
from kieumau.assessments.page_units import UnitRow
from kieumau.assessments.queries import Explanation
from kieumau.assessments.reading import facts_from, operands_from
from kieumau.assessments.rules import Outcome
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition, placed
from kieumau.criteria.rules import CriterionDefinition, Points
from kieumau.criteria.trees import FrozenCatalogue
from kieumau.formulas.needs import needs
from kieumau.formulas.windows import Window
from kieumau.indicators.catalogue import Definition
from kieumau.kernel.messages import Text

MOST_TRIED = 60
MOST_SHOWN = 12


def nearest_criteria(explained: Sequence[Explanation]) -> list[Explanation]:
    """The unmet criteria that figures can still meet, the nearest first."""
    away = ((index, one.distance) for index, one in enumerate(explained) if one.distance)
    return [explained[index] for index in by_nearness(away)]


@dataclass(frozen=True, slots=True)
class NearUnit:
    """A unit that one figure keeps from a better result: what is needed, and what comes of it."""

    row: UnitRow
    criterion: CriterionDefinition
    title: Text
    needs: str
    outcome: Outcome
    class_name: Text | None


def nearest_units(
    rows: Iterable[UnitRow],
    criteria_set: CriteriaSet,
    window: Window,
    known: Mapping[str, Definition],
) -> list[NearUnit]:
    """The units one step from meeting the set or from its next class, the nearest first; at most twelve.

    Of sets with points only the sixty that lack the fewest points are looked at. No query once the
    version is in memory.
    """
    says = definition(criteria_set)
    catalogue = FrozenCatalogue(known, criteria_set.derived)
    search = OneStep(says, placed(criteria_set, window), catalogue, window)
    tried = [row for row in rows if row.operands is not None and row.judged_on is not None]
    if isinstance(says.rule, Points):
        tried = sorted(tried, key=lambda row: points_short(says, row.points))[:MOST_TRIED]
    language = get_language() or "vi"
    names = {item.code: item.name.text() for item in getattr(says.rule, "classes", ())}
    found = []
    for row in tried:
        if row.operands is None or row.judged_on is None:
            continue
        near = search.of(operands_from(row.operands), row.judged_on, facts_from(row.operands))
        if near is not None:
            unit = NearUnit(
                row,
                near.criterion,
                near.criterion.title.text(),
                needs(near.distance, catalogue, language),
                near.after.outcome,
                names.get(class_reached(says, near.after)),
            )
            found.append((near.nearness, row.sort_key, row.unit_id, unit))
    found.sort(key=lambda one: one[:3])
    return [unit for *_, unit in found[:MOST_SHOWN]]
