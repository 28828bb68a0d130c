"""The whole path of the ward An Hưng, by the real actions, with the clock of the day on which each was done.

Plan in April 2023, teams for every criterion, 18 of 22 criteria met on 12 October and 4 not yet due, the
year's end, recognition by decision four months later; 2024 with a set of 20 criteria, one of them not met;
the merger of 2025.
Each chapter is one transaction and is passed over where it was done before, so that an interrupted load
goes on where it stopped.
"""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from kieumau.demo.an_hung_2023 import (
    appraisal,
    inspection,
    nine_months,
    open_2023,
    plan,
    recognition,
    verification,
    year_end,
)
from kieumau.demo.an_hung_later import end_2024, merger, open_2024, year_2024
from kieumau.demo.an_hung_steps import Cast
from kieumau.demo.an_hung_visit import done_by_the_ward, replicated, visit
from kieumau.demo.posts import ACTOR
from kieumau.units.actions import load_vietnam
from kieumau.units.models import Mapping, Term, Unit
from kieumau.units.vietnam import ROOT_KEY, old_key

THANH_HOA, AN_HUNG, HEIR = "38", "16435", "Đông Quang"
MERGED_ON = date(2025, 7, 1)

CHAPTERS: tuple[Callable[[Cast], None], ...] = (
    plan,
    open_2023,
    nine_months,
    inspection,
    visit,
    year_end,
    verification,
    done_by_the_ward,
    appraisal,
    recognition,
    open_2024,
    year_2024,
    replicated,
    end_2024,
    merger,
)


def units() -> Cast:
    """Thanh Hóa with all its past, loaded if it is not there."""
    if not Unit.objects.filter(key=old_key(AN_HUNG)).exists():
        load_vietnam(provinces=[THANH_HOA], actor=ACTOR)
    ids = dict(Unit.objects.values_list("key", "pk").filter(key__in=map(old_key, (THANH_HOA, AN_HUNG))))
    ward = ids[old_key(AN_HUNG)]
    went_to = Mapping.objects.filter(from_unit=ward, on_map__contains=MERGED_ON).values("to_unit")
    heir = Term.objects.get(unit__in=went_to, name=HEIR, valid__contains=MERGED_ON)
    nation = Unit.objects.get(key=ROOT_KEY)
    return Cast(nation.pk, ids[old_key(THANH_HOA)], ward, heir.unit_id)


def load() -> Cast:
    """The whole path; again: nothing."""
    cast = units()
    for chapter in CHAPTERS:
        with transaction.atomic():
            chapter(cast)
    return cast
