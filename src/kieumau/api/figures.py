"""A page of figures: the rows that follow a unit and an indicator in a window.

The key names what the page stands behind, so that a page costs the same wherever it is.
"""

from dataclasses import dataclass

from kieumau.api.cursors import stale
from kieumau.calendars.library import calendar
from kieumau.exports.asking import Asked
from kieumau.exports.blocks import Key, Reading, reading
from kieumau.exports.rows import FigureRow
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Refused

MOST_BLOCKS = 4  # of a page, so that its queries are bounded however small the areas are


@dataclass(frozen=True, slots=True)
class Place:
    """Behind a unit and an indicator in a window."""

    window: str
    unit_id: int
    code: str

    @property
    def key(self) -> str:
        """For a cursor; only the code of an indicator may hold dots."""
        return f"{self.window}.{self.unit_id}.{self.code}"

    @classmethod
    def read(cls, key: str) -> "Place":
        """The place of a key that this installation made."""
        window, unit_id, code = key.split(".", 2)
        return cls(window, int(unit_id), code)


def page(asked: Asked, key: str, limit: int) -> tuple[list[FigureRow], str | None]:
    """At most `limit` rows behind a key (empty: the first), and the next key; None behind the last row.

    Raises `Refused` where the unit or the indicator is gone. A few queries for each block of some thousand
    cells; a page may be shorter than `limit` and still not be the last.
    """
    rows: list[FigureRow] = []
    with reading(asked) as found:
        start, skip = _start(found, Place.read(key)) if key else (Key(), 0)
        last: Place | None = None
        for number, (at, area, codes) in enumerate(found.places(start)):
            if number == MOST_BLOCKS or len(rows) >= limit:
                return rows, last.key if last else None
            window = asked.groups[at.group].windows[at.window]
            some = found.block(window, area, codes)[skip:]
            taken = some[: limit - len(rows)]
            rows += taken
            if taken:
                place, code = divmod(skip + len(taken) - 1, len(codes))
                last = Place(_named(window), area.places[place].unit_id, codes[code])
            if len(taken) < len(some):
                return rows, last.key if last else None
            skip = 0
    return rows, None


def _start(found: Reading, behind: Place) -> tuple[Key, int]:
    """The block in which the place stands, and how many of its rows are behind it."""
    for number, group in enumerate(found.asked.groups):
        names = [_named(window) for window in group.windows]
        if behind.code not in group.codes or behind.window not in names:
            continue
        here = number, names.index(behind.window)
        for key, area, codes in found.places(Key(*here)):
            if key[:2] != here:
                break
            if behind.code not in codes:
                continue
            for place_number, place in enumerate(area.places):
                if place.unit_id == behind.unit_id:
                    return key, place_number * len(codes) + codes.index(behind.code) + 1
    raise Refused([stale()])


def _named(window: Window) -> str:
    """`civil:2025-06`."""
    return f"{window.calendar}:{calendar(window.calendar).period_code(window)}"
