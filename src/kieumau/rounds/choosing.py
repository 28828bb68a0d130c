"""Which units a round is held for: always as a sub-select, never as a list of ids."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import ConcatPair

from kieumau.calendars.models import Period
from kieumau.calendars.working_days import ONE_DAY
from kieumau.criteria.applying import units_applied_to
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.rounds.models import Round
from kieumau.units.models import Position, Term, Unit
from kieumau.units.queries import AFTER_ALL_PATHS

_NOBODY = "SELECT NULL::bigint, ''::text, NULL::bigint WHERE false"


def wanted_of(made: Round) -> QuerySet[Position, Any]:
    """The units that the round is to have, as known now (see `units_of`)."""
    chosen = made.chosen.order_by().values("unit_id")
    only = chosen if chosen.exists() else None
    return units_of(made.criteria_set, made.period, made.area_id, tuple(made.kinds), only)


def units_of(
    criteria_set: CriteriaSet,
    period: Period,
    area_id: int,
    kinds: tuple[str, ...],
    only: QuerySet[Any, Any] | None,
) -> QuerySet[Position, Any]:
    """Unit, path and province of each that the set applies to, in the area, of the kinds, among those chosen.

    A sub-select; two queries where the set names areas.
    """
    on = period.ends_before - ONE_DAY
    says = definition(criteria_set)
    area = Subquery(Position.objects.filter(unit=area_id, valid__contains=on).values("path")[:1])
    found = Position.objects.filter(
        valid__contains=on, unit__in=units_applied_to(says.applies_to, says.effective.starts, on)
    )
    found = found.filter(path__gte=area, path__lt=ConcatPair(area, Value(AFTER_ALL_PATHS)))
    if kinds:
        of_kinds = Term.objects.filter(valid__contains=on, kind__in=kinds)
        found = found.filter(unit__in=of_kinds.values("unit_id"))
    if only is not None:
        found = found.filter(unit__in=only)
    return found.order_by().values_list("unit_id", "path", "province_id")


def named(ids: Sequence[int]) -> QuerySet[Unit, Any]:
    """Units that somebody named one by one, as a sub-select: one parameter, however many they are."""
    chosen: Any = RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])
    return Unit.objects.filter(pk__in=chosen).values("pk")


def sql_of(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    """Rows as a sub-select with its values; those of nobody as one that finds nothing."""
    try:
        sql, values = rows.order_by().query.sql_with_params()
    except EmptyResultSet:
        return _NOBODY, ()
    return sql, tuple(values)


def common_path(first: str, last: str) -> str:
    """The path below which both stand; of a sorted list's ends: below which all of it stands."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first.split("."), last.split("."), strict=False))
    return "".join(f"{part}." for part, _ in same if part)
