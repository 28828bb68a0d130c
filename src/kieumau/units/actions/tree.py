"""The positions in the tree, worked out from the terms as one set."""

from collections.abc import Collection

from django.db import connection, transaction

from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.actions.carrying import FRESH_CARRIED, find_carried, store_carried
from kieumau.units.actions.scratch import fill
from kieumau.units.registry import MOVED_UNITS, after_tree_change

# Ranges are intersected on the way down; at any day a unit has one parent, so the descent ends.
FRESH = """
with recursive tree as (
    select t.unit_id, t.valid, t.unit_id || '.' as path, k.level, t.unit_id as root_id,
           case when k.level = 1 then t.unit_id end as province_id
    from unit_term t join unit_kind k on k.code = t.kind_id
    where t.parent_id is null
    union all
    select t.unit_id, t.valid * tree.valid, tree.path || t.unit_id || '.', k.level, tree.root_id,
           case when k.level = 1 then t.unit_id else tree.province_id end
    from tree
    join unit_term t on t.parent_id = tree.unit_id and t.valid && tree.valid
    join unit_kind k on k.code = t.kind_id
)
select unit_id, unnest(range_agg(valid)) as valid, path collate "C" as path, level, root_id, province_id
from tree
group by unit_id, path, level, root_id, province_id
"""
# What stands elsewhere than before, for those who listen (`units.registry`).
MOVED = """
with was as (
    select unit_id, path, level, coalesce(province_id, 0) as province, range_agg(valid) as days
    from unit_counted group by 1, 2, 3, 4
), becomes as (
    select unit_id, path, level, coalesce(province_id, 0) as province, range_agg(valid) as days
    from (
        select unit_id, path, level, province_id, valid from fresh_position
        union all select unit_id, path, level, province_id, valid from fresh_carried
    ) fresh group by 1, 2, 3, 4
), differing as (
    select unit_id, path, level, province,
        coalesce(w.days, '{}') as was, coalesce(b.days, '{}') as becomes
    from was w full join becomes b using (unit_id, path, level, province)
    where w.days is distinct from b.days
)
select unit_id, path, level, coalesce(
    nullif(province, 0), nullif(split_part(path, '.', 2), '')::int
) as place, days, sign
from differing, lateral (values (was - becomes, -1), (becomes - was, 1)) change (days, sign)
where not isempty(days)
"""
TOUCHED = f"""
insert into {MOVED_UNITS} (unit_id, path, level, days, sign)
select p.unit_id, p.path, p.level, '{{}}', 0
from unit u join unit_position p on p.unit_id = u.id where u.key = any(%s)
"""
GONE = """
delete from unit_position p where not exists (
    select 1 from fresh_position f
    where f.unit_id = p.unit_id and f.valid = p.valid and f.path = p.path and f.level = p.level
      and f.province_id is not distinct from p.province_id
)
"""
NEW = """
insert into unit_position (unit_id, valid, path, level, root_id, province_id)
select f.unit_id, f.valid, f.path, f.level, f.root_id, f.province_id from fresh_position f
where not exists (select 1 from unit_position p where p.unit_id = f.unit_id and p.valid = f.valid)
"""
LOST = """
select t.name, t.code from unit_term t
join (select unit_id, range_agg(valid) as valid from unit_term group by unit_id) u using (unit_id)
left join (select unit_id, range_agg(valid) as valid from unit_position group by unit_id) p using (unit_id)
where u.valid is distinct from p.valid
limit 5
"""


def rebuild_positions(*, touched: Collection[str] = ()) -> int:
    """Bring `Position` in line with the terms; how many rows were written or removed.

    Set-based: a country of 14,000 units takes about a second, one without changes half of that. Tells
    `units.registry.after_tree_change` when some row changed, or when the caller changed the terms of units
    (`touched`, their keys): a commune that becomes a ward stands where it stood, and other sets judge it.
    Raises `Refused` when a unit cannot be reached from a root, which the guards on the terms should
    have prevented.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        fill(cursor, "fresh_position", FRESH)
        find_carried(touched)
        fill(cursor, "fresh_carried", FRESH_CARRIED)
        fill(cursor, MOVED_UNITS, MOVED)
        cursor.execute(GONE)
        changed: int = cursor.rowcount
        cursor.execute(NEW)
        changed += cursor.rowcount
        carried = store_carried(cursor)
        cursor.execute(LOST)
        if lost := cursor.fetchall():
            raise Refused([_lost(name, code) for name, code in lost])
        if changed:
            cursor.execute("analyze unit_position")  # else the planner knows nothing of a first load
        changed += carried
        if changed or touched:
            cursor.execute(TOUCHED, [list(touched)])
            for tell in after_tree_change:
                tell()
    return changed


def _lost(name: str, code: str) -> Problem:
    return Problem(
        "unit-without-place",
        Text(
            vi=f"“{name}” ({code}) không nối được lên gốc của cây đơn vị.",
            en=f"“{name}” ({code}) cannot be reached from the root of the tree.",
        ),
    )
