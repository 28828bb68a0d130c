"""What stands in a row of an export: plain Python, the same for every format and for the API."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Literal, NamedTuple

from kieumau.indicators.imports.report import STATE_WORDS
from kieumau.indicators.maps.rules import MARKS, Mark
from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import exact_decimals, round_half_up

DECIMALS = 12  # of the column `value`; a figure has ten at most, a share of one two more

STATES = STATE_WORDS


class Compared(Enum):
    """Dấu so sánh as a lasting code of its sentence: how far a figure compares along its column."""

    AS_REPORTED = "as-reported"
    SAME = "same-territory"
    WHOLE = "whole-predecessors"
    ESTIMATED = "estimated"
    DEFINITION = "definition-changed"
    COMPLETENESS = "completeness-differs"
    NOT_COMPARABLE = "not-comparable"

    @property
    def sentence(self) -> Text:
        """What the code means."""
        return SENTENCES[self]


SENTENCES = {
    Compared.AS_REPORTED: Text(vi="như đã báo cáo", en="as it was reported"),
    Compared.SAME: MARKS[Mark.SAME],
    Compared.WHOLE: MARKS[Mark.WHOLE],
    Compared.ESTIMATED: MARKS[Mark.ESTIMATED],
    Compared.DEFINITION: MARKS[Mark.DEFINITION],
    Compared.COMPLETENESS: MARKS[Mark.COMPLETENESS],
    Compared.NOT_COMPARABLE: MARKS[Mark.NOT_COMPARABLE],
}
BY_MARK = {
    Mark.SAME: Compared.SAME,
    Mark.WHOLE: Compared.WHOLE,
    Mark.ESTIMATED: Compared.ESTIMATED,
    Mark.DEFINITION: Compared.DEFINITION,
    Mark.COMPLETENESS: Compared.COMPLETENESS,
    Mark.NOT_COMPARABLE: Compared.NOT_COMPARABLE,
}

Kind = Literal["text", "whole", "decimal", "day"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its lasting name and what stands in it. Empty cells are None, or "" in a text."""

    name: str
    kind: Kind = "text"


class FigureRow(NamedTuple):
    """One figure of one unit in one period on one map.

    `value` is None unless `state` is `value`. It is exact wherever a decimal number of twelve places can
    be; else it is rounded half up and `fraction` is what it is exactly (`1/3`). A total is shown as far as it
    goes: `reported` of `expected` figures that make it up are there (of a derived one: of the part of which
    fewest are), and where those differ the total is a partial one. `source` names the files or
    forms it came from.

    The same a year ago on the same map, `change` from it to now (a rate, of a share the difference of
    the two, rounded half up to twelve places; None where either is unknown, where the two do not compare, or
    where there was nothing then and is something now), and how far the two compare, with every reason; empty
    where it was not asked for. `known_on` is the day whose knowledge is given; None: now.
    """

    unit: str
    unit_name: str
    level: str
    indicator: str
    indicator_name: str
    measure: str
    calendar: str
    period: str
    period_start: date
    period_end: date
    value: Decimal | None
    fraction: str
    state: str
    map: str
    comparability: str
    comparability_note: str
    reported: int
    expected: int
    source: str
    year_ago: Decimal | None = None
    year_ago_fraction: str = ""
    year_ago_state: str = ""
    change: Decimal | None = None
    year_ago_reported: int | None = None
    year_ago_expected: int | None = None
    year_ago_comparability: str = ""
    year_ago_note: str = ""
    known_on: date | None = None


FIGURE_COLUMNS = (
    Column("unit"),
    Column("unit_name"),
    Column("level"),
    Column("indicator"),
    Column("indicator_name"),
    Column("measure"),
    Column("calendar"),
    Column("period"),
    Column("period_start", "day"),
    Column("period_end", "day"),
    Column("value", "decimal"),
    Column("fraction"),
    Column("state"),
    Column("map"),
    Column("comparability"),
    Column("comparability_note"),
    Column("reported", "whole"),
    Column("expected", "whole"),
    Column("source"),
    Column("year_ago", "decimal"),
    Column("year_ago_fraction"),
    Column("year_ago_state"),
    Column("change", "decimal"),
    Column("year_ago_reported", "whole"),
    Column("year_ago_expected", "whole"),
    Column("year_ago_comparability"),
    Column("year_ago_note"),
    Column("known_on", "day"),
)
LEVELS = {"nation": 0, "province": 1, "district": 2, "commune": 3}
LEVEL_WORDS = {number: word for word, number in LEVELS.items()}


def written(value: Fraction | Decimal) -> tuple[Decimal, str]:
    """A number as a row says it: the decimal, and the fraction where that is not the whole truth."""
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -exponent <= DECIMALS:
            return value, ""
        value = Fraction(value)
    places = exact_decimals(value)
    if places is not None and places <= DECIMALS:
        return _decimal(value, places), ""
    return _decimal(round_half_up(value, DECIMALS), DECIMALS), f"{value.numerator}/{value.denominator}"


def _decimal(value: Fraction, places: int) -> Decimal:
    """The decimal of a fraction that has so many places; built from digits, so never rounded."""
    scaled = value * 10**places
    digits = tuple(map(int, str(abs(scaled.numerator))))
    return Decimal((int(scaled < 0), digits, -places))
