"""What is known of the time between a figure and an earlier one: read for all figures of a page together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kieumau.calendars.library import calendar, decode
from kieumau.formulas.windows import Operand, Window
from kieumau.indicators.maps.comparing import Who, all_of, mark_of_pair
from kieumau.indicators.maps.reporting import ByPair, Pair
from kieumau.indicators.maps.rules import Amount, Judged, Redefined
from kieumau.indicators.runs import Run

SOME = Who(1, is_least=True)  # one side has it all, or nothing
NONE = Who(0)


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure and an earlier one: their windows, and the operands of both, in the same order."""

    window: Window
    earlier: Window
    operands: Sequence[tuple[Operand, Operand]]


@dataclass(frozen=True, slots=True)
class Between:
    """From the first day of the earlier window to the last of the later; what changed; who reported."""

    span: tuple[date, date]
    redefined: tuple[Redefined, ...]
    who: Who | None

    def judged(self, marks: Iterable[Judged], now: Amount, before: Amount) -> Judged:
        """All that there is to say between the two, the weakest first."""
        return mark_of_pair(marks, now, before, self.span, self.redefined, self.who)


def between(
    compared: Mapping[str, Compared],
    amounts: Mapping[Operand, Amount],
    runs: Mapping[Operand, Run],
    noted: Callable[[str], tuple[Redefined, ...]],
    who_differs: Callable[[Sequence[Pair]], ByPair],
) -> dict[str, Between]:
    """For each of these indicators what lies between; `who_differs` is called once, if at all.

    It is asked only about figures that lack something on both sides: where one has everything, the other is
    known to differ.
    """
    asked: dict[Pair, None] = {}
    for one in compared.values():
        for now, before in one.operands:
            if now in runs and before in runs and _is_open(amounts.get(now), amounts.get(before)):
                asked[runs[now], runs[before]] = None
    found = who_differs(list(asked)) if asked else {}
    return {
        code: Between(
            _span(one, runs),
            noted(code),
            all_of(_who(pair, amounts, found) for pair in one.operands),
        )
        for code, one in compared.items()
    }


def _is_open(now: Amount | None, before: Amount | None) -> bool:
    """Is something there and something lacking on both sides?"""
    return all(one is not None and one.reported and not one.is_complete for one in (now, before))


def _who(pair: tuple[Operand, Operand], amounts: Mapping[Operand, Amount], found: ByPair) -> Who | None:
    now, before = (amounts.get(operand, Amount()) for operand in pair)
    if not now.expected or not before.expected or (now.is_complete and before.is_complete):
        return NONE
    if _is_open(now, before):
        return found.get(pair)
    return SOME if now.reported or before.reported else NONE


def _span(one: Compared, runs: Mapping[Operand, Run]) -> tuple[date, date]:
    """Of a stock only its last period counts, so a change before it divides nothing."""
    firsts = [_first_day(runs[before].periods[0]) for _, before in one.operands if before in runs]
    lasts = [runs[now].last_days[-1] for now, _ in one.operands if now in runs]
    return (
        min(firsts, default=calendar(one.earlier.calendar).bounds(one.earlier)[0]),
        max(lasts, default=calendar(one.window.calendar).last_day(one.window)),
    )


def _first_day(period: int) -> date:
    window = decode(period)
    return calendar(window.calendar).bounds(window)[0]
