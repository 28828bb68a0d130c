"""What a unit has been, from what it came, and what became of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kieumau.assessments.page_rows import full_name
from kieumau.home.places import NAMED, Named, named
from kieumau.kernel.messages import Text
from kieumau.units.models import Basis

BASES = {
    Basis.WHOLE: _("the whole unit"),
    Basis.AREA: _("area"),
    Basis.PEOPLE: _("population"),
    Basis.EXPERT: _("a person's judgment"),
    Basis.EVEN: _("equal parts, to be corrected"),
}


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
    return Stretch(named(row), row[6], parent, row[9], row[10])


def _relative(row: tuple[Any, ...]) -> Relative:
    return Relative(named(row[4:]), row[2], Basis(row[14]), row[1], row[13])
