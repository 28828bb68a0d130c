"""The shipped sets, judged: Circular 124 on invented communes, London on its real figures."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kieumau.assessments import queries
from kieumau.assessments.actions import assess_all
from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome
from kieumau.assessments.sentences import counts_sentence
from kieumau.calendars.library import calendar, window
from kieumau.criteria.actions import load_set
from kieumau.criteria.files import shipped
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.formulas.values import State
from kieumau.formulas.windows import Window
from kieumau.indicators.actions import load_catalogue, open_source, record_figures
from kieumau.indicators.models import Indicator
from kieumau.kernel.tests.published import ABSENT, LONDON, published
from kieumau.kernel.text import slug
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

NOW = datetime(2026, 1, 10, tzinfo=UTC)
MET, NOT_MET, NOT_DUE = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_DUE
NOT_JUDGED = Outcome.NOT_JUDGED

pytestmark = pytest.mark.django_db


def test_every_shipped_set_loads_and_says_its_status() -> None:
    for catalogue in ("vn-commune", "london"):
        load_catalogue(catalogue, actor="test")
    for name in shipped():
        published = load_set(name, actor="test", now=NOW)
        said = definition(published)
        assert published.code == name
        assert said.left_out, f"{name} says what it leaves out"
        assert {said.verification_of(criterion) for criterion in said.criteria}
    assert definition(CriteriaSet.objects.get(code="london-wards")).verification == "unverified"


def units(*codes: str, register: str, kind: str, above: str, root: str) -> dict[str, int]:
    """A root, one province and communes, by code."""
    tree = [("N", root, ""), ("P", above, "N"), *((code, kind, "P") for code in codes)]
    rows = [
        {"code": code, "name": code, "kind": kind, "parent": parent, "valid_from": "2020-01-01"}
        for code, kind, parent in tree
    ]
    load_rows(rows, actor=None, register=register)
    return dict(Term.objects.values_list("code", "unit_id"))


# What a commune is like in every month of the year judged.
SOUND = {
    "initiatives.running": 2,
    "areas.total": 25,
    "areas.meeting": 25,
    "areas.registered": 25,
    "areas.recognised": 18,
    "agencies.total": 4,
    "agencies.registered": 4,
    "agencies.recognised": 3,
    "firms.total": 10,
    "firms.registered": 10,
    "firms.recognised": 7,
    "schools.total": 3,
    "schools.registered": 3,
    "schools.recognised": 3,
    "officers.disciplined": 0,
}
# Commune → what is different there, and the criteria it fails.
COMMUNES: dict[str, tuple[dict[str, int], set[str]]] = {
    "sound": ({}, set()),
    "16-of-25": ({"areas.recognised": 16}, {"4.2"}),
    "disciplined": ({"officers.disciplined": 1}, {"3.2"}),
    "one-area-off": ({"areas.meeting": 24, "areas.registered": 24}, {"2.1", "4.1"}),
    "no-initiative": ({"initiatives.running": 0}, {"1.4"}),
    "few-firms": ({"firms.recognised": 4}, {"4.3"}),
}


def nd09_months(first: str, last: str) -> list[int]:
    """Ids of the reporting months from one to another."""
    nd09 = calendar("nd09")
    run = nd09.windows("month", nd09.window(first), nd09.window(last))
    return [nd09.period_ids(one)[0] for one in run]


def test_circular_124() -> None:
    """From 16 November 2024 to 15 November 2025, on reporting months that end on the 14th."""
    load_catalogue("vn-commune", actor="test")
    unit_ids = units(*COMMUNES, register="vn", kind="phuong", above="tinh", root="quoc-gia")
    indicators = dict(Indicator.objects.values_list("code", "id"))
    rows = [
        (month, unit_ids[commune], indicators[code], State.VALUE, Decimal(value))
        for commune, (different, _) in COMMUNES.items()
        for month in nd09_months("2024-12", "2025-11")
        for code, value in (SOUND | different).items()
    ]
    record_figures(rows, source=open_source(name="returns", recorded_at=NOW))
    tt124 = load_set("tt124-commune", actor="test", now=NOW)
    year = window("tt124-commune:2025")
    waiting = {"1.1", "1.2", "1.3", "3.1"}
    for on, open_as in ((date(2025, 3, 1), NOT_DUE), (date(2025, 11, 15), NOT_JUDGED)):
        assess_all(criteria_set=tt124, window=year, on=on, now=NOW)
        for commune, (_, failed) in COMMUNES.items():
            found = outcomes(tt124, year, unit_ids[commune])
            assert {code for code, one in found.items() if one is open_as} >= waiting
            if open_as is NOT_JUDGED:
                assert {code for code, one in found.items() if one is NOT_MET} == failed
                assert {code for code, one in found.items() if one is MET} == set(found) - failed - waiting
    judged = queries.assessment(tt124, year, unit_ids["sound"])
    assert judged.outcome == NOT_JUDGED
    assert counts_sentence(queries.counts(judged), "en") == "6 of 10 met, 4 not yet judged"
    explained = queries.explain(
        criteria_set=tt124,
        criterion_code="4.2",
        unit_id=unit_ids["16-of-25"],
        window=year,
        language="vi",
    )
    assert "16" in explained.sentence
    assert "64 %" in explained.sentence
    # The reporting months lie a day off the year of the circular, and it says so.
    assert explained.figures[0].days == (date(2024, 11, 15), date(2025, 11, 14))


def outcomes(criteria_set: CriteriaSet, period: Window, unit_id: int) -> dict[str, Outcome]:
    """The outcomes of a unit by the code of the criterion."""
    judged = queries.assessment(criteria_set, period, unit_id)
    return {
        criterion.code: Outcome(judged.outcomes[criterion.position - 1])
        for criterion in criteria_set.criteria.all()
    }


FIGURES = published(LONDON)
SAMPLE = 25  # every so many wards


def london_rows() -> Iterator[tuple[str, str, str, dict[str, int]]]:
    """Ward, major and minor offence, counts by month (`202407`), of some wards."""
    assert FIGURES is not None
    with FIGURES.open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    chosen = set(sorted({row["WardCode"] for row in table})[::SAMPLE])
    for row in table:
        if row["WardCode"] in chosen:
            counts = {key: int(value) for key, value in row.items() if key.isdigit()}
            yield row["WardCode"], row["MajorText"], row["MinorText"], counts


HALVES = {
    "2023-H2": ("202307", "202312"),
    "2024-H1": ("202401", "202406"),
    "2024-H2": ("202407", "202412"),
    "2025-H1": ("202501", "202506"),
}


def by_hand(now: Counter[str], ago: Counter[str]) -> list[bool]:
    """The ten criteria of the example, worked out without the product (whole numbers only)."""
    total = now["all"]
    return [
        total <= ago["all"],
        now["BURGLARY"] * 100 <= ago["BURGLARY"] * 95,
        now["VEHICLE OFFENCES"] * 100 <= ago["VEHICLE OFFENCES"] * 95,
        now["ROBBERY"] <= ago["ROBBERY"],
        now["ARSON AND CRIMINAL DAMAGE"] <= ago["ARSON AND CRIMINAL DAMAGE"],
        now["VIOLENCE AGAINST THE PERSON"] * 100 < total * 28,
        now["VIOLENCE WITH INJURY"] * 100 <= total * 8,
        now["BURGLARY"] * 100 <= total * 8,
        now["THEFT FROM THE PERSON"] * 100 <= total * 10,
        now["PUBLIC ORDER OFFENCES"] * 100 < total * 6,
    ]


@pytest.mark.skipif(FIGURES is None, reason=ABSENT)
def test_london_agrees_with_a_sum_made_by_hand() -> None:
    rows = list(london_rows())
    wards = sorted({ward for ward, *_ in rows})
    sums = {(ward, half): Counter[str]() for ward in wards for half in HALVES}
    given: dict[tuple[str, str, str], int] = {}
    for ward, major, minor, counts in rows:
        for month, count in counts.items():
            half = next(name for name, (first, last) in HALVES.items() if first <= month <= last)
            sums[ward, half].update({"all": count, major: count, minor: count})
            given[ward, f"{slug(major)}.{slug(minor)}", month] = count
    load_catalogue("london", actor="test")
    unit_ids = units(*wards, register="gss", kind="ward", above="borough", root="city")
    indicators = Indicator.objects.filter(formula="")
    months = sorted({month for _, _, month in given})
    civil = calendar("civil")
    record_figures(
        (
            (
                civil.period_ids(civil.window(f"{month[:4]}-{month[4:]}"))[0],
                unit_ids[ward],
                indicator.pk,
                State.VALUE,
                Decimal(given.get((ward, indicator.code, month), 0)),
            )
            for ward in wards
            for indicator in indicators
            for month in months
        ),
        source=open_source(name="London", recorded_at=NOW),
    )
    example = load_set("london-wards", actor="test", now=NOW)
    results = Counter[int]()
    for half, ago in (("2024-H2", "2023-H2"), ("2025-H1", "2024-H1")):
        period = window(f"civil:{half}")
        assess_all(criteria_set=example, window=period, on=NOW.date(), now=NOW)
        for ward in wards:
            found = [one is MET for one in outcomes(example, period, unit_ids[ward]).values()]
            assert found == by_hand(sums[ward, half], sums[ward, ago]), (ward, half)
            results[queries.assessment(example, period, unit_ids[ward]).outcome] += 1
    assert set(results) == {MET, NOT_MET}, "a set that everybody meets, or nobody, says nothing"
    assert Assessment.objects.count() == 2 * len(wards)
