"""What stands on a form: sheets of lines, the same whether made from the store or read back from a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kieumau.formulas.values import State
from kieumau.kernel.messages import Text

# The columns of the hidden row of headings, by which the file is read (`library/mappings/form.yaml`).
COLUMNS = ("unit", "indicator", "period", "name", "measure", "before", "value", "state", "remark")
UNIT, INDICATOR, PERIOD, NAME, MEASURE, BEFORE, VALUE, STATE, REMARK = range(len(COLUMNS))
HIDDEN = (UNIT, INDICATOR, PERIOD)
OPEN = (VALUE, STATE, REMARK)
HEADING_ROW = 6  # counted from one; below it the lines
GROUP = "#"
SIGN = "kieumau-form-1"

WORDS: Mapping[State, Text] = {
    State.MISSING: Text(vi="không có số liệu", en="no figure"),
    State.NOT_APPLICABLE: Text(vi="không áp dụng", en="not applicable"),
    State.REFUSED: Text(vi="từ chối", en="refused"),
}
Number = Decimal | float | int | str | None


@dataclass(slots=True)
class Line:
    """One row: a figure to be given, or the title of a group (`indicator` is `#`).

    `value` is a number, or the text that stands in the cell; `decimals` and `is_share` rule what it may be.
    """

    unit: str = ""
    indicator: str = ""
    period: str = ""
    name: str = ""
    measure: str = ""
    before: Number = None
    value: Number = None
    state: str = ""
    remark: str = ""
    decimals: int = 0
    is_share: bool = False

    @property
    def is_group(self) -> bool:
        """Is it a title?"""
        return self.indicator == GROUP


@dataclass(slots=True)
class FormSheet:
    """One unit's sheet: its name, what stands above the table, its lines from row HEADING_ROW + 1 on."""

    name: str
    title: str
    about: str
    register: str
    lines: list[Line] = field(default_factory=list)
