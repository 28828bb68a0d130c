"""One number of a draft's formulas, moved: what the draft would come out as with another value there.

Shares are shown and typed in percent, everything else as it stands; both are exact decimals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kieumau.criteria.classes import class_name, order
from kieumau.criteria.drafting.edits import content_of, put
from kieumau.criteria.drafting.outline import CannotEdit
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import Definition
from kieumau.criteria.trees import texts
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import DecimalMark, format_number, format_share, parse_number
from kieumau.trials.threshold_counts import Slid
from kieumau.trials.thresholds import Threshold, check_value, thresholds
from kieumau.web.charts import Series

THRESHOLD, VALUE = "nguong", "muc"
PERCENT = Decimal(100)
RULE = Text(vi="Cách tính kết quả", en="How criteria add up")
AMBIGUOUS_DECIMALS = 3  # “3,625” may be grouped thousands: so many decimals are written with a zero behind


@dataclass(frozen=True, slots=True)
class Movable:
    """A number that can be moved, and the formula around it."""

    threshold: Threshold
    title: Text
    before: Text
    written: str
    behind: Text

    @property
    def key(self) -> str:
        """`4.1/formula/23-26` as it stands in addresses: criterion, formula, where in its text; `rule.k`."""
        return self.threshold.place

    @property
    def code(self) -> str:
        """The criterion's code; empty for a number of the rule."""
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
        """A value for scripts, whatever the language: 0.725 → `72.5` for a share."""
        return f"{(value * PERCENT if self.is_share else value).normalize():f}"

    def typed_as(self, value: Decimal, language: str) -> str:
        """A value as a field of a form holds it: `72,5` on a Vietnamese page. Means one number anywhere."""
        whole, _, part = self.written_as(value).partition(".")
        if not part:
            return whole
        if len(part) == AMBIGUOUS_DECIMALS:
            part += "0"
        return f"{whole}{_mark(language)}{part}"

    def said(self, value: Decimal, language: str) -> str:
        """For a person: “70 %”, “3.600”."""
        return format_share(value, language, 4) if self.is_share else format_number(value, None, language)

    def curve(self, slid: Slid, language: str) -> Series | None:
        """How many units would meet the set along the number, its value marked; None where nobody counted."""
        if not slid.curve:
            return None
        points = sorted({**dict(slid.curve), slid.value: slid.counts.met}.items())
        labels = [self.said(value, language) for value, _ in points]
        marked = next(place for place, (value, _) in enumerate(points) if value == slid.value)
        return Series(labels, [count for _, count in points], marked=marked)


def movables(draft: CriteriaSet) -> list[Movable]:
    """The numbers of a draft that can be moved: those of its rule, then in the order of its criteria.

    Those of an addition are its own: the criteria of its base stand in another text.
    """
    says = definition(draft)
    theirs = set(says.base.criteria) if says.base else set()
    titles: dict[str, Text] = {}
    formulas: dict[tuple[str, str], str] = {}
    for criterion in says.criteria:
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
        if not one.is_of_rule
        else _of_rule(says, one)
        for one in thresholds(draft)
        if one.criterion not in theirs
    ]


def chosen(asked: Mapping[str, str], offered: Sequence[Movable]) -> Movable | None:
    """The number that an address names; the first of a criterion where only that is named.

    A number that was written longer or shorter meanwhile is found by where it begins.
    """
    key = asked.get(THRESHOLD, "")
    if not key:
        return None
    exact = next((one for one in offered if one.key == key), None)
    begins = next((one for one in offered if one.code and _begin(one.key) == _begin(key)), None)
    return exact or begins or next((one for one in offered if one.code == key), None)


def _begin(key: str) -> str:
    """`4.1/formula/23` of `4.1/formula/23-26`."""
    return key.rpartition("-")[0] if key.count("/") > 1 else key


def value_of(asked: Mapping[str, str], movable: Movable, language: str) -> Decimal:
    """The exact value that an address gives the number; the draft's own where it gives none.

    Raises Refused for what is no number, for what may be two, and for one that makes no sound formula in
    its place.
    """
    text = asked.get(VALUE, "").strip()
    if not text:
        return movable.threshold.value
    value = number_of(text, language)
    if movable.is_share:
        value = value.scaleb(-2)
    check_value(movable.threshold, value)
    return value


def number_of(text: str, language: str) -> Decimal:
    """What somebody wrote on a page of a language: “3.600” is 3600 on a Vietnamese one, as the page shows it.

    “3,600” there is refused: it may be either. Everything else means one number in any language. Raises
    Refused with one problem.
    """
    try:
        return parse_number(text)
    except Refused as refused:
        [problem] = refused.problems
        mark = _mark(language)
        if problem.code != "ambiguous-number":
            raise Refused([_not_a_number(text)]) from None
        if mark in text:
            raise Refused([_two_numbers(problem)]) from None
        return parse_number(text, mark)


def with_value(text: str, draft: CriteriaSet, movable: Movable, value: Decimal) -> str:
    """The draft's text with another number in that one place, everything else byte for byte as it was.

    `draft` is what was read of the text. Raises Refused where that place of the text does not say what
    was read, and where it is written in a way that cannot be changed by itself.
    """
    one = movable.threshold
    if one.is_of_rule:
        return _with_rule(text, one, value)
    criterion = next(each for each in definition(draft).criteria if each.code == one.criterion)
    path, formula = next((path, formula) for field, path, formula in texts(criterion) if field == one.field)
    changed = formula[: one.start] + one.spelled(value) + formula[one.end :]
    try:
        index = _index_in(text, one.criterion)
        if str(_said_at(text, ("criteria", index, *path))).strip() != formula:
            raise CannotEdit("the text says something else there")
        return put(text, ("criteria", index, *path), changed)
    except CannotEdit:
        raise Refused([_cannot_be_written(one.criterion)]) from None


def _with_rule(text: str, one: Threshold, value: Decimal) -> str:
    """The text with another number of the rule; in an addition it is the addition's own rule."""
    try:
        if str(_said_at(text, one.path)) not in (f"{one.value}", one.spelled(one.value)):
            raise CannotEdit("the text says something else there")
        whole = value == value.to_integral_value()
        return put(text, one.path, int(value) if whole else value.normalize())
    except CannotEdit:
        raise Refused([_cannot_be_written("rule")]) from None


def _index_in(text: str, code: str) -> int:
    """Which item of the text's own criteria has the code; an addition's text holds but its own."""
    criteria = content_of(text).get("criteria")
    for index, one in enumerate(criteria if isinstance(criteria, list) else ()):
        if isinstance(one, dict) and str(one.get("code")) == code:
            return index
    raise CannotEdit(f"the text has no criterion {code}")


def _said_at(text: str, path: Sequence[int | str]) -> object:
    found: Any = content_of(text)
    for step in path:
        try:
            found = found[step]
        except (LookupError, TypeError):
            return None
    return found


def _mark(language: str) -> DecimalMark:
    return "." if language.startswith("en") else ","


def _of_rule(says: Definition, one: Threshold) -> Movable:
    """“at least 15 criteria met”, “met from 80 points”, “Good: from 65 points”."""
    points = Text(vi="điểm", en="points")
    if one.field == "rule.k":
        before, behind = Text(vi="ít nhất", en="at least"), Text(vi="tiêu chí đạt", en="criteria met")
    elif one.field == "rule.meets_from":
        before, behind = Text(vi="đạt từ", en="met from"), points
    else:
        name = class_name(says, order(says)[int(one.path[2])])
        before, behind = Text(vi=f"{name.vi}: từ", en=f"{name.en}: from"), points
    return Movable(one, RULE, before, one.spelled(one.value), behind)


def _on_one_line(text: str) -> Text:
    line = " ".join(text.split())
    return Text(vi=line, en=line)


def _not_a_number(text: str) -> Problem:
    shown = text[:30]
    return Problem(
        "not-a-number",
        Text(vi=f"“{shown}” không phải là số.", en=f"“{shown}” is not a number."),
        Text(vi="Viết như 70 hoặc 72,5.", en="Write it like 70 or 72.5."),
    )


def _two_numbers(problem: Problem) -> Problem:
    hint = Text(
        vi="Viết 3600 hoặc 3.600 nếu là hàng nghìn; viết 3,6 nếu là số thập phân.",
        en="Write 3600 or 3,600 for thousands; write 3.6 for decimals.",
    )
    return Problem(problem.code, problem.reason, hint)


def _cannot_be_written(code: str) -> Problem:
    return Problem(
        "cannot-be-written",
        Text(
            vi=f"Không ghi được con số này vào tiêu chí {code}; bản thảo giữ nguyên.",
            en=f"This number cannot be written into criterion {code}; the draft stays as it was.",
        ),
        Text(vi="Hãy sửa trong văn bản.", en="Change it in the text."),
    )
