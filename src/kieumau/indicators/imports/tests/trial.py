"""Mappings that the tests share, and short ways to load a text and to read back what is stored."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from kieumau.calendars.library import calendar, decode
from kieumau.formulas.values import State
from kieumau.indicators.imports import Report, load_file, mapping_from_text
from kieumau.indicators.imports.tests.files import write_csv
from kieumau.indicators.models import Figure, Indicator
from kieumau.units.models import Term

LONG = """
title: {vi: Một giá trị mỗi dòng, en: One value a row}
unit: {code: "{unit}", register: test}
indicator: {code: "{indicator}"}
period: {code: "{period}"}
values: {column: value}
"""
MONTHS = """
title: {vi: Mỗi kỳ một cột, en: A column a period}
unit: {code: "{unit}", register: test}
indicator: {code: "{indicator}"}
period: {code: "{@header}"}
values: {columns: rest}
"""
INDICATORS = """
title: {vi: Mỗi chỉ tiêu một cột, en: A column an indicator}
unit: {name: "{Đơn vị}", within: "{Tỉnh}", register: test}
indicator: {name: "{@header}"}
period: {code: "{@sheet}"}
values: {columns: rest}
sheets: all
"""


def load(path: Path, mapping: str = LONG, **options: Any) -> Report:
    """Load a file under a mapping written as text."""
    return load_file(path, mapping_from_text(mapping), actor=None, **options)


def load_text(folder: Path, text: str, mapping: str = LONG, **options: Any) -> Report:
    """Load a CSV written as text."""
    return load(write_csv(folder / "figures.csv", text), mapping, **options)


def stored() -> dict[tuple[str, str, str], Decimal | State]:
    """Every stored figure by code of unit, indicator and period."""
    units = dict(Term.objects.values_list("unit_id", "code"))
    indicators = dict(Indicator.objects.values_list("id", "code"))
    found: dict[tuple[str, str, str], Decimal | State] = {}
    for figure in Figure.objects.all():
        window = decode(figure.period)
        key = (
            units[figure.unit],
            indicators[figure.indicator],
            calendar(window.calendar).period_code(window),
        )
        found[key] = State(figure.state) if figure.value is None else figure.value
    return found
