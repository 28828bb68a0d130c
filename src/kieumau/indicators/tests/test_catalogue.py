"""Catalogues: what a file may say, and what loading does with what is stored already."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kieumau.formulas.catalogue import Type
from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.actions.catalogue import CatalogueRefused
from kieumau.indicators.catalogue import SHIPPED
from kieumau.indicators.catalogue_files import read_catalogue
from kieumau.indicators.models import Indicator
from kieumau.indicators.queries import catalogue
from kieumau.indicators.tests.cast import CATALOGUE, Country
from kieumau.kernel.messages import Problem, Refused, Text


def write(folder: Path, text: str) -> Path:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_catalogues_are_sound(path: Path) -> None:
    definitions = read_catalogue(path, {}).definitions
    assert len(definitions) > 30
    assert all(one.source for one in definitions)
    assert [one.code for one in definitions if one.name.vi == one.name.en] == []


def test_nature_decides_how_figures_add_up_over_time(country: Country) -> None:
    assert country.indicators["crime.solved"].over_time == "sum"
    assert country.indicators["people"].over_time == "last"
    assert country.indicators["crime.clearance"].type is Type.SHARE


HEAD = """
code: sai
title: {vi: Sai, en: Wrong}
defaults:
  measure: {vi: vụ, en: cases}
  nature: flow
  polarity: neutral
  reported: {calendar: civil, kind: month}
indicators:
  - {code: a, name: {vi: A, en: A}}
"""
Sentences = tuple[str, str]
CALENDARS = "civil, nd09, tt124-area, tt124-commune, teams, city-1022"
LOOK: Sentences = ("xem danh mục chỉ tiêu.", "see the catalogue of indicators.")
CIRCLE: Sentences = (
    "Một chỉ tiêu không thể tính từ chính nó.",
    "An indicator cannot be computed from itself.",
)
NONE: Sentences = ("", "")

# The line after `HEAD` (line 11 of the file), the problem's code, what is wrong, what to do about it.
FAULTS: list[tuple[str, str, Sentences, Sentences]] = [
    ("code: a", "repeated-code", ("Mã “a” lặp lại.", "The code “a” appears twice."), NONE),
    (
        "code: b, reported: {calendar: lunar, kind: month}",
        "unknown-calendar",
        ("“b”: không có lịch “lunar”.", "“b”: there is no calendar “lunar”."),
        (f"Có: {CALENDARS}.", f"There is: {CALENDARS}."),
    ),
    (
        "code: b, reported: {calendar: teams, kind: week}",
        "unknown-period-kind",
        (
            "“b”: lịch teams không có loại kỳ “week”.",
            "“b”: calendar teams has no periods of kind “week”.",
        ),
        ("Có: year.", "There is: year."),
    ),
    (
        "code: b, formula: a + nosuch",
        "unknown-indicator",
        (
            'b, dòng 1, cột 5: "nosuch" không phải là chỉ tiêu;',
            'b, line 1, column 5: "nosuch" is not an indicator;',
        ),
        LOOK,
    ),
    (
        "code: b, formula: b + 1",
        "circular-definition",
        (
            "b, dòng 1, cột 1: định nghĩa vòng tròn: b → b.",
            "b, line 1, column 1: circular definition: b → b.",
        ),
        CIRCLE,
    ),
    (
        "code: b, polarty: bad",
        "unknown-key",
        ("Không có khóa “polarty”.", "There is no key “polarty”."),
        ("Có phải “polarity”?", "Did you mean “polarity”?"),
    ),
]


def said(problem: Problem) -> tuple[str, Sentences, Sentences]:
    """Code, reason and hint, in Vietnamese and in English."""
    hint = problem.hint or Text(vi="", en="")
    return problem.code, (problem.reason.vi, problem.reason.en), (hint.vi, hint.en)


def refusal(text: str, folder: Path) -> list[Problem]:
    """What is wrong with a catalogue; all of it in this file."""
    with pytest.raises(Refused) as refused:
        read_catalogue(write(folder, text), {})
    assert {problem.place.file for problem in refused.value.problems} == {"file.yaml"}
    return list(refused.value.problems)


@pytest.mark.parametrize(
    ("entry", "code", "reason", "hint"), FAULTS, ids=[f"{row[1]}: {row[0]}" for row in FAULTS]
)
def test_a_fault_is_said_in_both_languages_with_its_line(
    tmp_path: Path, entry: str, code: str, reason: Sentences, hint: Sentences
) -> None:
    (problem,) = refusal(f"{HEAD}  - {{name: {{vi: B, en: B}}, {entry}}}\n", tmp_path)
    assert said(problem) == (code, reason, hint)
    assert problem.place.row == 11


def test_a_missing_key_is_said_in_both_languages_with_its_line(tmp_path: Path) -> None:
    text = HEAD.replace("  nature: flow\n", "")
    (problem,) = refusal(text, tmp_path)
    assert said(problem) == ("missing-key", ("“a” thiếu “nature”.", "“a” has no “nature”."), NONE)
    assert problem.place.row == 9


def test_circles_name_their_whole_way_once(tmp_path: Path) -> None:
    """Three that need one another, one that needs itself, and one that merely needs that one."""
    derived = {"e": "f + 1", "f": "g + 1", "g": "e + a", "h": "h + 1", "i": "h + 1"}
    entries = "".join(
        f"  - {{code: {code}, name: {{vi: {code}, en: {code}}}, formula: {formula}}}\n"
        for code, formula in derived.items()
    )
    problems = refusal(HEAD + entries, tmp_path)
    assert [said(problem) for problem in problems] == [
        (
            "circular-definition",
            (
                "g, dòng 1, cột 1: định nghĩa vòng tròn: e → f → g → e.",
                "g, line 1, column 1: circular definition: e → f → g → e.",
            ),
            CIRCLE,
        ),
        (
            "circular-definition",
            (
                "h, dòng 1, cột 1: định nghĩa vòng tròn: h → h.",
                "h, line 1, column 1: circular definition: h → h.",
            ),
            CIRCLE,
        ),
    ]
    assert [problem.place.row for problem in problems] == [13, 14]


def test_every_problem_in_one_pass_with_its_line(tmp_path: Path) -> None:
    entries = [
        f"  - {{name: {{vi: B, en: B}}, {entry.replace('code: b', f'code: c{number}')}}}\n"
        for number, (entry, code, *_) in enumerate(FAULTS)
        if code != "unknown-key"
    ]
    text = HEAD + "".join(entries).replace("b + 1", "c4 + 1")
    found = {(problem.code, problem.place.row) for problem in refusal(text, tmp_path)}
    assert found == {(code, 11 + number) for number, (_, code, *_) in enumerate(FAULTS[:5])}


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refused) as refused:
        read_catalogue("vn-comune", {})
    (problem,) = refused.value.problems
    assert said(problem) == (
        "no-such-catalogue",
        ("Không có danh mục “vn-comune”.", "There is no catalogue “vn-comune”."),
        ("Có: vn-commune.", "There is: vn-commune."),
    )


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
    (problem,) = refused.value.problems
    assert said(problem) == (
        "indicator-has-figures",
        (
            "“people” đã có số liệu, không đổi được: loại số liệu, cách tổng hợp theo thời gian.",
            "“people” has figures already; cannot change: nature, adding up over time.",
        ),
        ("Hãy tạo chỉ tiêu mới với mã khác.", "Make a new indicator with another code."),
    )
    assert catalogue()["people"].nature == "stock"


def test_a_code_belongs_to_one_catalogue(country: Country, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        load_catalogue(write(tmp_path, CATALOGUE.replace("code: mau", "code: khac")))
    assert {problem.code for problem in refused.value.problems} == {"code-taken"}
    assert said(refused.value.problems[0])[1] == (
        "Mã “crime.occurred” đã thuộc danh mục mau.",
        "The code “crime.occurred” belongs to catalogue mau.",
    )
