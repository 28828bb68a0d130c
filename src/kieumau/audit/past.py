"""Rows as they were: what was recorded at a moment can be read again by the very queries that read it then.

A kept table (`past_keep` in a migration) has a column `recorded_at` and leaves every row that is changed or
removed in `past_row`, by triggers. A view of the same name in the schema `known` shows the table as it was at
`kieumau.known_at`; while `as_known` lasts, that schema comes first in the search path. So units, lineage and
catalogue are read as they were known then, without a second copy of any query.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from kieumau.kernel.messages import Text

FIRST = "-infinity"  # recorded before anything was remembered: a first load has no earlier state
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_SET = "SELECT set_config('kieumau.known_at', %s, true), set_config('search_path', %s, true)"


@dataclass(frozen=True, slots=True)
class Known:
    """How far the past can be shown: `kept_since` where the moment lies before anything was kept."""

    kept_since: datetime | None = None

    @property
    def note(self) -> Text | None:
        """What the reader has to know; None where everything is as it was."""
        if self.kept_since is None:
            return None
        day = self.kept_since.astimezone(_ZONE).date()
        return Text(
            vi=f"Cây đơn vị, công thức và ghi chú đổi cách tính được giữ lại từ {day:%d/%m/%Y}; trước đó "
            "đã khác thế nào thì không dựng lại được, ở đây là như của ngày ấy. Số liệu đúng như đã biết.",
            en=f"Units, formulas and redefinitions are kept since {day.isoformat()}; how they differed "
            "before cannot be reproduced, here they are those of that day. Figures are as they were known.",
        )


NOW = Known()
_differs: ContextVar[bool] = ContextVar("differs", default=False)


def differs_from_today() -> bool:
    """Are kept tables read as they were, and has something changed since?"""
    return _differs.get()


@contextmanager
def as_known(moment: datetime | None, *, figures: bool = False) -> Iterator[Known]:
    """While this lasts, kept tables are read as they were recorded at a moment (None: as they are).

    `figures` are read so too, where queries are not given the moment themselves. In one transaction; nothing
    can be written to kept tables meanwhile. One query, where nothing changed since; else three.
    """
    if moment is None:
        yield NOW
        return
    has_changed, kept_since, *before = _state(moment)
    schemas = [*(["known_figures"] if figures else []), *(["known"] if has_changed else [])]
    if not schemas:
        yield Known(kept_since)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SET, [moment.isoformat(), ", ".join([*schemas, "public"])])
        token = _differs.set(has_changed)
        try:
            yield Known(kept_since)
        finally:
            _differs.reset(token)
        cursor.execute(_SET, [before[0] or "", before[1]])  # after an error the transaction takes it back


def _state(moment: datetime) -> tuple[bool, datetime | None, str | None, str]:
    """Has something changed since; since when rows are kept, if later; how this connection reads now."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(bool_or(changed_at > %(moment)s), false),
                max(since) FILTER (WHERE since > %(moment)s),
                current_setting('kieumau.known_at', true), current_setting('search_path')
            FROM public.past_kept
            """,
            {"moment": moment},
        )
        found: tuple[bool, datetime | None, str | None, str] = cursor.fetchone()
    return found


@contextmanager
def recording(moment: datetime | str | None) -> Iterator[None]:
    """What is written to kept tables meanwhile counts as recorded at `moment` (None: now; or `FIRST`).

    Inside a transaction.
    """
    if moment is None:
        yield
        return
    text = moment if isinstance(moment, str) else moment.isoformat()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kieumau.recorded_at', %s, true)", [text])
        yield
        cursor.execute("SELECT set_config('kieumau.recorded_at', '', true)")
