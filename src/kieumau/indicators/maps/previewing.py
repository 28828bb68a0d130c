"""What an act would do to the figures of the last three years, seen on the map as it would be.

The act is recorded, looked at and taken back within one transaction: what is shown is what recording does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from kieumau.calendars.library import calendar
from kieumau.formulas.values import State
from kieumau.formulas.windows import Operand, Window
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.maps.queries import MappedValue, values_on_map
from kieumau.indicators.maps.rules import Map
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Text
from kieumau.units.actions import record_change
from kieumau.units.models import Level, Position, Term, Unit
from kieumau.units.queries import terms
from kieumau.units.rules import Act

YEARS = 3


@dataclass(frozen=True, slots=True)
class Effect:
    """One figure of one unit before and after; None where the unit is not on the map."""

    unit_id: int
    unit: Text
    indicator: str
    window: Window
    before: MappedValue | None
    after: MappedValue | None


@dataclass(frozen=True, slots=True)
class Carrying:
    """A unit that ends by the act, and how many figures it has for periods after that, ending on these days.

    They stay stored as its own, and count for whoever took its territory.
    """

    unit: Text
    figure_count: int
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Preview:
    """`effects` are the figures that change; `carried` the units that have sent some for later periods."""

    map: Map
    effects: Sequence[Effect]
    carried: Sequence[Carrying]

    @property
    def carried_count(self) -> int:
        """How many figures of later periods there are in all."""
        return sum(each.figure_count for each in self.carried)


def preview(act: Act, *, today: date, indicators: Sequence[str] = ()) -> Preview:
    """What recording `act` would change on the map of today (or of the act's day, if that is later).

    Indicators: those given, else the main ones that add up. Years: the three of each indicator's calendar
    that ended last, and the month (or whatever is reported) that ended last with those of a year and two
    years before. Raises `Refused` as `record_change` does. Holds the tree's lock meanwhile: a few seconds
    with a whole country.
    """
    on = Map(max(today, act.takes_effect_on))
    known = catalogue()
    chosen = [
        known[code]
        for code in (indicators or known)
        if not known[code].is_derived and known[code].over_units == "sum"
    ]
    main = chosen if indicators else [each for each in chosen if each.is_main] or chosen
    asked = [Operand(each.code, window) for each in main for window in _windows(each, today)]
    concerned = _concerned(act, on)
    with transaction.atomic():
        record_change(act=act, actor=None)
        concerned |= _concerned(act, on)
        after = _read(concerned, asked, on)
        carried = _carried(act)
        transaction.set_rollback(True)
    before = _read(concerned, asked, on)
    return Preview(on, _differences(before, after, asked), carried)


def _windows(indicator: Definition, today: date) -> list[Window]:
    """Three years and three reporting periods that have ended, the latest first."""
    own = calendar(indicator.calendar)
    found: list[Window] = []
    for kind in dict.fromkeys(("year", indicator.period_kind)):
        window: Window | None = own.containing(kind, today)
        while window is not None and own.last_day(window) >= today:
            window = own.previous(window)
        for _ in range(YEARS):
            if window is not None:
                found.append(window)
                window = own.year_ago(window)
    return found


Read = dict[int, tuple[Text, dict[Operand, MappedValue]]]


def _concerned(act: Act, on: Map) -> dict[int, Text]:
    """The units the act names and those above them, on the map; the nation never changes."""
    keys = {*act.ends, *(row.key for row in act.begins)}
    keys |= {unit for share in act.shares for unit in (share.predecessor, share.successor)}
    units = dict(Unit.objects.filter(key__in=keys).values_list("id", "key"))
    if on.day is None:
        raise AssertionError("a preview is shown on a map")
    named = {term.unit_id: term for term in terms(on.day).filter(unit_id__in=list(units))}
    above = {int(step) for term in named.values() for step in term.path.split(".")[:-1]} - set(named)
    parents = terms(on.day).filter(unit_id__in=above)
    everyone = [*named.values(), *(term for term in parents if term.level > Level.NATION)]
    return {term.unit_id: Text(vi=term.full_name("vi"), en=term.full_name("en")) for term in everyone}


def _read(units: dict[int, Text], asked: Sequence[Operand], on: Map) -> Read:
    """The units of these that are on the map, each with its figures."""
    positions = Position.objects.filter(valid__contains=on.day, unit_id__in=list(units))
    there = set(positions.values_list("unit_id", flat=True))
    return {
        unit_id: (name, values_on_map(unit_id, asked, on))
        for unit_id, name in units.items()
        if unit_id in there
    }


def _carried(act: Act) -> list[Carrying]:
    """The units of the act that have figures for periods after they end by it, in Vietnamese order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.unit_id, count(*), min(lower(c.valid)), max(lower(c.valid))
            FROM unit_carried c JOIN period q ON q.ends_before = upper(c.valid)
            JOIN figure f ON f.period = q.id AND f.unit = c.unit_id
            WHERE c.unit_id IN (SELECT id FROM unit WHERE key = ANY(%s)) AND lower(c.valid) >= %s
            GROUP BY c.unit_id
            """,
            [list(act.ends), act.takes_effect_on],
        )
        found = {unit_id: measures for unit_id, *measures in cursor.fetchall()}
    last = Term.objects.filter(unit_id__in=list(found), valid__endswith=act.takes_effect_on)
    return [
        Carrying(Text(vi=term.full_name("vi"), en=term.full_name("en")), *found[term.unit_id])
        for term in last.select_related("kind").order_by("sort_key", "code")
    ]


def _said(value: MappedValue | None) -> tuple[object, ...] | None:
    """What there is to see; a figure that is missing is the same as a unit that is not there."""
    return None if value is None or value.state is State.MISSING else (value.value, value.state, value.mark)


def _differences(before: Read, after: Read, asked: Sequence[Operand]) -> list[Effect]:
    effects = []
    for unit_id in dict.fromkeys((*before, *after)):
        name = (after.get(unit_id) or before[unit_id])[0]
        for operand in asked:
            was = before[unit_id][1][operand] if unit_id in before else None
            now = after[unit_id][1][operand] if unit_id in after else None
            if _said(was) != _said(now):
                effects.append(Effect(unit_id, name, operand.indicator, operand.window, was, now))
    return effects
