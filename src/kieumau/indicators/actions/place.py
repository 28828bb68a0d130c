"""Writing the figures of one place (one unit and one period): what a form, a person or a program saves.

`record` moves any number of figures by way of a temporary table. For the hundred of one form the making,
asking and emptying of that table costs more than the figures themselves, and its lock on the province
lets no two communes be saved at once. Here the figures stay in memory, one statement writes them, and
writers of one province wait for each other only while their totals move.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from kieumau.calendars.library import decode
from kieumau.formulas.values import State
from kieumau.indicators import verbs
from kieumau.indicators.actions.late import told_if_late
from kieumau.indicators.actions.logging import log_figures, written
from kieumau.indicators.actions.record import PROVINCE_LOCK, Recorded, ask_guards, check_figures
from kieumau.indicators.actions.writing import removing, tell, upsert
from kieumau.indicators.arrays import array_text
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.checks.in_force import REVISIONS, checks_at
from kieumau.indicators.checks.sound import SoundCheck
from kieumau.indicators.models import Source
from kieumau.indicators.queries import catalogue_at
from kieumau.indicators.registry import AtPlace, Changed
from kieumau.units.actions import Actor

Fact = tuple[State, Decimal | None]

# Those who write many figures hold the province alone (`record`); those who write at one place share it
# and hold their unit. The totals of the province are held by the trigger that moves them (migration 0006).
_HOLD = f"""
    SELECT {PROVINCE_LOCK.format("pg_advisory_xact_lock_shared", "place.province")},
        pg_advisory_xact_lock(hashtext('kieumau.figure.unit'), %(unit)s), place.is_there
    FROM (
        SELECT coalesce(p.province_id, 0) AS province, bool_or(p.valid @> (q.ends_before - 1)) AS is_there
        FROM unit_counted p LEFT JOIN period q ON q.id = %(period)s
        WHERE p.unit_id = %(unit)s
        GROUP BY 1 ORDER BY 1
        OFFSET 0
    ) place
"""
# One way to the database and back for the three; each sees what was committed before it began.
_HOLD_AND_READ = f"""
    {_HOLD};
    SELECT indicator, state, value FROM figure WHERE period = %(period)s AND unit = %(unit)s;
    {REVISIONS}
"""
_ROWS = """
    SELECT %s, %s, g.indicator, %s, g.state, g.value
    FROM unnest(%s::int[], %s::smallint[], %s::numeric[]) AS g (indicator, state, value)
    ORDER BY g.indicator
"""
_WRITE = f"""
    WITH written AS ({upsert(_ROWS)})
    SELECT array_agg(indicator), count(*) FILTER (WHERE is_new) FROM written
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit and a period, held. `stored` are its figures by indicator id; `is_there`: may it have any?

    `known` is the catalogue by which its figures are read and written, `checks` are those in force.
    """

    unit_id: int
    period_id: int
    is_there: bool
    stored: Mapping[int, Fact]
    known: Mapping[str, Definition]
    checks: Sequence[SoundCheck]

    def differing(self, figures: Mapping[int, Fact]) -> dict[int, Fact]:
        """Those of the figures that are not stored so already."""
        return {indicator: fact for indicator, fact in figures.items() if self.stored.get(indicator) != fact}


def hold_place(unit_id: int, period_id: int) -> Place:
    """Hold a unit and period: nobody else writes the unit's figures until the transaction ends.

    Within a transaction that shares the tree (`share_tree`). One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_AND_READ, {"unit": unit_id, "period": period_id})
        is_there = any(row[2] for row in cursor.fetchall())
        cursor.nextset()
        stored = {indicator: (State(state), value) for indicator, state, value in cursor.fetchall()}
        cursor.nextset()
        revisions = cursor.fetchone()
    return Place(unit_id, period_id, is_there, stored, catalogue_at(*revisions[2:]), checks_at(revisions))


def refuse_wrong(place: Place, figures: Mapping[int, Fact], gone: Collection[int] = ()) -> None:
    """Raises `NotRecorded` for figures that the place cannot have, as `record_figures` does.

    Values are finite numbers of their state. `gone` are those to be taken away.
    """
    window = decode(place.period_id)
    takes = {one.id for one in place.known.values() if _takes(one, window.calendar, window.kind)}
    if not (place.is_there and takes.issuperset(figures)):
        # The usual way knows every reason, and says all of them.
        rows = ((place.period_id, place.unit_id, indicator, *fact) for indicator, fact in figures.items())
        check_figures(rows)
    ask_guards(AtPlace(place.period_id, place.unit_id, frozenset({*place.differing(figures), *gone})))


def _takes(one: Definition, calendar: str, kind: str) -> bool:
    return not one.formula and (one.calendar, one.period_kind) == (calendar, kind)


def record_at(place: Place, figures: Mapping[int, Fact], *, source: Source, actor: Actor = None) -> Recorded:
    """Store figures that `refuse_wrong` let pass; those that are stored so already keep their source."""
    differing = place.differing(figures)
    if not differing:
        return Recorded(0, 0, len(figures))
    # Before the figures: from then on the others of the province wait for the end of this transaction.
    old, new = (written(facts, differing, place.known) for facts in (place.stored, differing))
    log_figures(verbs.RECORD_FIGURES, source, actor=actor, unit_id=place.unit_id, old=old, new=new)
    states, values = zip(*differing.values(), strict=True)
    columns = [array_text(column) for column in (differing, map(int, states), values)]
    with connection.cursor() as cursor, told_if_late():
        cursor.execute(_WRITE, [place.period_id, place.unit_id, source.pk, *columns])
        stored, inserted = cursor.fetchone()
    count = _tell(place, stored, source)
    return Recorded(inserted, count - inserted, len(figures) - count)


def remove_at(place: Place, indicators: Collection[int], *, source: Source, actor: Actor = None) -> int:
    """Take figures away that `refuse_wrong` let pass; how many were there.

    They stay in the history, removed by `source`.
    """
    there = place.stored.keys() & indicators
    with connection.cursor() as cursor, removing(cursor, source):
        cursor.execute(
            "WITH gone AS (DELETE FROM figure WHERE period = %s AND unit = %s AND indicator = ANY(%s)"
            " RETURNING indicator) SELECT array_agg(indicator) FROM gone",
            [place.period_id, place.unit_id, sorted(there)],
        )
        (removed,) = cursor.fetchone()
    if removed:
        old = written(place.stored, removed, place.known)
        log_figures(verbs.REMOVE_FIGURES, source, actor=actor, unit_id=place.unit_id, old=old)
    return _tell(place, removed, source)


def _tell(place: Place, indicators: Collection[int] | None, source: Source) -> int:
    """Say what changed to those who listen; how many figures did."""
    if not indicators:
        return 0
    at = AtPlace(place.period_id, place.unit_id, frozenset(indicators))
    changed = Changed(source.pk, source.recorded_at, len(indicators), at, known=place.known)
    tell(changed)
    return changed.count
