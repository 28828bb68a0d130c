"""A return's version rises with its figures, whoever writes them: a form, an import, a program.

Whoever submits says which version he saw, and so never hands over figures that came meanwhile.
"""

from django.db import connection

from kieumau.indicators.arrays import array_text
from kieumau.indicators.registry import Changed

# Within one return's figures `enter` holds the return; whoever writes many holds the provinces alone.
_AT = """
    UPDATE figure_return r SET version = r.version + 1
    WHERE r.unit_id = %s AND r.period_id = %s AND EXISTS (
        SELECT FROM return_form_item a WHERE a.form_id = r.form_id AND a.indicator_id = ANY(%s::int[])
    )
"""
_AMONG = """
    UPDATE figure_return r SET version = r.version + 1
    FROM (
        SELECT DISTINCT o.id
        FROM (SELECT DISTINCT period, unit, indicator FROM {table}) c
        JOIN figure_return o ON (o.unit_id, o.period_id) = (c.unit, c.period)
        JOIN return_form_item a ON (a.form_id, a.indicator_id) = (o.form_id, c.indicator)
    ) touched
    WHERE touched.id = r.id
"""


def raise_versions(changed: Changed) -> None:
    """Count the change in every return that the figures belong to. One query."""
    with connection.cursor() as cursor:
        if changed.place is not None:
            at = changed.place
            cursor.execute(_AT, [at.unit, at.period, array_text(at.indicators)])
        else:
            cursor.execute(_AMONG.format(table=changed.table))
