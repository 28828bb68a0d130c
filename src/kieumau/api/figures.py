"""A page of figures: the rows that follow a unit and an indicator in a window.

The cursor names what it stands behind, not how many rows were passed: a page costs the same wherever it is.
"""

from dataclasses import dataclass

from kieumau.exports.asking import Asked
from kieumau.exports.blocks import Key, Reading, one_moment
from kieumau.exports.rows import FigureRow
from kieumau.kernel.messages import Problem, Refused, Text

MOST_BLOCKS = 4  # of a page, so that its queries are bounded however small the areas are


@dataclass(frozen=True, slots=True)
class Cursor:
    """Behind a unit and an indicator in a window of a group."""

    group: int
    window: int
    unit_id: int
    code: str

    @property
    def text(self) -> str:
        """What goes into an address."""
        return f"{self.group}.{self.window}.{self.unit_id}.{self.code}"

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """The cursor of a text. Raises `Refused`."""
        parts = text.split(".", 3)
        if len(parts) < 4 or not all(
            part.isascii() and part.isdigit() and len(part) < 10 for part in parts[:3]
        ):
            raise Refused([stale()])
        return cls(int(parts[0]), int(parts[1]), int(parts[2]), parts[3])


def stale() -> Problem:
    """A cursor that is none, or whose unit or indicator is gone."""
    return Problem(
        "stale-cursor",
        Text(vi="Vị trí trang (after) không còn dùng được.", en="That place among the pages is not there."),
        Text(vi="Bắt đầu lại, không có after.", en="Begin again, without after."),
    )


def page(asked: Asked, after: str, limit: int) -> tuple[list[FigureRow], str | None]:
    """At most `limit` rows behind a cursor, and the next cursor; None behind the last row.

    Raises `Refused` for a cursor that is none. A few queries for each block of some thousand cells; a page
    may be shorter than `limit` and still not be the last.
    """
    rows: list[FigureRow] = []
    with one_moment():
        reading = Reading(asked)
        start, skip = _start(reading, Cursor.read(after)) if after else (Key(), 0)
        last: Cursor | None = None
        for number, (key, area, codes) in enumerate(reading.places(start)):
            if number == MOST_BLOCKS or len(rows) >= limit:
                return rows, last.text if last else None
            window = asked.groups[key.group].windows[key.window]
            some = reading.block(window, area, codes)[skip:]
            taken = some[: limit - len(rows)]
            rows += taken
            if taken:
                place, code = divmod(skip + len(taken) - 1, len(codes))
                last = Cursor(key.group, key.window, area.places[place].unit_id, codes[code])
            if len(taken) < len(some):
                return rows, last.text if last else None
            skip = 0
    return rows, None


def _start(reading: Reading, cursor: Cursor) -> tuple[Key, int]:
    """The block in which the cursor stands, and how many of its rows are behind it."""
    for key, area, codes in reading.places(Key(cursor.group, cursor.window)):
        if key[:2] != (cursor.group, cursor.window):
            break
        if cursor.code not in codes:
            continue
        for number, place in enumerate(area.places):
            if place.unit_id == cursor.unit_id:
                return key, number * len(codes) + codes.index(cursor.code) + 1
    raise Refused([stale()])
