"""Many faults of many kinds in one file: every one is told, with its row, and nothing else."""

from pathlib import Path

import pytest

from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.imports.tests.cast import REGISTER, TODAY, make_units
from kieumau.indicators.imports.tests.planting import Row, kinds, plant
from kieumau.indicators.imports.tests.trial import LONG, load_text
from kieumau.indicators.models import Figure
from kieumau.indicators.queries import catalogue
from kieumau.units.actions import load_rows

ROWS, EACH = 5_000, 8
ENDED = "00103"


@pytest.fixture
def sound(db: None) -> list[Row]:
    """Five thousand zeros of forty communes in the months of 2026: nothing is wrong with them."""
    make_units()
    communes = [f"{number:05}" for number in range(301, 341)]
    load_rows(
        [
            {"code": code, "name": f"Xã {code}", "kind": "xa", "parent": "92", "valid_from": TODAY}
            for code in communes
        ],
        actor=None,
        register=REGISTER,
    )
    load_catalogue("vn-commune")
    known = catalogue().values()
    monthly = [
        one.code for one in known if not one.is_derived and one.period_kind == "month" and not one.is_share
    ]
    rows = [
        [code, indicator, f"2026-{month:02}", "0"]
        for month in range(1, 13)
        for code in communes
        for indicator in sorted(monthly)
    ]
    needed = [row for row in rows if row[1] in ("crime.solved", "crime.very-serious-solved")]
    return (needed + [row for row in rows if row not in needed])[:ROWS]


def derived() -> str:
    return next(one.code for one in catalogue().values() if one.is_derived)


def test_two_hundred_faults_of_twenty_five_kinds_and_no_other(sound: list[Row], tmp_path: Path) -> None:
    some = kinds(ENDED, derived())
    assert len(some) == 25
    planted = plant(sound, some, EACH)
    report = load_text(tmp_path, planted.text(), LONG)
    assert {problem.place.row: problem.code for problem in report.problems} == planted.expected
    assert report.problem_count == len(planted.expected) == 200
    assert not Figure.objects.exists()


def test_the_sound_file_is_sound(sound: list[Row], tmp_path: Path) -> None:
    report = load_text(tmp_path, plant(sound, [], 0).text(), LONG)
    assert not report.problems
    assert report.inserted == ROWS


def test_a_number_that_could_not_be_read_contradicts_nothing(sound: list[Row], tmp_path: Path) -> None:
    """What is stored is not held against a file that says otherwise, only unreadably."""
    head = "unit,indicator,period,value\n"
    load_text(tmp_path, f"{head}00301,crime.solved,2026-01,1\n", LONG, remark="x")
    text = f"{head}00301,crime.solved,2026-01,5 vụ\n00301,crime.very-serious-solved,2026-01,3\n"
    assert load_text(tmp_path, text, LONG).problem_counts == {"not-a-number": 1}
    kept = load_text(tmp_path, text, LONG, keep_good=True)
    assert kept.problem_counts == {"not-a-number": 1, "implausible": 1}
