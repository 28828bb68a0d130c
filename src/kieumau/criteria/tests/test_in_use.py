"""What a published set names keeps its meaning, figures or not."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kieumau.calendars.library import window
from kieumau.criteria import queries
from kieumau.criteria.actions import load_set
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.tests.sets import MEASURED, SMALL
from kieumau.formulas.values import State
from kieumau.formulas.windows import Operand
from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.actions.catalogue import CatalogueRefused
from kieumau.indicators.queries import operand_values
from kieumau.indicators.tests.cast import CATALOGUE, Country

NAMES = MEASURED.replace(
    "areas.recognised / areas.total >= 70%", "crime.clearance >= 70% and people > 0 and rank > 0"
)

# what is edited                       to                                        what the refusal names
EDITS = [
    ("nature: stock", "nature: flow", "nature"),
    ("nature: stock", "nature: stock, over_time: sum", "over time"),
    ("nature: stock", "nature: stock, over_units: none", "over units"),
    ("nature: stock", "nature: stock, share: true", "share"),
    ("nature: stock", "nature: stock, reported: {calendar: civil, kind: quarter}", "kind of period"),
    ("nature: stock", "nature: stock, reported: {calendar: nd09, kind: month}", "calendar"),
    ("nature: stock", "nature: stock, formula: rank + 1", "becoming derived"),
    ("over_units: none", "over_units: sum", "over units"),
    ("en: Crimes solved}}", "en: Crimes solved}, formula: rank + 1}", "becoming derived"),
    ("    formula: crime.solved / crime.occurred}", "}", "becoming reported"),
    ("share: true, decimals: 2,", "decimals: 2,", "share"),
]
HARMLESS = [
    ("vi: Nhân khẩu", "vi: Dân số"),
    ("measure: {vi: người, en: people}", "measure: {vi: dân, en: persons}"),
    ("crime.solved / crime.occurred", "crime.solved / (crime.occurred + 1)"),
    (
        "vi: Vụ cháy, en: Fires}, reported: {calendar: nd09",
        "vi: Vụ cháy, en: Fires}, reported: {calendar: civil",
    ),
]


@pytest.fixture
def country(kept_country: Country, tmp_path: Path) -> Country:
    """The small country, without figures, and a published set that names some of its indicators."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL.replace(MEASURED, NAMES), encoding="utf-8")
    load_set(path, actor="test", now=datetime(2026, 1, 2, tzinfo=UTC))
    return kept_country


@pytest.fixture
def edit(tmp_path: Path) -> Callable[[str, str], None]:
    """Load the catalogue with one edit."""

    def load(old: str, new: str) -> None:
        assert CATALOGUE.count(old) == 1
        path = tmp_path / "mau.yaml"
        path.write_text(CATALOGUE.replace(old, new), encoding="utf-8")
        load_catalogue(path)

    return load


@pytest.mark.parametrize(("old", "new", "named"), EDITS)
def test_an_edit_that_would_change_a_published_set_is_refused(
    country: Country, edit: Callable[[str, str], None], old: str, new: str, named: str
) -> None:
    with pytest.raises(CatalogueRefused) as refused:
        edit(old, new)
    assert {problem.code for problem in refused.value.problems} == {"indicator-in-use"}
    assert named in refused.value.problems[0].reason.en


@pytest.mark.parametrize(("old", "new"), HARMLESS)
def test_other_edits_are_free_and_the_set_still_stands(
    country: Country, edit: Callable[[str, str], None], old: str, new: str
) -> None:
    edit(old, new)
    operands = queries.placed(CriteriaSet.objects.get(), window("civil:2025")).operands
    assert len(operands) == 4
    assert {one.state for one in operand_values(country.units["C11"], operands).values()} == {State.MISSING}


def test_a_derived_indicator_has_no_figures_of_its_own(country: Country) -> None:
    asked = Operand("crime.clearance", window("civil:2025"))
    assert operand_values(country.units["C11"], [asked])[asked].state is State.MISSING
