"""What can be wrong with incoming figures, asked of all of them at once."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper

from kieumau.calendars.library import decode
from kieumau.formulas.values import State
from kieumau.indicators.registry import INCOMING
from kieumau.kernel.messages import Problem, Refused, Text

MOST = 20  # problems of one kind that are spelled out

Words = Callable[[Sequence[Any]], Text]


class NotRecorded(Refused):
    """Figures were refused; none was stored."""


_UNKNOWN_PERIODS = f"""
    SELECT i.period FROM (SELECT DISTINCT period FROM {INCOMING}) i
    LEFT JOIN period q ON q.id = i.period WHERE q.id IS NULL ORDER BY 1
"""
_UNKNOWN_UNITS = f"""
    SELECT i.unit FROM (SELECT DISTINCT unit FROM {INCOMING}) i
    LEFT JOIN unit u ON u.id = i.unit WHERE u.id IS NULL ORDER BY 1
"""
_UNKNOWN_INDICATORS = f"""
    SELECT i.indicator FROM (SELECT DISTINCT indicator FROM {INCOMING}) i
    LEFT JOIN indicator c ON c.id = i.indicator WHERE c.id IS NULL ORDER BY 1
"""
_DERIVED = f"""
    SELECT c.code FROM (SELECT DISTINCT indicator FROM {INCOMING}) i
    JOIN indicator c ON c.id = i.indicator WHERE c.formula <> '' ORDER BY 1
"""
_WRONG_PERIODS = f"""
    SELECT c.code, k.code, q.kind, q.code, c.calendar, c.period_kind
    FROM (SELECT DISTINCT period, indicator FROM {INCOMING}) i
    JOIN indicator c ON c.id = i.indicator
    JOIN period q ON q.id = i.period
    JOIN calendar k ON k.id = q.calendar_id
    WHERE (k.code, q.kind) <> (c.calendar, c.period_kind) ORDER BY 1, 2, 3, 4
"""
_ABSENT_UNITS = f"""
    SELECT coalesce((
            SELECT t.name || ' (' || t.code || ')' FROM unit_term t
            WHERE t.unit_id = u.id ORDER BY t.valid DESC LIMIT 1
        ), u.key), i.period, EXISTS (
            SELECT FROM unit_position s WHERE s.unit_id = u.id AND s.valid @> (q.ends_before - 1)
        )
    FROM (SELECT DISTINCT period, unit FROM {INCOMING}) i
    JOIN unit u ON u.id = i.unit
    JOIN period q ON q.id = i.period
    LEFT JOIN unit_counted p ON p.unit_id = i.unit AND (p.valid @> (q.ends_before - 1)) IS TRUE
    WHERE p.unit_id IS NULL ORDER BY 1, 2
"""
_WRONG_VALUES = f"""
    SELECT i.state, i.value, i.period, i.unit, i.indicator FROM {INCOMING} i
    WHERE i.state NOT BETWEEN 0 AND 3 OR (i.state = {State.VALUE:d}) <> (i.value IS NOT NULL)
        OR NOT (i.value > '-Infinity' AND i.value < 'Infinity')
    ORDER BY i.period, i.unit, i.indicator
"""
_REPEATED = f"""
    SELECT i.period, i.unit, i.indicator, count(*) FROM {INCOMING} i
    GROUP BY 1, 2, 3 HAVING count(*) > 1 ORDER BY 1, 2, 3
"""


def _period_name(period_id: int) -> Text:
    """A period in words; its number where that is all there is."""
    try:
        window = decode(period_id)
    except ValueError:
        return Text(vi=str(period_id), en=str(period_id))
    code = f"{window.calendar}:{window.first[0]}-{window.first[1]}"
    return Text(vi=code, en=code)


def _unknown_period(row: Sequence[Any]) -> Text:
    return Text(vi=f"Không có kỳ số {row[0]}.", en=f"There is no period {row[0]}.")


def _unknown_unit(row: Sequence[Any]) -> Text:
    return Text(vi=f"Không có đơn vị số {row[0]}.", en=f"There is no unit {row[0]}.")


def _unknown_indicator(row: Sequence[Any]) -> Text:
    return Text(vi=f"Không có chỉ tiêu số {row[0]}.", en=f"There is no indicator {row[0]}.")


def _derived(row: Sequence[Any]) -> Text:
    return Text(
        vi=f"Chỉ tiêu “{row[0]}” được tính bằng công thức, không nhập số liệu.",
        en=f"The indicator “{row[0]}” comes from a formula and takes no figures.",
    )


def _wrong_period(row: Sequence[Any]) -> Text:
    code, calendar, kind, period, own_calendar, own_kind = row
    return Text(
        vi=f"“{code}” báo cáo theo {own_calendar}/{own_kind}, không theo {calendar}/{kind} ({period}).",
        en=f"“{code}” is reported by {own_calendar}/{own_kind}, not by {calendar}/{kind} ({period}).",
    )


def _absent_unit(row: Sequence[Any]) -> Text:
    name, period, is_relieved = row[0], _period_name(row[1]), row[2]
    if is_relieved:
        return Text(
            vi=f"{name}: số liệu kỳ {period.vi} đã do các đơn vị cũ gửi trước khi sáp nhập được ghi, và được "
            "cộng cho đơn vị này; hãy sửa số liệu của các đơn vị cũ.",
            en=f"{name}: its predecessors had sent {period.en} before the act was recorded, and that counts "
            "for it; correct their figures instead.",
        )
    return Text(
        vi=f"{name}: không có vào ngày cuối kỳ {period.vi}.",
        en=f"{name}: was not there on the last day of {period.en}.",
    )


def _wrong_value(row: Sequence[Any]) -> Text:
    state, value, period, unit, indicator = row
    vi, en = _key_names(period, unit, indicator)
    return Text(
        vi=f"{vi}: trạng thái {state} và giá trị {value} không hợp.",
        en=f"{en}: state {state} and value {value} do not fit.",
    )


def _repeated(row: Sequence[Any]) -> Text:
    period, unit, indicator, count = row
    vi, en = _key_names(period, unit, indicator)
    return Text(vi=f"{vi}: có {count} lần.", en=f"{en}: given {count} times.")


def _key_names(period: int, unit: int, indicator: int) -> tuple[str, str]:
    return (
        f"Kỳ {period}, đơn vị {unit}, chỉ tiêu {indicator}",
        f"Period {period}, unit {unit}, indicator {indicator}",
    )


_CHECKS: tuple[tuple[str, str, Words], ...] = (
    ("unknown-period", _UNKNOWN_PERIODS, _unknown_period),
    ("unknown-unit", _UNKNOWN_UNITS, _unknown_unit),
    ("unknown-indicator", _UNKNOWN_INDICATORS, _unknown_indicator),
    ("derived-indicator", _DERIVED, _derived),
    ("wrong-period", _WRONG_PERIODS, _wrong_period),
    ("unit-not-there", _ABSENT_UNITS, _absent_unit),
    ("wrong-value", _WRONG_VALUES, _wrong_value),
)


def wrong_references(cursor: CursorWrapper) -> list[Problem]:
    """Everything wrong with the incoming figures but repetitions; at most 20 problems of a kind."""
    cursor.execute("SELECT " + ", ".join(f"EXISTS ({query})" for _, query, _ in _CHECKS))
    found: list[Problem] = []
    for (code, query, words), is_wrong in zip(_CHECKS, cursor.fetchone(), strict=True):
        if is_wrong:
            found += _problems(cursor, code, query, words)
    return found


def repeated_keys(cursor: CursorWrapper) -> list[Problem]:
    """The figures that come more than once."""
    return _problems(cursor, "repeated-figure", _REPEATED, _repeated)


def _problems(cursor: CursorWrapper, code: str, query: str, words: Words) -> list[Problem]:
    cursor.execute(f"{query} LIMIT {MOST + 1}")
    rows = cursor.fetchall()
    problems = [Problem(code, words(row)) for row in rows[:MOST]]
    if len(rows) > MOST:
        problems.append(Problem(code, Text(vi="… và nhiều trường hợp nữa.", en="… and many more.")))
    return problems
