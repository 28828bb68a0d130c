"""Units found by a name or a code of any time."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from kieumau.assessments.page_rows import Listed, Values, full_name
from kieumau.home.places import NAMED, Named, named
from kieumau.kernel.messages import Text
from kieumau.kernel.text import nfc, search_key


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
ORDER BY t.code = %(code)s DESC, t.search_key = %(key)s DESC, t.search_key LIKE %(start)s DESC,
    t.search_key LIKE %(word)s DESC, t.valid @> %(today)s::date DESC, t.sort_key, lower(t.valid) DESC
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
                named(row),
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
            "key": key,
            "start": f"{key}%",
            "word": f"% {key}%",
            "code": nfc(self.words).strip(),
            "today": self.today,
        }
