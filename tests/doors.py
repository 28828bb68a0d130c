"""Every door through which a file is stored, and for each a good file, for the tests of bad ones."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from kieumau.criteria.actions import load_set
from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.imports import Limits, load_file, mapping_from_text, read_mapping
from kieumau.indicators.imports.tests.cast import MERGED, REGISTER, TODAY
from kieumau.indicators.imports.tests.trial import LONG
from kieumau.kernel.messages import Problem, Refused
from kieumau.units.actions import load_units

NOW = datetime(2026, 1, 2, tzinfo=UTC)

FIGURES = """\
unit,indicator,period,value
00101,crime.total,2025-08,12
00102,crime.total,2025-08,7
00201,area,2025,1061.5
"""
# The same figures as a file that brings its units and its catalogue along.
WHOLE = """
title: {vi: Tất cả trong một tệp, en: All in one file}
catalogue: own.yaml
units:
  register: own
  from: 2020-01-01
  root: {code: city, name: Thành phố, kind: city}
  levels:
    - {kind: ward, code: "{unit}", name: "{unit}"}
unit: {code: "{unit}", register: own}
indicator: {code: "{indicator}"}
period: {code: "{period}"}
values: {column: value}
"""
UNITS = f"""\
code,name,kind,parent,valid_from,valid_to
92,Cần Thơ,thanh-pho,vn,{TODAY},
00103,Mỹ Khánh,xa,92,{TODAY},{MERGED}
00104,Phong Điền,xa,92,{MERGED},
00106,Thới Lai,xa,92,{MERGED},
"""
ACTS = f"""\
act,takes_effect_on,predecessor,successor,share,basis
later,{MERGED},00103,00104,0.25,area
later,{MERGED},00103,00106,0.75,area
"""
CATALOGUE = """\
code: own
title: {vi: Danh mục riêng, en: A catalogue of its own}
defaults:
  measure: {vi: vụ, en: cases}
  nature: flow
  polarity: neutral
  reported: {calendar: civil, kind: month}
indicators:
  - {code: own.first, name: {vi: Thứ nhất, en: The first}}
  - {code: own.second, name: {vi: Thứ hai, en: The second}, formula: own.first + 1}
"""
SET = """\
code: small
title: {vi: Bộ nhỏ, en: Small set}
summary: {vi: Để thử., en: For tests.}
verification: unverified
effective: {from: 2022-01-01}
period: {calendar: civil, kind: year}
applies_to: {level: commune}
rule: {kind: all}
criteria:
  - code: "1"
    kind: measured
    title: {vi: Phá án, en: Solved}
    formula: crime.solved / crime.total >= 70%
  - code: "2"
    kind: judged
    title: {vi: Tham mưu tốt, en: Advises well}
    question: {vi: Tham mưu tốt không?, en: Does it advise well?}
"""
FORMULA = "crime.solved / crime.total >= 70%"


def figures(path: Path, mapping: str = LONG, limits: Limits | None = None) -> list[Problem]:
    """Load a file of figures; the report's problems."""
    report = load_file(path, mapping_from_text(mapping), actor=None, limits=limits)
    assert report.has_failed == bool(report.problems)
    assert not (report.has_failed and report.is_stored)
    return list(report.problems)


def small_figures(path: Path) -> list[Problem]:
    """The same where files may not be large."""
    return figures(path, limits=Limits(file_bytes=50))


def whole(path: Path) -> list[Problem]:
    """A file of figures with its units and its catalogue."""
    (path.parent / "own.yaml").write_text(CATALOGUE, encoding="utf-8")
    (path.parent / "whole.yaml").write_text(WHOLE, encoding="utf-8")
    report = load_file(path, read_mapping(path.parent / "whole.yaml"), actor=None)
    assert not (report.has_failed and report.is_stored)
    return list(report.problems)


def mapped(path: Path) -> list[Problem]:
    """Good figures under the mapping in the file."""

    def load() -> None:
        source = path.with_name("figures.csv")
        source.write_text(FIGURES, encoding="utf-8")
        assert not load_file(source, read_mapping(path), actor=None).problems

    return refused_by(load)


def a_set(path: Path) -> list[Problem]:
    """Publish a criteria set."""
    return refused_by(lambda: load_set(path, actor="test", now=NOW))


def a_catalogue(path: Path) -> list[Problem]:
    """Load a catalogue."""
    return refused_by(lambda: load_catalogue(path))


def units(path: Path) -> list[Problem]:
    """Load units."""
    return refused_by(lambda: load_units(path, actor=None, register=REGISTER))


def acts(path: Path) -> list[Problem]:
    """Load good units with the acts in the file."""
    good = path.with_name("units.csv")
    good.write_text(UNITS, encoding="utf-8")
    return refused_by(lambda: load_units(good, path, actor=None, register=REGISTER))


def refused_by(load: Callable[[], object]) -> list[Problem]:
    """What a door that raises has to say."""
    try:
        load()
    except Refused as refused:
        return refused.problems
    return []


Door = Callable[[Path], list[Problem]]
# For each door a good file; the last test says that they are good.
GOOD: list[tuple[Door, str, str]] = [
    (figures, "figures.csv", FIGURES),
    (
        whole,
        "figures.csv",
        FIGURES.replace("crime.total", "own.first").replace("00201,area,2025,1061.5\n", ""),
    ),
    (mapped, "mapping.yaml", LONG),
    (a_set, "small.yaml", SET),
    (a_catalogue, "own.yaml", CATALOGUE),
    (units, "units.csv", UNITS),
    (acts, "acts.csv", ACTS),
]
NAMES = {door: name for door, name, _ in GOOD}
TEXTS = {door: text for door, _, text in GOOD}
