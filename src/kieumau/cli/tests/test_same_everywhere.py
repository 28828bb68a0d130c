"""One figure is the same on its page, on the command line, in a file and in the API, partial totals too."""

import csv
import json
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.test import Client
from typer.testing import CliRunner

from kieumau.cli.app import app
from kieumau.exports.rows import BY_MARK
from kieumau.indicators.actions import open_source, remove_figures
from kieumau.quality.tests.country import NOW, Country, period

MAPS = {"today": "hom-nay", "reported": "bao-cao"}  # as addresses of pages name them
Counts = tuple[int, int]


class Told(NamedTuple):
    """What each of the four says."""

    now: Fraction | None
    now_counts: Counts
    ago: Fraction | None
    ago_counts: Counts
    change: Fraction | None
    mark: str


@pytest.fixture
def country(kept_checked: Country) -> Country:
    """Two provinces of twelve wards; A13 and A14 became A15 on 1 July 2025."""
    return kept_checked


def exact(text: str | None) -> Fraction | None:
    return Fraction(text) if text else None


def on_the_page(client: Client, unit: int, indicator: str, on: str) -> Told:
    shown = client.get(f"/don-vi/{unit}/so-lieu/{indicator}/?ky=2026-05&ban-do={MAPS[on]}").context
    now, before = shown["now"], shown["before"]
    mark = BY_MARK[shown["judged"].mark].value if shown["judged"] else ""
    return Told(
        now.value if now.value is None else Fraction(now.value),
        (now.reported, now.expected),
        before.value if before.value is None else Fraction(before.value),
        (before.reported, before.expected),
        shown["change"],
        mark,
    )


def on_the_command_line(unit: str, indicator: str, on: str) -> Told:
    words = ["figures", "get", "--unit", unit, "--indicator", indicator, "--period", "2026-05", "--json"]
    plain = json.loads(CliRunner().invoke(app, words).stdout)
    said = json.loads(CliRunner().invoke(app, [*words, "--map", on]).stdout)
    ago = said["year_ago"]
    if on == "reported":
        assert {key: plain[key] for key in ("value", "state", "reported", "expected")} == {
            **{key: said[key] for key in ("state", "reported", "expected")},
            "value": said["value"] or None,
        }
    return Told(
        exact(said["value"]),
        (said["reported"], said["expected"]),
        exact(ago["value"]),
        (ago["reported"], ago["expected"]),
        exact(said["change"]),
        said["comparability"]["mark"].replace("_", "-"),
    )


def row_told(row: dict[str, Any]) -> Told:
    return Told(
        exact(row["fraction"] or row["value"]),
        (int(row["reported"]), int(row["expected"])),
        exact(row["year_ago_fraction"] or row["year_ago"]),
        (int(row["year_ago_reported"]), int(row["year_ago_expected"])),
        exact(row["change"]),
        row["year_ago_comparability"],
    )


def in_a_file(folder: Path, unit: str, level: str, indicator: str, on: str) -> Told:
    path = folder / "out.csv"
    words = ["figures", "export", "--period", "2026-05", "--indicators", indicator, "-o", str(path)]
    done = CliRunner().invoke(app, [*words, "--within", unit, "--level", level, "--map", on])
    assert done.exit_code == 0, done.output
    with path.open(encoding="utf-8-sig", newline="") as file:
        return row_told(next(row for row in csv.DictReader(file) if row["unit"] == unit))


def from_the_api(client: Client, unit: str, level: str, indicator: str, on: str) -> Told:
    words = f"indicators={indicator}&period=2026-05&within={unit}&level={level}&map={on}&year_ago=true"
    items = client.get(f"/api/v1/figures?{words}").json()["items"]
    return row_told(next(row for row in items if row["unit"] == unit))


SAID = {"same": "same-territory", "as-reported": "same-territory", "completeness": "completeness-differs",
        "whole": "whole-predecessors"}  # fmt: skip


def alike(told: Told, *, exact_change: Fraction | None, is_commune: bool) -> Told:
    """Without what may differ: a file rounds the change to twelve places, a page counts no lone figure."""
    if told.change is not None and exact_change is not None:
        assert abs(told.change - exact_change) <= Fraction(1, 2 * 10**12)
        told = told._replace(change=exact_change)
    if is_commune:
        told = told._replace(now_counts=(0, 0), ago_counts=(0, 0))
    return told._replace(mark=SAID.get(told.mark, told.mark))


@pytest.mark.parametrize("on", ["today", "reported"])
@pytest.mark.parametrize("indicator", ["theft", "theft.share"])
@pytest.mark.parametrize(
    ("unit", "level", "lacking"),
    [
        # unit, its level; the wards that lack May 2026, May 2025
        ("P1", "province", ([], [])),
        ("P1", "province", (["A01"], [])),
        ("P1", "province", (["A01"], ["A02"])),
        ("P1", "province", (["A01"], ["A01"])),  # the same ward both times
        ("N", "nation", (["A01", "B01"], ["B02"])),
        ("A15", "commune", ([], ["A13"])),  # what is left of its predecessors
        ("A01", "commune", (["A01"], [])),
    ],
)
def test_one_figure_is_the_same_everywhere(
    country: Country,
    client: Client,
    settings: Any,
    tmp_path: Path,
    unit: str,
    level: str,
    lacking: tuple[list[str], list[str]],
    indicator: str,
    on: str,
) -> None:
    settings.KIEUMAU_OPEN_READING = True
    source = open_source(name="bỏ", recorded_at=NOW)
    codes = ("theft", "fraud") if indicator == "theft.share" else ("theft",)
    gone = [
        (period(year, 5), country.units[ward], country.indicators[code])
        for year, wards in zip((2026, 2025), lacking, strict=True)
        for ward in wards
        for code in codes
    ]
    if gone:
        remove_figures(gone, source=source)
    page = on_the_page(client, country.units[unit], indicator, on)
    others = {
        "command line": on_the_command_line(unit, indicator, on),
        "file": in_a_file(tmp_path, unit, level, indicator, on),
        "API": from_the_api(client, unit, level, indicator, on),
    }
    is_commune = level == "commune"
    for where, told in others.items():
        expected = alike(page, exact_change=page.change, is_commune=is_commune)
        compared = told
        if not page.mark:  # a page says how two figures compare where there are two
            compared = told._replace(mark="")
        assert alike(compared, exact_change=page.change, is_commune=is_commune) == expected, where
    if level != "commune":
        assert page.now is not None
        assert (page.now_counts[0] < page.now_counts[1]) == bool(lacking[0])
