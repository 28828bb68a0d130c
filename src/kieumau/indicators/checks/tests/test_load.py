"""Checks in a catalogue's file: what is sound, what is refused, what a second load leaves."""

from pathlib import Path

import pytest

from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.catalogue import SHIPPED
from kieumau.indicators.catalogue_files import read_catalogue
from kieumau.indicators.checks.in_force import checks_in_force
from kieumau.indicators.models import Check
from kieumau.indicators.tests.cast import CATALOGUE, Country
from kieumau.kernel.messages import Problem, Refused


def check(code: str, condition: str, severity: str = "hard", more: str = "") -> str:
    title = "title: {vi: T, en: T}, action: {vi: S, en: M}"
    return f'  - {{code: {code}, condition: "{condition}", severity: {severity}, {title}{more}}}\n'


def write(folder: Path, *checks: str) -> Path:
    path = folder / "mau.yaml"
    path.write_text(CATALOGUE + "checks:\n" + "".join(checks), encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "count"), [("vn-commune", 20), ("london", 3)])
def test_shipped_checks_are_sound(name: str, count: int) -> None:
    checks = read_catalogue(SHIPPED / f"{name}.yaml", {}).checks
    assert len(checks) == count
    assert [one.code for one in checks if one.title.vi == one.title.en or not one.action.vi] == []


# The condition, the problem, a piece of what is said.
FAULTS = [
    ("crime.solvd <= 5", "unknown-indicator", "crime.solved"),
    ("crime.solved + 1", "check-is-no-condition", "a condition is needed"),
    ("crime.solved <= people", "measures-differ", "people"),
    ("1 < 2", "check-of-nothing", "does not name any indicator"),
    ("crime.solved <= fires", "check-without-figures", "nd09/month"),
    ("result(tt124) = met", "set-not-named", ""),
    ("crime.solved <= ", "", ""),
]


@pytest.mark.parametrize(("condition", "code", "said"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_wrong_check_is_refused_with_its_line(tmp_path: Path, condition: str, code: str, said: str) -> None:
    path = write(tmp_path, check("good", "crime.solved >= 0"), check("wrong", condition))
    with pytest.raises(Refused) as refused:
        read_catalogue(path, {})
    problem = refused.value.problems[0]
    line = path.read_text(encoding="utf-8").splitlines()[(problem.place.row or 0) - 1]
    assert "code: wrong" in line
    assert said in problem.in_("en")
    assert code in (problem.code, "", "set-not-named")


def test_every_problem_in_one_pass(tmp_path: Path) -> None:
    path = write(tmp_path, check("a", "nosuch = 1"), check("a", "crime.solved"), check("b", "1 = 1", "mild"))
    with pytest.raises(Refused) as refused:
        read_catalogue(path, {})
    assert len(refused.value.problems) == 1  # the severity: the shape of the file comes first
    path = write(tmp_path, check("a", "nosuch = 1"), check("a", "crime.solved"))
    with pytest.raises(Refused) as refused:
        read_catalogue(path, {})
    assert [problem.code for problem in refused.value.problems] == [
        "unknown-indicator",
        "repeated-check",
        "check-is-no-condition",
    ]


def test_a_rhythm_of_its_own(tmp_path: Path) -> None:
    year = ", reported: {calendar: civil, kind: year}"
    checks = read_catalogue(write(tmp_path, check("a", "crime.solved <= 5", more=year)), {}).checks
    assert (checks[0].calendar, checks[0].period_kind) == ("civil", "year")
    assert (
        problems(write(tmp_path, check("a", "crime.solved <= 5", more=year.replace("year}", "week}"))))[
            0
        ].code
        == "unknown-period-kind"
    )


def problems(path: Path) -> list[Problem]:
    with pytest.raises(Refused) as refused:
        read_catalogue(path, {})
    return refused.value.problems


def test_loading_again(country: Country, tmp_path: Path) -> None:
    assert checks_in_force() == ()
    first = check("a", "crime.solved >= 0"), check("b", "crime.occurred >= 0")
    assert load_catalogue(write(tmp_path, *first)).checks == ("a", "b")
    assert [one.definition.code for one in checks_in_force()] == ["a", "b"]
    assert load_catalogue(write(tmp_path, *first)).checks == ()
    assert load_catalogue(write(tmp_path, check("a", "crime.solved >= 1"))).checks == ("a", "b")
    assert [one.definition.condition for one in checks_in_force()] == ["crime.solved >= 1"]
    assert Check.objects.get(code="b").is_in_force is False


def test_a_check_follows_the_formula_of_what_it_names(country: Country, tmp_path: Path) -> None:
    path = write(tmp_path, check("a", "crime.clearance <= 1"))
    load_catalogue(path)
    assert checks_in_force()[0].codes == ("crime.solved", "crime.occurred")
    text = path.read_text(encoding="utf-8").replace("crime.solved / crime.occurred", "crime.solved / people")
    path.write_text(text, encoding="utf-8")
    load_catalogue(path)
    assert checks_in_force()[0].codes == ("crime.solved", "people")


def test_another_catalogues_check_stays_sound(country: Country, tmp_path: Path) -> None:
    load_catalogue(write(tmp_path, check("a", "crime.solved <= crime.occurred")))
    other = tmp_path / "khac.yaml"
    other.write_text(
        CATALOGUE.replace("code: mau", "code: khac").split("indicators:")[0]
        + "indicators:\n  - {code: fights, name: {vi: Xô xát, en: Fights}}\nchecks:\n"
        + check("a", "fights >= 0"),
        encoding="utf-8",
    )
    assert [problem.code for problem in problems_with(other)] == ["repeated-check"]


def problems_with(path: Path) -> list[Problem]:
    with pytest.raises(Refused) as refused:
        load_catalogue(path)
    return refused.value.problems
