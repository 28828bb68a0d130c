"""Which units of every map a unit's figures belong to, worked out from terms and lineage as one set.

The rule is `rules.tracing`. Here it runs over all units at once: the time in which a unit's territory
stays the same is a piece; acts hand pieces on (forward) and back, one day of acts after another.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from kieumau.units.actions.carrying import CARRY, RELIEVE, find_carried
from kieumau.units.actions.scratch import fill

# The days on which each unit was in force.
SPANS = """
select unit_id, range_agg(valid) as spans from unit_term group by unit_id
"""
# Shares handed over, without those of units that keep all they had; and what a unit keeps that lives on
# and takes others in. `given` and `taken` are what the shares of one giver and of one taker sum to.
MOVES = """
with moving as (
    select c.takes_effect_on as day, l.predecessor_id as giver, l.successor_id as taker,
        sum(l.share) as share, array_agg(distinct c.id::int) as acts,
        coalesce(array_agg(distinct l.basis::text) filter (where l.basis <> 'whole'), '{}') as bases
    from unit_lineage l join unit_change c on c.id = l.change_id
    where l.share > 0 and (l.predecessor_id <> l.successor_id or l.share <> 1)
    group by 1, 2, 3
), every as (
    select * from moving
    union all
    select m.day, m.taker, m.taker, 1, unit_array_cat(m.acts), '{}'
    from moving m join step_span s on s.unit_id = m.taker
    where s.spans @> (m.day - 1) and s.spans @> m.day
        and not exists (select from moving o where o.day = m.day and o.giver = m.taker)
    group by m.day, m.taker
)
select *, sum(share) over (partition by day, giver) as given,
    sum(share) over (partition by day, taker) as taken
from every
"""
PIECES = """
with cut as (
    select s.unit_id, lower(span) as day from step_span s, unnest(s.spans) span
    union
    select b.unit_id, b.day
    from (select giver as unit_id, day from step_move union select taker, day from step_move) b
    join step_span s using (unit_id) where s.spans @> b.day
)
select c.unit_id, daterange(
    c.day, least(upper(span), lead(c.day) over (partition by c.unit_id order by c.day))
) as piece
from cut c join step_span s using (unit_id), unnest(s.spans) span
where span @> c.day
"""
# A unit that ended without a successor hands on to the unit it stood in on its last day, or to the one
# that stands in for that; where that unit was handed over the same day, to whoever took it.
HANDS_ON = """
with recursive climb as (
    select upper(p.piece) as day, p.unit_id, t.parent_id as above
    from step_piece p
    join step_span s using (unit_id)
    join unit_term t on t.unit_id = p.unit_id and t.valid @> (upper(p.piece) - 1)
    where not upper_inf(p.piece) and not s.spans @> upper(p.piece) and t.parent_id is not null
        and not exists (select from step_move m where (m.giver, m.day) = (p.unit_id, upper(p.piece)))
    union all
    select c.day, c.unit_id, t.parent_id
    from climb c
    join step_span s on s.unit_id = c.above
    join unit_term t on t.unit_id = c.above and t.valid @> (c.day - 1)
    where t.parent_id is not null and not s.spans @> c.day
        and not exists (select from step_move m where (m.giver, m.day) = (c.above, c.day))
)
select day, giver as holder, taker as next, share as numerator, given as denominator, acts, bases
from step_move
union all
select c.day, c.unit_id, coalesce(m.taker, c.above), coalesce(m.share, 1), coalesce(m.given, 1),
    coalesce(m.acts, '{}'), coalesce(m.bases, '{}')
from climb c
join step_span s on s.unit_id = c.above
left join step_move m on (m.giver, m.day) = (c.above, c.day)
where s.spans @> c.day or m.giver is not null
"""
# The same the other way. A unit that gave all away and yet lives on hands its later figures to nobody else.
HANDS_BACK = """
with recursive climb as (
    select lower(p.piece) as day, p.unit_id, t.parent_id as above
    from step_piece p
    join step_span s using (unit_id)
    join unit_term t on t.unit_id = p.unit_id and t.valid @> lower(p.piece)
    where not s.spans @> (lower(p.piece) - 1) and t.parent_id is not null
        and not exists (select from step_move m where (m.taker, m.day) = (p.unit_id, lower(p.piece)))
    union all
    select c.day, c.unit_id, t.parent_id
    from climb c
    join step_span s on s.unit_id = c.above
    join unit_term t on t.unit_id = c.above and t.valid @> c.day
    where t.parent_id is not null and not s.spans @> (c.day - 1)
        and not exists (select from step_move m where (m.taker, m.day) = (c.above, c.day))
)
select day, taker as holder, giver as next, share as numerator, taken as denominator, acts,
    case when share = taken then '{}' else '{back}'::text[] end as bases
from step_move
union all
select lower(p.piece), p.unit_id, p.unit_id, 1, 1, '{}', '{}'
from step_piece p join step_span s using (unit_id)
where s.spans @> (lower(p.piece) - 1)
    and not exists (select from step_move m where (m.taker, m.day) = (p.unit_id, lower(p.piece)))
union all
select c.day, c.unit_id, coalesce(m.giver, c.above), coalesce(m.share, 1), coalesce(m.taken, 1),
    coalesce(m.acts, '{}'), case when m.share <> m.taken then '{back}'::text[] else '{}' end
from climb c
join step_span s on s.unit_id = c.above
left join step_move m on (m.taker, m.day) = (c.above, c.day)
where s.spans @> (c.day - 1) or m.taker is not null
"""
COLUMNS = "from_unit, to_unit, reported, on_map, numerator, denominator, acts, bases"
IDENTITIES = """
select unit_id as from_unit, unit_id as to_unit, piece as reported, piece as on_map,
    1::numeric as numerator, 1::numeric as denominator, '{}'::int[] as acts, '{}'::text[] as bases
from step_piece
"""
# One day of acts. Two ways to the same unit are one row: a unit divided and joined again is whole. All the
# people of a unit are all of its figures, and yet not all of the unit: that keeps its basis.
HAND_OVER = """
insert into fresh_mapping
select from_unit, to_unit, reported, on_map,
    case when sum(numerator) = denominator then 1 else trim_scale(sum(numerator)) end,
    case when sum(numerator) = denominator then 1 else trim_scale(denominator) end,
    array(select distinct unnest(unit_array_cat(acts)) order by 1),
    case when sum(numerator) = denominator and count(*) > 1 then '{{}}'
        else array(select distinct unnest(unit_array_cat(bases)) order by 1) end
from (
    select f.from_unit, s.next as to_unit, f.reported, p.piece * {side} as on_map,
        f.numerator * s.numerator as numerator, f.denominator * s.denominator as denominator,
        f.acts || s.acts as acts, f.bases || s.bases as bases
    from fresh_mapping f
    join {steps} s on s.holder = f.to_unit and s.day = %(day)s
    join step_piece p on p.unit_id = s.next and p.piece @> {landing}
    where {at_the_edge}
) way
group by from_unit, to_unit, reported, on_map, denominator
"""
ON = HAND_OVER.format(
    steps="step_on",
    side="daterange(%(day)s, null)",
    landing="%(day)s::date",
    at_the_edge="upper(f.on_map) = %(day)s and lower(f.on_map) >= lower(f.reported)",
)
BACK = HAND_OVER.format(
    steps="step_back",
    side="daterange(null, %(day)s)",
    landing="(%(day)s::date - 1)",
    at_the_edge="lower(f.on_map) = %(day)s and lower(f.on_map) <= lower(f.reported)",
)
# What is worked out before the days are followed: the query of each table, and its indexes, in this order.
STEPS: Mapping[str, tuple[str, Sequence[str]]] = {
    "step_span": (SPANS, ("unit_id",)),
    "step_move": (MOVES, ("giver, day", "taker, day")),
    "step_piece": (PIECES, ("unit_id",)),
    "step_on": (HANDS_ON, ()),
    "step_back": (HANDS_BACK, ()),
    "fresh_mapping": (IDENTITIES, ("upper(on_map)", "lower(on_map)")),
}


def rebuild_mapping(*, touched: Collection[str] = ()) -> int:
    """Bring `Mapping` in line with terms and lineage; how many rows were written or removed.

    `touched` are the keys of units whose terms have changed: what they have sent for days after their end is
    looked for anew (`carrying`). Set-based: a country of 14,000 units takes about half a second. Raises the
    revision of the tree (`units.queries.tree_revision`) whenever it is called: whoever calls it has changed
    something.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        find_carried(touched)
        for table, (query, indexes) in STEPS.items():
            fill(cursor, table, query, indexes=indexes)
        for day in _days(cursor, "step_on"):
            cursor.execute(ON, {"day": day})
        for day in reversed(_days(cursor, "step_back")):
            cursor.execute(BACK, {"day": day})
        cursor.execute(CARRY)
        cursor.execute(RELIEVE)
        changed = _store(cursor)
        cursor.execute("update unit_tree set revision = nextval('unit_tree_revision')")
    return changed


def fill_mapping(**_: Any) -> None:
    """Make the rows for units that were there before the table; connected to the end of every migration."""
    if not {"unit_mapping", "unit_term"} <= set(connection.introspection.table_names()):
        return
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from unit_term) and not exists (select from unit_mapping)")
        (is_empty,) = cursor.fetchone()
    if is_empty:
        rebuild_mapping()


def _days(cursor: CursorWrapper, steps: str) -> list[date]:
    cursor.execute(f"select distinct day from {steps} order by day")
    return [day for (day,) in cursor.fetchall()]


def _store(cursor: CursorWrapper) -> int:
    """Write what differs; rows are compared as wholes."""
    cursor.execute("analyze fresh_mapping")
    cursor.execute(
        """
        delete from unit_mapping where id in (
            select m.id from unit_mapping m left join fresh_mapping f
                on (f.from_unit, f.to_unit, f.reported, f.on_map, f.denominator)
                    = (m.from_unit, m.to_unit, m.reported, m.on_map, m.denominator)
                and (f.numerator, f.acts, f.bases) = (m.numerator, m.acts, m.bases)
            where f.from_unit is null
        )
        """
    )
    changed = int(cursor.rowcount)
    cursor.execute(
        f"""
        insert into unit_mapping ({COLUMNS})
        select {COLUMNS} from fresh_mapping f where not exists (
            select from unit_mapping m
            where (f.from_unit, f.to_unit, f.reported, f.on_map, f.denominator)
                    = (m.from_unit, m.to_unit, m.reported, m.on_map, m.denominator)
        )
        """
    )
    changed += int(cursor.rowcount)
    if changed:
        cursor.execute("analyze unit_mapping")
    return changed
