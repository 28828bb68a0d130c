"""Verdicts go out criterion by criterion; on a map they stay those of the units judged."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kieumau.assessments.actions import assess_all
from kieumau.assessments.models import Finding
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.world import AFTER_THE_END, NOW, QUARTER, World, complete, set_text
from kieumau.exports.asking import ask
from kieumau.exports.files import figures_file, verdicts_file
from kieumau.exports.formats import FORMATS
from kieumau.exports.sdmx import FIGURE_COLUMNS
from kieumau.exports.verdicts import VERDICT_COLUMNS, VerdictRow, ask_verdicts, verdict_blocks
from kieumau.kernel.messages import Refused
from kieumau.units.actions import load_rows

LATER, MERGED = date(2026, 5, 1), "2026-03-01"


@pytest.fixture
def judged(db: None, tmp_path: Path) -> World:
    """All eight communes judged for the last quarter of 2025; C11 and C12 merged in March 2026."""
    world = World(tmp_path)
    world.record(complete("C11", crime=(4, 4, 4)))
    criteria_set = world.publish(set_text("small"))
    assess_all(criteria_set=criteria_set, window=QUARTER, on=AFTER_THE_END, now=NOW)
    world.end("C11", MERGED)
    world.end("C12", MERGED)
    new = {"code": "C15", "name": "C15", "kind": "phuong", "parent": "P1", "valid_from": MERGED}
    acts = [
        {
            "act": "m",
            "takes_effect_on": MERGED,
            "predecessor": code,
            "successor": "C15",
            "share": "1",
            "basis": "whole",
        }
        for code in ("C11", "C12")
    ]
    load_rows([new], acts, actor=None, register="m")
    return world


def rows(**words: Any) -> list[VerdictRow]:
    asked = ask_verdicts(**{"criteria_set": "small", "period": "2025-Q4", "today": LATER, **words})
    return [row for block in verdict_blocks(asked) for row in block]


def test_the_columns_are_the_fields() -> None:
    assert tuple(column.name for column in VERDICT_COLUMNS) == VerdictRow._fields


def test_every_finding_is_a_row(judged: World) -> None:
    units = {unit_id: code for code, unit_id in judged.units.items()}
    found = {(row.unit, row.criterion): row.outcome for row in rows()}
    assert found == {
        (units[one.assessment.unit], one.criterion.code): Outcome(one.outcome).key
        for one in Finding.objects.select_related("assessment", "criterion")
    }
    assert len(found) == 8 * 6


def test_a_merged_unit_shows_the_verdicts_of_its_predecessors_as_they_were(judged: World) -> None:
    today = rows(on="today")
    merged = [row for row in today if row.unit == "C15"]
    as_judged = {(row.unit, row.criterion): row.outcome for row in rows()}
    assert {(row.judged_unit, row.criterion): row.outcome for row in merged} == {
        key: outcome for key, outcome in as_judged.items() if key[0] in ("C11", "C12")
    }
    assert {(row.share, row.comparability) for row in merged} == {("1", "not-comparable")}
    assert {row.comparability for row in today if row.unit == "C13"} == {"same-territory"}
    assert not {row for row in today if row.unit in ("C11", "C12")}
    before = rows(on="2026-02-01")
    assert {(row.unit, row.criterion): row.outcome for row in before} == as_judged
    assert {row.comparability for row in before} == {"same-territory"}


def test_a_subtree_and_a_version(judged: World) -> None:
    assert {row.unit for row in rows(within="P2", criteria_set="small/1")} == {"C21", "C22", "C23", "C24"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"criteria_set": "large"}, "no-such-set"),
        ({"period": "2025-10"}, "bad-range"),
        ({"period": "2025-Q4..2025-Q3"}, "bad-range"),
        ({"within": "C99"}, "unknown-unit"),
        ({"on": "x"}, "unknown-map"),
    ],
)
def test_what_cannot_be_asked_is_said(judged: World, words: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as caught:
        rows(**words)
    assert [problem.code for problem in caught.value.problems] == [code]


def table(pieces: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(pieces).decode("utf-8-sig"))))


def test_sdmx_has_the_columns_of_the_standard(judged: World) -> None:
    asked = ask(indicators=["crime", "clearance"], period="2025-10", today=LATER, within="P1")
    found = table(figures_file(asked, FORMATS["sdmx-csv"]))
    assert list(found[0]) == [column.name for column in FIGURE_COLUMNS]
    assert list(found[0])[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    first = found[0]
    assert (first["STRUCTURE"], first["ACTION"], first["FREQ"]) == ("dataflow", "I", "M")
    assert (first["REF_AREA"], first["INDICATOR"], first["TIME_PERIOD"]) == ("C11", "crime", "2025-10")
    assert (first["OBS_VALUE"], first["OBS_STATUS"]) == ("4", "A")
    missing = next(row for row in found if row["REF_AREA"] == "C12")
    assert (missing["OBS_VALUE"], missing["OBS_STATUS"]) == ("", "O")


@pytest.mark.parametrize(
    ("period", "calendar", "time"),
    [
        ("2025-10", "civil", "2025-10"),
        ("2025-Q4", "civil", "2025-Q4"),
        ("2025-H2", "civil", "2025-S2"),
        ("2025", "civil", "2025"),
    ],
)
def test_periods_are_written_as_sdmx_writes_them(
    judged: World, period: str, calendar: str, time: str
) -> None:
    asked = ask(indicators=["crime"], period=f"{calendar}:{period}", today=LATER)
    assert {row["TIME_PERIOD"] for row in table(figures_file(asked, FORMATS["sdmx-csv"]))} == {time}


def test_verdicts_go_out_in_every_format(judged: World) -> None:
    asked = ask_verdicts(criteria_set="small", period="2025-Q4", today=LATER, language="en")
    for form in FORMATS.values():
        assert b"".join(verdicts_file(asked, form))
    found = table(verdicts_file(asked, FORMATS["sdmx-csv"]))
    assert {row["OBS_STATUS"] for row in found} == {"A"}
    assert found[0]["CRITERIA_SET"] == "small/1"
