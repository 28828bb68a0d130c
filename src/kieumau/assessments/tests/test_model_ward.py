"""A model ward on 12 October 2023, as it was reported: 18 of 22 criteria met, the other 4 not yet due."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kieumau.assessments import queries
from kieumau.assessments.actions import assess_unit
from kieumau.assessments.rules import Counts, Outcome
from kieumau.assessments.sentences import counts_sentence
from kieumau.calendars.library import calendar, window
from kieumau.criteria.actions import load_set
from kieumau.criteria.models import CriteriaSet
from kieumau.formulas.values import State
from kieumau.indicators.actions import load_catalogue, open_source, record_figures
from kieumau.indicators.models import Indicator
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

pytestmark = pytest.mark.django_db

NINE_MONTHS = window("nd09:2023-9M")
INSPECTED_ON = date(2023, 10, 12)
NOW = datetime(2023, 10, 12, 8, tzinfo=UTC)

# Nine months as published: crime down by nearly 17 %, 79.5 % solved (very serious 97 %), every report
# handled. The counts behind the shares are made up. Flows are given as nine months' totals.
FLOWS_NOW = {
    "crime.very-serious": 33,
    "crime.serious": 20,
    "crime.property": 90,
    "crime.violence": 30,
    "crime.other": 27,
    "crime.solved": 159,
    "crime.very-serious-solved": 32,
    "tips.received": 120,
    "tips.resolved": 120,
    "traffic.accidents": 8,
    "fire.count": 1,
    "fire.inspections": 30,
    "fire.drills": 2,
    "residence.applications": 900,
    "residence.on-time": 891,
    "services.online": 810,
    "patrols": 180,
    "petitions.received": 40,
    "petitions.on-time": 39,
    "officers.disciplined": 0,
}
FLOWS_AGO = {
    "crime.very-serious": 40,
    "crime.serious": 25,
    "crime.property": 105,
    "crime.violence": 38,
    "crime.other": 32,
    "traffic.accidents": 9,
    "fire.count": 2,
}
STOCKS = {
    "areas.total": 10,
    "areas.registered": 10,
    "areas.recognised": 8,
    "agencies.total": 5,
    "agencies.registered": 5,
    "firms.total": 40,
    "firms.registered": 37,
    "schools.total": 4,
    "schools.registered": 4,
    "initiatives.running": 3,
    "teams.total": 10,
}
YEAR_END = {"6", "18", "20", "22"}
NOTHING_DIFFERENT: dict[str, int] = {}


def judged(on: date, different: dict[str, int]) -> tuple[CriteriaSet, int, Counts]:
    """The set, the ward and its counts on a day; some figures of the nine months differ."""
    load_catalogue("vn-commune", actor="test")
    tree = [("N", "quoc-gia", ""), ("P", "tinh", "N"), ("W", "phuong", "P")]
    load_rows(
        [
            {"code": code, "name": code, "kind": kind, "parent": parent, "valid_from": "2020-01-01"}
            for code, kind, parent in tree
        ],
        actor=None,
        register="m",
    )
    ward = Term.objects.get(code="W").unit_id
    indicators = dict(Indicator.objects.values_list("code", "id"))
    nd09 = calendar("nd09")
    now, ago = FLOWS_NOW | STOCKS | different, FLOWS_AGO
    rows = []
    for year, figures in ((2023, now), (2022, ago)):
        for month in range(1, 10):
            [period] = nd09.period_ids(nd09.window(f"{year}-{month:02}"))
            for code, value in figures.items():
                given = value if code in STOCKS or month == 9 else 0
                rows.append((period, ward, indicators[code], State.VALUE, Decimal(given)))
    record_figures(rows, source=open_source(name="returns", recorded_at=NOW))
    model = load_set("model-ward-2023", actor="test", now=NOW)
    found = assess_unit(criteria_set=model, window=NINE_MONTHS, unit_id=ward, on=on, now=NOW)
    return model, ward, queries.counts(found)


def outcomes(model: CriteriaSet, ward: int) -> dict[str, Outcome]:
    """The ward's outcomes by criterion."""
    found = queries.assessment(model, NINE_MONTHS, ward)
    return {one.code: Outcome(found.outcomes[one.position - 1]) for one in model.criteria.all()}


def test_eighteen_of_twenty_two_and_the_others_not_yet_due() -> None:
    model, ward, counts = judged(INSPECTED_ON, NOTHING_DIFFERENT)
    assert counts_sentence(counts, "en") == "18 of 22 met, 4 not yet due"
    assert counts_sentence(counts, "vi") == "Đạt 18/22 tiêu chí, 4 chưa đến hạn"
    found = outcomes(model, ward)
    assert {code for code, outcome in found.items() if outcome is Outcome.NOT_DUE} == YEAR_END
    said = {
        code: queries.explain(
            criteria_set=model, criterion_code=code, unit_id=ward, window=NINE_MONTHS, language="vi"
        ).sentence
        for code in ("13", "14", "15", "22")
    }
    assert "16,67 %" in said["13"]
    assert "79,5 %" in said["14"]
    assert "96,97 %" in said["15"]
    assert "14/12/2023" in said["22"]


@pytest.mark.parametrize(
    ("different", "failed"),
    [
        ({"crime.property": 130}, {"13", "14"}),
        ({"tips.resolved": 100}, {"16"}),
        ({"firms.registered": 40, "agencies.registered": 4, "areas.recognised": 6}, {"2"}),
        ({"officers.disciplined": 1, "fire.drills": 0}, {"10", "21"}),
    ],
)
def test_a_worse_ward(different: dict[str, int], failed: set[str]) -> None:
    """What can be measured is due when the nine months are over."""
    model, ward, counts = judged(INSPECTED_ON, different)
    found = outcomes(model, ward)
    assert {code for code, outcome in found.items() if outcome is Outcome.NOT_MET} == failed
    assert counts.met == 18 - len(failed)


def test_at_the_end_of_the_year_people_have_to_decide() -> None:
    _, _, counts = judged(date(2023, 12, 14), NOTHING_DIFFERENT)
    assert counts_sentence(counts, "en") == "18 of 22 met, 4 not yet judged"
