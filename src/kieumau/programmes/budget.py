"""Money of a programme added up: by year, by place. What nobody said is counted, never taken as zero."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from kieumau.programmes import rules
from kieumau.programmes.models import BudgetLine
from kieumau.units.models import Mapping as Became
from kieumau.units.models import Position

AMOUNTS = ("planned", "approved", "spent")


@dataclass(frozen=True, slots=True)
class Totals:
    """What was planned, approved and spent in some lines of one currency."""

    currency: str
    lines: int
    planned: rules.Sum
    approved: rules.Sum
    spent: rules.Sum

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            self.currency,
            self.lines + other.lines,
            self.planned + other.planned,
            self.approved + other.approved,
            self.spent + other.spent,
        )


def totals(lines: QuerySet[BudgetLine], on: date) -> dict[tuple[int, int | None, str], Totals]:
    """By year, province and currency; a unit that is no more counts where the day's map puts it. One query.

    What was split over several provinces counts in one of them: money is not apportioned.
    """
    there = Position.objects.filter(valid__contains=on).order_by("unit_id")
    became = Became.objects.filter(from_unit=OuterRef(OuterRef("unit_id")), on_map__contains=on).values(
        "to_unit"
    )
    here = Coalesce(
        Subquery(there.filter(unit_id=OuterRef("unit_id")).values("province_id")[:1]),
        Subquery(there.filter(unit_id__in=became).values("province_id")[:1]),
    )
    sums = {f"{name}_sum": Sum(name) for name in AMOUNTS} | {f"{name}_count": Count(name) for name in AMOUNTS}
    rows = lines.order_by().annotate(province=here).values("year", "province", "currency")
    found = {}
    for row in rows.annotate(line_count=Count("pk"), **sums):
        found[row["year"], row["province"], row["currency"]] = _totals(row)
    return found


def by(
    found: Mapping[tuple[int, int | None, str], Totals], place: int, only_year: int | None = None
) -> list[tuple[int | None, Totals]]:
    """The totals added up by year (place 0) or province (place 1), each currency by itself."""
    added: dict[tuple[int | None, str], Totals] = {}
    for key, one in found.items():
        if only_year in {None, key[0]}:
            group = (key[0] if place == 0 else key[1], key[2])
            added[group] = added[group] + one if group in added else one
    return [
        (group[0], one)
        for group, one in sorted(added.items(), key=lambda pair: (pair[0][0] or 0, pair[0][1]))
    ]


def whole(found: Iterable[Totals]) -> list[Totals]:
    """Everything added up, each currency by itself."""
    added: dict[str, Totals] = {}
    for one in found:
        added[one.currency] = added[one.currency] + one if one.currency in added else one
    return [added[currency] for currency in sorted(added)]


def _totals(row: Mapping[str, Any]) -> Totals:
    count = row["line_count"]
    planned, approved, spent = (
        rules.Sum(row[f"{name}_sum"], count - row[f"{name}_count"]) for name in AMOUNTS
    )
    return Totals(row["currency"], count, planned, approved, spent)
