"""Where higher packages leave word: to hear when figures have changed, to say which indicators they use."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

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


# Called inside the transaction that wrote the figures, after it, once per write that changed something.
after_figures: list[Callable[[Changed], None]] = []

# Each says which of the codes given it has published something about: those indicators keep their meaning.
in_use: list[Callable[[Collection[str]], set[str]]] = []
