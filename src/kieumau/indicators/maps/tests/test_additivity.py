"""Random histories: acts, many recorded late, with figures sent, revised and taken back in between.

Before and after every act the nation is the same on every map, exactly, and totals are their facts. What
units of a map have, and their rates, is worked out anew from the facts by the plain rule
(`units.rules.tracing`). Every act can be taken back, and leaves no trace.
"""

import os
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection, transaction

from kieumau.calendars.library import calendar
from kieumau.formulas.values import State
from kieumau.formulas.windows import Operand
from kieumau.indicators.actions import open_source, record_figures, remove_figures
from kieumau.indicators.actions.record import Row
from kieumau.indicators.actions.totals import check_totals
from kieumau.indicators.maps.queries import values_on_map, year_on_year
from kieumau.indicators.maps.rules import REPORTED, Amount, Map
from kieumau.indicators.maps.wide import WideValue, wide_on_map
from kieumau.indicators.tests.cast import Country, at, operand
from kieumau.kernel.messages import Refused
from kieumau.units.actions import record_change, undo_changes
from kieumau.units.actions.store import stored_terms
from kieumau.units.models import Level, Unit
from kieumau.units.rules import Act, Share, TermRow, Tree, even_shares

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
    basis = "area"
    if chance.random() < 0.2:  # all the people went one way, the others got land
        sizes, basis = [Decimal(number == 0) for number in range(len(takers))], "people"
    rows = [begun(new, day, chance.choice(["m/P1", "m/P2"])) for new in news]
    if lives_on:
        rows.append(begun(old.key, day, old.parent, old.code))
    shares = tuple(Share(old.key, unit, size, basis) for unit, size in zip(takers, sizes, strict=True))
    return Act(key, day, ends=(old.key,), begins=tuple(rows), shares=shares)


def transfer(chance: random.Random, key: str, day: date, open_: list[TermRow]) -> Act:
    old = chance.choice(open_)
    row = begun(old.key, day, chance.choice(["m/P1", "m/P2"]), old.code)
    return Act(key, day, ends=(old.key,), begins=(row,), shares=even_shares(old.key, [old.key]))


def dissolve(chance: random.Random, key: str, day: date, open_: list[TermRow]) -> Act:
    """A unit ends without a successor: its figures stay with the province."""
    return Act(key, day, ends=(chance.choice(open_).key,))


def rename(chance: random.Random, key: str, day: date, open_: list[TermRow]) -> Act:
    """Another name, and perhaps another kind."""
    old = chance.choice(open_)
    kind = chance.choice(["xa", "phuong"])
    row = TermRow(old.key, "m", old.code, f"{old.name} {key}", kind, old.parent, day)
    return Act(key, day, ends=(old.key,), begins=(row,), shares=even_shares(old.key, [old.key]))


STEPS: list[Step] = [merge, join, split, transfer, dissolve, rename]
CODES = ("crime.occurred", "crime.solved", "people")
LAST = date(2026, 12, 31)
FIRST_ACTS, LAST_ACTS = date(2025, 12, 1), date(2026, 9, 20)
Key = tuple[int, int, int]


def communes(before: date = date.max) -> list[TermRow]:
    """Those that an act of a day may change: in force since before it, and nothing known after it."""
    return [
        row
        for row in stored_terms()
        if row.ends is None and row.kind in {"xa", "phuong"} and row.starts < before
    ]


def reporting(day: date) -> list[int]:
    """Who can have figures on a day: communes in force, and those that ended by an act recorded late."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id FROM unit_counted WHERE level = 3 AND valid @> %s::date ORDER BY 1", [day]
        )
        return [unit_id for (unit_id,) in cursor.fetchall()]


@dataclass
class History:
    """One history while it is told: its acts, and the facts as they must be stored."""

    country: Country
    chance: random.Random
    name: str
    acts: list[Act] = field(default_factory=list)
    facts: dict[Key, tuple[State, Decimal | None]] = field(default_factory=dict)

    @property
    def days(self) -> list[date]:
        """A day of every map there is."""
        acts = {act.takes_effect_on for act in self.acts}
        return sorted(
            {FIRST_ACTS - timedelta(days=1), LAST, *acts, *(day - timedelta(days=1) for day in acts)}
        )

    def day_of(self, month: str) -> date:
        """The last day of a month."""
        return calendar("civil").last_day(operand("people", month).window)

    def send(self) -> None:
        """Everybody who can reports some months, or revises them; a few figures are taken back."""
        rows: list[Row] = []
        for month in self.chance.sample(MONTHS, 4):
            period = self.country.key(month, "P1", "people")[0]
            for unit_id in reporting(self.day_of(month)):
                for code in CODES:
                    key = period, unit_id, self.country.indicators[code].id
                    is_value = self.chance.random() < 0.995
                    state = State.VALUE if is_value else self.chance.choice(list(State)[1:])
                    value = Decimal(self.chance.randint(0, 999)) / self.chance.choice([1, 1, 4])
                    rows.append((*key, state, value if state is State.VALUE else None))
        source = open_source(name="thử", recorded_at=at(1))
        record_figures(rows, source=source)
        self.facts |= {row[:3]: (State(row[3]), row[4]) for row in rows}
        if self.chance.random() < 0.3:
            gone = [row[:3] for row in self.chance.sample(rows, 2)]
            remove_figures(gone, source=source)
            for key in gone:
                del self.facts[key]

    def act(self) -> None:
        """One act, of whatever day; the nation is the same before and after, on every map."""
        day = FIRST_ACTS + timedelta(days=self.chance.randrange((LAST_ACTS - FIRST_ACTS).days))
        open_ = communes(day)
        if len(open_) < 3:
            return
        act = self.chance.choice(STEPS)(self.chance, f"{self.name}.{len(self.acts)}", day, open_)
        days = [day - timedelta(days=1), day, self.chance.choice(self.days)]
        was, before = self.nation(days), everything()
        try:
            record_change(act=act, actor=None)
        except Refused:  # a later act needs a unit that this one would end
            assert everything() == before
            return
        if self.chance.random() < 0.3:
            after = everything()
            undo_changes(keys=[act.key], actor=None)
            assert everything() == before
            record_change(act=act, actor=None)
            assert everything() == after
        self.acts.append(act)
        assert check_totals() == []
        assert self.nation([*days, LAST]) == was

    def nation(self, days: Iterable[date]) -> dict[str, Fraction]:
        """What the nation has by its facts; as reported, on each map and in its provinces it has the same."""
        root = Unit.objects.get(key="m/N").pk
        wanted = self.national_facts()
        maps = [REPORTED, *(Map(day) for day in days)]
        for on in maps:
            values = values_on_map(root, ASKED, on)
            for each in ASKED:
                if on.day is not None:
                    assert values[each].amount.total == wanted[str(each)]
                elif values[each].value is not None:
                    assert values[each].value == wanted[str(each)]
        for day in days:
            provinces = wide_on_map(ASKED, day, level=Level.PROVINCE).values()
            for each in ASKED:
                assert sum((row[each].amount for row in provinces), Amount()).total == wanted[str(each)]
        return wanted

    def national_facts(self) -> dict[str, Fraction]:
        """All facts added up, whosever they are: nothing may be lost."""
        return {
            str(each): sum(
                (Fraction(value) for value in self.of(each).values() if value is not None), Fraction(0)
            )
            for each in ASKED
        }

    def of(self, each: Operand) -> dict[tuple[int, int], Decimal | None]:
        """The facts that make up an operand: by period and unit."""
        own = calendar(each.window.calendar)
        indicator = self.country.indicators[each.indicator]
        months = own.period_ids(replace(each.window, kind="month")) if each.window.kind == "month" else (
            self.country.key("2026-06", "P1", "people")[0],)  # fmt: skip
        return {
            (period, unit_id): value
            for (period, unit_id, of), (_, value) in self.facts.items()
            if of == indicator.id and period in months
        }

    def units_of(self, on: date) -> None:
        """Every unit of a map has what the plain rule makes of the facts; rates are those of the sums."""
        tree = Tree(stored_terms(), self.acts)
        keys = dict(Unit.objects.values_list("id", "key"))
        ids = {key: unit_id for unit_id, key in keys.items()}
        april = self.day_of("2026-04")
        solved = replace(MONTH, indicator="crime.solved")
        wanted: dict[Operand, dict[int, Fraction]] = {}
        for each in (MONTH, solved):
            sums: dict[int, Fraction] = defaultdict(Fraction)
            for (_, unit_id), value in self.of(each).items():
                for piece in tree.trace(keys[unit_id], april, on):
                    sums[ids[piece.unit]] += piece.share * Fraction(value or 0)
            wanted[each] = sums
        for unit_id, row in wide_on_map([MONTH, solved], on, level=Level.COMMUNE).items():
            for each in (MONTH, solved):
                assert row[each].amount.total == wanted[each].get(unit_id, 0)
        for level in (Level.PROVINCE, Level.COMMUNE):
            wide = wide_on_map([*ASKED, solved], on, level=level)
            for unit_id in self.chance.sample(sorted(wide), min(len(wide), 2)):
                self.alone(unit_id, wide[unit_id], on)

    def alone(self, unit_id: int, row: dict[Operand, WideValue], on: date) -> None:
        """A unit by itself says what it says among all; its rate is that of what was added up."""
        values = values_on_map(unit_id, ASKED, Map(on))
        for each in ASKED:
            assert (row[each].state, row[each].value) == (values[each].state, values[each].value)
        codes = ["crime.solved", "crime.occurred", "crime.clearance"]
        pair = year_on_year(unit_id, codes, MONTH.window, Map(on))
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


def tell(country: Country, seed: int) -> None:
    """A history from its beginning to its end, and all of it taken back."""
    chance = random.Random(seed)
    one = History(country, chance, f"h{seed}")
    start = everything()
    for _ in range(chance.randint(2, 5)):
        one.send()
        one.act()
    one.nation(one.days)
    one.units_of(LAST)
    one.units_of(chance.choice(one.days))
    before = everything()
    undo_changes(keys=[act.key for act in one.acts], actor=None)
    assert check_totals() == []
    if chance.random() < 0.3:
        for act in one.acts:
            record_change(act=act, actor=None)
        assert everything() == before
        undo_changes(keys=[act.key for act in one.acts], actor=None)
    remove_figures(list(one.facts), source=open_source(name="hết", recorded_at=at(2)))
    assert everything() == start


COUNT = int(os.environ.get("KIEUMAU_HISTORIES", "5"))
TOGETHER = 20  # histories in one country: to load it takes as long as one of them


# All of them: make histories
@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, COUNT, TOGETHER))
def test_random_histories(country: Country, first: int) -> None:
    for seed in range(first, min(first + TOGETHER, COUNT)):
        try:
            with transaction.atomic():
                tell(country, seed)
                transaction.set_rollback(True)
        except Exception as problem:
            problem.add_note(f"history {seed}")
            raise
