"""How far an area has come: targets of each year against the units that hold the title, place by place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value

from kieumau.programmes.listening import holds_title, predecessor_holds_title
from kieumau.programmes.models import Member, Programme, Target
from kieumau.programmes.rules import Reach, measured_on
from kieumau.units.models import Position, Term
from kieumau.units.queries import AFTER_ALL_PATHS


def exact(target: Target) -> Fraction:
    """The share of a target; it always has one."""
    assert target.share is not None
    return Fraction(target.share)


@dataclass(frozen=True, slots=True)
class YearLine:
    """One year of an area: what was aimed at and what is. `on` None: to come; `reach` None: no area yet."""

    year: int
    target: Target | None
    on: date | None
    reach: Reach | None

    @property
    def aim(self) -> Fraction | None:
        """The share that is to be reached."""
        return exact(self.target) if self.target else None

    @property
    def short(self) -> int | None:
        """How many more units have to hold the title; None where that cannot be said."""
        return self.reach.short(self.aim) if self.reach and self.aim is not None else None


@dataclass(frozen=True, slots=True)
class Part:
    """One place below the area in a year; `is_own` tells its own target from the area's."""

    unit_id: int
    reach: Reach
    aim: Fraction | None
    is_own: bool
    pilots: int
    rolled_out: int

    @property
    def short(self) -> int | None:
        """How many more units have to hold the title."""
        return self.reach.short(self.aim) if self.aim is not None else None


Counted = Mapping[int, Mapping[int | None, Reach]]


def year_lines(
    area_id: int, targets: Iterable[Target], today: date, counted: Counted, also: int
) -> list[YearLine]:
    """The years of an area that have a target, with the year `also`, earliest first. No query."""
    own = {one.year: one for one in targets if one.area_id == area_id}
    lines = []
    for year in sorted({*own, also}):
        parts = counted.get(year)
        reach = None
        if parts:
            reach = sum(parts.values(), start=Reach(0, 0))
        lines.append(YearLine(year, own.get(year), measured_on(year, today), reach))
    return lines


def parts(
    area_id: int,
    year: int,
    targets: Iterable[Target],
    counted: Counted,
    taking: Mapping[tuple[int | None, str], int],
) -> list[Part]:
    """The provinces of an area in a year. Without a target of its own the area's is what it aims at."""
    aims = {one.area_id: exact(one) for one in targets if one.year == year}
    return [
        Part(
            unit_id,
            reach,
            aims.get(unit_id, aims.get(area_id)),
            unit_id in aims,
            taking.get((unit_id, Member.Phase.PILOT), 0),
            taking.get((unit_id, Member.Phase.ROLL_OUT), 0),
        )
        for unit_id, reach in counted.get(year, {}).items()
        if unit_id is not None
    ]


def counted(programme: Programme, area_id: int, years: Iterable[int], today: date) -> Counted:
    """By year and province: the units of the programme's kind, how many of them hold the title, and how many
    do not but came from units that did.

    Units as they stood on the day on which the year is measured, in the area as it was then. Two queries.
    """
    days = {year: day for year in years if (day := measured_on(year, today))}
    stood = Position.objects.filter(unit_id=area_id).values_list("valid", "path")
    places = [(valid, path) for valid, path in stood]
    asked = [
        _on_a_day(programme, year, day, path)
        for year, day in sorted(days.items())
        for valid, path in places
        if _holds(valid, day)
    ]
    found: dict[int, dict[int | None, Reach]] = {}
    if asked:
        for year, province, units, held, before in asked[0].union(*asked[1:], all=True):
            found.setdefault(year, {})[province] = Reach(held, units, before)
    return found


def taking_part(programme: Programme, path: str, on: date) -> dict[tuple[int | None, str], int]:
    """How many units of a subtree take part on a day, by province and phase. One query."""
    condition = Q(unit__positions__valid__contains=on) & Q(
        unit__positions__path__gte=path, unit__positions__path__lt=path + AFTER_ALL_PATHS
    )
    rows = Member.objects.filter(condition, programme=programme, valid__contains=on).order_by()
    grouped = rows.values_list("unit__positions__province_id", "phase").annotate(Count("pk"))
    return {(province, phase): count for province, phase, count in grouped}


def _on_a_day(programme: Programme, year: int, day: date, path: str) -> QuerySet[Position, tuple[int, ...]]:
    rows = Position.objects.filter(
        valid__contains=day, level=programme.level, path__gte=path, path__lt=path + AFTER_ALL_PATHS
    )
    if programme.kinds:
        of_kind = Term.objects.filter(
            unit_id=OuterRef("unit_id"), valid__contains=day, kind__in=programme.kinds
        )
        rows = rows.filter(Exists(of_kind))
    annotated = rows.order_by().values_list(Value(year), "province_id")
    return annotated.annotate(
        units=Count("pk"),
        held=Count("pk", filter=holds_title(programme, day)),
        before=Count("pk", filter=predecessor_holds_title(programme, day)),
    )


def _holds(valid: object, day: date) -> bool:
    """Does a range of days hold a day? Ranges carry no type."""
    return day in valid  # type: ignore[operator]
