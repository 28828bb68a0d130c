"""A round may be cancelled before it is open; why it was closed or cancelled stands beside it."""

from django.db import migrations, models
from django.db.models import Q

_STAYS = """
CREATE OR REPLACE FUNCTION round_stays_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.state <> 'preparing' AND (
        (old.criteria_set_id, old.period_id, old.area_id, old.level, old.kinds, old.stages, old.opened_at)
        IS DISTINCT FROM
        (new.criteria_set_id, new.period_id, new.area_id, new.level, new.kinds, new.stages, new.opened_at)
        OR new.state = 'preparing' OR (old.state {over} AND new.state <> old.state)
    ) THEN
        RAISE EXCEPTION 'a round that was opened stays what it is'
            USING ERRCODE = 'restrict_violation', TABLE = 'round';
    END IF;
    RETURN new;
END $$;
"""
FORGET = """
CREATE FUNCTION round_forget_prepared(of_round bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM public.dossier d USING public.round r
    WHERE d.round_id = of_round AND r.id = of_round AND r.state = 'preparing'
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("rounds", "0008_decisions_against")]

    operations = [
        migrations.AddField(
            "round",
            "closed_by",
            models.CharField(blank=True, default="", max_length=150),
            preserve_default=False,
        ),
        migrations.AddField(
            "round", "closed_reason", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.AlterField(
            "round",
            "state",
            models.CharField(
                choices=[
                    ("preparing", "being prepared"),
                    ("open", "open"),
                    ("closed", "closed"),
                    ("cancelled", "cancelled"),
                ],
                default="preparing",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint("round", "round_opened_at_a_moment"),
        migrations.AddConstraint(
            "round",
            models.CheckConstraint(
                condition=Q(state__in=["preparing", "cancelled"], opened_at__isnull=True)
                | (~Q(state__in=["preparing", "cancelled"]) & Q(opened_at__isnull=False)),
                name="round_opened_at_a_moment",
            ),
        ),
        migrations.RunSQL(_STAYS.format(over="IN ('closed', 'cancelled')"), _STAYS.format(over="= 'closed'")),
        migrations.RunSQL(FORGET, "DROP FUNCTION round_forget_prepared(bigint)"),
    ]
