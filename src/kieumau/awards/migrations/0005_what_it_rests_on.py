"""What the dossier of a title came to: counts alone, as public as the title itself."""

from django.db import migrations

# Outcome 1 is met, 4 not applicable. Of a dossier that led to a title, whoever asks: how many criteria were met, of how many that apply, each as its last stage found it; and when that stage was done, a day in Vietnam.
RESTS_ON = """
CREATE FUNCTION title_rests_on(of_title bigint) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT jsonb_build_object(
        'set', r.criteria_set_id, 'period', r.period_id, 'stage', d.stage,
        'met', count(*) FILTER (WHERE last.outcome = 1),
        'total', count(*) FILTER (WHERE last.outcome <> 4),
        'done_on', (
            SELECT max(m.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM public.dossier_move m
            WHERE m.dossier_id = d.id AND m.act IN ('submit', 'conclude')
        )
    )
    FROM public.title t
    JOIN public.dossier d ON d.id = t.dossier_id
    JOIN public.round r ON r.id = d.round_id
    JOIN LATERAL (
        SELECT DISTINCT ON (f.criterion_id) f.outcome FROM public.dossier_finding f
        WHERE f.dossier_id = d.id ORDER BY f.criterion_id, f.stage DESC
    ) last ON true
    WHERE t.id = of_title
    GROUP BY d.id, r.id
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0004_titles_against"), ("rounds", "0012_votes_corrected")]

    operations = [
        migrations.RunSQL(RESTS_ON, "DROP FUNCTION title_rests_on(bigint)"),
    ]
