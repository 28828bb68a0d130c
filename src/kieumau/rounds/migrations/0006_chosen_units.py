"""The units of a round that is held for some alone are rows, not a list in the round."""

import django.db.models.deletion
from django.db import migrations, models

from kieumau.accounts.row_security import protect

CARRY = (
    'INSERT INTO round_unit (round_id, unit_id) SELECT id, unnest("only") FROM round ON CONFLICT DO NOTHING'
)
CARRY_BACK = """
    ALTER TABLE round DISABLE TRIGGER USER;
    UPDATE round r SET "only" = ARRAY(SELECT u.unit_id FROM round_unit u WHERE u.round_id = r.id ORDER BY 1);
    ALTER TABLE round ENABLE TRIGGER USER;
"""

_STAYS = """
CREATE OR REPLACE FUNCTION round_stays_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.state <> 'preparing' AND (
        (old.criteria_set_id, old.period_id, old.area_id, old.level, old.kinds, {only_old}old.stages,
            old.opened_at)
        IS DISTINCT FROM
        (new.criteria_set_id, new.period_id, new.area_id, new.level, new.kinds, {only_new}new.stages,
            new.opened_at)
        OR new.state = 'preparing' OR (old.state = 'closed' AND new.state <> 'closed')
    ) THEN
        RAISE EXCEPTION 'a round that was opened stays what it is'
            USING ERRCODE = 'restrict_violation', TABLE = 'round';
    END IF;
    RETURN new;
END $$;
"""
STAYS = _STAYS.format(only_old="", only_new="")
STAYED = _STAYS.format(only_old="old.only, ", only_new="new.only, ")
CHOSEN = """
CREATE FUNCTION round_unit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one round_unit := CASE TG_OP WHEN 'DELETE' THEN old ELSE new END;
BEGIN
    IF EXISTS (SELECT FROM round r WHERE r.id = one.round_id AND r.state <> 'preparing') THEN
        RAISE EXCEPTION 'the units of a round that was opened stay'
            USING ERRCODE = 'restrict_violation', TABLE = 'round_unit';
    END IF;
    RETURN one;
END $$;
CREATE TRIGGER round_unit_stays BEFORE INSERT OR UPDATE OR DELETE ON round_unit
    FOR EACH ROW EXECUTE FUNCTION round_unit_stays();
"""
CHOSEN_BACK = "DROP TRIGGER round_unit_stays ON round_unit; DROP FUNCTION round_unit_stays"


class Migration(migrations.Migration):
    dependencies = [("rounds", "0005_silent_figures")]

    operations = [
        migrations.CreateModel(
            name="ChosenUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chosen",
                        to="rounds.round",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                    ),
                ),
            ],
            options={"db_table": "round_unit", "ordering": ("round", "unit")},
        ),
        migrations.AddConstraint(
            "chosenunit", models.UniqueConstraint(fields=["round", "unit"], name="round_unit_once")
        ),
        migrations.RunSQL(CARRY, CARRY_BACK),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(STAYS, STAYED),
        migrations.RemoveField("round", "only"),
        migrations.RunSQL(CHOSEN, CHOSEN_BACK),
        protect("round_unit"),
    ]
