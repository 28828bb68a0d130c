"""What figures no longer say is taken away when a unit submits; who serves pages deletes no finding himself."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION dossier_silence(of_dossier bigint, at_stage int, spoken text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM public.dossier_finding f USING public.criterion c
    WHERE c.id = f.criterion_id AND f.dossier_id = of_dossier AND f.stage = at_stage AND f.is_measured
        AND c.code <> ALL (spoken)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("rounds", "0004_legal_moves")]

    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION dossier_silence(bigint, int, text[])")]
