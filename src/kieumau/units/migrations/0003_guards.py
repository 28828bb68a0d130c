"""What the database refuses on its own: shares that do not add up, children without a parent.

The checks wait for the end of the transaction, because an act is many rows.
"""

from django.db import migrations

SAME_REGISTER = """
alter table unit add constraint unit_id_and_register unique (id, register);
alter table unit_term add constraint unit_term_uses_its_units_register
    foreign key (unit_id, register) references unit (id, register) deferrable initially deferred;
"""
NO_SAME_REGISTER = """
alter table unit_term drop constraint unit_term_uses_its_units_register;
alter table unit drop constraint unit_id_and_register;
"""

SHARES = """
create function unit_lineage_shares_sum_to_one() returns trigger language plpgsql as $body$
declare
    of_change bigint := coalesce(new.change_id, old.change_id);
    of_unit integer := coalesce(new.predecessor_id, old.predecessor_id);
    total numeric;
begin
    select sum(share) into total from unit_lineage
    where change_id = of_change and predecessor_id = of_unit;
    if total <> 1 then
        raise exception 'the shares of unit % in change % sum to %, not 1', of_unit, of_change, total
            using errcode = 'check_violation', constraint = 'lineage_shares_sum_to_one';
    end if;
    return null;
end
$body$;
create constraint trigger lineage_shares_sum_to_one
    after insert or update or delete on unit_lineage
    deferrable initially deferred
    for each row execute function unit_lineage_shares_sum_to_one();
"""
NO_SHARES = """
drop trigger lineage_shares_sum_to_one on unit_lineage;
drop function unit_lineage_shares_sum_to_one();
"""

# A row may be gone or different by the end of the transaction, so both halves look again.
PARENTS = """
create function unit_term_stands_below_its_parent() returns trigger language plpgsql as $body$
declare
    lost integer;
begin
    if tg_op <> 'DELETE' then
        select t.unit_id into lost from unit_term t
        where t.id = new.id and t.parent_id is not null and not coalesce(
            (select range_agg(p.valid) @> t.valid from unit_term p where p.unit_id = t.parent_id), false
        );
    end if;
    if lost is null and tg_op <> 'INSERT' then
        select t.unit_id into lost from unit_term t
        where t.parent_id = old.unit_id and t.valid && old.valid and not coalesce(
            (select range_agg(p.valid) @> t.valid from unit_term p where p.unit_id = old.unit_id), false
        )
        limit 1;
    end if;
    if lost is not null then
        raise exception 'unit % outlives its parent', lost
            using errcode = 'check_violation', constraint = 'unit_term_stands_below_its_parent';
    end if;
    return null;
end
$body$;
create constraint trigger unit_term_stands_below_its_parent
    after insert or update or delete on unit_term
    deferrable initially deferred
    for each row execute function unit_term_stands_below_its_parent();
"""
NO_PARENTS = """
drop trigger unit_term_stands_below_its_parent on unit_term;
drop function unit_term_stands_below_its_parent();
"""


class Migration(migrations.Migration):
    dependencies = [("units", "0002_sort_key")]

    operations = [
        migrations.RunSQL(SAME_REGISTER, NO_SAME_REGISTER),
        migrations.RunSQL(SHARES, NO_SHARES),
        migrations.RunSQL(PARENTS, NO_PARENTS),
    ]
