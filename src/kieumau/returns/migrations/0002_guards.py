"""What the database itself keeps: figures of a return that stands, and the order of its steps.

`return_now()` is the moment the application passed in for this transaction, else the clock.
"""

from django.db import migrations


def guard(name: str, changed: str) -> str:
    """SQL: a statement trigger's function that refuses what `changed` (period, unit, indicator) touches.

    Transition tables are seen only in the function itself, so that each kind of write has its own.
    """
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE stands text;
BEGIN
    IF NOT EXISTS (SELECT FROM figure_return) THEN
        RETURN NULL;
    END IF;
    EXECUTE $sql$
        WITH changed AS ({changed})
        SELECT r.unit_id || '/' || r.period_id FROM figure_return r
        WHERE (r.state IN ('submitted', 'accepted') OR r.locks_at <= return_now())
            AND (r.period_id, r.unit_id) IN (SELECT c.period, c.unit FROM changed c)
            AND EXISTS (
                SELECT FROM changed c JOIN return_form_item i
                    ON i.form_id = r.form_id AND i.indicator_id = c.indicator
                WHERE (c.period, c.unit) = (r.period_id, r.unit_id)
            )
        LIMIT 1
    $sql$ INTO stands;
    IF stands IS NOT NULL THEN
        RAISE EXCEPTION 'the figures of return % cannot change', stands
            USING ERRCODE = 'restrict_violation', TABLE = 'figure_return';
    END IF;
    RETURN NULL;
END $$;"""


KEY = "period, unit, indicator"
NEW, OLD = f"SELECT {KEY} FROM new_rows", f"SELECT {KEY} FROM old_rows"
CHANGED = f"""
    SELECT {KEY} FROM new_rows n FULL JOIN old_rows o USING ({KEY})
    WHERE (o.state, o.value) IS DISTINCT FROM (n.state, n.value)
"""

FORWARD = f"""
CREATE FUNCTION return_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('kieumau.now', true), '')::timestamptz, now())
$$;

{guard("return_guards_new_figures", NEW)}
{guard("return_guards_changed_figures", CHANGED)}
{guard("return_guards_old_figures", OLD)}

CREATE TRIGGER return_guards_new_figures AFTER INSERT ON figure
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION return_guards_new_figures();
CREATE TRIGGER return_guards_changed_figures AFTER UPDATE ON figure
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION return_guards_changed_figures();
CREATE TRIGGER return_guards_old_figures AFTER DELETE ON figure
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION return_guards_old_figures();

CREATE FUNCTION return_steps_go_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'the steps of a return are only added to'
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END IF;
    IF EXISTS (
        SELECT FROM return_step s WHERE s.report_id = new.report_id AND (s.at > new.at OR s.number >= new.number)
    ) THEN
        RAISE EXCEPTION 'a step of a return cannot lie before an earlier one'
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER return_steps_go_on BEFORE INSERT OR UPDATE OR DELETE ON return_step
    FOR EACH ROW EXECUTE FUNCTION return_steps_go_on();

-- What a rate was counted from never changes once it fell due.
CREATE FUNCTION return_deadline_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.due_at <= return_now() THEN
        RAISE EXCEPTION 'a deadline that has passed cannot change'
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN coalesce(new, old);
END $$;
CREATE TRIGGER return_deadline_stays BEFORE UPDATE OR DELETE ON return_deadline
    FOR EACH ROW EXECUTE FUNCTION return_deadline_stays();

CREATE FUNCTION return_stays_owed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT d.due_at FROM return_deadline d WHERE d.id = old.deadline_id) <= return_now() THEN
        RAISE EXCEPTION 'who owed a return cannot change after it fell due'
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN coalesce(new, old);
END $$;
CREATE TRIGGER return_stays_owed BEFORE UPDATE OF is_owed, deadline_id, unit_id, path, province_id ON figure_return
    FOR EACH ROW WHEN ((old.is_owed, old.deadline_id, old.unit_id, old.path, old.province_id)
        IS DISTINCT FROM (new.is_owed, new.deadline_id, new.unit_id, new.path, new.province_id))
    EXECUTE FUNCTION return_stays_owed();
CREATE TRIGGER return_is_not_deleted BEFORE DELETE ON figure_return
    FOR EACH ROW EXECUTE FUNCTION return_stays_owed();
"""

BACKWARD = """
DROP TRIGGER return_is_not_deleted ON figure_return;
DROP TRIGGER return_stays_owed ON figure_return;
DROP TRIGGER return_deadline_stays ON return_deadline;
DROP TRIGGER return_steps_go_on ON return_step;
DROP TRIGGER return_guards_old_figures ON figure;
DROP TRIGGER return_guards_changed_figures ON figure;
DROP TRIGGER return_guards_new_figures ON figure;
DROP FUNCTION return_stays_owed, return_deadline_stays, return_steps_go_on, return_guards_old_figures,
    return_guards_changed_figures, return_guards_new_figures, return_now;
"""


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_initial"), ("indicators", "0002_totals_and_history")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
