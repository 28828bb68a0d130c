"""The main figures of a page: the latest period, the same period last year, and the way there.

All on one map (`viewing`): by default on today's, so that a year ago means the same territory. A commune
shows its own figures, everything above it the roll-up of its communes with how many of them have reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import get_language

from kieumau.calendars.library import calendar as calendar_of
from kieumau.formulas.windows import Window
from kieumau.home.mapped import NOTHING, Catalogue, Reader, Shown, change_of, from_zero
from kieumau.home.periods import latest_periods
from kieumau.home.places import Place, kinds_at_the_bottom
from kieumau.home.rolled import difference_told, own_lacking
from kieumau.home.viewing import View
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.maps.rules import Judged
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Text
from kieumau.units.models import Level
from kieumau.web.charts import Exact, Series

MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class MainFigure:
    """One row: an indicator in its latest period, a year before, and in the periods between.

    `change` is relative (−0.17), for a share the difference of the two; None where they cannot be
    compared; `judged` says how far they can, None where there is nothing to compare. `own` is what the unit
    itself reported beside its roll-up, `unplaced` what the difference means, or whose own figure lacks.
    `series` ends with the latest
    period.
    """

    indicator: Definition
    period: Text
    period_code: str
    days: Text
    now: Shown
    before: Shown
    change: Fraction | None
    judged: Judged | None
    series: Series
    own: Shown | None
    unplaced: Text | None

    @property
    def is_rough(self) -> bool:
        """Are two totals compared of which one is not whole?"""
        return self.now.is_partial or self.before.is_partial

    @property
    def polarity(self) -> int:
        """Whether more is good; nothing is called better or worse on a rough comparison."""
        return 0 if self.is_rough else self.indicator.polarity

    @property
    def from_zero(self) -> bool:
        """Was it 0 a year ago, so that there is no rate?"""
        return self.change is None and from_zero(self.now.value, self.before.value, self.judged)

    @property
    def difference(self) -> Exact | None:
        """What the unit reported beyond its roll-up."""
        if self.own is None or self.own.value is None or self.now.value is None:
            return None
        return Fraction(self.own.value) - Fraction(self.now.value)


def main_figures(
    stands: Place, view: View, until: date | None = None, known: Catalogue | None = None
) -> list[MainFigure]:
    """The main indicators that have figures here, the latest period that ended by `until` (None: any).

    `known` is the catalogue, where the caller has read it. At most `MOST_SHOWN`, in its order. Six
    queries at most once the territory is kept, whatever lies below.
    """
    last_day = min((day for day in (until, stands.unit.ended_on, view.known_on) if day), default=None)
    known = catalogue() if known is None else known
    main = [one for one in known.values() if one.is_main]
    latest = latest_periods(stands, last_day, view.known_at) if main else {}
    shown = [one for one in main if (one.calendar, one.period_kind) in latest]
    if not shown:
        return []
    # Of a whole country as known earlier there are no totals: the way between the two is left out.
    is_brief = view.known_on is not None and stands.unit.level == Level.NATION
    windows = {kind: _pair(window) if is_brief else _run(window) for kind, window in latest.items()}
    asked = [(one, window) for one in shown for window in windows[one.calendar, one.period_kind]]
    reader = Reader(stands, view, known, asked)
    there = reader.catalogues
    rows = [
        _row(stands, reader, one, windows[one.calendar, one.period_kind])
        for one in shown
        if one.catalogue in there
    ]
    return rows[:MOST_SHOWN]


def _row(stands: Place, reader: Reader, one: Definition, windows: Sequence[Window]) -> MainFigure:
    """The row of one indicator."""
    calendar = calendar_of(one.calendar)
    shown = {window: reader.shown(one, window) for window in windows}
    now = shown[windows[-1]]
    year_ago = calendar.year_ago(windows[-1])
    before = shown.get(year_ago, NOTHING) if year_ago else NOTHING
    judged = reader.between(one, windows[-1], now, before)
    own = reader.reported(one, windows[-1])
    kinds = kinds_at_the_bottom(reader.now.revision, stands.root.id, stands.day) if own else []
    language = get_language() or "vi"
    return MainFigure(
        one,
        calendar.label(windows[-1]),
        calendar.period_code(windows[-1]),
        calendar.days(windows[-1]),
        now,
        before,
        change_of(one, now.value, before.value, judged),
        judged,
        Series(
            [calendar.label(window).in_(language) for window in windows],
            _drawn([shown[window] for window in windows]),
        ),
        own,
        own_lacking(one, own) or (difference_told(one, own.value, now, kinds) if own else None),
    )


def _pair(latest: Window) -> list[Window]:
    """The latest period and the same last year."""
    ago = calendar_of(latest.calendar).year_ago(latest)
    return [ago, latest] if ago else [latest]


def _run(latest: Window) -> list[Window]:
    """The periods of a small chart, from the same period last year to the latest; five for years."""
    calendar = calendar_of(latest.calendar)
    per_year = calendar.per_year(latest.kind)
    first = latest
    for _ in range(per_year if per_year > 1 else 4):
        first = calendar.previous(first) or calendar.year_ago(first) or first
    return calendar.windows(latest.kind, first, latest)


def _drawn(points: Sequence[Shown]) -> list[Exact | None]:
    """The values of a small chart, without a latest period of which less is there than of any before.

    A month that is still coming in would look like a fall.
    """
    values = [point.value for point in points]
    *earlier, latest = points
    if latest.is_partial and all(_coverage(latest) < _coverage(one) for one in earlier if one.reported):
        values[-1] = None
    return values


def _coverage(point: Shown) -> Fraction:
    """How much of a total is there; a figure that is no total is whole."""
    return Fraction(point.reported, point.expected) if point.expected else Fraction(1)
