"""Where higher packages leave word: to refuse figures, to hear when they have changed, to say which
indicators they use."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from kieumau.indicators.catalogue import Definition
from kieumau.kernel.messages import Problem

INCOMING = "figure_incoming"


@dataclass(frozen=True, slots=True)
class AtPlace:
    """Figures of one unit and one period (what one form holds), by their indicators' ids."""

    period: int
    unit: int
    indicators: frozenset[int]


@dataclass(frozen=True, slots=True)
class Changed:
    """What one write changed: the figures inserted, revised or removed. Valid only while the callback runs.

    They are at one `place`, or else the rows (period, unit, indicator) of the temporary table `table`.
    `source_id` is the source they come from, `recorded_at` its time, `count` how many they are. `known` is
    the catalogue, where the writer has it at hand.
    """

    source_id: int
    recorded_at: datetime
    count: int
    place: AtPlace | None = None
    table: str = INCOMING
    known: Mapping[str, Definition] | None = None


# Each says which figures must not change; any problem refuses all of them. They are those at the place
# given, or else those in INCOMING; they are about to be written, or to be removed.
before_figures: list[Callable[[AtPlace | None], list[Problem]]] = []

# Called inside the transaction that wrote the figures, after it, once per write that changed something.
after_figures: list[Callable[[Changed], None]] = []

# Each says which of the codes given it has published something about: those indicators keep their meaning.
in_use: list[Callable[[Collection[str]], set[str]]] = []
