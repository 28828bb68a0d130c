"""Units of a round found by name, province and where their dossiers stand; as rows for a page or a file."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from kieumau.kernel.text import search_key
from kieumau.rounds.holding import WITH_LAST_DAY
from kieumau.rounds.models import Dossier
from kieumau.rounds.rules import Stage, State
from kieumau.units.models import Term

_WORKED_ON = Q(state__in=[State.OPEN, State.SENT_BACK])
# Where a dossier may stand, as a page is asked for it.
PLACES = {
    "with-unit": Q(state=State.OPEN, stage__lt=Stage.VERIFICATION),
    "sent-back": Q(state=State.SENT_BACK),
    "verification": Q(state=State.OPEN, stage=Stage.VERIFICATION),
    "appraisal": Q(state=State.OPEN, stage=Stage.APPRAISAL),
    "concluded": Q(state=State.CONCLUDED),
    "decided": Q(state=State.DECIDED),
}
OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Sought:
    """What a list is asked for; empty and null ask for everything."""

    words: str = ""
    place: str = ""
    province_id: int | None = None

    @property
    def is_asked(self) -> bool:
        """Is anything looked for?"""
        return bool(self.words or self.place or self.province_id)


def sought(asked: Any, words: str, area: str, where: str) -> Sought:
    """What the address asks for; what makes no sense is left out."""
    place, province = asked.get(where, ""), asked.get(area, "")
    is_id = province.isascii() and province.isdecimal() and len(province) < 10
    return Sought(words, place if place in {*PLACES, OVERDUE} else "", int(province) if is_id else None)


def units(found: QuerySet[Dossier], asked: Sought, on: date, today: date) -> QuerySet[Dossier]:
    """The dossiers that fit, in Vietnamese order of their units, each with its `last_day` and `sort_key`."""
    named = Q(unit__terms__valid__contains=on)
    if asked.words:
        named &= Q(unit__terms__search_key__contains=search_key(asked.words))
    rows = found.filter(named).annotate(last_day=WITH_LAST_DAY, sort_key=F("unit__terms__sort_key"))
    if asked.province_id is not None:
        rows = rows.filter(province_id=asked.province_id)
    if asked.place == OVERDUE:
        rows = rows.filter(_WORKED_ON, last_day__lt=today)
    elif asked.place:
        rows = rows.filter(PLACES[asked.place])
    return rows.order_by("sort_key", "unit_id").defer("frozen")


def with_names(dossiers: list[Dossier], on: date) -> Iterator[tuple[Term, Dossier]]:
    """Each dossier with what its unit was called. One query."""
    units_ = [one.unit_id for one in dossiers]
    terms = Term.objects.filter(unit__in=units_, valid__contains=on).select_related("kind")
    by_unit = {one.unit_id: one for one in terms}
    return ((by_unit[one.unit_id], one) for one in dossiers)


def names(unit_ids: Collection[int], on: date, language: str = "vi") -> dict[int, str]:
    """The full names of units. One query."""
    terms = Term.objects.filter(unit__in=unit_ids, valid__contains=on).select_related("kind")
    return {one.unit_id: one.full_name(language) for one in terms}


def last_day(one: Dossier) -> date | None:
    """The last day of a row of `units`."""
    found: date | None = vars(one)["last_day"]
    return found


def is_late(one: Dossier, today: date) -> bool:
    """Is a row of `units` still worked on after its last day?"""
    due = last_day(one)
    return one.state in {State.OPEN, State.SENT_BACK} and due is not None and due < today
