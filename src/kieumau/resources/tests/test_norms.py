"""Norms: the shipped ones as a table, the same by one query, and what is refused."""

from decimal import Decimal
from pathlib import Path

import pytest

from kieumau.calendars.library import calendar, window
from kieumau.formulas.tests.test_vectors import rows
from kieumau.formulas.values import MISSING, OperandValue, State
from kieumau.indicators.actions import load_catalogue, open_source, record_figures
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Refused
from kieumau.resources.norms import path_of, read_norm, says, shipped
from kieumau.resources.requirements import known_norm, required, required_of_all, worked_out
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

NOVEMBER = window("nd09:2025-11")
HCM, HOA_BINH, PHU_THO = "team-size-ho-chi-minh", "team-size-hoa-binh", "team-size-phu-tho"

# Norm, class of the unit, people or households: members.
VECTORS = [
    (HCM, "", 0, 3),
    (HCM, "", 2_700, 3),
    (HCM, "", 2_701, 4),
    (HCM, "", 3_600, 4),
    (HCM, "", 4_499, 4),
    (HCM, "", 4_500, 5),
    (HCM, "", 5_399, 5),
    (HCM, "", 5_400, 6),
    (HOA_BINH, "hamlet", 349, 3),
    (HOA_BINH, "hamlet", 350, 4),
    (HOA_BINH, "hamlet", 2_000, 4),
    (HOA_BINH, "urban", 350, 3),
    (HOA_BINH, "urban", 499, 3),
    (HOA_BINH, "urban", 500, 4),
    (HOA_BINH, "", 500, None),  # hamlet or urban group is not known
    (PHU_THO, "rural", 349, 3),
    (PHU_THO, "rural", 350, 3),
    (PHU_THO, "rural", 524, 3),
    (PHU_THO, "rural", 525, 4),
    (PHU_THO, "rural", 699, 4),
    (PHU_THO, "rural", 700, 5),
    (PHU_THO, "urban", 349, 3),
    (PHU_THO, "urban", 5_000, 3),
]
FIGURE = {HCM: "population", HOA_BINH: "households", PHU_THO: "households"}


@pytest.fixture
def loaded(db: None) -> None:
    """The catalogue that the norms name."""
    load_catalogue("vn-commune")


@pytest.mark.usefixtures("loaded")
def test_the_norms_of_three_provinces() -> None:
    for name, class_code, count, members in VECTORS:
        figures = {FIGURE[name]: OperandValue.of(count)}
        found = worked_out(known_norm(name), figures, class_code, NOVEMBER).value
        assert found == members, (name, class_code, count)


@pytest.mark.usefixtures("loaded")
def test_a_missing_figure_makes_it_unknown() -> None:
    for name, code in FIGURE.items():
        assert worked_out(known_norm(name), {code: MISSING}, "", NOVEMBER).value is None


def test_the_vectors_of_the_language_are_the_norms_that_ship() -> None:
    """Only the names of the figures differ (`people` there, `population` here)."""
    formulas = {row["formula"].replace("people", "population") for row in rows("norms")}
    assert {says(name).formula for name in shipped()} <= formulas


@pytest.mark.parametrize("name", [HCM, HOA_BINH, PHU_THO])
def test_a_norm_says_where_it_comes_from_in_both_languages(name: str) -> None:
    norm = says(name)
    assert norm.code == name
    assert norm.basis.document
    assert norm.notes is not None
    assert "chưa kiểm chứng" in norm.notes.vi
    assert "unverified" in norm.notes.en
    for text in (norm.title, norm.summary, norm.measure, norm.notes):
        assert text.vi != text.en


UNITS = [
    ("N", "Việt Nam", "quoc-gia", ""),
    ("25", "Phú Thọ", "tinh", "N"),
    ("79", "Hồ Chí Minh", "thanh-pho", "N"),
    ("H1", "Một", "thon", "25"),
    ("H2", "Hai", "to-dan-pho", "25"),
    ("H3", "Ba", "thon", "25"),
    ("K1", "Bốn", "to-dan-pho", "79"),
]
# Unit, households: members in Phú Thọ; None is unknown, absent is not judged.
HOUSEHOLDS = {"H1": 875, "H2": 875, "K1": 875}
MEMBERS = {"H1": 6, "H2": 3, "H3": None}


@pytest.mark.usefixtures("loaded")
def test_one_unit_and_all_units_agree() -> None:
    columns = ("code", "name", "kind", "parent")
    listed = [dict(zip(columns, one, strict=True)) | {"valid_from": "2025-01-01"} for one in UNITS]
    load_rows(listed, actor=None, register="vn")
    units = dict(Term.objects.values_list("code", "unit_id"))
    [month] = calendar("nd09").period_ids(NOVEMBER)
    indicator = catalogue()["households"].id
    record_figures(
        [(month, units[code], indicator, State.VALUE, Decimal(count)) for code, count in HOUSEHOLDS.items()],
        source=open_source(name="thử"),
    )
    norm = known_norm(PHU_THO)
    assert required_of_all(norm, NOVEMBER) == {units[code]: members for code, members in MEMBERS.items()}
    for code, members in MEMBERS.items():
        assert required(norm, units[code], NOVEMBER).value == members
    for code, name in (("K1", PHU_THO), ("79", HCM)):
        with pytest.raises(Refused) as refused:
            required(known_norm(name), units[code], NOVEMBER)
        assert refused.value.problems[0].code == "does-not-apply"


@pytest.mark.usefixtures("loaded")
def test_a_norm_before_its_time_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        required_of_all(known_norm(HCM), window("nd09:2025-01"))
    assert refused.value.problems[0].code == "not-in-force"


MISTAKES = [
    ("formula: if(", "formula: iff(", "unknown-function"),
    ("population <= 2_700", "populaton <= 2_700", "unknown-indicator"),
    ("4 + floor((population - 3_600) / 900)", "population + households", "measures-differ"),
    ("4 + floor((population - 3_600) / 900)", "criterion(4)", "unknown-criterion"),
    ("if(population <= 2_700, 3, ", "population <= 2_700 # ", "not-a-number"),
    ("kind: month", "kind: week", "unknown-period-kind"),
    ("measure:", "mesure:", "unknown-key"),
]


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(("old", "new", "code"), MISTAKES)
def test_mistakes_are_refused(tmp_path: Path, old: str, new: str, code: str) -> None:
    text = path_of(HCM).read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "norm.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_norm(path, catalogue())
    assert code in [problem.code for problem in refused.value.problems]


def test_a_name_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refused) as refused:
        says("team-size-hoa-bin")
    assert "team-size-hoa-binh" in refused.value.problems[0].in_("en")
