"""Verdicts into the table: one statement for one unit or for thousands, unchanged rows untouched."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection

from kieumau.assessments.judging import Verdict
from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import POINT_DECIMALS, Outcome

# So many verdicts travel as parameters; more go by COPY, which spares quoting megabytes.
FEW = 20

# Column and its type, in the order of `_row`.
_COLUMNS: list[tuple[str, str]] = [
    ("unit", "int"),
    ("outcome", "smallint"),
    ("outcomes", "smallint[]"),
    *((f"{outcome.key}_count", "smallint") for outcome in Outcome),
    ("points", "numeric"),
    ("points_possible", "numeric"),
    ("criterion_points", "numeric[]"),
    ("class_code", "text"),
    ("operands", "jsonb"),
]
_NAMES = ", ".join(name for name, _ in _COLUMNS)
_CHANGING = [name for name, _ in _COLUMNS if name != "unit"] + ["judged_on"]

# Everything travels as text: unnest would flatten arrays of arrays.
_PARAMETERS = f"unnest({', '.join('%s::text[]' for _ in _COLUMNS)}) AS given ({_NAMES})"
_INCOMING = "verdict_incoming"
_MAKE_INCOMING = f"""
CREATE TEMPORARY TABLE IF NOT EXISTS {_INCOMING} (
    {", ".join(f"{name} text" for name, _ in _COLUMNS)}
) ON COMMIT DELETE ROWS
"""
_STORE = f"""
INSERT INTO assessment AS kept (criteria_set_id, period, judged_on, judged_at, {_NAMES})
SELECT %s, %s, %s, %s, {", ".join(f"given.{name}::{kind}" for name, kind in _COLUMNS)}
FROM {{given}}
ON CONFLICT (criteria_set_id, period, unit) DO UPDATE
SET judged_at = greatest(kept.judged_at, excluded.judged_at),
    {", ".join(f"{name} = excluded.{name}" for name in _CHANGING)}
WHERE ({", ".join(f"kept.{name}" for name in _CHANGING)})
    IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _CHANGING)})
"""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a batch of verdicts has in common."""

    criteria_set_id: int
    period: int
    judged_on: date
    judged_at: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """One unit with its verdict and the figures it rests on (JSON text, see `Assessment.operands`)."""

    unit_id: int
    verdict: Verdict
    operands: str


def store(occasion: Occasion, judged: Sequence[Judged]) -> int:
    """Write the verdicts; returns how many rows are new or changed.

    A row whose verdict, figures and day are the same stays as it was, `judged_at` included.
    """
    if not judged:
        return 0
    rows = [_row(one) for one in judged]
    common: list[Any] = [occasion.criteria_set_id, occasion.period, occasion.judged_on, occasion.judged_at]
    with connection.cursor() as cursor:
        if len(rows) <= FEW:
            columns = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(_STORE.format(given=_PARAMETERS), [*common, *columns])
        else:
            cursor.execute(_MAKE_INCOMING)
            cursor.execute(f"TRUNCATE {_INCOMING}")
            with cursor.copy(f"COPY {_INCOMING} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(_STORE.format(given=f"{_INCOMING} AS given"), common)
        return int(cursor.rowcount)


def remove_others(occasion: Occasion, unit_ids: Sequence[int], within: str | None, on: date) -> int:
    """Remove verdicts on units that are not among `unit_ids`; returns how many there were.

    With `within` only those of units that stand below that path on the day.
    """
    scope = ""
    parameters: list[Any] = [occasion.criteria_set_id, occasion.period, list(unit_ids)]
    if within is not None:
        scope = """AND unit IN (SELECT unit_id FROM unit_position
                   WHERE valid @> %s::date AND starts_with(path, %s))"""
        parameters += [on, within]
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM assessment WHERE criteria_set_id = %s AND period = %s AND unit <> ALL(%s) {scope}",
            parameters,
        )
        return int(cursor.rowcount)


def remove(occasion: Occasion, unit_ids: Collection[int]) -> int:
    """Remove the verdicts on these units; returns how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM assessment WHERE criteria_set_id = %s AND period = %s AND unit = ANY(%s)",
            [occasion.criteria_set_id, occasion.period, list(unit_ids)],
        )
        return int(cursor.rowcount)


def unstored(occasion: Occasion, one: Judged) -> Assessment:
    """The row that `store` would write, without writing it."""
    result = one.verdict.result
    sure = possible = points = None
    if (score := result.score) is not None:
        sure, possible = _decimal(score.sure), _decimal(score.possible)
        points = [_decimal(each.rounded().final) for each in one.verdict.scores]
    return Assessment(
        criteria_set_id=occasion.criteria_set_id,
        period=occasion.period,
        unit=one.unit_id,
        judged_on=occasion.judged_on,
        judged_at=occasion.judged_at,
        outcome=result.outcome.value,
        outcomes=[outcome.value for outcome in one.verdict.outcomes],
        **{f"{outcome.key}_count": result.counts[outcome] for outcome in Outcome},
        points=sure,
        points_possible=possible,
        criterion_points=points,
        class_code=result.class_code,
        operands=json.loads(one.operands),
    )


def _row(one: Judged) -> tuple[str | None, ...]:
    result = one.verdict.result
    score = result.score
    return (
        str(one.unit_id),
        str(result.outcome.value),
        _array([str(outcome.value) for outcome in one.verdict.outcomes]),
        *(str(result.counts[outcome]) for outcome in Outcome),
        None if score is None else _points(score.sure),
        None if score is None else _points(score.possible),
        None if score is None else _array([_points(each.rounded().final) for each in one.verdict.scores]),
        result.class_code,
        one.operands,
    )


def _points(rounded: Fraction | None) -> str:
    """Rounded points as numeric text."""
    found = _decimal(rounded)
    return "NULL" if found is None else str(found)


def _decimal(rounded: Fraction | None) -> Decimal | None:
    """Rounded points as a number."""
    if rounded is None:
        return None
    return Decimal(int(rounded * 10**POINT_DECIMALS)).scaleb(-POINT_DECIMALS)


def _array(items: Sequence[str]) -> str:
    return "{" + ",".join(items) + "}"
