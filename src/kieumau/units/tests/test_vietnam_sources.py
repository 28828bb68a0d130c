"""One province alone, and what the sources say: the package, our corrections, the statistics office."""

import csv
from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest

from kieumau.kernel.messages import Refused
from kieumau.kernel.tests.published import ABSENT, OFFICE, published
from kieumau.kernel.text import tidy
from kieumau.units import queries
from kieumau.units.actions import load_vietnam
from kieumau.units.models import Change, Unit
from kieumau.units.vietnam import _shares, new_key, vietnam
from kieumau.units.vietnam_sources import Correction, read_acts, read_corrections, read_country

BEFORE, REFORM = date(2025, 6, 30), date(2025, 7, 1)
TABLE = published(OFFICE)


def test_an_unknown_province_is_refused_with_a_suggestion() -> None:
    with pytest.raises(Refused) as refused:
        vietnam(["can tho"])
    (problem,) = refused.value.problems
    assert problem.code == "unknown-province"
    assert problem.hint is not None
    assert "92" in problem.hint.vi


@pytest.mark.django_db
def test_one_province_with_all_its_past() -> None:
    load_vietnam(["92"], actor=None)
    assert {term.name for term in queries.terms(BEFORE, level=1)} == {"Cần Thơ", "Hậu Giang", "Sóc Trăng"}
    assert {term.code for term in queries.terms(REFORM, level=0)} == {"VN"}
    assert queries.terms(REFORM, level=3).count() == 103
    assert queries.terms(REFORM, level=2).count() == 0
    assert Unit.objects.filter(terms=None).count() == 0
    assert not load_vietnam(["92"], actor=None).changed
    more = load_vietnam(["46"], actor=None)
    assert more.changed
    assert more.terms_removed == 0
    assert queries.terms(REFORM, level=1).count() == 2
    assert Change.objects.filter(is_recorded=True).count() == 0


# Old codes at which the office's table contradicts itself: a wrong code in its own column (two names
# for one code), or one part of a divided commune left out.
OFFICE_ERRORS = {"00553", "00556", "01615", "02485"}


@pytest.mark.skipif(TABLE is None, reason=ABSENT)
def test_lineage_agrees_with_the_statistics_office() -> None:
    assert TABLE is not None
    office: dict[str, set[str]] = defaultdict(set)
    with TABLE.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            old, new = (tidy(row[place]) for place in (4, 2))
            if old.isdigit() and new.isdigit():
                office[old].add(new)
    assert len(office) == 10_033
    ours = read_country().successors
    different = {old for old, news in office.items() if set(ours[old]) != news}
    assert different == OFFICE_ERRORS, {old: (ours[old], office[old]) for old in different}
    missing = {old for old in read_country().old_communes if old not in office}
    assert missing == {"01651", "02482"}  # listed there under 01615 and 02485


def test_corrections_and_acts_speak_of_units_that_exist() -> None:
    country = read_country()
    for correction in read_corrections().lineage:
        assert correction.old in country.old_communes
        assert set(correction.new) <= set(country.communes)
    known = set(country.communes) | set(country.provinces)
    assert {code for act in read_acts().since for code in act.units} <= known
    assert set(read_acts().reform.communes.references) == set(country.provinces)


def test_shares_that_somebody_states_replace_even_ones() -> None:
    country = read_country()
    stated = Correction.model_validate(
        {"old": "31183", "new": ["31150", "31183"], "shares": [0.35, "0.65"], "basis": "people"}
    )
    assert sorted(country.successors["31183"]) == stated.new
    keys = {new: new_key(new) for new in stated.new}
    told = _shares("31183", stated.new, keys, replace(country, stated={"31183": stated}))
    assert [(share.successor, str(share.share), share.basis) for share in told] == [
        ("vn/31150@2025-07-01", "0.35", "people"),
        ("vn/31183@2025-07-01", "0.65", "people"),
    ]
    assert {share.basis for share in _shares("31183", stated.new, keys, country)} == {"even"}
    with pytest.raises(ValueError, match="2 successors, 1 shares"):
        Correction.model_validate({"old": "31183", "new": ["31150", "31183"], "shares": ["1"]})
