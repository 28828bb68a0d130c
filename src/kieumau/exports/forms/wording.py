"""What is wrong with a filled form, in the words of whoever filled it in.

The importer reads any file by its mapping and speaks of mappings; a form has a yellow column, a column for
why there is no number, and one for remarks. What it says of checks and figures stays as it is.
"""

import re
from dataclasses import replace

from kieumau.exports.forms.sheets import INDICATOR, PERIOD, STATE, UNIT, WORDS
from kieumau.kernel.messages import Place, Problem, Text

_HEADING = re.compile(r" \((?:unit|indicator|period|value|state|remark)\)")
_CODE = re.compile(r" \([a-z0-9_.-]+\)\.$")
_LETTER = {number: chr(ord("A") + number) for number in (UNIT, INDICATOR, PERIOD, STATE)}
_REASONS = Text(
    vi=", ".join(f"“{word.vi}”" for word in WORDS.values()),
    en=", ".join(f"“{word.en}”" for word in WORDS.values()),
)
_ONLY_A_NUMBER = Text(
    vi=f"Chỉ ghi chữ số. Không có số thì để trống và chọn lý do ở cột bên: {_REASONS.vi}.",
    en=f"Write digits only. Where there is no number leave it empty and choose why beside it: {_REASONS.en}.",
)
_ONE_OF_THE_REASONS = Text(vi=f"Chọn một trong: {_REASONS.vi}.", en=f"Choose one of: {_REASONS.en}.")
_REMARK = Text(
    vi="Nếu số đúng, ghi lý do vào cột Ghi chú của dòng đó.",
    en="If the figure is right, say why in the Remark column of its row.",
)
_NEW_FORM = Text(
    vi="Ô ẩn của dòng này đã bị sửa: tải mẫu mới rồi điền lại.",
    en="A hidden cell of this row was changed: download a new form and fill that in.",
)
_NUMBERS = {"not-a-number", "number-written-otherwise"}


def in_words_of_a_form(problem: Problem) -> Problem:
    """The same problem, without words of mappings; places without the names of hidden headings."""
    found = _worded(problem)
    reason = Text(vi=_HEADING.sub("", found.reason.vi), en=_HEADING.sub("", found.reason.en))
    also = tuple(map(_plain, found.also))
    return replace(found, reason=reason, place=_plain(found.place), also=also)


def _worded(problem: Problem) -> Problem:
    letters = set(re.findall(r"\b[A-Z]\b", problem.place.column))
    if problem.code in _NUMBERS and _LETTER[STATE] in letters:
        typed = problem.reason.vi.partition("“")[2].partition("”")[0]
        reason = Text(
            vi=f"“{typed}” không phải là lý do được dùng.", en=f"“{typed}” is none of the reasons in use."
        )
        return replace(problem, reason=reason, hint=_ONE_OF_THE_REASONS)
    if problem.code in _NUMBERS:
        typed = problem.reason.vi.partition("“")[2].partition("”")[0]
        reason = Text(vi=f"“{typed}” không phải là số.", en=f"“{typed}” is not a number.")
        return replace(problem, reason=reason, hint=_ONLY_A_NUMBER)
    if problem.code == "needs-remark" and problem.hint:
        action = Text(vi=_CODE.sub(".", problem.hint.vi), en=_CODE.sub(".", problem.hint.en))
        own = Text(
            vi=action.vi.removesuffix("Số đúng thì cần ghi chú."),
            en=action.en.removesuffix("Figures that are right need a remark."),
        )
        hint = Text(vi=f"{own.vi.strip()} {_REMARK.vi}", en=f"{own.en.strip()} {_REMARK.en}")
        return replace(problem, hint=hint)
    if letters and letters <= {_LETTER[UNIT], _LETTER[INDICATOR], _LETTER[PERIOD]}:
        return replace(problem, hint=_NEW_FORM)
    return problem


def _plain(place: Place) -> Place:
    return replace(place, column=_HEADING.sub("", place.column))
