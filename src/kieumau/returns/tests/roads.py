"""The roads by which figures reach the store, each as: store one figure of a unit and a period at a moment.

`False` where it was refused; then every reason was said in both languages.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from kieumau.indicators.actions import enter_figures, open_source, record_figures
from kieumau.indicators.imports import load_file, mapping_from_text
from kieumau.kernel.messages import Problem, Refused
from kieumau.returns.actions import Typed, enter
from kieumau.returns.tests.cast import World

MAPPING = """
title: {vi: Một giá trị mỗi dòng, en: One value a row}
unit: {code: "{unit}", register: m}
indicator: {code: "{indicator}"}
period: {code: "{period}"}
values: {column: value}
"""
CODE, VALUE = "people", 931

Store = Callable[[World, str, str, datetime], None]


def by_hand(world: World, unit: str, period: str, now: datetime) -> None:
    """Typed into the return's own form."""
    enter(world.report(unit, period).pk, {CODE: Typed(str(VALUE))}, actor=world.an, now=now)


def by_command(world: World, unit: str, period: str, now: datetime) -> None:
    """`kieumau figures enter`."""
    period_id, unit_id, _ = world.country.key(period, unit, CODE)
    enter_figures(unit_id, period_id, {CODE: Decimal(VALUE)}, {}, actor="thử", now=now)


def by_file(world: World, unit: str, period: str, now: datetime) -> None:
    """An import, as of files so of forms that come back."""
    path = Path(world.folder, "figures.csv")
    path.write_text(f"unit,indicator,period,value\n{unit},{CODE},{period},{VALUE}\n", encoding="utf-8")
    report = load_file(path, mapping_from_text(MAPPING), actor="thử", now=now)
    if report.has_failed:
        raise Refused(list(report.problems))


def by_program(world: World, unit: str, period: str, now: datetime) -> None:
    """Many at once, as a program does."""
    source = open_source(name="thử", recorded_at=now)
    record_figures([world.country.row(period, unit, CODE, VALUE)], source=source)


def by_hand_emptied(world: World, unit: str, period: str, now: datetime) -> None:
    """A cell of the form emptied; the figure was there before."""
    was = {CODE: Typed("", was="9")}
    enter(world.report(unit, period).pk, was, actor=world.an, now=now)


ROADS: dict[str, Store] = {"by hand": by_hand, "by command": by_command, "by file": by_file}


def refusal(store: Store, world: World, unit: str, period: str, now: datetime) -> list[Problem]:
    """Try it and take it back; why it was refused."""
    with transaction.atomic():
        try:
            store(world, unit, period, now)
        except Refused as refused:
            return refused.problems
        finally:
            transaction.set_rollback(True)
    return []
