"""What the reads of all pages share: names, subtrees, rows that a paginator cuts."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from typing import TypeVar, overload

from django.db import connection

from kieumau.kernel.messages import Text
from kieumau.units.kinds import kinds

# A subtree as a range of paths: ids and dots sort before the colon, so no pattern is needed and the
# index serves joins as well.
BELOW = "{position}.path >= {area}.path AND {position}.path < {area}.path || ':'"


def full_name(kind_code: str, name: str) -> Text:
    """“Phường An Bình”, “An Bình Ward”: as `Term.full_name`, from the shipped kinds, without a query."""
    kind = kinds().get(kind_code)
    if kind is None:
        return Text(vi=name, en=name)
    return Text(vi=_joined(kind.full.vi, name), en=_joined(kind.full.en, name))


def _joined(pattern: str, name: str) -> str:
    around = pattern.replace("{name}", "").strip()
    return name if around and name.startswith(around) else pattern.format(name=name)


Row = TypeVar("Row")
Values = dict[str, int | str | date | None]


class Listed(ABC, Sequence[Row]):
    """Rows of a query that a paginator cuts: counted once, read a page at a time."""

    @abstractmethod
    def read(self, limit: int, offset: int) -> list[Row]:
        """So many rows from `offset` on."""

    @overload
    def __getitem__(self, part: int) -> Row: ...

    @overload
    def __getitem__(self, part: slice) -> list[Row]: ...

    def __getitem__(self, part: int | slice) -> Row | list[Row]:
        if isinstance(part, slice):
            return self.read(part.stop - part.start, part.start)
        return self.read(1, part)[0]


_NAMES = """
WITH stood AS (
    SELECT path, CASE WHEN valid @> %(day)s::date THEN %(day)s::date ELSE lower(valid) END AS day
    FROM unit_position WHERE unit_id = %(unit)s
    ORDER BY coalesce(valid @> %(day)s::date, false) DESC, lower(valid) DESC LIMIT 1
)
SELECT part::int, t.kind_id, t.name,
    (SELECT min(lower(valid)) FROM unit_term WHERE unit_id = %(unit)s)
FROM stood
CROSS JOIN unnest(string_to_array(rtrim(path, '.'), '.')) WITH ORDINALITY AS u (part, place)
JOIN unit_term t ON t.unit_id = part::int AND t.valid @> stood.day
ORDER BY place
"""


def names_above(unit_id: int, day: date | None) -> tuple[list[tuple[int, Text]], date | None]:
    """Ids and names from the root down to the unit itself, as on `day` or else as they were last.

    Then the day since which the unit is there. Empty and None where there is no such unit.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"unit": unit_id, "day": day})
        rows = cursor.fetchall()
    return [(row[0], full_name(row[1], row[2])) for row in rows], rows[0][3] if rows else None
