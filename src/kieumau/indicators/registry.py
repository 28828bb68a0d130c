"""Where higher packages leave word: to hear when figures have changed, to say which indicators they use."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import connection

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

    def unit_ids(self) -> list[int]:
        """Every unit touched, each once."""
        return self._distinct("unit")

    def period_ids(self) -> list[int]:
        """Every period touched, each once."""
        return self._distinct("period")

    def indicator_ids(self) -> list[int]:
        """Every indicator touched, each once."""
        return self._distinct("indicator")

    def _distinct(self, column: str) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT {column} FROM {self.table} ORDER BY {column}")
            return [row[0] for row in cursor.fetchall()]


# Called inside the transaction that wrote the figures, after it, once per write that changed something.
after_figures: list[Callable[[Changed], None]] = []

# Each says which of the codes given it has published something about: those indicators keep their meaning.
in_use: list[Callable[[Collection[str]], set[str]]] = []
