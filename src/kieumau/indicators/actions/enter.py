"""Entering the figures of one unit and period by hand, with the checks that such figures must meet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from kieumau.calendars.clock import set_clock
from kieumau.calendars.library import calendar, decode
from kieumau.formulas.values import State
from kieumau.indicators.actions.place import Fact, Place, hold_place, record_at, refuse_wrong, remove_at
from kieumau.indicators.actions.record import Recorded
from kieumau.indicators.actions.remarks import Said, store_remarks
from kieumau.indicators.actions.source import open_source
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.checks.alone import failing_alone
from kieumau.indicators.checks.failing import Failing, told
from kieumau.indicators.checks.restating import ACTION as WHY_RESTATED
from kieumau.indicators.checks.restating import NOTHING, RESTATEMENT, restated
from kieumau.indicators.checks.restating import TITLE as RESTATED
from kieumau.indicators.checks.restating import told as told_restated
from kieumau.indicators.checks.sound import SoundCheck
from kieumau.indicators.checks.touching import touching
from kieumau.indicators.checks.words import NEEDS_REMARK, implausible, looks_back, needs_remark
from kieumau.indicators.models import LARGEST
from kieumau.kernel.messages import Place as Cell
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.text import nearest
from kieumau.units.actions import Actor
from kieumau.units.actions.store import share_tree
from kieumau.units.queries import unit

Values = Mapping[str, Decimal | State]

_NOWHERE = Text(vi="", en="")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a form shows beside its fields: a check that does not hold, and the indicators it reads."""

    check_code: str
    codes: tuple[str, ...]
    title: Text
    sentence: Text
    action: Text


@dataclass(frozen=True, slots=True)
class Entered:
    """What an entry did. `remarked` are the checks whose remark was kept with it.

    `notices` tell of later periods that no longer agree with these figures. `source_id` is None where
    nothing changed.
    """

    recorded: Recorded
    remarked: tuple[str, ...]
    notices: tuple[Problem, ...]
    source_id: int | None


class BadEntry(Refused):
    """Figures that are none: an unknown code, a number that is no number or has too many decimals."""


class NeedsRemark(Refused):
    """Soft checks do not hold and nobody says why. `marks` names them and the fields concerned."""

    def __init__(self, problems: list[Problem], marks: Sequence[Mark]) -> None:
        super().__init__(problems)
        self.marks = tuple(marks)


class Implausible(Refused):
    """Hard checks do not hold. `marks` names them and the fields concerned.

    `needing_remarks` names the soft ones that would ask for a remark as well, so that a form shows all
    at once.
    """

    def __init__(
        self, problems: list[Problem], marks: Sequence[Mark], needing_remarks: Sequence[Mark]
    ) -> None:
        super().__init__(problems)
        self.marks = tuple(marks)
        self.needing_remarks = tuple(needing_remarks)


@transaction.atomic
def enter_figures(
    unit_id: int,
    period_id: int,
    values: Values,
    remarks: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
    source_name: str = "",
) -> Entered:
    """Store figures of one unit and period by their indicators' codes; all of them or none.

    A value is exact; a state says why there is none. `remarks` are by the code of the check they answer;
    those for checks that hold are not kept. `source_name` says what was typed in, where the caller knows it
    better. Only figures that change anything are checked. Raises
    `Implausible` for hard checks that do not hold, `NeedsRemark` for soft ones without a remark,
    `BadEntry` and `NotRecorded` (`record_figures`) for figures that are wrong in themselves. About
    fifteen queries and ten milliseconds for a commune's month.
    """
    set_clock(now)
    share_tree()
    place = hold_place(unit_id, period_id)
    return enter_at(place, values, remarks, actor=actor, now=now, source_name=source_name)


def enter_at(
    place: Place,
    values: Values,
    remarks: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
    source_name: str = "",
    emptied: Collection[str] = (),
) -> Entered:
    """Store figures of a place that is held: `enter_figures` within a transaction of the caller's.

    `emptied` are the codes of figures to be taken away: checked together with the others, and not counted
    among the recorded ones. After a refusal by the checks nothing has been written, and the caller may try
    again with other figures.
    """
    known, checks = place.known, place.checks
    if wrong := [*_wrong_values(values, known), *_wrong_remarks(remarks, checks)]:
        raise BadEntry(wrong)
    figures = {known[code].id: _fact(value) for code, value in values.items()}
    gone = {known[code].id for code in emptied} & place.stored.keys()
    refuse_wrong(place, figures, gone)
    given = {**figures, **dict.fromkeys(gone, NOTHING)}
    failing = _failing(place, given, checks, known)
    restating = _restated(place, given, known, now)
    _refuse([one for one in failing if not one.is_later], restating, remarks, known)
    notices = tuple(looks_back(one, known, _label(one)) for one in failing if one.is_later)
    if not place.differing(figures) and not gone:
        return Entered(Recorded(0, 0, len(figures)), (), notices, None)
    name = source_name or _source_name(place.unit_id, place.period_id)
    source = open_source(name=name, actor=actor, recorded_at=now)
    if gone:
        remove_at(place, gone, source=source, actor=actor)
    recorded = record_at(place, figures, source=source, actor=actor)
    said = [
        Said(place.unit_id, one.period, one.definition.code, remarks[one.definition.code].strip())
        for one in failing
        if not one.is_later
    ]
    if restating:
        said.append(Said(place.unit_id, place.period_id, RESTATEMENT, remarks[RESTATEMENT].strip()))
    store_remarks(said, source=source)
    return Entered(recorded, tuple(one.check_code for one in said), notices, source.pk)


def _wrong_values(values: Values, known: Mapping[str, Definition]) -> list[Problem]:
    """Codes that are unknown, numbers that are none or longer than the indicator allows."""
    found = []
    for code, value in values.items():
        if (one := known.get(code)) is None:
            near = nearest(code, known)
            hint = Text(vi=f"Có phải “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None
            reason = Text(vi=f"Không có chỉ tiêu “{code}”.", en=f"There is no indicator “{code}”.")
            found.append(Problem("unknown-indicator", reason, hint, Cell(column=code)))
        elif isinstance(value, State):
            if value is State.VALUE:
                raise ValueError("a figure that has a value is given by its number")
        elif value.is_finite() and abs(value) >= LARGEST:
            reason = Text(vi=f"“{code}”: số quá lớn.", en=f"“{code}”: the number is too large.")
            found.append(Problem("too-large", reason, place=Cell(column=code)))
        elif not value.is_finite() or _decimals(value) > one.decimals + 2 * one.is_share:
            reason = Text(
                vi=f"“{code}”: {value} không phải số có tối đa {one.decimals} chữ số thập phân.",
                en=f"“{code}”: {value} is not a number with at most {one.decimals} decimals.",
            )
            found.append(Problem("too-many-decimals", reason, place=Cell(column=code)))
    return found


def _decimals(value: Decimal) -> int:
    """How many decimals a finite number has, zeros at its end not counted."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _wrong_remarks(remarks: Mapping[str, str], checks: Sequence[SoundCheck]) -> list[Problem]:
    codes = [*(check.definition.code for check in checks), RESTATEMENT]
    return [
        Problem(
            "unknown-check",
            Text(vi=f"Không có phép kiểm tra “{code}”.", en=f"There is no check “{code}”."),
            Text(vi=f"Có phải “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None,
        )
        for code in remarks
        if code not in codes
        for near in [nearest(code, codes)]
    ]


def _fact(value: Decimal | State) -> Fact:
    return (value, None) if isinstance(value, State) else (State.VALUE, value)


def _failing(
    place: Place, figures: Mapping[int, Fact], checks: Sequence[SoundCheck], known: Mapping[str, Definition]
) -> list[Failing]:
    """The checks that do not hold with the figures that change anything."""
    differing = place.differing(figures)
    given = {(place.period_id, indicator): fact for indicator, fact in differing.items()}
    return failing_alone(place.unit_id, touching(checks, set(given), known), given) if given else []


def _restated(
    place: Place, figures: Mapping[int, Fact], known: Mapping[str, Definition], now: datetime
) -> Mark | None:
    """What asks for a remark because it was sent otherwise some time ago. One query, if any."""
    found = restated(place.unit_id, place.period_id, place.stored, place.differing(figures), now)
    if not found:
        return None
    by_id = {one.id: one for one in known.values()}
    sentences = [
        told_restated(by_id[indicator], was, figures[indicator][1]) for indicator, was in found.items()
    ]
    sentence = Text(vi=" ".join(one.vi for one in sentences), en=" ".join(one.en for one in sentences))
    codes = tuple(by_id[indicator].code for indicator in found)
    return Mark(RESTATEMENT, codes, RESTATED, sentence, WHY_RESTATED)


def _refuse(
    failing: Sequence[Failing],
    restated: Mark | None,
    remarks: Mapping[str, str],
    known: Mapping[str, Definition],
) -> None:
    """Raises `Implausible` or `NeedsRemark` where figures are not to be kept as they are."""
    hard = [one for one in failing if one.definition.is_hard]
    soft = [one for one in failing if not one.definition.is_hard]
    open_ = [one for one in soft if not remarks.get(one.definition.code, "").strip()]
    problems = [implausible(one, known, _NOWHERE) for one in hard]
    problems += [needs_remark(one, known, _NOWHERE) for one in open_]
    asked = [_mark(one, known) for one in open_]
    if restated and not remarks.get(RESTATEMENT, "").strip():
        problems.append(Problem(NEEDS_REMARK, _together(restated), restated.action))
        asked.append(restated)
    if hard:
        raise Implausible(problems, [_mark(one, known) for one in hard], asked)
    if asked:
        raise NeedsRemark(problems, asked)


def _together(mark: Mark) -> Text:
    return Text(vi=f"{mark.title.vi}. {mark.sentence.vi}", en=f"{mark.title.en}. {mark.sentence.en}")


def _mark(one: Failing, known: Mapping[str, Definition]) -> Mark:
    definition = one.definition
    return Mark(
        definition.code, one.check.codes, definition.title, told(one.trace(), known), definition.action
    )


def _label(one: Failing) -> Text:
    return calendar(one.at.calendar).label(one.at)


def _source_name(unit_id: int, period_id: int) -> str:
    """What the figures are said to come from: typed in, for which unit and period."""
    window = decode(period_id)
    own = calendar(window.calendar)
    place = unit(unit_id, own.last_day(window))
    return f"Nhập trực tiếp: {place.full_name('vi')}, {own.label(window).vi}"
