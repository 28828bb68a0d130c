"""Which units and criteria a draw picks, and how far findings shrink when others look. Plain Python.

A draw is reproducible by anybody from its seed alone: every candidate is ordered by the SHA-256 of the seed
and its name, and the first of each stratum are picked. No generator, no state, no order of rows matters.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kieumau.assessments.rules import Outcome

COMPARED = frozenset({Outcome.MET, Outcome.NOT_MET})


def rank(seed: str, *name: int | str) -> str:
    """Where a candidate stands in the draw of a seed: hex digits, smaller is picked first."""
    return hashlib.sha256("\x1f".join([seed, *map(str, name)]).encode()).hexdigest()


def seed_of(lot: str, round_id: int, area_id: int, frame_sha256: str) -> str:
    """The seed of a draw: of the lot that the round reveals for it, its area, and what can be drawn from."""
    return rank(lot, "draw", round_id, area_id, frame_sha256)


def draw(seed: str, strata: Mapping[int, Iterable[int]], per_stratum: int) -> dict[int, list[int]]:
    """For each stratum (a province) the candidates (units) picked: so many of them, or all there are."""
    return {
        stratum: sorted(candidates, key=lambda one: rank(seed, "unit", one))[:per_stratum]
        for stratum, candidates in strata.items()
    }


def draw_criteria(seed: str, unit_id: int, codes: Iterable[str], count: int) -> list[str]:
    """The criteria of one unit that are checked again, in the order of the draw."""
    return sorted(codes, key=lambda code: rank(seed, "criterion", unit_id, code))[:count]


@dataclass(frozen=True, slots=True)
class Inflation:
    """How much better the earlier finding was: criteria met by it less those met by the later one.

    Over criteria that both found met or not met; `index` is that difference as a share of them, exact, null
    where nothing can be compared. Above zero: the earlier one was too kind.
    """

    compared: int = 0
    met_before: int = 0
    met_after: int = 0

    @property
    def index(self) -> Fraction | None:
        """From −1 to 1."""
        return Fraction(self.met_before - self.met_after, self.compared) if self.compared else None

    def __add__(self, other: "Inflation") -> "Inflation":
        return Inflation(
            self.compared + other.compared,
            self.met_before + other.met_before,
            self.met_after + other.met_after,
        )


def inflation(pairs: Iterable[tuple[Outcome, Outcome]]) -> Inflation:
    """From pairs of an earlier and a later finding of the same criterion."""
    both = [(a, b) for a, b in pairs if a in COMPARED and b in COMPARED]
    return Inflation(
        len(both),
        sum(before is Outcome.MET for before, _ in both),
        sum(after is Outcome.MET for _, after in both),
    )


def by_stratum(rows: Iterable[tuple[int, Inflation]]) -> dict[int, Inflation]:
    """Added up: the index of a province is that of all its criteria, not the mean of its units."""
    total: dict[int, Inflation] = defaultdict(Inflation)
    for stratum, one in rows:
        total[stratum] += one
    return dict(total)
