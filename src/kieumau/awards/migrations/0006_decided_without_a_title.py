"""What a unit was decided without a title in: facts of decisions alone, asked for by the page of the unit."""

from django.db import migrations

# Numbers and days of decisions stand in the log, which is never pruned; where it has none, the day is that on
# which the decision was put down, in Vietnam. Whether a reader is told is for `awards.access` to say.
DECIDED = """
CREATE FUNCTION unit_decided_without_title(of_unit integer) RETURNS SETOF jsonb
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT jsonb_build_object(
        'dossier', d.id, 'round', r.name, 'is_met', m.is_met,
        'programme', coalesce(z.code, ''), 'vi', coalesce(z.name_vi, ''), 'en', coalesce(z.name_en, ''),
        'reference', coalesce(said.new ->> 'reference', ''),
        'decided_on', coalesce(said.new ->> 'decided_on', (m.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date::text)
    )
    FROM public.dossier d
    JOIN public.round r ON r.id = d.round_id
    LEFT JOIN public.programme z ON z.id = r.programme_id
    JOIN LATERAL (
        SELECT o.is_met, o.at FROM public.dossier_move o
        WHERE o.dossier_id = d.id AND o.act = 'decide' ORDER BY o.number DESC LIMIT 1
    ) m ON true
    LEFT JOIN LATERAL (
        SELECT e.new FROM public.audit_entry e
        WHERE e.object_kind = 'dossier' AND e.object_id = d.id::text AND e.verb = 'awards.decline'
        ORDER BY e.at DESC, e.id DESC LIMIT 1
    ) said ON true
    WHERE d.unit_id = of_unit AND d.state = 'decided'
        AND NOT EXISTS (SELECT FROM public.title t WHERE t.dossier_id = d.id)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("awards", "0005_what_it_rests_on"),
        ("audit", "0002_past"),
        ("programmes", "0001_initial"),
        ("rounds", "0014_teams_bind"),
    ]

    operations = [
        migrations.RunSQL(DECIDED, "DROP FUNCTION unit_decided_without_title(integer)"),
    ]
