"""Sets of the library on invented figures: points, levels, another set's result, areas as units."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kieumau.assessments.actions import assess_all, assess_unit
from kieumau.assessments.models import Assessment
from kieumau.assessments.queries import explain
from kieumau.assessments.rules import Outcome
from kieumau.calendars.library import calendar, window
from kieumau.criteria.actions import load_set
from kieumau.criteria.models import CriteriaSet
from kieumau.formulas.values import State
from kieumau.formulas.windows import Window
from kieumau.indicators.actions import open_source, record_figures
from kieumau.indicators.models import Indicator
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_shipped")]

NOW = datetime(2027, 1, 10, tzinfo=UTC)
# Reporting months from November 2023 to December 2026: enough for every calendar and the year before.
FIRST, LAST = "2023-11", "2026-12"


def place(kind: str, figures: Mapping[str, int]) -> int:
    """The id of a unit of a kind that reports the same figures every month."""
    tree = [("N", "quoc-gia", ""), ("P", "tinh", "N"), ("U", kind, "P")]
    load_rows(
        [
            {"code": code, "name": code, "kind": its_kind, "parent": parent, "valid_from": "2020-01-01"}
            for code, its_kind, parent in tree
        ],
        actor=None,
        register="vn",  # Circular 124 is for units of this register
    )
    unit = Term.objects.get(code="U").unit_id
    nd09 = calendar("nd09")
    indicators = dict(Indicator.objects.values_list("code", "id"))
    record_figures(
        (
            (nd09.period_ids(month)[0], unit, indicators[code], State.VALUE, Decimal(value))
            for month in nd09.windows("month", nd09.window(FIRST), nd09.window(LAST))
            for code, value in figures.items()
        ),
        source=open_source(name="returns", recorded_at=NOW),
    )
    return unit


def judged(name: str, period: Window, unit: int) -> tuple[CriteriaSet, Assessment]:
    """A shipped set, and its verdict on a unit when all is due."""
    published = load_set(name, actor="test", now=NOW)
    found = assess_unit(criteria_set=published, window=period, unit_id=unit, on=date(2027, 2, 1), now=NOW)
    return published, found


def points(published: CriteriaSet, found: Assessment) -> dict[str, Decimal | None]:
    """The points of each criterion; None while they are open."""
    given = found.criterion_points or []
    return {one.code: given[one.position - 1] for one in published.criteria.all()}


def outcomes(published: CriteriaSet, found: Assessment) -> dict[str, Outcome]:
    """The outcome of each criterion."""
    return {one.code: Outcome(found.outcomes[one.position - 1]) for one in published.criteria.all()}


QUIET = dict.fromkeys(
    (
        "crime.very-serious",
        "crime.serious",
        "crime.property",
        "crime.violence",
        "crime.other",
        "fire.count",
        "traffic.deaths",
        "officers.disciplined",
        "conciliation.cases",
        "conciliation.settled",
    ),
    0,
)
STANDING = {
    "initiatives.running": 1,
    "areas.total": 25,
    "areas.registered": 24,
    "areas.recognised": 16,
    "teams.total": 20,
    "patrols": 15,
    "agencies.total": 4,
    "agencies.recognised": 3,
    "firms.total": 10,
    "firms.recognised": 6,
    "schools.total": 3,
    "schools.recognised": 3,
}

# What is different in a quiet commune, and the points of the criteria that it changes.
MOVEMENT: list[tuple[dict[str, int], dict[str, str]]] = [
    ({}, {"1.d": "3", "2.a": "3", "2.b": "4", "2.c": "4", "2.d": "6", "3.a": "24", "3.b": "6", "4.a": "1.5"}),
    ({}, {"4.b": "6", "5.b": "0"}),
    ({"areas.registered": 25, "initiatives.running": 5}, {"1.d": "5", "2.a": "6"}),
    ({"areas.recognised": 18}, {"4.a": "3", "5.b": "0"}),
    ({"areas.recognised": 23}, {"4.a": "6", "5.b": "4"}),
    ({"areas.recognised": 23, "fire.count": 1}, {"3.a": "18", "4.a": "6", "5.b": "0"}),
    ({"fire.count": 2, "traffic.deaths": 1, "officers.disciplined": 1}, {"3.a": "6"}),
    ({"crime.property": 4}, {"3.a": "24", "3.b": "3"}),
    ({"conciliation.cases": 4, "conciliation.settled": 3}, {"2.d": "3"}),
]


@pytest.mark.parametrize(("different", "expected"), MOVEMENT)
def test_points_of_the_movement(different: dict[str, int], expected: dict[str, str]) -> None:
    unit = place("xa", QUIET | STANDING | different)
    given = points(*judged("movement-510", window("nd09:2025"), unit))
    assert {code: given[code] for code in expected} == {k: Decimal(v) for k, v in expected.items()}


TEAMS = {
    "teams.youngest-months": 12,
    "teams.tasks-assigned": 100,
    "teams.tasks-done": 96,
    "teams.reports-due": 4,
    "teams.reports-on-time": 4,
    "teams.disciplined": 0,
    "teams.rated-good": 10,
    "teams.rated-excellent": 2,
    "teams.heads-above": 0,
}
# What is different, the points that are certain, those that are possible (patrols are judged by people).
LEVELS: list[tuple[dict[str, int], int, int]] = [
    ({}, 90, 100),
    ({"teams.tasks-done": 95}, 80, 90),  # more than 95 % is asked, not 95 %
    ({"teams.tasks-done": 84}, 70, 80),
    ({"teams.tasks-done": 60}, 50, 60),
    ({"teams.reports-on-time": 3}, 70, 80),
    ({"teams.rated-excellent": 3}, 80, 90),  # 3 of 10 is above 20 %
    ({"teams.heads-above": 1, "teams.disciplined": 1}, 70, 80),
]


@pytest.mark.parametrize(("different", "sure", "possible"), LEVELS)
def test_levels_of_teams(different: dict[str, int], sure: int, possible: int) -> None:
    _, found = judged("team-rating-2026", window("teams:2026"), place("phuong", TEAMS | different))
    assert (found.points, found.points_possible) == (Decimal(sure), Decimal(possible))


def test_teams_younger_than_nine_months_are_not_rated() -> None:
    unit = place("phuong", TEAMS | {"teams.youngest-months": 8})
    _, found = judged("team-rating-2026", window("teams:2026"), unit)
    assert found.outcome == Outcome.NOT_APPLICABLE


SAFE = QUIET | {
    "initiatives.running": 1,
    "areas.total": 5,
    "areas.meeting": 5,
    "areas.registered": 5,
    "areas.recognised": 3,  # 60 %: Circular 124 is not met
    "agencies.total": 1,
    "agencies.registered": 1,
    "agencies.recognised": 1,
    "firms.total": 1,
    "firms.registered": 1,
    "firms.recognised": 1,
    "schools.total": 1,
    "schools.registered": 1,
    "schools.recognised": 1,
    "teams.total": 5,
    "tips.received": 0,
    "tips.resolved": 0,
    "traffic.accidents": 1,
}


def test_the_new_rural_set_asks_for_the_result_of_circular_124() -> None:
    unit, year = place("xa", SAFE), window("tt124-commune:2025")
    published, found = judged("ntm-security", year, unit)
    assert outcomes(published, found)["1"] is Outcome.NO_DATA, "Circular 124 was not judged yet"
    circular = load_set("tt124-commune", actor="test", now=NOW)
    assess_all(criteria_set=circular, window=year, on=date(2027, 2, 1), now=NOW)
    published, found = judged("ntm-security", year, unit)
    given = outcomes(published, found)
    assert {code for code, outcome in given.items() if outcome is Outcome.NOT_MET} == {"1"}
    assert {code for code, outcome in given.items() if outcome is Outcome.MET} == {"4", "5", "7", "8"}
    assert given["6"] is Outcome.NOT_APPLICABLE, "there were no reports to resolve"


def test_a_neighborhood_that_is_a_unit() -> None:
    figures = QUIET | {"households": 300, "households.registered": 299, "traffic.accidents": 0}
    unit, year = place("neighborhood", figures), window("tt124-area:2025")
    published, found = judged("residential-area-tt124", year, unit)
    given = outcomes(published, found)
    assert (given["1"], given["4"]) == (Outcome.NOT_MET, Outcome.MET)
    said = explain(criteria_set=published, criterion_code="1", unit_id=unit, window=year, language="en")
    assert said.figures[0].days == (date(2024, 11, 15), date(2025, 11, 14))
