"""What writing many figures (`record`) and those of one place (`place`) have in common.

How a figure replaces another, who is named where one is taken away, and who hears of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper

from kieumau.indicators.actions.late import told_if_late
from kieumau.indicators.models import Source
from kieumau.indicators.registry import Changed, after_figures


def upsert(rows: str) -> str:
    """SQL that stores `rows`, a query that gives the six columns, in the order of the key.

    To be named in a WITH: it gives the indicator of every figure that is new (`is_new`) or was revised. One
    that is stored so already stays, with its source. A row that the statement inserted has never been
    touched by another transaction: its xmax is 0.
    """
    return f"""
        INSERT INTO figure (period, unit, indicator, source, state, value)
        {rows}
        ON CONFLICT (period, unit, indicator) DO UPDATE
        SET source = excluded.source, state = excluded.state, value = excluded.value
        WHERE (figure.state, figure.value) IS DISTINCT FROM (excluded.state, excluded.value)
        RETURNING indicator, xmax = 0 AS is_new
    """


@contextmanager
def removing(cursor: CursorWrapper, source: Source) -> Iterator[None]:
    """Figures that are deleted within are taken away by `source`, as the history says.

    Raises `NotRecorded` where a guard refuses late (`told_if_late`).
    """
    with told_if_late():
        cursor.execute("SELECT set_config('kieumau.source', %s, true)", [str(source.pk)])
        yield
        cursor.execute("SELECT set_config('kieumau.source', '', true)")


def tell(changed: Changed) -> None:
    """Say to those who listen what changed."""
    for listen in after_figures:
        listen(changed)
