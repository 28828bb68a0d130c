"""Reads of the pages about units: who a unit is, where it stands, what it was, what lies below it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kieumau.assessments.page_rows import Listed, Values, full_name
from kieumau.indicators.models import Source
from kieumau.kernel.messages import Text
from kieumau.kernel.text import nfc, search_key
from kieumau.units.kinds import kinds
from kieumau.units.models import Basis, Level, Unit


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


BASES = {
    Basis.WHOLE: _("the whole unit"),
    Basis.AREA: _("area"),
    Basis.PEOPLE: _("population"),
    Basis.EXPERT: _("a person's judgment"),
    Basis.EVEN: _("equal parts, to be corrected"),
}
NAMED = "t.unit_id, t.code, t.kind_id, t.name, lower(t.valid), upper(t.valid)"
_Row = tuple[int, str, str, str, date, date | None]


def _named(row: Sequence[object]) -> Named:
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
    names = [_named(row) for row in rows]
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
    return [Root(_named(row), row[6][0] if len(row[6]) == 1 else None) for row in rows]


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


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a unit was from one day to another, and what it belonged to then."""

    unit: Named
    parent_id: int | None
    parent: Text | None
    begun_by: str
    ended_by: str


@dataclass(frozen=True, slots=True)
class Relative:
    """A predecessor or a successor: who, which share, resting on what, by which act of which day."""

    unit: Named
    share: Decimal
    basis: Basis
    on: date
    reference: str

    @property
    def is_exact(self) -> bool:
        """Did all of the predecessor go there?"""
        return self.basis is Basis.WHOLE

    @property
    def basis_words(self) -> str:
        """What the share rests on, in the language of the page."""
        return str(BASES[self.basis])


@dataclass(frozen=True, slots=True)
class Story:
    """What a unit has been, where it came from and what became of it; the latest first everywhere."""

    stretches: tuple[Stretch, ...]
    predecessors: tuple[Relative, ...]
    successors: tuple[Relative, ...]


# Three kinds of rows in one answer. A predecessor is named as on the day before the act, a successor as
# on its day; of several parts the largest share comes first. (`IS TRUE` keeps the index on ranges out of it,
# which would be read for every unit of the country.)
_STORY = f"""
SELECT 'was' AS part, lower(t.valid) AS at, 0 AS share, t.sort_key, {NAMED},
    above.unit_id, above.kind_id, above.name, coalesce(begun.reference, ''), coalesce(ended.reference, '')
FROM unit_term t
LEFT JOIN unit_term above ON above.unit_id = t.parent_id AND above.valid @> lower(t.valid)
LEFT JOIN unit_change begun ON begun.id = t.begun_by_id
LEFT JOIN unit_change ended ON ended.id = t.ended_by_id
WHERE t.unit_id = %(unit)s
UNION ALL
SELECT 'from', c.takes_effect_on, l.share, t.sort_key, {NAMED}, NULL, NULL, NULL, c.reference, l.basis
FROM unit_lineage l
JOIN unit_change c ON c.id = l.change_id
JOIN unit_term t ON t.unit_id = l.predecessor_id AND (t.valid @> (c.takes_effect_on - 1)) IS TRUE
WHERE l.successor_id = %(unit)s AND l.predecessor_id <> %(unit)s
UNION ALL
SELECT 'to', c.takes_effect_on, l.share, t.sort_key, {NAMED}, NULL, NULL, NULL, c.reference, l.basis
FROM unit_lineage l
JOIN unit_change c ON c.id = l.change_id
JOIN unit_term t ON t.unit_id = l.successor_id AND (t.valid @> c.takes_effect_on) IS TRUE
WHERE l.predecessor_id = %(unit)s AND l.successor_id <> %(unit)s
ORDER BY at DESC, share DESC, sort_key
"""


def story(unit_id: int) -> Story:
    """Names, predecessors and successors of a unit. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_STORY, {"unit": unit_id})
        rows = cursor.fetchall()
    return Story(
        tuple(_stretch(row[4:]) for row in rows if row[0] == "was"),
        tuple(_relative(row) for row in rows if row[0] == "from"),
        tuple(_relative(row) for row in rows if row[0] == "to"),
    )


def _stretch(row: tuple[Any, ...]) -> Stretch:
    parent = full_name(row[7], row[8]) if row[6] else None
    return Stretch(_named(row), row[6], parent, row[9], row[10])


def _relative(row: tuple[Any, ...]) -> Relative:
    return Relative(_named(row[4:]), row[2], Basis(row[14]), row[1], row[13])


@dataclass(frozen=True, slots=True)
class Hit:
    """One unit that a search found, and what it belonged to."""

    unit: Named
    parent: Text | None
    grandparent: Text | None


# Every name a unit has had is looked through; each unit is shown once, by its latest matching name.
_MATCHING = """
SELECT DISTINCT ON (t.unit_id) t.* FROM unit_term t
WHERE t.search_key LIKE %(inside)s OR t.code = %(code)s
ORDER BY t.unit_id, lower(t.valid) DESC
"""
_SEARCH = f"""
WITH found AS ({_MATCHING})
SELECT {NAMED}, above.kind_id, above.name, top.kind_id, top.name
FROM found t
LEFT JOIN unit_term above ON above.unit_id = t.parent_id AND above.valid @> lower(t.valid)
LEFT JOIN unit_term top ON top.unit_id = above.parent_id AND top.valid @> lower(t.valid)
ORDER BY t.code = %(code)s DESC, t.valid @> %(today)s::date DESC, t.search_key LIKE %(start)s DESC,
    t.sort_key, lower(t.valid) DESC
LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True)
class Hits(Listed[Hit]):
    """What a search finds among the names and codes of all times, the likeliest first."""

    words: str
    today: date

    def __len__(self) -> int:
        if not self.words:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({_MATCHING}) found", self._asked())
            found = cursor.fetchone()
        return int(found[0]) if found else 0

    def read(self, limit: int, offset: int) -> list[Hit]:
        """So many rows from `offset` on. One query."""
        with connection.cursor() as cursor:
            cursor.execute(_SEARCH, {**self._asked(), "limit": limit, "offset": offset})
            rows = cursor.fetchall()
        return [
            Hit(
                _named(row),
                full_name(row[6], row[7]) if row[6] else None,
                full_name(row[8], row[9]) if row[8] else None,
            )
            for row in rows
        ]

    def _asked(self) -> Values:
        # A search key holds letters, digits and spaces only, so nothing in it is a pattern.
        key = search_key(self.words)
        return {
            "inside": f"%{key}%" if key else None,
            "start": f"{key}%",
            "code": nfc(self.words).strip(),
            "today": self.today,
        }


def has_synthetic_figures(root_ids: Collection[int]) -> bool:
    """Does any source of figures say that they are made up? Of the trees with these roots, if given."""
    found = Source.objects.filter(is_synthetic=True)
    if root_ids:
        registers = Unit.objects.filter(pk__in=root_ids).values("register")
        found = found.filter(Q(register="") | Q(register__in=registers))
    return found.exists()
