"""Where higher packages leave word: to refuse figures, to hear when they have changed, to say which
indicators they use."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from kieumau.kernel.messages import Problem

INCOMING = "figure_incoming"


@dataclass(frozen=True, slots=True)
class Changed:
    """What one write changed. Valid only while the callback runs.

    `table` is the temporary table whose rows (period, unit, indicator) are the figures inserted,
    revised or removed; `source_id` is the source they come from, `count` how many they are.
    """

    source_id: int
    count: int
    table: str = INCOMING


# Each says which of the figures in INCOMING must not change; any problem refuses all of them.
before_figures: list[Callable[[], list[Problem]]] = []

# Called inside the transaction that wrote the figures, after it, once per write that changed something.
after_figures: list[Callable[[Changed], None]] = []

# Each says which of the codes given it has published something about: those indicators keep their meaning.
in_use: list[Callable[[Collection[str]], set[str]]] = []
