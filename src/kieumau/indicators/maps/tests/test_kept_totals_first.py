"""Who reported, of a nation: kept totals first and then a few communes say what every commune would.

A province is looked at only in months in which its total has not as many figures as it has communes. That
nothing is overlooked rests on this: no figure counts but of a commune that counts there on that day, however
late an act was recorded, so that a surplus figure never hides a missing one.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from kieumau.calendars.library import calendar
from kieumau.formulas.values import State
from kieumau.indicators.maps.comparing import Who, differing
from kieumau.indicators.maps.reporting import Pair, Scope, _commune_counts, _lacking, who_differs
from kieumau.indicators.maps.territory import epoch
from kieumau.indicators.models import Total
from kieumau.indicators.runs import runs_of
from kieumau.indicators.tests.cast import Country, operand
from kieumau.kernel.messages import Refused
from kieumau.units.actions import record_change, undo_change
from kieumau.units.models import Carried, Level, Unit
from kieumau.units.queries import terms, tree_revision
from kieumau.units.rules import Act, Share, TermRow, even_shares

pytestmark = pytest.mark.django_db

MONTHS = [f"2026-{month:02}" for month in range(1, 6)]
WINDOWS = [(first, last) for index, first in enumerate(MONTHS) for last in MONTHS[index : index + 2]]
CODE = "crime.occurred"


def last_day(month: str) -> date:
    return calendar("civil").last_day(operand(CODE, month).window)


def act(chance: random.Random, number: int, day: date) -> Act:
    """Any act over communes of its day: moved to a province, joined, divided over two, or simply gone."""
    standing = [one.code for one in terms(day, level=Level.COMMUNE).order_by("code")]
    unit, other = chance.sample(standing, 2)
    key, end = f"act {number}", f"m/{unit}"

    def begun(code: str, parent: str) -> TermRow:
        return TermRow(f"m/{code}", "m", code, code, "xa", f"m/{parent}", day)

    kind = chance.choice(["moved", "joined", "divided", "gone"])
    if kind == "moved":
        there = begun(unit, chance.choice(["P1", "P2"]))
        return Act(key, day, ends=(end,), begins=(there,), shares=even_shares(end, [end]))
    if kind == "joined":
        return Act(key, day, ends=(end,), shares=even_shares(end, [f"m/{other}"]))
    if kind == "gone":
        return Act(key, day, ends=(end,))
    parts = (begun(f"C{number}7", "P1"), begun(f"C{number}8", "P2"))
    shares = tuple(
        Share(end, part.key, Decimal(share), "people")
        for part, share in zip(parts, ("0.75", "0.25"), strict=True)
    )
    return Act(key, day, ends=(end,), begins=parts, shares=shares)


def report(country: Country, chance: random.Random) -> None:
    """Some figures of every month, of whoever stands there or sent some before; what is refused is left."""
    country.units.update({one.key.removeprefix("m/"): one.pk for one in Unit.objects.all()})
    for month in MONTHS:
        codes = {one.code for one in terms(last_day(month), level=Level.COMMUNE)}
        codes |= {one.unit.key.removeprefix("m/") for one in Carried.objects.select_related("unit")}
        for code in sorted(codes):
            value = chance.choice([1, 2, 3, State.NOT_APPLICABLE, State.REFUSED, State.MISSING])
            if chance.random() < 0.5:
                try:
                    with transaction.atomic():
                        country.record((month, code, CODE, value))
                except Refused:
                    continue


def lives(country: Country, seed: int) -> Iterator[Country]:
    """Figures, and acts recorded after them for days before them; some undone."""
    chance, day = random.Random(seed), date(2026, 1, 5)
    for number in range(4):
        report(country, chance)
        yield country
        made = act(chance, number, day)
        record_change(act=made, actor=None)
        yield country
        report(country, chance)
        yield country
        if chance.random() < 0.3:
            undo_change(key=made.key, actor=None)
            yield country
        day += timedelta(days=chance.randint(5, 35))


def pairs(country: Country) -> Iterator[Pair]:
    runs = {run.operand: run for run in runs_of([operand(CODE, *one) for one in WINDOWS], country.indicators)}
    for now in runs.values():
        yield from ((now, before) for before in runs.values() if len(before.periods) == len(now.periods))


def by_totals(scope: Scope, asked: list[Pair]) -> list[Who]:
    found = who_differs(scope, asked)
    return [found[now.operand, before.operand] for now, before in asked]


@pytest.mark.parametrize("seed", range(3))
def test_it_says_what_every_commune_would(country: Country, seed: int) -> None:
    nation, seen = country.units["N"], Counter[str]()
    for _ in lives(country, seed):
        revision = tree_revision()
        seen["carried"] += Carried.objects.filter(level=Level.COMMUNE).count()
        for month in MONTHS:
            counts = _commune_counts(revision, nation, epoch(revision, last_day(month)))
            period = country.key(month, "C11", CODE)[0]
            for total in Total.objects.filter(period=period):
                there = total.value_count + total.not_applicable_count
                assert there <= counts.get(total.unit, 0), (month, total)
        for on in (None, date(2026, 2, 1), date(2026, 7, 1)):
            scope = Scope(nation, Level.NATION, on, revision)
            asked = list(pairs(country))
            every = _lacking(scope, asked, None)
            for pair, found in zip(asked, by_totals(scope, asked), strict=True):
                count = differing(every[pair[0]], every[pair[1]])
                assert found.count <= count if found.is_least else found.count == count, (on, pair)
                assert bool(found.count) == bool(count), (on, pair)
                seen["least" if found.is_least else "differ" if count else "same"] += 1
    assert min(seen[one] for one in ("carried", "least", "differ", "same")) > 0, seen
