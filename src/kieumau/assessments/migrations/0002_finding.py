"""Findings as rows: the arrays of the assessments, unfolded by the positions of the criteria."""

from django.db import migrations

FORWARD = """
CREATE VIEW finding AS
SELECT a.id AS assessment_id,
       c.id AS criterion_id,
       a.outcomes[c.position] AS outcome,
       a.criterion_points[c.position] AS points
FROM assessment a
JOIN criterion c ON c.criteria_set_id = a.criteria_set_id;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial"), ("criteria", "0002_immutable")]

    operations = [migrations.RunSQL(FORWARD, "DROP VIEW finding")]
