"""Which versions of sets were judged for which periods, and which verdicts one unit has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import OuterRef, Subquery

from kieumau.assessments.models import Assessment
from kieumau.calendars.library import calendar as calendar_of
from kieumau.calendars.library import decode, window
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import LEVELS
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Problem, Refused, Text


@dataclass(frozen=True, slots=True)
class Judged:
    """A version of a set that was judged for one period.

    `root_ids` are the roots of its first and its last unit: enough to tell Vietnam from London.
    `level` is that of the units which the set judges. `verification` says how far its wording is
    (`CriteriaSet.Verification`), `newest` the number of the set's newest version.
    """

    set_id: int
    code: str
    version: int
    title: Text
    period_id: int
    judged_at: datetime
    root_ids: frozenset[int]
    level: int
    verification: str = ""
    newest: int = 0

    @property
    def replaced_by(self) -> int | None:
        """The number of the version that has replaced this one; None where none has."""
        return self.newest if self.newest > self.version else None

    @property
    def window(self) -> Window:
        """The period judged."""
        return decode(self.period_id)

    @property
    def period_code(self) -> str:
        """`2026`, as it stands in addresses."""
        return calendar_of(self.window.calendar).period_code(self.window)

    @property
    def set_code(self) -> str:
        """`tt124-commune:1`, as it stands in addresses."""
        return f"{self.code}:{self.version}"

    @property
    def label(self) -> Text:
        """“năm 2026”, “2026”."""
        return calendar_of(self.window.calendar).label(self.window)

    @property
    def days(self) -> Text:
        """“15/12/2025 – 14/12/2026”."""
        return calendar_of(self.window.calendar).days(self.window)

    @property
    def starts_on(self) -> date:
        """The period's first day."""
        return calendar_of(self.window.calendar).bounds(self.window)[0]

    @property
    def last_day(self) -> date:
        """The day as of which units were judged: the last before the period's end."""
        return calendar_of(self.window.calendar).bounds(self.window)[1] - timedelta(days=1)


# A loose index scan: one probe for each version and period that was judged, however many units.
_JUDGED = """
WITH RECURSIVE pair AS (
    (SELECT criteria_set_id, period FROM assessment ORDER BY criteria_set_id, period LIMIT 1)
    UNION ALL
    SELECT following.criteria_set_id, following.period
    FROM pair CROSS JOIN LATERAL (
        SELECT a.criteria_set_id, a.period FROM assessment a
        WHERE (a.criteria_set_id, a.period) > (pair.criteria_set_id, pair.period)
        ORDER BY a.criteria_set_id, a.period LIMIT 1
    ) following
)
SELECT s.id, s.code, s.version, s.title_vi, s.title_en, pair.period, first.judged_at, array(
    SELECT DISTINCT p.root_id FROM unit_position p WHERE p.unit_id IN (first.unit, last.unit)
), s.definition #>> '{applies_to,level}', s.verification,
    (SELECT max(other.version) FROM criteria_set other WHERE other.code = s.code)
FROM pair
JOIN criteria_set s ON s.id = pair.criteria_set_id
CROSS JOIN LATERAL (
    SELECT unit, judged_at FROM assessment a
    WHERE a.criteria_set_id = pair.criteria_set_id AND a.period = pair.period ORDER BY unit LIMIT 1
) first
CROSS JOIN LATERAL (
    SELECT unit FROM assessment a
    WHERE a.criteria_set_id = pair.criteria_set_id AND a.period = pair.period ORDER BY unit DESC LIMIT 1
) last
"""


def judged(root_id: int | None = None, set_id: int | None = None) -> list[Judged]:
    """Every version and period that was judged, the latest period first; of one root or set if given."""
    with connection.cursor() as cursor:
        cursor.execute(_JUDGED)
        rows = cursor.fetchall()
    found = [
        Judged(
            row[0],
            row[1],
            row[2],
            Text(vi=row[3], en=row[4]),
            row[5],
            row[6],
            frozenset(row[7]),
            LEVELS[row[8]],
            row[9],
            row[10],
        )
        for row in rows
        if (root_id is None or root_id in row[7]) and set_id in {None, row[0]}
    ]
    return latest_first(found)


def of_unit(unit_id: int) -> list[tuple[Judged, Assessment]]:
    """Every verdict on one unit, the latest period first; without its figures, with its set. One query."""
    rows = Assessment.objects.filter(unit=unit_id).select_related("criteria_set").defer("operands")
    others = CriteriaSet.objects.filter(code=OuterRef("criteria_set__code")).order_by("-version")
    rows = rows.annotate(newest=Subquery(others.values("version")[:1]))
    found = [(_judged_by(row, row.newest), row) for row in rows]
    return sorted(found, key=lambda pair: _place_in_time(pair[0]), reverse=True)


def _judged_by(row: Assessment, newest: int) -> Judged:
    own = row.criteria_set
    title = Text(vi=own.title_vi, en=own.title_en)
    level = LEVELS[definition(own).applies_to.level]
    which = (own.pk, own.code, own.version, title)
    return Judged(*which, row.period, row.judged_at, frozenset(), level, own.verification, newest)


def latest_first(found: Iterable[Judged]) -> list[Judged]:
    """By the end of the period; of two that end together the shorter one first."""
    return sorted(found, key=_place_in_time, reverse=True)


def _place_in_time(one: Judged) -> tuple[date, date, str, int]:
    return one.last_day, one.starts_on, one.code, one.version


def period_of(asked: str, offered: Sequence[Judged]) -> Judged | None:
    """The judged period of one set that `ky` asks for (`2026`, `nd09:2026-11`); the latest if none.

    `offered` are those of the set, the latest first; None where it is empty. Raises `Refused` for what
    is not a period, and for a period that was not judged.
    """
    if not offered or not asked:
        return offered[0] if offered else None
    wanted = window(asked, offered[0].window.calendar)
    for one in offered:
        if one.window == wanted:
            return one
    label = calendar_of(wanted.calendar).label(wanted)
    reason = Text(
        vi=f"Bộ tiêu chí này chưa được xét cho {label.vi}.",
        en=f"This criteria set has not been judged for {label.en}.",
    )
    raise Refused([Problem("period-not-judged", reason)])
