"""What a unit has been, from what it came, what became of it, and which titles it and those before held."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kieumau.assessments.page_rows import full_name
from kieumau.awards.rules import Standing, standing
from kieumau.awards.words import STANDINGS
from kieumau.home.places import NAMED, Named, named
from kieumau.kernel.messages import Text
from kieumau.rounds.rules import Stage
from kieumau.rounds.words import STAGES
from kieumau.units.models import Basis

ONE_DAY = timedelta(days=1)
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
class RestsOn:
    """What the dossier of a title came to: how many criteria were met of how many that apply, and when.

    `programme` is the code of the title's, empty for none.
    """

    dossier_id: int
    programme: str
    set_id: int
    period_id: int
    stage: Stage
    met: int
    total: int
    done_on: date

    @property
    def stage_words(self) -> str:
        """Its last stage, in the language of the page."""
        return str(STAGES[self.stage])


@dataclass(frozen=True, slots=True)
class Held:
    """A title of a unit, or of one that it came from (`by` names that one): `id` is the title's.

    `rests_on` is None for a title of before, which rests on its decision alone.
    """

    id: int
    name_vi: str
    name_en: str
    reference: str
    by: Named | None
    decided_on: date
    starts_on: date
    last_day: date
    standing: Standing
    rests_on: RestsOn | None

    @property
    def standing_words(self) -> str:
        """How it stands, in the language of the page."""
        return str(STANDINGS[self.standing])


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision on a dossier of the unit that led to no title.

    `programme` is its code, empty for none, `reference` empty where only its day is known. `is_met` is None
    for decisions from before that was asked. Not for everybody: see `awards.access.may_know`.
    """

    dossier_id: int
    programme: str
    name: Text
    round: str
    reference: str
    decided_on: date
    is_met: bool | None

    @property
    def outcome_words(self) -> str:
        """What it came to, in the language of the page."""
        return str(CAME_TO[self.is_met])


CAME_TO = {
    False: _("assessed, not recognized"),
    True: _("assessed and met, without a title"),
    None: _("assessed, without a title"),
}


@dataclass(frozen=True, slots=True)
class Story:
    """What a unit has been, where it came from and what became of it; the latest first everywhere."""

    stretches: tuple[Stretch, ...]
    predecessors: tuple[Relative, ...]
    successors: tuple[Relative, ...]
    titles: tuple[Held, ...]
    decided: tuple[Decided, ...]

    def title_on(self, set_id: int, period_id: int) -> Held | None:
        """The unit's own title whose dossier was of that set and period; of several the latest."""
        for one in self.titles:
            found = one.rests_on
            if one.by is None and found and (found.set_id, found.period_id) == (set_id, period_id):
                return one
        return None


# Five kinds of rows in one answer. A predecessor is named as on the day before the act, a successor as
# on its day; of several parts the largest share comes first. (`IS TRUE` keeps the index on ranges out of it,
# which would be read for every unit of the country.)
_STORY = f"""
SELECT 'was' AS part, lower(t.valid) AS at, 0 AS share, t.sort_key, {NAMED},
    above.unit_id, above.kind_id, above.name, coalesce(begun.reference, ''), coalesce(ended.reference, ''),
    NULL::jsonb
FROM unit_term t
LEFT JOIN unit_term above ON above.unit_id = t.parent_id AND above.valid @> lower(t.valid)
LEFT JOIN unit_change begun ON begun.id = t.begun_by_id
LEFT JOIN unit_change ended ON ended.id = t.ended_by_id
WHERE t.unit_id = %(unit)s
UNION ALL
SELECT 'from', c.takes_effect_on, l.share, t.sort_key, {NAMED}, NULL, NULL, NULL, c.reference, l.basis, NULL
FROM unit_lineage l
JOIN unit_change c ON c.id = l.change_id
JOIN unit_term t ON t.unit_id = l.predecessor_id AND (t.valid @> (c.takes_effect_on - 1)) IS TRUE
WHERE l.successor_id = %(unit)s AND l.predecessor_id <> %(unit)s
UNION ALL
SELECT 'to', c.takes_effect_on, l.share, t.sort_key, {NAMED}, NULL, NULL, NULL, c.reference, l.basis, NULL
FROM unit_lineage l
JOIN unit_change c ON c.id = l.change_id
JOIN unit_term t ON t.unit_id = l.successor_id AND (t.valid @> c.takes_effect_on) IS TRUE
WHERE l.predecessor_id = %(unit)s AND l.successor_id <> %(unit)s
UNION ALL
SELECT 'title', a.decided_on, 0, t.sort_key, t.unit_id, t.code, t.kind_id, t.name, lower(a.valid),
    upper(a.valid), a.id, a.name_vi, a.name_en, a.reference, w.withdrawn_on::text,
    title_rests_on(a.id) || jsonb_build_object(
        'dossier', a.dossier_id,
        'programme', coalesce((SELECT z.code FROM programme z WHERE z.id = a.programme_id), '')
    )
FROM title a
LEFT JOIN title_withdrawal w ON w.title_id = a.id
JOIN LATERAL (SELECT * FROM unit_term o WHERE o.unit_id = a.unit_id ORDER BY o.valid DESC LIMIT 1) t ON true
WHERE a.unit_id = %(unit)s OR a.unit_id IN (
    SELECT m.from_unit FROM unit_mapping m WHERE m.to_unit = %(unit)s AND m.on_map @> %(day)s::date
)
UNION ALL
SELECT 'decided', (x ->> 'decided_on')::date, 0, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    '', '', x
FROM unit_decided_without_title(%(unit)s) x
ORDER BY at DESC, share DESC, sort_key
"""


def story(unit_id: int, day: date, today: date) -> Story:
    """Names, predecessors, successors, titles and decisions without a title of a unit. One query.

    Titles of those that the map of `day` counts to it are among them; how they stand is said of `today`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STORY, {"unit": unit_id, "day": day})
        rows = cursor.fetchall()
    return Story(
        tuple(_stretch(row[4:15]) for row in rows if row[0] == "was"),
        tuple(_relative(row) for row in rows if row[0] == "from"),
        tuple(_relative(row) for row in rows if row[0] == "to"),
        tuple(_held(row, unit_id, today) for row in rows if row[0] == "title"),
        tuple(_decided(row[15]) for row in rows if row[0] == "decided"),
    )


def _stretch(row: tuple[Any, ...]) -> Stretch:
    parent = full_name(row[7], row[8]) if row[6] else None
    return Stretch(named(row), row[6], parent, row[9], row[10])


def _relative(row: tuple[Any, ...]) -> Relative:
    return Relative(named(row[4:]), row[2], Basis(row[14]), row[1], row[13])


def _held(row: tuple[Any, ...], unit_id: int, today: date) -> Held:
    """The name of the unit stands where that of others does; the days are the title's."""
    title_id, name_vi, name_en, reference, withdrawn = row[10:15]
    starts_on, ends_before = row[8], row[9]
    withdrawn_on = date.fromisoformat(withdrawn) if withdrawn else None
    return Held(
        id=title_id,
        name_vi=name_vi,
        name_en=name_en,
        reference=reference,
        by=None if row[4] == unit_id else named(row[4:]),
        decided_on=row[1],
        starts_on=starts_on,
        last_day=ends_before - ONE_DAY,
        standing=standing(starts_on, ends_before, withdrawn_on, today),
        rests_on=_rests_on(row[15]),
    )


def _decided(kept: str) -> Decided:
    """What `unit_decided_without_title` says of one dossier."""
    says = json.loads(kept)
    return Decided(
        dossier_id=says["dossier"],
        programme=says["programme"],
        name=Text(vi=says["vi"], en=says["en"]),
        round=says["round"],
        reference=says["reference"],
        decided_on=date.fromisoformat(says["decided_on"]),
        is_met=says["is_met"],
    )


def _rests_on(kept: str | None) -> RestsOn | None:
    """What `title_rests_on` says, which is text as the database sends it."""
    if kept is None:
        return None
    says = json.loads(kept)
    return RestsOn(
        dossier_id=says["dossier"],
        programme=says["programme"],
        set_id=says["set"],
        period_id=says["period"],
        stage=Stage(says["stage"]),
        met=says["met"],
        total=says["total"],
        done_on=date.fromisoformat(says["done_on"]),
    )
