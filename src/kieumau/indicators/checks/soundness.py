"""What can be wrong with the checks of a catalogue's file. Every problem names its check by its place."""

from collections.abc import Iterator, Mapping, Sequence

from kieumau.calendars.library import calendar
from kieumau.formulas.catalogue import Type
from kieumau.formulas.expanding import expand, read
from kieumau.formulas.parse import parse
from kieumau.formulas.tree import Indicator, walk
from kieumau.indicators.catalogue import (
    CheckDefinition,
    CheckEntry,
    Definition,
    Reported,
    reported_problems,
)
from kieumau.indicators.checks.sound import SoundCheck, run_at, sound
from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.kernel.text import nfc

_SOME_YEAR = 2026  # far from the ends of every calendar


def definition_of(
    catalogue_code: str, position: int, entry: CheckEntry, catalogue: Mapping[str, Definition]
) -> CheckDefinition:
    """The entry with its rhythm filled in: its own, or that of the first indicator it names."""
    reported = entry.reported or _common_rhythm(entry.condition, catalogue)
    return CheckDefinition(
        code=entry.code,
        catalogue=catalogue_code,
        position=position,
        title=Text(vi=nfc(entry.title.vi), en=nfc(entry.title.en)),
        condition=entry.condition.strip(),
        severity=entry.severity,
        action=Text(vi=nfc(entry.action.vi), en=nfc(entry.action.en)),
        basis=entry.basis,
        calendar=reported.calendar,
        period_kind=reported.kind,
    )


def problems_of(
    own: Sequence[CheckDefinition], theirs: Sequence[CheckDefinition], catalogue: Mapping[str, Definition]
) -> Iterator[Problem]:
    """Everything wrong with a file's `own` checks, and with `theirs` once the file's indicators hold."""
    seen = {one.code: one.catalogue for one in theirs}
    for one in own:
        here = Place(column=one.code)
        if one.code in seen:
            reason = Text(
                vi=f"Mã kiểm tra “{one.code}” đã có (danh mục {seen[one.code]}).",
                en=f"The code “{one.code}” of a check is taken (catalogue {seen[one.code]}).",
            )
            yield Problem("repeated-check", reason, place=here)
        seen[one.code] = one.catalogue
        yield from _condition_problems(one, catalogue)
    for one in theirs:
        yield from _condition_problems(one, catalogue)


def _common_rhythm(condition: str, catalogue: Mapping[str, Definition]) -> Reported:
    rhythms = _rhythms(condition, catalogue)
    return Reported(calendar=rhythms[0][0], kind=rhythms[0][1]) if rhythms else Reported(calendar="", kind="")


def _rhythms(condition: str, catalogue: Mapping[str, Definition]) -> list[tuple[str, str]]:
    """Calendars and kinds in which the figures of a condition are reported, each once; none if unsound."""
    try:
        whole = expand(parse(condition), catalogue)
    except Refused:
        return []
    named = [
        catalogue[node.code] for node in walk(whole) if isinstance(node, Indicator) and node.code in catalogue
    ]
    return list(dict.fromkeys((one.calendar, one.period_kind) for one in named))


def _condition_problems(one: CheckDefinition, catalogue: Mapping[str, Definition]) -> Iterator[Problem]:
    try:
        found = read(one.condition, catalogue, one.code)
    except Refused as refused:
        yield from refused.problems
        return
    if found.type is not Type.CONDITION:
        reason = Text(
            vi=f"“{one.code}”: công thức cho ra {found.type.words.vi}, cần một điều kiện.",
            en=f"“{one.code}”: the formula gives {found.type.words.en}; a condition is needed.",
        )
        hint = Text(vi="So sánh với một mức: x <= y.", en="Compare it with something: x <= y.")
        yield Problem("check-is-no-condition", reason, hint, Place(column=one.code))
        return
    if not (rhythms := _rhythms(one.condition, catalogue)):
        reason = Text(
            vi=f"“{one.code}” không nêu chỉ tiêu nào.", en=f"“{one.code}” does not name any indicator."
        )
        yield Problem("check-of-nothing", reason, place=Place(column=one.code))
        return
    unknown = list(reported_problems(one.code, Reported(calendar=one.calendar, kind=one.period_kind)))
    yield from unknown
    if not unknown:
        yield from _rhythm_problems(sound(one, catalogue), rhythms, catalogue)


def _rhythm_problems(
    check: SoundCheck, rhythms: list[tuple[str, str]], catalogue: Mapping[str, Definition]
) -> Iterator[Problem]:
    """Figures that are never reported for the windows the check asks for: it would never be known."""
    code = check.definition.code
    own = calendar(check.definition.calendar)
    at = own.period(check.definition.period_kind, _SOME_YEAR, 1)
    for operand in check.operands:
        if run_at(operand, at, catalogue) is not None:
            continue
        one = catalogue[operand.indicator]
        many = len(rhythms) > 1
        reason = Text(
            vi=f"“{code}”: “{one.code}” báo cáo theo {one.calendar}/{one.period_kind}, không ghép được thành "
            f"kỳ mà phép kiểm tra cần ({check.definition.calendar}/{check.definition.period_kind}).",
            en=f"“{code}”: “{one.code}” is reported by {one.calendar}/{one.period_kind}, which does not make "
            f"up the window the check asks for ({check.definition.calendar}/{check.definition.period_kind}).",
        )
        hint = Text(
            vi="Ghi “reported” cho phép kiểm tra, với kỳ dài hơn." if many else "Xem lại lịch và loại kỳ.",
            en="Give the check a “reported” of its own, a longer period."
            if many
            else "Look at calendar and kind of period.",
        )
        yield Problem("check-without-figures", reason, hint, Place(column=code))
