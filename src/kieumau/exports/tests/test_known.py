"""Exports as known on a day: the figures, the tree and the verdicts of then."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from kieumau.assessments.actions import assess_all
from kieumau.assessments.tests.world import AFTER_THE_END, NOW, QUARTER, World, complete, set_text
from kieumau.exports.asking import ask
from kieumau.exports.blocks import figure_blocks
from kieumau.exports.rows import FigureRow
from kieumau.exports.verdicts import ask_verdicts, verdict_blocks
from kieumau.formulas.values import State
from kieumau.indicators.actions import open_source, record_figures
from kieumau.kernel.messages import Refused
from kieumau.quality.tests.country import Country, period
from kieumau.units.actions import record_change
from kieumau.units.rules import Act, TermRow, even_shares

TODAY = date(2026, 7, 20)


def july(day: int) -> datetime:
    return datetime(2026, 7, day, 3, tzinfo=UTC)


def rows(**words: Any) -> list[FigureRow]:
    asked = ask(**{"indicators": ["theft"], "period": "2026-05", "today": TODAY, **words})
    return [row for block in figure_blocks(asked) for row in block]


@pytest.fixture
def corrected(country: Country) -> Country:
    """All was sent on 5 July; on 10 July A01 was corrected to 1000; on 12 July it was written down that A02
    has belonged to P2 since January."""
    source = open_source(name="đính chính", recorded_at=july(10))
    row = (period(2026, 5), country.units["A01"], country.indicators["theft"], State.VALUE, Decimal(1000))
    record_figures([row], source=source)
    january = date(2026, 1, 1)
    moved = TermRow("k/A02", "k", "A02", "Phố A02", "phuong", "k/P2", january)
    act = Act("moved", january, ends=("k/A02",), begins=(moved,), shares=even_shares("k/A02", ["k/A02"]))
    record_change(act=act, actor=None, now=july(12))
    return country


@pytest.mark.parametrize(
    ("known_on", "is_corrected", "has_moved"),
    [
        ("2026-07-08", False, False),
        ("2026-07-11", True, False),
        ("2026-07-13", True, True),
        ("", True, True),
    ],
)
@pytest.mark.parametrize("on", ["reported", "today"])
def test_figures_and_units_are_those_of_the_day(
    corrected: Country, on: str, known_on: str, is_corrected: bool, has_moved: bool
) -> None:
    wards = {row.unit: row for row in rows(known_on=known_on, on=on)}
    assert (wards["A01"].value == 1000) == is_corrected
    below = {row.unit for row in rows(known_on=known_on, on=on, within="P2")}
    assert ("A02" in below) == has_moved
    provinces = {row.unit: row.value for row in rows(known_on=known_on, on=on, level="province")}
    first = sum(row.value or 0 for code, row in wards.items() if code[0] == "A" and code not in below)
    assert provinces["P1"] == first
    nation = rows(known_on=known_on, on=on, level="nation")[0]
    assert nation.value == sum(row.value or 0 for row in wards.values())
    assert {row.known_on for row in wards.values()} == {date.fromisoformat(known_on) if known_on else None}


def test_nothing_was_known_before_it_was_sent(country: Country) -> None:
    assert {row.state for row in rows(known_on="2026-07-01")} == {"missing"}


@pytest.mark.parametrize(("known_on", "code"), [("2026-13-01", "not-a-date"), ("2026-08-01", "day-to-come")])
def test_a_day_that_is_none(country: Country, known_on: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        rows(known_on=known_on)
    assert [problem.code for problem in caught.value.problems] == [code]


@override_settings(KIEUMAU_OPEN_READING=True)
def test_the_page_asks_for_a_day(corrected: Country, client: Client) -> None:
    address = "/du-lieu/so-lieu/?chi-tieu=theft&ky=2026-05&dang=csv&biet-ngay="
    then, now = (client.get(f"{address}{day}").getvalue().decode() for day in ("2026-07-08", ""))
    assert ",1000," in now
    assert ",1000," not in then
    assert client.get(f"{address}x").status_code == 400


@pytest.mark.parametrize("on", ["reported", "today"])
def test_verdicts_are_those_of_the_day(db: None, tmp_path: Path, on: str) -> None:
    world = World(tmp_path)
    world.record(complete("C11", crime=(4, 4, 4)))
    criteria_set = world.publish(set_text("small"))
    assess_all(criteria_set=criteria_set, window=QUARTER, on=AFTER_THE_END, now=NOW)

    def told(known_on: str = "") -> dict[tuple[str, str], str]:
        asked = ask_verdicts(
            criteria_set="small", period="2025-Q4", on=on, known_on=known_on, today=NOW.date() + timedelta(9)
        )
        return {(row.unit, row.criterion): row.outcome for block in verdict_blocks(asked) for row in block}

    before = told()
    later = NOW + timedelta(days=3)
    world.record(complete("C11", crime=(9, 9, 9)), at=later)
    assess_all(criteria_set=criteria_set, window=QUARTER, on=AFTER_THE_END, now=later)
    assert told() != before
    assert told((NOW + timedelta(days=1)).date().isoformat()) == before
    with pytest.raises(Refused) as caught:
        told((NOW - timedelta(days=2)).date().isoformat())
    assert [problem.code for problem in caught.value.problems] == ["no-such-set"]
