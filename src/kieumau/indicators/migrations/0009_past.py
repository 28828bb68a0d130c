"""The catalogue and its redefinitions are kept as they were; figures as they were known, for whole exports.

`known_figures` holds the figures and totals of an earlier moment under their own names, for queries that are
not given the moment themselves (`kieumau.audit.past.as_known`).
"""

from django.db import migrations

KEPT = """
SELECT past_keep('indicator');
SELECT past_keep('indicator_redefinition');
ALTER TABLE indicator_redefinition DISABLE TRIGGER past_changed;
UPDATE indicator_redefinition SET recorded_at = noted_at;
ALTER TABLE indicator_redefinition ENABLE TRIGGER past_changed;
"""
RELEASED = "SELECT past_release('indicator_redefinition'); SELECT past_release('indicator')"
# The row replaced first after the moment, if its own source was recorded by then; else the row of today.
FIGURES = """
CREATE SCHEMA known_figures;
CREATE VIEW known_figures.figure AS
SELECT f.period, f.unit, f.indicator, f.source, f.state, f.value
FROM public.figure f JOIN public.figure_source s ON s.id = f.source AND s.recorded_at <= past_known_at()
WHERE NOT EXISTS (
    SELECT FROM public.figure_superseded g JOIN public.figure_source o ON o.id = g.source
    WHERE (g.unit, g.indicator, g.period) = (f.unit, f.indicator, f.period)
        AND g.superseded_at > past_known_at() AND o.recorded_at <= past_known_at()
)
UNION ALL
SELECT g.period, g.unit, g.indicator, g.source, g.state, g.value
FROM public.figure_superseded g JOIN public.figure_source s ON s.id = g.source
    AND s.recorded_at <= past_known_at()
WHERE g.superseded_at > past_known_at() AND NOT EXISTS (
    SELECT FROM public.figure_superseded b JOIN public.figure_source o ON o.id = b.source
    WHERE (b.unit, b.indicator, b.period) = (g.unit, g.indicator, g.period)
        AND b.superseded_at > past_known_at() AND o.recorded_at <= past_known_at()
        AND (b.superseded_at, b.id) < (g.superseded_at, g.id)
);
CREATE VIEW known_figures.figure_total AS
SELECT f.period, coalesce(p.province_id, nullif(split_part(p.path, '.', 2), '')::int) AS unit, f.indicator,
    coalesce(sum(f.value), 0) AS value,
    count(*) FILTER (WHERE f.state = 0)::int AS value_count,
    count(*) FILTER (WHERE f.state = 2)::int AS not_applicable_count,
    count(*) FILTER (WHERE f.state = 3)::int AS refused_count,
    count(*) FILTER (WHERE f.state = 1)::int AS missing_count
FROM known_figures.figure f
JOIN public.period q ON q.id = f.period
JOIN known.unit_position p ON p.unit_id = f.unit AND p.level = 3 AND (p.valid @> (q.ends_before - 1)) IS TRUE
    AND coalesce(p.province_id, nullif(split_part(p.path, '.', 2), '')::int) IS NOT NULL
GROUP BY 1, 2, 3
"""
NO_FIGURES = "DROP SCHEMA known_figures CASCADE"


class Migration(migrations.Migration):
    dependencies = [("indicators", "0008_where_figures_stood"), ("units", "0007_past")]

    operations = [migrations.RunSQL(KEPT, RELEASED), migrations.RunSQL(FIGURES, NO_FIGURES)]
