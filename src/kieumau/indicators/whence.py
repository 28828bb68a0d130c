"""Where in their files figures stood: one packed table of cells for each file, opened when somebody asks.

A row for each figure would double the store for what is asked of one figure at a time. A packed table of
430,000 figures takes a few hundred kilobytes and is searched in a tenth of a second.
"""

import json
import sys
import zlib
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate, chain, repeat
from operator import sub

from kieumau.indicators.models import SourceCells
from kieumau.kernel.messages import Text

Key = tuple[int, int, int]  # period, unit, indicator
WHAT = (1 << 48) - 1  # of a packed key: indicator and period, 24 bits each; the unit stands above them
PERIOD = (1 << 24) - 1
MOST_SOURCES = 20  # that one question opens


@dataclass(frozen=True, slots=True)
class Stood:
    """Where figures stood: by their packed keys, each with its sheet and row (from one).

    A packed key is `unit << 48 | indicator << 24 | period`. `column_of` gives the letters of the column of a
    sheet, a period and an indicator (empty: unknown), `elsewhere` those of the single figures which stood
    in another.
    """

    places: Mapping[int, tuple[str, int]]
    column_of: Callable[[str, int, int], str]
    elsewhere: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class SourceCell:
    """A cell of a file: its sheet (empty in a text file) and its address, as a spreadsheet writes it."""

    sheet: str
    address: str

    @property
    def told(self) -> Text:
        """“trang T9, ô C5”."""
        if not self.sheet:
            return Text(vi=f"ô {self.address}", en=f"cell {self.address}")
        return Text(vi=f"trang {self.sheet}, ô {self.address}", en=f"sheet {self.sheet}, cell {self.address}")


def keep_cells(source_id: int, stood: Stood) -> None:
    """Keep where the figures of a source stood. Cost: less than a microsecond a figure."""
    SourceCells.objects.create(source=source_id, packed=pack(stood))


def pack(stood: Stood) -> bytes:
    """The table: what all figures share as JSON, then columns of numbers.

    Written for whole columns at a time: it may not slow an import down.
    """
    keys, places = list(stood.places), list(stood.places.values())
    sheets = list(dict.fromkeys(sheet for sheet, _ in set(places)))
    number = {sheet: place for place, sheet in enumerate(sheets)}
    on = [number[sheet] for sheet, _ in places] if len(sheets) > 1 else None
    whats = [key & WHAT for key in keys]
    together = set(zip(on, whats, strict=True)) if on else {(0, what) for what in set(whats)}
    columns = {
        f"{sheet} {what}": stood.column_of(sheets[sheet], what & PERIOD, what >> 24)
        for sheet, what in sorted(together)
    }
    head = {"sheets": sheets, "columns": columns, "elsewhere": stood.elsewhere}
    text = json.dumps(head, ensure_ascii=False).encode()
    rows = [row for _, row in places]
    packed = [
        array("i", [len(text), len(keys)]),
        array("i", [key >> 48 for key in keys]),
        array("q", whats),
        array("i", map(sub, rows, chain((0,), rows))),
        array("i", on or ()),
    ]
    first, *numbers = (_swapped(one).tobytes() for one in packed)
    return zlib.compress(b"".join((first, text, *numbers)), 1)


def _swapped(numbers: "array[int]") -> "array[int]":
    """Stored with the lowest byte first, whatever the machine."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


class _Table:
    """A packed table, opened; columns are taken off one after the other."""

    def __init__(self, packed: bytes) -> None:
        self._bytes = zlib.decompress(packed)
        self._at = 0
        size, self.count = self.take("i", 2)
        self.head = json.loads(self._bytes[self._at : self._at + size])
        self._at += size

    def take(self, kind: str, count: int) -> "array[int]":
        """So many numbers."""
        found = array(kind)
        end = self._at + count * found.itemsize
        found.frombytes(self._bytes[self._at : end])
        self._at = end
        return _swapped(found)


def find(packed: bytes, wanted: Collection[Key]) -> dict[Key, SourceCell]:
    """The cells of some figures; those that are not in the table are left out."""
    table = _Table(packed)
    head, count = table.head, table.count
    units, whats = table.take("i", count), table.take("q", count)
    rows = accumulate(table.take("i", count))
    on: Iterable[int] = table.take("i", count) if len(head["sheets"]) > 1 else repeat(0)
    keys = {(unit, indicator << 24 | period): (period, unit, indicator) for period, unit, indicator in wanted}
    some = {unit for unit, _ in keys}
    found: dict[Key, SourceCell] = {}
    for unit, what, row, sheet in zip(units, whats, rows, on, strict=False):
        if unit in some and (key := keys.get((unit, what))):
            column = head["elsewhere"].get(str(unit << 48 | what)) or head["columns"][f"{sheet} {what}"]
            found[key] = SourceCell(head["sheets"][sheet], f"{column}{row}")
    return found


def cells_of(source_ids: Collection[int], wanted: Collection[Key]) -> dict[tuple[int, Key], SourceCell]:
    """The cells of some figures in some sources (of many the latest twenty), by source and key. One query."""
    kept = SourceCells.objects.filter(source__in=source_ids).order_by("-source")[:MOST_SOURCES]
    return {(one.source, key): cell for one in kept for key, cell in find(bytes(one.packed), wanted).items()}
