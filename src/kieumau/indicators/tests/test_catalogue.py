"""Catalogues: what a file may say, and what loading does with what is stored already."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kieumau.formulas.catalogue import Type
from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.actions.catalogue import CatalogueRefused
from kieumau.indicators.catalogue import SHIPPED, read_catalogue
from kieumau.indicators.models import Indicator
from kieumau.indicators.queries import catalogue
from kieumau.indicators.tests.cast import CATALOGUE, Country
from kieumau.kernel.messages import Refused


def write(folder: Path, text: str) -> Path:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_catalogues_are_sound(path: Path) -> None:
    definitions = read_catalogue(path, {})
    assert len(definitions) > 30
    assert all(one.source for one in definitions)
    assert [one.code for one in definitions if one.name.vi == one.name.en] == []


def test_nature_decides_how_figures_add_up_over_time(country: Country) -> None:
    assert country.indicators["crime.solved"].over_time == "sum"
    assert country.indicators["people"].over_time == "last"
    assert country.indicators["crime.clearance"].type is Type.SHARE


BAD = """
code: sai
title: {vi: Sai, en: Wrong}
defaults:
  measure: {vi: vụ, en: cases}
  polarity: neutral
  reported: {calendar: civil, kind: month}
indicators:
  - {code: a, name: {vi: A, en: A}, nature: flow}
  - {code: a, name: {vi: A, en: A}, nature: flow}
  - {code: b, name: {vi: B, en: B}, nature: flow, reported: {calendar: lunar, kind: month}}
  - {code: c, name: {vi: C, en: C}, nature: flow, reported: {calendar: teams, kind: week}}
  - {code: d, name: {vi: D, en: D}}
  - {code: e, name: {vi: E, en: E}, nature: flow, formula: f + 1}
  - {code: f, name: {vi: F, en: F}, nature: flow, formula: e + 1}
  - {code: g, name: {vi: G, en: G}, nature: flow, formula: a + nosuch}
"""


def test_every_problem_in_one_pass_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_catalogue(write(tmp_path, BAD), {})
    found = {(problem.code, problem.place.row) for problem in refused.value.problems}
    assert {
        ("repeated-code", 10),
        ("unknown-calendar", 11),
        ("unknown-period-kind", 12),
        ("missing-key", 13),
        ("unknown-indicator", 16),
    } <= found
    assert ("circular-definition", 14) in found or ("circular-definition", 15) in found


def test_an_unknown_key_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_catalogue(write(tmp_path, CATALOGUE.replace("polarity: bad", "polarty: bad")), {})
    (problem,) = refused.value.problems
    assert problem.code == "unknown-key"
    assert problem.place.row == 10
    assert problem.hint is not None
    assert "polarity" in problem.hint.en


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refused, match="vn-commune"):
        read_catalogue("vn-comune", {})


@pytest.mark.django_db
def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    first = load_catalogue("vn-commune")
    again = load_catalogue("vn-commune")
    assert len(first.added) == Indicator.objects.count()
    assert (again.added, again.changed, again.unchanged) == ((), (), len(first.added))


def test_a_correction_keeps_ids_and_reaches_the_cache(country: Country, tmp_path: Path) -> None:
    before = country.indicators["crime.solved"]
    loaded = load_catalogue(write(tmp_path, CATALOGUE.replace("Vụ làm rõ", "Vụ đã làm rõ")))
    after = catalogue()["crime.solved"]
    assert loaded.changed == ("crime.solved",)
    assert (after.id, after.name.vi) == (before.id, "Vụ đã làm rõ")


def test_the_catalogue_is_read_once(country: Country) -> None:
    catalogue()
    with CaptureQueriesContext(connection) as queries:
        catalogue()
    assert len(queries) == 1


def test_what_figures_were_counted_by_cannot_change(country: Country, tmp_path: Path) -> None:
    changed = CATALOGUE.replace("nature: stock", "nature: flow")
    load_catalogue(write(tmp_path, changed))  # no figures yet
    load_catalogue(write(tmp_path, CATALOGUE))
    country.record(("2025-01", "C11", "people", Decimal(7)))
    with pytest.raises(CatalogueRefused) as refused:
        load_catalogue(write(tmp_path, changed))
    assert [problem.code for problem in refused.value.problems] == ["indicator-has-figures"]
    assert "people" in refused.value.problems[0].reason.en
    assert catalogue()["people"].nature == "stock"


def test_a_code_belongs_to_one_catalogue(country: Country, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        load_catalogue(write(tmp_path, CATALOGUE.replace("code: mau", "code: khac")))
    assert {problem.code for problem in refused.value.problems} == {"code-taken"}
