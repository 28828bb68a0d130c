"""Who a unit is and where it stands: its name of a time, what is above it, which kinds of units are below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db import connection

from kieumau.assessments.page_rows import full_name
from kieumau.kernel.messages import Text
from kieumau.units.kinds import kinds
from kieumau.units.models import Level


@dataclass(frozen=True, slots=True)
class Named:
    """A unit as it was called from one day up to another (`ends_before` is None: still)."""

    id: int
    code: str
    name: Text
    kind: Text
    level: int
    starts_on: date
    ends_before: date | None

    @property
    def ended_on(self) -> date | None:
        """The last day, if there is one."""
        return self.ends_before - timedelta(days=1) if self.ends_before else None


# The columns of a term `t` that `named` reads.
NAMED = "t.unit_id, t.code, t.kind_id, t.name, lower(t.valid), upper(t.valid)"
_Row = tuple[int, str, str, str, date, date | None]


def named(row: Sequence[object]) -> Named:
    """A unit from the columns `NAMED`."""
    unit_id, code, kind_code, name, starts_on, ends_before = _cells(row)
    kind = kinds().get(kind_code)
    kind_name = kind.name.text() if kind else Text(vi=kind_code, en=kind_code)
    level = kind.level if kind else Level.COMMUNE
    return Named(unit_id, code, full_name(kind_code, name), kind_name, level, starts_on, ends_before)


def _cells(row: Sequence[object]) -> _Row:
    unit_id, code, kind_code, name, starts_on, ends_before = row[:6]
    assert isinstance(unit_id, int)
    assert isinstance(starts_on, date)
    assert ends_before is None or isinstance(ends_before, date)
    return unit_id, str(code), str(kind_code), str(name), starts_on, ends_before


@dataclass(frozen=True, slots=True)
class Place:
    """A unit with its ancestors, from the root down, as things stood on `day`.

    `day` is today for a unit that is there today; else its first or its last day. Without a position
    (a tree not yet built) the ancestors are empty and `province_id` is None.
    """

    unit: Named
    day: date
    ancestors: tuple[Named, ...]
    province_id: int | None

    @property
    def root(self) -> Named:
        """The unit at the top."""
        return self.ancestors[0] if self.ancestors else self.unit

    @property
    def parent(self) -> Named | None:
        """The unit above."""
        return self.ancestors[-1] if self.ancestors else None


# The term of today, else the first to come, else the last that was; then everything on its path.
_PLACE = f"""
WITH own AS (
    SELECT unit_id, CASE
        WHEN valid @> %(today)s::date THEN %(today)s::date
        WHEN lower(valid) > %(today)s THEN lower(valid)
        ELSE upper(valid) - 1 END AS day
    FROM unit_term WHERE unit_id = %(unit)s
    ORDER BY valid @> %(today)s::date DESC, upper(valid) DESC NULLS FIRST LIMIT 1
), stood AS (
    SELECT own.day, p.path, p.province_id FROM own
    JOIN unit_position p ON p.unit_id = own.unit_id AND p.valid @> own.day
), above AS (
    SELECT part::int AS unit_id, place FROM stood
    CROSS JOIN unnest(string_to_array(rtrim(path, '.'), '.')) WITH ORDINALITY AS u (part, place)
    UNION SELECT unit_id, 1000 FROM own WHERE NOT EXISTS (SELECT 1 FROM stood)
)
SELECT {NAMED}, own.day, (SELECT province_id FROM stood)
FROM own CROSS JOIN above
JOIN unit_term t ON t.unit_id = above.unit_id AND t.valid @> own.day
ORDER BY above.place
"""


def place(unit_id: int, today: date) -> Place | None:
    """The unit and what it stands in; None where there is no such unit, or none with a name."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, {"unit": unit_id, "today": today})
        rows = cursor.fetchall()
    if not rows:
        return None
    names = [named(row) for row in rows]
    return Place(names[-1], rows[-1][6], tuple(names[:-1]), rows[-1][7])


@dataclass(frozen=True, slots=True)
class Root:
    """The top of a tree; `only_id` is its one province, where it has but one."""

    unit: Named
    only_id: int | None


_ROOTS = f"""
SELECT {NAMED}, array(
    SELECT p.unit_id FROM unit_position p
    WHERE p.root_id = t.unit_id AND p.level = 1 AND p.valid @> %(today)s LIMIT 2
)
FROM unit_term t WHERE t.parent_id IS NULL AND t.valid @> %(today)s ORDER BY t.sort_key
"""


def roots(today: date) -> list[Root]:
    """The units at the top of the trees that stand today: nations, cities."""
    with connection.cursor() as cursor:
        cursor.execute(_ROOTS, {"today": today})
        rows = cursor.fetchall()
    return [Root(named(row), row[6][0] if len(row[6]) == 1 else None) for row in rows]


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many units of one kind there are."""

    name: Text
    level: int
    count: int


_KINDS = """
SELECT t.kind_id, count(*) FROM unit_term t
WHERE t.valid @> %(day)s AND t.parent_id IS NOT NULL
    AND t.register = (SELECT register FROM unit WHERE id = %(root)s)
GROUP BY t.kind_id
"""


def kinds_below(root_id: int, day: date) -> list[KindCount]:
    """How many units of each kind stand in the register of a root, itself left out, highest level first."""
    with connection.cursor() as cursor:
        cursor.execute(_KINDS, {"root": root_id, "day": day})
        counts = dict(cursor.fetchall())
    return [
        KindCount(kind.name.text(), kind.level, counts[code])
        for code, kind in sorted(kinds().items(), key=lambda item: item[1].level)
        if code in counts
    ]


_BOTTOM = """
SELECT DISTINCT t.kind_id FROM unit_term t JOIN unit_kind k ON k.code = t.kind_id AND k.level = 3
WHERE t.register = (SELECT register FROM unit WHERE id = %(root)s) AND t.valid @> %(day)s
"""


@lru_cache(maxsize=100)
def kinds_at_the_bottom(revision: int, root_id: int, day: date) -> list[Text]:
    """What the units that report are called: commune, ward. One query for each state of the tree."""
    with connection.cursor() as cursor:
        cursor.execute(_BOTTOM, {"root": root_id, "day": day})
        codes = {code for (code,) in cursor.fetchall()}
    return [kind.name.text() for code, kind in kinds().items() if code in codes]
