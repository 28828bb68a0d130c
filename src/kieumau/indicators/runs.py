"""Which reporting periods make up the window of an operand.

An indicator is reported for periods of its own calendar and kind. A window of another kind or calendar
is the run of those periods that tiles it. A flow needs all of them, a stock only the last.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kieumau.calendars.library import calendar, tile
from kieumau.formulas.windows import Operand, Window
from kieumau.indicators.catalogue import Definition


@dataclass(frozen=True, slots=True)
class Run:
    """The figures one operand is made of: an indicator over some periods, in order of time.

    `last_days` are the days on which the tree decides which units the figures come from.
    """

    operand: Operand
    indicator_id: int
    periods: tuple[int, ...]
    last_days: tuple[date, ...]
    rolls_up: bool


def runs_of(
    operands: Iterable[Operand], catalogue: Mapping[str, Definition], slack_days: int = 0
) -> Iterator[Run]:
    """The run of every operand that has one.

    Left out, and so missing: an operand whose window its indicator's periods do not tile, and one of a
    derived indicator, which has no figures of its own. Raises KeyError for an indicator that the
    catalogue does not know.
    """
    for operand in operands:
        indicator = catalogue[operand.indicator]
        if indicator.is_derived:
            continue
        found = _periods(operand.window, indicator.calendar, indicator.period_kind, slack_days)
        if found is None:
            continue
        periods, last_days = found
        only_last = slice(-1, None) if indicator.over_time == "last" else slice(None)
        yield Run(
            operand,
            indicator.id,
            periods[only_last],
            last_days[only_last],
            rolls_up=indicator.over_units == "sum",
        )


@lru_cache(maxsize=2_000)
def _periods(
    window: Window, calendar_code: str, kind: str, slack_days: int
) -> tuple[tuple[int, ...], tuple[date, ...]] | None:
    """Ids and last days of the periods that tile the window; calendars never change while we run."""
    run = tile(window, calendar_code, kind, slack_days)
    if run is None:
        return None
    own = calendar(calendar_code)
    parts = own.windows(kind, run, run)
    return (
        tuple(own.period_ids(run)),
        tuple(own.last_day(part) for part in parts),
    )
