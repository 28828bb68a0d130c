"""Terms, acts, lineage and what is derived from them are kept as they were (`kieumau.audit.past`).

The revision of an earlier tree is a number of its own, below zero: what a process keeps by revision is never
taken for another state. It differs with the state of today too, for what a first load adds to every past.
"""

from django.db import migrations

KEPT = ("unit_term", "unit_change", "unit_lineage", "unit_position", "unit_mapping")
FORWARD = "".join(f"SELECT past_keep('{table}');\n" for table in KEPT)
BACKWARD = "".join(f"SELECT past_release('{table}');\n" for table in KEPT)
REVISION = """
CREATE VIEW known.unit_tree AS
SELECT id, hashtextextended(past_known_at()::text || '/' || revision, 0) | (1::bigint << 63) AS revision
FROM public.unit_tree
"""


class Migration(migrations.Migration):
    dependencies = [("units", "0006_record_act"), ("audit", "0002_past")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(REVISION, "DROP VIEW known.unit_tree"),
    ]
