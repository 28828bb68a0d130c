"""How synthetic figures of a commune behave: size, season, trend, noise, late and missing returns.

Plain Python, deterministic: the same unit and month always give the same figures. The rates are
chosen so that totals have the right order of magnitude; they describe no real place.

A unit that came out of others by a change takes their size: its people, areas and firms are the sum
of what its predecessors gave it, so that figures before and after a merger can be compared.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from random import Random

from kieumau.formulas.values import State

Value = tuple[State, Decimal | None]

# Tết brings more thefts and accidents, the dry months more fires.
SEASON = {
    "crime": (1.15, 1.25, 0.95, 0.9, 0.95, 1.0, 1.0, 0.95, 0.95, 1.0, 1.0, 1.1),
    "traffic": (1.2, 1.35, 1.0, 0.95, 0.95, 0.9, 0.9, 0.9, 0.95, 1.0, 1.0, 1.1),
    "fire": (1.3, 1.5, 1.6, 1.4, 1.0, 0.7, 0.6, 0.6, 0.7, 0.7, 0.9, 1.1),
    "even": (1.0,) * 12,
}


@dataclass(frozen=True, slots=True)
class Size:
    """What a unit has: amounts that add up when units merge."""

    people: float
    areas: float
    agencies: float
    firms: float
    schools: float

    def plus(self, other: "Size", share: float) -> "Size":
        """This size and a share of another."""
        return Size(*(getattr(self, f.name) + share * getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Character:
    """What a unit is like, for as long as it lives: between 0 and 1, or around 1."""

    crime: float  # how much crime for its size
    diligence: float  # how well it registers, recognizes, answers in time
    care: float  # how rarely a return is missing


NOTHING = Size(0, 0, 0, 0, 0)


def size(key: str) -> Size:
    """The size of a unit without predecessors."""
    random = Random(f"size {key}")
    people = min(60_000.0, max(900.0, random.lognormvariate(8.9, 0.55)))
    return Size(
        people=people,
        areas=max(2.0, people / random.uniform(900, 1_700)),
        agencies=random.uniform(3, 9),
        firms=people / random.uniform(150, 700),
        schools=max(1.0, people / random.uniform(3_500, 5_500)),
    )


def character(key: str) -> Character:
    """The character of a unit."""
    random = Random(f"character {key}")
    return Character(
        crime=random.lognormvariate(0, 0.35),
        diligence=random.betavariate(5, 1.6),
        care=random.betavariate(8, 1),
    )


def month_figures(
    key: str, has: Size, is_like: Character, year: int, month: int, months_on: int
) -> Iterator[tuple[str, Value]]:
    """Every figure of one unit for one month; nothing at all where the return is missing.

    `months_on` counts months since the first one, for the trend.
    """
    random = Random(f"{key} {year}-{month}")
    if random.random() < 0.05 * (1 - is_like.care):
        return
    counts = {
        **_crime(random, has, is_like, month, months_on),
        **_duties(random, has, is_like, month),
        **_standing(random, has, is_like, month, months_on),
    }
    for code, count in counts.items():
        yield code, _said(random, code, count)


def is_late(key: str, year: int, month: int, is_like: Character) -> bool:
    """Did this return come after the others?"""
    return Random(f"late {key} {year}-{month}").random() < 0.15 * (1 - is_like.care)


def corrected(key: str, year: int, month: int, code: str, value: Value) -> Value | None:
    """The value that a later correction put in its place, for about one figure in a thousand."""
    random = Random(f"corrected {key} {year}-{month} {code}")
    if value[1] is None or code not in CORRECTED or random.random() > 0.01:
        return None
    return State.VALUE, value[1] + random.randint(1, 3)


CORRECTED = {"crime.property", "traffic.accidents", "tips.received", "residence.applications"}


def _said(random: Random, code: str, count: int) -> Value:
    """The figure as the unit gave it: now and then missing, not applicable or refused."""
    chance = random.random()
    if chance < 0.0012:
        return State.MISSING, None
    if chance < 0.0014:
        return State.REFUSED, None
    if count == 0 and code in {"firms.total", "firms.registered", "firms.recognised"}:
        return State.NOT_APPLICABLE, None
    return State.VALUE, Decimal(count)


def _crime(random: Random, has: Size, is_like: Character, month: int, months_on: int) -> dict[str, int]:
    thousand = has.people / 1_000
    trend = 0.994**months_on
    rate = thousand * is_like.crime * trend * SEASON["crime"][month - 1]
    occurred = {
        "crime.very-serious": poisson(random, rate * 0.0025),
        "crime.serious": poisson(random, rate * 0.008),
        "crime.property": poisson(random, rate * 0.065),
        "crime.violence": poisson(random, rate * 0.016),
        "crime.other": poisson(random, rate * 0.02),
    }
    total, worst = sum(occurred.values()), occurred["crime.very-serious"]
    accidents = poisson(random, thousand * 0.022 * trend * SEASON["traffic"][month - 1])
    received = poisson(random, thousand * 0.13 * is_like.crime)
    solved = binomial(random, total, 0.7 + 0.28 * is_like.diligence)
    solved += poisson(random, total * 0.03)  # some of earlier months
    worst_solved = binomial(random, worst, 0.95)
    return {
        **occurred,
        "crime.solved": max(solved, worst_solved),
        "crime.very-serious-solved": worst_solved,
        "economic.detected": poisson(random, thousand * 0.006),
        "drugs.detected": poisson(random, thousand * 0.011),
        "fraud.online": poisson(random, thousand * 0.014 * 1.01**months_on),
        "tips.received": received,
        "tips.resolved": binomial(random, received, 0.88 + 0.12 * is_like.diligence),
        "traffic.accidents": accidents,
        "traffic.deaths": binomial(random, accidents, 0.33),
        "traffic.injured": poisson(random, accidents * 0.7),
        "traffic.violations": poisson(random, thousand * 1.4 * SEASON["traffic"][month - 1]),
        "fire.count": poisson(random, thousand * 0.004 * SEASON["fire"][month - 1]),
    }


def _duties(random: Random, has: Size, is_like: Character, month: int) -> dict[str, int]:
    thousand = has.people / 1_000
    applications = poisson(random, thousand * 6.5)
    petitions = poisson(random, thousand * 0.35)
    disputes = poisson(random, has.areas * 0.06)
    officers = 12 + round(has.people / 5_000)
    return {
        "fire.inspections": poisson(random, 1 + has.firms / 40),
        "fire.drills": poisson(random, 1.4 if month in (3, 6, 9, 11) else 0.3),
        "residence.applications": applications,
        "residence.on-time": binomial(random, applications, 0.93 + 0.07 * is_like.diligence),
        "services.online": binomial(random, applications, 0.55 + 0.4 * is_like.diligence),
        "patrols": poisson(random, 20 + has.areas * 2.5 * is_like.diligence),
        "petitions.received": petitions,
        "petitions.on-time": binomial(random, petitions, 0.75 + 0.25 * is_like.diligence),
        "conciliation.cases": disputes,
        "conciliation.settled": binomial(random, disputes, 0.7 + 0.25 * is_like.diligence),
        "officers.total": officers,
        "officers.disciplined": poisson(random, 0.006 * (1.2 - is_like.diligence)),
    }


def _standing(random: Random, has: Size, is_like: Character, month: int, months_on: int) -> dict[str, int]:
    """Stocks: they grow slowly, and registration and recognition build up in the course of the year."""
    people = round(has.people * 1.0007**months_on)
    through_year = min(1.0, 0.5 + month / 20)
    figures = {
        "population": people,
        "households": round(people / 3.79),
        "teams.total": round(has.areas),
        "teams.members": round(has.areas) * 3 + binomial(random, round(has.areas), 0.4),
        "initiatives.running": poisson(random, 3.5 * is_like.diligence),
    }
    for name, amount, ease in (
        ("areas", has.areas, 1.0),
        ("agencies", has.agencies, 1.1),
        ("firms", has.firms, 0.9),
        ("schools", has.schools, 1.15),
    ):
        total = round(amount)
        willing = min(1.0, is_like.diligence * ease * 1.25) * through_year
        registered = total if willing > 0.8 else round(total * min(1.0, willing * 1.1))
        figures[f"{name}.total"] = total
        figures[f"{name}.registered"] = registered
        figures[f"{name}.recognised"] = min(registered, round(total * min(1.0, willing * 1.02)))
    figures["areas.meeting"] = figures["areas.total"] - binomial(
        random, figures["areas.total"], 0.02 * (1.1 - is_like.diligence)
    )
    return figures


def poisson(random: Random, mean: float) -> int:
    """A count of independent events with this mean."""
    if mean > 30:
        return max(0, round(random.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, random.random()
    while product > limit:
        count += 1
        product *= random.random()
    return count


def binomial(random: Random, trials: int, chance: float) -> int:
    """How many of `trials` succeed."""
    chance = min(1.0, max(0.0, chance))
    if trials > 60:
        spread = math.sqrt(trials * chance * (1 - chance))
        return min(trials, max(0, round(random.gauss(trials * chance, spread))))
    return sum(random.random() < chance for _ in range(trials))
