"""A figure that was sent some time ago and is now replaced by quite another one: somebody has to say why.

Built in, beside the checks of the catalogues, with a remark under the code `RESTATEMENT`. It binds nobody who
is still typing: a figure younger than `SETTLED` may be mended as often as one likes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Context, Decimal, Inexact
from fractions import Fraction

from django.db import connection

from kieumau.formulas.values import State
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.registry import INCOMING
from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import format_number

RESTATEMENT = "restatement"
# Enough digits for any two figures (`models.LARGEST`): what is subtracted here is exact.
EXACT = Context(prec=200, traps=[Inexact])
# Late reports move a month by a few percent everywhere; a fifth of it is another story. Of small numbers a
# single late case is more than that, so that at least as many cases must have changed.
BOUND = Fraction(1, 5)
LEAST = 5
SETTLED = timedelta(days=1)

Fact = tuple[State, Decimal | None]
TITLE = Text(vi="Số liệu đã gửi thay đổi nhiều", en="A figure sent earlier changes much")
ACTION = Text(
    vi="Kiểm tra lại số mới; nếu đúng, ghi lý do sửa.",
    en="Look at the new figure again; if it is right, say why it was corrected.",
)


def is_large(old: Decimal, new: Decimal) -> bool:
    """Is the change from one value to the other beyond the bound? Exact."""
    change = EXACT.abs(EXACT.subtract(new, old))
    allowed = EXACT.multiply(EXACT.abs(old), Decimal(BOUND.numerator))
    return change >= LEAST and EXACT.multiply(change, Decimal(BOUND.denominator)) > allowed


def restated(
    unit_id: int,
    period_id: int,
    stored: Mapping[int, Fact],
    given: Mapping[int, Fact],
    now: datetime,
) -> list[int]:
    """The indicators whose figures, sent before `now` less `SETTLED`, change beyond the bound.

    One query, and none where nothing changes that much.
    """
    large = [
        indicator
        for indicator, (state, new) in given.items()
        if (was := stored.get(indicator)) is not None
        and state is State.VALUE
        and was[1] is not None
        and new is not None
        and is_large(was[1], new)
    ]
    return _settled(unit_id, period_id, large, now) if large else []


def _settled(unit_id: int, period_id: int, indicators: Collection[int], now: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT f.indicator FROM figure f JOIN figure_source s ON s.id = f.source
            WHERE f.period = %s AND f.unit = %s AND f.indicator = ANY(%s) AND s.recorded_at <= %s
            ORDER BY f.indicator
            """,
            [period_id, unit_id, list(indicators), now - SETTLED],
        )
        return [indicator for (indicator,) in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Restated:
    """One figure of INCOMING that replaces quite another one, sent some time ago."""

    unit: int
    period: int
    indicator: int
    old: Decimal
    new: Decimal


# Exact: a change beyond a fifth is one whose numerator's share is greater (`is_large`).
_TOGETHER = f"""
    SELECT i.unit, i.period, i.indicator, f.value, i.value
    FROM {INCOMING} i
    JOIN figure f USING (period, unit, indicator)
    JOIN figure_source s ON s.id = f.source AND s.recorded_at <= now() - %s * interval '1 second'
    WHERE i.state = 0 AND f.state = 0 AND abs(i.value - f.value) >= {LEAST}
        AND abs(i.value - f.value) * {BOUND.denominator} > abs(f.value) * {BOUND.numerator}
    ORDER BY 1, 2, 3
"""


def restated_together() -> list[Restated]:
    """Every figure of INCOMING that is restated beyond the bound. Within a transaction. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_TOGETHER, [int(SETTLED.total_seconds())])
        return [Restated(*row) for row in cursor.fetchall()]


def told(one: Definition, old: Decimal, new: Decimal) -> Text:
    """“Cháy: đã gửi 40, nay là 4.”"""
    was, becomes = (
        [format_number(value, None, language) for language in ("vi", "en")] for value in (old, new)
    )
    return Text(
        vi=f"{one.name.vi}: đã gửi {was[0]}, nay là {becomes[0]}.",
        en=f"{one.name.en}: {was[1]} was sent, now it is {becomes[1]}.",
    )
