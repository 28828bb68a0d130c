"""A figure that was sent some time ago and is now replaced by quite another one: somebody has to say why.

Built in, beside the checks of the catalogues, with a remark under the code `RESTATEMENT`. It binds nobody who
is still typing: a figure younger than `SETTLED` may be mended as often as one likes, around the value that
was settled before it. Taking a value away changes it as much as zero would.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from typing import Any

from django.db import connection

from kieumau.formulas.values import State
from kieumau.indicators.arrays import array_text
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
NOTHING: Fact = (State.MISSING, None)
TITLE = Text(vi="Số liệu đã gửi thay đổi nhiều", en="A figure sent earlier changes much")
ACTION = Text(
    vi="Kiểm tra lại số mới; nếu đúng, ghi lý do sửa.",
    en="Look at the new figure again; if it is right, say why it was corrected.",
)


def is_large(old: Decimal, new: Decimal | None) -> bool:
    """Is the change from one value to the other beyond the bound? Exact. None, no value, is all of it."""
    change = EXACT.abs(EXACT.subtract(new or Decimal(0), old))
    allowed = EXACT.multiply(EXACT.abs(old), Decimal(BOUND.numerator))
    return change >= LEAST and EXACT.multiply(change, Decimal(BOUND.denominator)) > allowed


# Every value that stood for SETTLED, up to its end or to now, the last one of each indicator. The figures of
# a place come from a few of all the sources there ever were: those are looked up by their ids, and nearly
# always none of them is old.
_PLACE = "period = %(period)s AND unit = %(unit)s"
_ASKED = f"{_PLACE} AND indicator = ANY(%(indicators)s::int[]) AND state = 0"
_SETTLED_AT = f"""
    WITH old AS MATERIALIZED (
        SELECT id, recorded_at FROM figure_source
        WHERE recorded_at <= %(settled_at)s AND id = ANY(ARRAY(
            SELECT source FROM figure WHERE {_PLACE}
            UNION SELECT source FROM figure_superseded WHERE {_PLACE}
        ))
    )
    SELECT DISTINCT ON (w.indicator) w.indicator, w.value
    FROM (
        SELECT indicator, value, source, NULL::timestamptz AS ended_at FROM figure WHERE {_ASKED}
        UNION ALL
        SELECT indicator, value, source, superseded_at FROM figure_superseded WHERE {_ASKED}
    ) w
    JOIN old s ON s.id = w.source
    WHERE EXISTS (SELECT FROM old)
        AND (w.ended_at IS NULL OR s.recorded_at <= w.ended_at - make_interval(secs => %(settled)s))
    ORDER BY w.indicator, s.recorded_at DESC, w.ended_at DESC NULLS FIRST
"""


def restated(
    unit_id: int,
    period_id: int,
    stored: Mapping[int, Fact],
    given: Mapping[int, Fact],
    now: datetime,
) -> dict[int, Decimal]:
    """The settled values that `given` changes beyond the bound, by indicator.

    A value is settled that stood for `SETTLED` before `now`, also one that was replaced or taken away since;
    of several the last counts. So a restatement in two steps, or over an emptied cell, is one all the same.
    What had no value and has none now is passed over. One query.
    """
    asked = [
        indicator
        for indicator, (_, new) in given.items()
        if new is not None or stored.get(indicator, NOTHING)[1] is not None
    ]
    if not asked:
        return {}
    values: dict[str, Any] = {"period": period_id, "unit": unit_id, "indicators": array_text(asked)}
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED_AT, {**values, **_settled(now)})
        return {indicator: old for indicator, old in cursor.fetchall() if is_large(old, given[indicator][1])}


@dataclass(frozen=True, slots=True)
class Restated:
    """One figure of INCOMING that replaces quite another one, settled some time ago."""

    unit: int
    period: int
    indicator: int
    old: Decimal
    new: Decimal | None


# The usual case first: what stands is a settled value itself. Only for the others the history is asked.
# Exact: a change beyond a fifth is one whose numerator's share is greater (`is_large`).
_TOGETHER = f"""
    WITH incoming AS (
        SELECT i.unit, i.period, i.indicator, i.value AS new,
            CASE WHEN f.state = 0 AND s.recorded_at <= %(settled_at)s THEN f.value END AS old
        FROM {INCOMING} i
        LEFT JOIN figure f USING (period, unit, indicator)
        LEFT JOIN figure_source s ON s.id = f.source
        WHERE (f.state, f.value) IS DISTINCT FROM (i.state, i.value) AND (i.state = 0 OR f.state = 0)
    ), earlier AS (
        SELECT DISTINCT ON (i.unit, i.period, i.indicator)
            i.unit, i.period, i.indicator, w.value AS old, i.new
        FROM incoming i
        JOIN figure_superseded w USING (period, unit, indicator)
        JOIN figure_source s ON s.id = w.source
        WHERE i.old IS NULL AND w.state = 0 AND s.recorded_at <= %(settled_at)s
            AND s.recorded_at <= w.superseded_at - make_interval(secs => %(settled)s)
        ORDER BY i.unit, i.period, i.indicator, s.recorded_at DESC, w.superseded_at DESC
    )
    SELECT unit, period, indicator, old, new
    FROM (
        SELECT unit, period, indicator, old, new FROM incoming WHERE old IS NOT NULL
        UNION ALL SELECT unit, period, indicator, old, new FROM earlier
    ) settled
    WHERE abs(coalesce(new, 0) - old) >= {LEAST}
        AND abs(coalesce(new, 0) - old) * {BOUND.denominator} > abs(old) * {BOUND.numerator}
    ORDER BY 1, 2, 3
"""


def restated_together(now: datetime) -> list[Restated]:
    """Every figure of INCOMING that is restated beyond the bound (`restated`). One query."""
    with connection.cursor() as cursor:
        cursor.execute(_TOGETHER, _settled(now))
        return [Restated(*row) for row in cursor.fetchall()]


def _settled(now: datetime) -> dict[str, Any]:
    """By when a source must have been recorded, and how many seconds its value must have stood."""
    return {"settled_at": now - SETTLED, "settled": int(SETTLED.total_seconds())}


def told(one: Definition, old: Decimal, new: Decimal | None) -> Text:
    """“Cháy: đã gửi 40, nay là 4.”"""
    was = Text(vi=format_number(old, None, "vi"), en=format_number(old, None, "en"))
    if new is None:
        becomes = Text(vi="nay không có số liệu", en="now there is no figure")
    else:
        becomes = Text(
            vi=f"nay là {format_number(new, None, 'vi')}", en=f"now it is {format_number(new, None, 'en')}"
        )
    return Text(
        vi=f"{one.name.vi}: đã gửi {was.vi}, {becomes.vi}.",
        en=f"{one.name.en}: {was.en} was sent, {becomes.en}.",
    )
