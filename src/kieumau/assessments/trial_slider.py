"""One number of a draft's formulas, moved: what the draft would come out as with another value there.

Shares are shown and typed in percent, everything else as it stands; both are exact decimals.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kieumau.assessments.thresholds import Threshold, check_value, thresholds
from kieumau.criteria.drafting.edits import put
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.trees import texts
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import format_number, format_share
from kieumau.web.charts import Series

THRESHOLD, VALUE = "nguong", "muc"
PERCENT = Decimal(100)
PLAIN = re.compile(r"-?[0-9]{1,15}([.,][0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Movable:
    """A number that can be moved, and the formula around it."""

    threshold: Threshold
    title: Text
    before: str
    written: str
    behind: str

    @property
    def key(self) -> str:
        """`4.1/formula/23-26`, as it stands in addresses: criterion, formula, where in its text."""
        return self.threshold.place

    @property
    def code(self) -> str:
        """The criterion's code."""
        return self.threshold.criterion

    @property
    def is_share(self) -> bool:
        """Is it shown in percent?"""
        return self.threshold.is_share

    @property
    def low(self) -> str:
        """The lowest value of the slider, as it is shown."""
        return self.written_as(self.threshold.low)

    @property
    def high(self) -> str:
        """The highest value of the slider, as it is shown."""
        return self.written_as(self.threshold.high)

    @property
    def step(self) -> str:
        """One step of the slider, as it is shown."""
        return self.written_as(self.threshold.step)

    @property
    def value(self) -> str:
        """The value in the draft, as it is shown."""
        return self.written_as(self.threshold.value)

    def written_as(self, value: Decimal) -> str:
        """A value as a field of a form holds it, in either language: 0.725 → `72.5` for a share."""
        return f"{(value * PERCENT if self.is_share else value).normalize():f}"

    def said(self, value: Decimal, language: str) -> str:
        """For a person: “70 %”, “3.600”."""
        return format_share(value, language, 4) if self.is_share else format_number(value, None, language)

    def curve(self, points: Sequence[tuple[Decimal, int]], language: str) -> Series | None:
        """How many units would meet the set along the number, for a drawing; None where nobody counted."""
        if not points:
            return None
        return Series([self.said(value, language) for value, _ in points], [count for _, count in points])


def movables(draft: CriteriaSet) -> list[Movable]:
    """The numbers of a draft that can be moved, in the order of its criteria."""
    titles: dict[str, Text] = {}
    formulas: dict[tuple[str, str], str] = {}
    for criterion in definition(draft).criteria:
        titles[criterion.code] = criterion.title.text()
        formulas |= {(criterion.code, field): text for field, _, text in texts(criterion)}
    return [
        Movable(
            threshold=one,
            title=titles[one.criterion],
            before=_on_one_line(formulas[one.criterion, one.field][: one.start]),
            written=formulas[one.criterion, one.field][one.start : one.end],
            behind=_on_one_line(formulas[one.criterion, one.field][one.end :]),
        )
        for one in thresholds(draft)
    ]


def chosen(asked: Mapping[str, str], offered: Sequence[Movable]) -> Movable | None:
    """The number that an address names; the first of a criterion where only that is named."""
    key = asked.get(THRESHOLD, "")
    exact = next((one for one in offered if one.key == key), None)
    return exact or next((one for one in offered if key and one.code == key), None)


def value_of(asked: Mapping[str, str], movable: Movable) -> Decimal:
    """The exact value that an address gives the number; the draft's own where it gives none.

    Raises Refused for what is no number, and for one that makes no sound formula in its place.
    """
    text = asked.get(VALUE, "").strip()
    if not text:
        return movable.threshold.value
    if not PLAIN.fullmatch(text):
        raise Refused([_not_a_number(text)])
    value = Decimal(text.replace(",", "."))
    if movable.is_share:
        value = value.scaleb(-2)
    check_value(movable.threshold, value)
    return value


def with_value(text: str, draft: CriteriaSet, movable: Movable, value: Decimal) -> str:
    """The draft's text with another number in that one place, everything else byte for byte as it was."""
    one = movable.threshold
    for index, criterion in enumerate(definition(draft).criteria):
        for field, path, formula in texts(criterion):
            if (criterion.code, field) == (one.criterion, one.field):
                changed = formula[: one.start] + one.spelled(value) + formula[one.end :]
                return put(text, ("criteria", index, *path), changed)
    raise ValueError(f"the draft has no {one.place}")


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _not_a_number(text: str) -> Problem:
    shown = text[:30]
    return Problem(
        "not-a-number",
        Text(vi=f"“{shown}” không phải là số.", en=f"“{shown}” is not a number."),
        Text(vi="Viết như 70 hoặc 72,5.", en="Write it like 70 or 72.5."),
    )
