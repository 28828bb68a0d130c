"""Random histories: the nation is the same on every map, exactly; one unit at a time as all at once."""

import os
import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from kieumau.calendars.library import calendar
from kieumau.formulas.values import State
from kieumau.indicators.actions import open_source, record_figures, remove_figures
from kieumau.indicators.actions.record import Row
from kieumau.indicators.actions.totals import check_totals
from kieumau.indicators.maps.queries import values_on_map, year_on_year
from kieumau.indicators.maps.rules import REPORTED, Amount, Map
from kieumau.indicators.maps.wide import wide_on_map
from kieumau.indicators.tests.cast import Country, at, operand
from kieumau.units.actions import record_change, undo_changes
from kieumau.units.actions.store import stored_terms
from kieumau.units.models import Level, Unit
from kieumau.units.rules import Act, Share, TermRow, even_shares

pytestmark = pytest.mark.django_db

MONTHS = [f"2026-{month:02}" for month in range(1, 10)]
FLOW, STOCK = operand("crime.occurred", "2026-02", to="2026-07"), operand("people", "2026-H1")
MONTH = operand("crime.occurred", "2026-04")
ASKED = [FLOW, STOCK, MONTH]
Step = Callable[[random.Random, str, date, list[TermRow]], Act]


def begun(key: str, day: date, parent: str | None, code: str = "") -> TermRow:
    return TermRow(key, "m", code or key, key, "xa", parent, day)


def merge(chance: random.Random, key: str, day: date, open_: list[TermRow]) -> Act:
    olds = chance.sample(open_, min(len(open_), chance.randint(2, 3)))
    new = f"m/{key}"
    shares = tuple(share for old in olds for share in even_shares(old.key, [new]))
    return Act(
        key,
        day,
        ends=tuple(old.key for old in olds),
        begins=(begun(new, day, olds[0].parent),),
        shares=shares,
    )


def join(chance: random.Random, key: str, day: date, open_: list[TermRow]) -> Act:
    """One goes into another that lives on."""
    gone, kept = chance.sample(open_, 2)
    return Act(key, day, ends=(gone.key,), shares=even_shares(gone.key, [kept.key]))


def split(chance: random.Random, key: str, day: date, open_: list[TermRow]) -> Act:
    """A unit is divided, perhaps over the borders of its province; it may live on with a part."""
    old = chance.choice(open_)
    news = [f"m/{key}.{number}" for number in range(chance.randint(1, 3))]
    lives_on = len(news) == 1 or chance.random() < 0.5
    takers = [old.key, *news] if lives_on else news
    parts = [Decimal(chance.randint(1, 30)) / 100 for _ in takers[1:]]
    sizes = [1 - sum(parts, Decimal(0)), *parts]
    rows = [begun(new, day, chance.choice(["m/P1", "m/P2"])) for new in news]
    if lives_on:
        rows.append(begun(old.key, day, old.parent, old.code))
    shares = tuple(Share(old.key, unit, size, "area") for unit, size in zip(takers, sizes, strict=True))
    return Act(key, day, ends=(old.key,), begins=tuple(rows), shares=shares)


def transfer(chance: random.Random, key: str, day: date, open_: list[TermRow]) -> Act:
    old = chance.choice(open_)
    row = begun(old.key, day, chance.choice(["m/P1", "m/P2"]), old.code)
    return Act(key, day, ends=(old.key,), begins=(row,), shares=even_shares(old.key, [old.key]))


def dissolve(chance: random.Random, key: str, day: date, open_: list[TermRow]) -> Act:
    """A unit ends without a successor: its figures stay with the province."""
    return Act(key, day, ends=(chance.choice(open_).key,))


STEPS: list[Step] = [merge, join, split, transfer, dissolve]


def communes() -> list[TermRow]:
    return [row for row in stored_terms() if row.ends is None and row.kind in {"xa", "phuong"}]


def reporting(day: date) -> list[int]:
    """Who can have figures on a day: communes in force, and those that ended by an act recorded late."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id FROM unit_counted WHERE level = 3 AND valid @> %s::date ORDER BY 1", [day]
        )
        return [unit_id for (unit_id,) in cursor.fetchall()]


def fill(country: Country, chance: random.Random) -> None:
    """Every commune in force on the last day of some months reports, or revises; a few are taken back."""
    codes = ("crime.occurred", "crime.solved", "people")
    rows: list[Row] = []
    for month in chance.sample(MONTHS, 4):
        period = country.key(month, "P1", "people")[0]
        day = calendar("civil").last_day(operand("people", month).window)
        for unit_id in reporting(day):
            for code in codes:
                key = period, unit_id, country.indicators[code].id
                state = State.VALUE if chance.random() < 0.995 else chance.choice(list(State)[1:])
                value = Decimal(chance.randint(0, 999)) / chance.choice([1, 1, 4])
                rows.append((*key, state, value if state is State.VALUE else None))
    source = open_source(name="thử", recorded_at=at(1))
    record_figures(rows, source=source)
    if chance.random() < 0.3:
        remove_figures([row[:3] for row in chance.sample(rows, 2)], source=source)


def the_nation_is_the_same_on(days: list[date]) -> None:
    """As reported, on every map, and as the sum of the provinces of every map: no difference at all."""
    root = Unit.objects.get(key="m/N").pk
    reported = values_on_map(root, ASKED, REPORTED)
    for day in days:
        values = values_on_map(root, ASKED, Map(day))
        provinces = wide_on_map(ASKED, day, level=Level.PROVINCE).values()
        for each in ASKED:
            on_map = values[each]
            assert (on_map.state, on_map.value) == (reported[each].state, reported[each].value)
            summed = sum((row[each].amount for row in provinces), Amount())
            assert summed.total == on_map.amount.total


def one_by_one(day: date) -> None:
    """All units at once say what each says by itself; rates are those of the parts."""
    for level in (Level.PROVINCE, Level.COMMUNE):
        for unit_id, row in wide_on_map(ASKED, day, level=level).items():
            alone = values_on_map(unit_id, ASKED, Map(day))
            for each in ASKED:
                mine = row[each]
                assert (mine.state, mine.value) == (alone[each].state, alone[each].value)
            codes = ["crime.solved", "crime.occurred", "crime.clearance"]
            pair = year_on_year(unit_id, codes, MONTH.window, Map(day))
            solved, occurred, rate = (pair[code].now.value for code in codes)
            assert rate == (solved / occurred if solved is not None and occurred else None)


def everything() -> str:
    """One word for everything that undoing must restore."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (
                SELECT concat_ws('|', 'total', period, unit, indicator, trim_scale(value), value_count,
                    not_applicable_count, refused_count, missing_count) FROM figure_total
                UNION ALL
                SELECT concat_ws('|', 'figure', period, unit, indicator, source, state, value) FROM figure
                UNION ALL
                SELECT concat_ws('|', 'position', unit_id, valid, path, level, root_id, province_id)
                FROM unit_position
                UNION ALL
                SELECT concat_ws('|', 'carried', unit_id, valid, path, level, root_id, province_id)
                FROM unit_carried
                UNION ALL
                SELECT concat_ws('|', 'mapping', from_unit, to_unit, reported, on_map, numerator, denominator,
                    bases) FROM unit_mapping
            ) lines (line)
            """
        )
        return str(cursor.fetchone()[0])


def history(country: Country, chance: random.Random, name: str) -> None:
    """Acts, figures in between; after every step nothing is lost, and every act can be taken back."""
    day, acts = date(2025, 12, 1), list[Act]()
    days = [date(2025, 11, 30)]
    for step in range(chance.randint(2, 6)):
        open_ = communes()
        if len(open_) < 3:
            break
        act = chance.choice(STEPS)(chance, f"{name}.{step}", day, open_)
        before = everything()
        record_change(act=act, actor=None)
        after = everything()
        undo_changes(keys=[act.key], actor=None)
        assert everything() == before
        record_change(act=act, actor=None)
        assert everything() == after
        acts.append(act)
        days += [day - timedelta(days=1), day]
        fill(country, chance)
        assert check_totals() == []
        the_nation_is_the_same_on([*days, date(2026, 12, 31)])
        day += timedelta(days=chance.choice([1, 20, 31, 75]))
    one_by_one(date(2026, 12, 31))
    one_by_one(chance.choice(days))
    before = everything()
    undo_changes(keys=[act.key for act in acts], actor=None)
    assert check_totals() == []
    the_nation_is_the_same_on(days)
    for act in acts:
        record_change(act=act, actor=None)
    assert everything() == before


# More of them: KIEUMAU_HISTORIES=1000 pytest src/kieumau/indicators/maps -k histories
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(int(os.environ.get("KIEUMAU_HISTORIES", "4"))))
def test_random_histories(country: Country, seed: int) -> None:
    history(country, random.Random(seed), f"h{seed}")
