"""Twenty-five kinds of faults, planted in a sound file of one value a row; what must be said of each.

For the always-run test and for `bench.faults`. Every planted fault is one problem in one row.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

UNIT, INDICATOR, PERIOD, VALUE = range(4)
HEAD = ["unit", "indicator", "period", "value"]
Row = list[str]
PART, WHOLE = "crime.very-serious-solved", "crime.solved"  # a hard check: the part is not above the whole


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault: what it does to a row, the code of the problem. Empty `only`: any indicator."""

    name: str
    code: str
    spoil: Callable[[Row], Row]
    only: str = ""


def _put(column: int, text: str) -> Callable[[Row], Row]:
    def spoil(row: Row) -> Row:
        return [*row[:column], text, *row[column + 1 :]]

    return spoil


def _without_zeros(row: Row) -> Row:
    return _put(UNIT, row[UNIT].lstrip("0"))(row)


def kinds(ended: str, derived: str) -> list[Kind]:
    """All kinds; `ended` is the code of a unit that is no more, `derived` an indicator that is worked out."""
    return [
        Kind("a unit nobody knows", "unknown-unit", _put(UNIT, "9999999")),
        Kind("a misspelled unit", "unknown-unit", lambda row: _put(UNIT, f"{row[UNIT]}x")(row)),
        Kind("no unit", "unknown-unit", _put(UNIT, "")),
        Kind("a unit that ended", "unit-not-in-period", _put(UNIT, ended)),
        Kind("a period before the unit", "unit-not-in-period", _put(PERIOD, "1995-01")),
        Kind(
            "a misspelled indicator",
            "unknown-indicator",
            lambda row: _put(INDICATOR, f"{row[INDICATOR]}s")(row),
        ),
        Kind("no indicator", "unknown-indicator", _put(INDICATOR, "")),
        Kind("an indicator that is worked out", "derived-indicator", _put(INDICATOR, derived)),
        Kind("a month 13", "unknown-period", _put(PERIOD, "2026-13")),
        Kind("no period", "unknown-period", _put(PERIOD, "")),
        Kind("a quarter instead of a month", "wrong-period-kind", _put(PERIOD, "2026-Q1")),
        Kind("a cell too few", "short-row", lambda row: row[:3]),
        Kind("a cell too many", "long-row", lambda row: [*row, "5"]),
        Kind("words", "not-a-number", _put(VALUE, "khoảng chục")),
        Kind("a number with its measure", "not-a-number", _put(VALUE, "12 vụ")),
        Kind("a decimal comma", "number-written-otherwise", _put(VALUE, "12,5")),
        Kind("grouped by a dot", "number-written-otherwise", _put(VALUE, "1.061")),
        Kind("half a case", "too-many-decimals", _put(VALUE, "12.5")),
        Kind("below zero", "negative", _put(VALUE, "-3")),
        Kind("per cent", "percent", _put(VALUE, "85%")),
        Kind("a day", "date-in-number", _put(VALUE, "3/7/2026")),
        Kind("an error of the spreadsheet", "error-cell", _put(VALUE, "#REF!")),
        Kind("too many digits", "number-too-long", _put(VALUE, "9" * 30)),
        Kind("the same figure twice", "repeated-figure", list),
        Kind("a part above its whole", "implausible", _put(VALUE, "999999999"), only=PART),
    ]


@dataclass(frozen=True, slots=True)
class Planted:
    """A file with faults, and for each row (counted as a spreadsheet does) the code of its problem."""

    rows: list[Row]
    expected: dict[int, str]

    def text(self) -> str:
        """As CSV; a comma within a cell stands in quotes."""
        cells = ([f'"{cell}"' if "," in cell else cell for cell in row] for row in [HEAD, *self.rows])
        return "\n".join(",".join(row) for row in cells) + "\n"


def plant(sound: Sequence[Row], some: Sequence[Kind], each: int, seed: int = 1) -> Planted:
    """The rows with `each` faults of every kind, no two in the same unit and period.

    The last row stays sound: a short one there would mean that the file breaks off.
    """
    chance = random.Random(seed)  # the same faults every time
    order = list(range(len(sound) - 1))
    chance.shuffle(order)
    taken: set[tuple[str, str]] = set()
    chosen: dict[int, Kind] = {}
    wholes = {(row[UNIT], row[PERIOD]) for row in sound if row[INDICATOR] == WHOLE}

    def free(kind: Kind) -> list[int]:
        def fits(number: int) -> bool:
            row = sound[number]
            place = (row[UNIT], row[PERIOD])
            if place in taken or (kind.only and (row[INDICATOR] != kind.only or place not in wholes)):
                return False
            taken.add(place)
            return True

        return list(islice((number for number in order if number not in chosen and fits(number)), each))

    for kind in sorted(some, key=lambda one: not one.only):
        numbers = free(kind)
        if len(numbers) < each:
            raise ValueError(f"not enough rows for {kind.name}")
        chosen |= dict.fromkeys(numbers, kind)
    rows: list[Row] = []
    expected: dict[int, str] = {}
    first: dict[tuple[str, str], int] = {}  # of the part and the whole: there the check is told
    for number, row in enumerate(sound):
        found = chosen.get(number)
        if found is not None and found.code == "repeated-figure":
            rows.append(list(row))
        rows.append(list(row) if found is None else found.spoil(list(row)))
        place, at = (row[UNIT], row[PERIOD]), len(rows) + 1
        if row[INDICATOR] in (PART, WHOLE):
            first.setdefault(place, at)
        if found is not None:
            expected[first[place] if found.only else at] = found.code
    return Planted(rows, expected)
