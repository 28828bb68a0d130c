"""The figures of a file as they are gathered: each key once, with the row it came from."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal

FigureRow = tuple[int, int, int, int, Decimal | None]  # period, unit, indicator, state, value
RowPlace = tuple[str, int]  # sheet, row
ZERO = Decimal(0)
LARGEST_ID = (1 << 24) - 1  # of periods and indicators


def key_of(period: int, unit: int, indicator: int) -> int:
    """One whole number for a figure's key: quicker to look up than a tuple, and smaller."""
    return unit << 48 | indicator << 24 | period


def parts_of(key: int) -> tuple[int, int, int]:
    """Period, unit, indicator of a key."""
    return key & LARGEST_ID, key >> 48, key >> 24 & LARGEST_ID


class Gathered:
    """Figures with their rows. `blanks` are keys whose cell was empty, which is not the same as absent.

    `elsewhere` are the columns of figures that stand in another than the others of their kind.
    `unread` are keys for which the file says something that could not be kept.
    """

    def __init__(self) -> None:
        self.figures: list[FigureRow] = []
        self.rows: dict[int, RowPlace] = {}
        self.elsewhere: dict[int, int] = {}
        self.blanks: set[int] = set()
        self.clashing: set[int] = set()
        self.unread: set[int] = set()

    def leave_out(self, first: int) -> None:
        """Forget the figures from a place on: something is wrong in their row."""
        self.unread.update(key_of(row[0], row[1], row[2]) for row in self.figures[first:])
        del self.figures[first:]

    def kept(self) -> list[FigureRow]:
        """The figures whose key stood in one row only."""
        if not self.clashing:
            return self.figures
        return [row for row in self.figures if key_of(row[0], row[1], row[2]) not in self.clashing]

    def fill_zeros(
        self,
        periods: Callable[[int], Iterable[tuple[int, date]]],
        lives: Callable[[int, date], bool],
        known: Callable[[Sequence[FigureRow]], set[int]],
    ) -> tuple[int, int]:
        """Add a zero for every unit and indicator of the file in each of the file's periods.

        `periods` gives (id, day) of the periods of an indicator, `lives` whether a unit existed on that
        day, `known` the keys of the rows whose figures are known to be something else: a file that says
        nothing about them does not contradict them. Returns how many zeros were added and how many
        known figures were left.
        """
        units = dict.fromkeys(row[1] for row in self.figures)
        indicators = dict.fromkeys(row[2] for row in self.figures)
        added: list[FigureRow] = []
        alive: dict[tuple[int, date], bool] = {}
        for indicator in indicators:
            for period, day in periods(indicator):
                for unit in units:
                    key = key_of(period, unit, indicator)
                    if key in self.rows or key in self.blanks:
                        continue
                    if (unit, day) not in alive:
                        alive[unit, day] = lives(unit, day)
                    if alive[unit, day]:
                        added.append((period, unit, indicator, 0, ZERO))
        left = known(added)
        if left:
            added = [row for row in added if key_of(row[0], row[1], row[2]) not in left]
        self.figures += added
        return len(added), len(left)
