"""Figures of units for days after they ended: told by those who keep them, carried on by the tree.

An act may be recorded long after its day, when its units have gone on reporting. What they sent stays as
it is; on these days, and only on these, it is followed to whoever took their territory. A unit that the act
began has nothing to report then: all it consists of has been reported (it is relieved).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from kieumau.units.actions.scratch import fill
from kieumau.units.registry import ASKED_UNITS, days_with_facts

UnitDay = tuple[int, date]

# Temporary: units and days (one datemultirange each) on which units that have ended are carried on, and on
# which units in force are relieved; filled by `find_carried`.
CARRIED, RELIEVED = "carried_days", "relieved_days"
_IN_FORCE = "exists (select from unit_term t where t.unit_id = {0} and t.valid @> {1})"
_STORED = f"""
select c.unit_id, lower(c.valid) from unit_carried c join unit u on u.id = c.unit_id
where not u.key = any(%s) and not {_IN_FORCE.format("c.unit_id", "lower(c.valid)")}
"""
_ENDED = """
select unit_id, days from (
    select t.unit_id,
        datemultirange(daterange(min(lower(t.valid)), null)) - range_agg(t.valid) as days
    from unit_term t join unit u on u.id = t.unit_id
    where u.key = any(%s)
    group by t.unit_id
) touched where not isempty(days)
"""
_OF_DAYS = """
select unit_id, range_agg(daterange(day, day + 1)) as days
from unnest(%s::int[], %s::date[]) as f (unit_id, day) group by unit_id
"""
# Whoever took something of these units, with the day of the act, all who gave, and whether it then began.
_TAKERS = """
select l.successor_id, c.takes_effect_on, array_agg(distinct l.predecessor_id::int),
    c.takes_effect_on = (select min(lower(t.valid)) from unit_term t where t.unit_id = l.successor_id)
from unit_lineage l join unit_change c on c.id = l.change_id
where l.successor_id in (select successor_id from unit_lineage where predecessor_id = any(%s))
    and l.successor_id <> l.predecessor_id and l.share > 0
group by 1, 2
"""
# Where all figures of these units count: where they stand, without the days on which they are relieved; on
# days on which they are carried, where most of them went (as they were reported nothing is divided).
FRESH_CARRIED = f"""
select p.unit_id, unnest(datemultirange(p.valid) - coalesce(r.days, '{{}}')) as valid, p.path, p.level,
    p.root_id, p.province_id
from fresh_position p left join {RELIEVED} r using (unit_id)
where p.unit_id in (select unit_id from {RELIEVED} union all select unit_id from {CARRIED})
union all
select c.unit_id, valid, taker.path || c.unit_id || '.', was.level, taker.root_id, taker.province_id
from {CARRIED} c, unnest(c.days) many, generate_series(lower(many), upper(many) - 1, '1 day') each,
    lateral (select daterange(each::date, each::date + 1) as valid) day,
    lateral (
        select k.level from unit_term t join unit_kind k on k.code = t.kind_id
        where t.unit_id = c.unit_id and lower(t.valid) <= each::date order by t.valid desc limit 1
    ) was,
    lateral (
        select f.path, f.root_id, f.province_id
        from unit_mapping m join fresh_position f on f.unit_id = m.to_unit and f.valid @> each::date
        where m.from_unit = c.unit_id and m.reported @> each::date and m.on_map @> each::date
        order by m.numerator / m.denominator desc, m.to_unit limit 1
    ) taker
"""
_COLUMNS = "unit_id, valid, path, level, root_id, province_id"
_SAME = " and ".join(f"f.{name} is not distinct from c.{name}" for name in _COLUMNS.split(", "))
_GONE = f"delete from unit_carried c where not exists (select from fresh_carried f where {_SAME})"
_NEW = f"""
insert into unit_carried ({_COLUMNS}) select {_COLUMNS} from fresh_carried f
where not exists (select from unit_carried c where {_SAME})
"""
_REST = "from_unit, to_unit, reported, on_map, numerator, denominator, acts, bases"
# A carried day sees the territory as it was when the unit last stood; on a relieved day there is nothing.
CARRY = f"""
insert into fresh_mapping ({_REST})
select f.from_unit, f.to_unit, daterange(each::date, each::date + 1), f.on_map, f.numerator, f.denominator,
    f.acts, f.bases
from {CARRIED} c, unnest(c.days) many, generate_series(lower(many), upper(many) - 1, '1 day') each,
    lateral (
        select max(lower(p.piece)) as begun from step_piece p
        where p.unit_id = c.unit_id and lower(p.piece) <= each::date
    ) last
join fresh_mapping f on lower(f.reported) = last.begun
where f.from_unit = c.unit_id
"""
RELIEVE = f"""
with cut as (
    delete from fresh_mapping f using {RELIEVED} r
    where f.from_unit = r.unit_id and r.days && f.reported
    returning f.*, r.days
)
insert into fresh_mapping ({_REST})
select from_unit, to_unit, unnest(datemultirange(reported) - days), on_map, numerator, denominator, acts,
    bases
from cut
"""


def find_carried(touched: Collection[str]) -> None:
    """Work out on which days figures of ended units must be carried on, the units of these keys anew.

    After terms and lineage are stored, in the same transaction. Whoever keeps facts of units is asked
    (`registry.days_with_facts`).
    """
    keys = list(touched)
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [keys])
        carried: set[UnitDay] = set(cursor.fetchall())
        if keys:
            fill(cursor, ASKED_UNITS, _ENDED, [keys])
            carried |= _told(cursor)
        possible = _covered(cursor, carried) - carried
        relieved: set[UnitDay] = set()
        if possible:
            fill(cursor, ASKED_UNITS, _OF_DAYS, _columns(possible))
            relieved = possible - _told(cursor)
        fill(cursor, CARRIED, _OF_DAYS, _columns(carried))
        fill(cursor, RELIEVED, _OF_DAYS, _columns(relieved))


def store_carried(cursor: CursorWrapper) -> int:
    """Bring `Carried` in line with `fresh_carried`; how many rows were written or removed."""
    cursor.execute(_GONE)
    changed = int(cursor.rowcount)
    cursor.execute(_NEW)
    changed += int(cursor.rowcount)
    if changed:
        cursor.execute("analyze unit_carried")
    return changed


def _told(cursor: CursorWrapper) -> set[UnitDay]:
    """The days of those asked about on which there are facts."""
    cursor.execute(f"select exists (select from {ASKED_UNITS})")
    (is_asked,) = cursor.fetchone()
    return {row for tell in days_with_facts for row in tell()} if is_asked else set()


def _covered(cursor: CursorWrapper, carried: Collection[UnitDay]) -> set[UnitDay]:
    """`carried`, and the units whose whole territory consists of such units on that day, and so on."""
    covered, fresh = set(carried), set(carried)
    while fresh:
        cursor.execute(_TAKERS, [sorted({unit_id for unit_id, _ in fresh})])
        takers: dict[int, list[tuple[date, list[int], bool]]] = defaultdict(list)
        for unit_id, since, givers, begins in cursor.fetchall():
            takers[unit_id].append((since, givers, begins))
        days = {day for _, day in fresh}
        found = {
            (unit_id, day)
            for unit_id, acts in takers.items()
            for day in days
            if _is_all_of(covered, acts, day)
        }
        fresh = found - covered
        covered |= fresh
    return covered


def _is_all_of(
    covered: Collection[UnitDay], acts: Iterable[tuple[date, Collection[int], bool]], day: date
) -> bool:
    """Did the unit begin by these acts, and is everybody who gave something by the day covered?"""
    done = [(givers, begins) for since, givers, begins in acts if since <= day]
    return any(begins for _, begins in done) and all(
        (giver, day) in covered for givers, _ in done for giver in givers
    )


def _columns(unit_days: Collection[UnitDay]) -> list[list[Any]]:
    return [[unit_id for unit_id, _ in unit_days], [day for _, day in unit_days]]
