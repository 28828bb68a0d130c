"""How far a round is: by province and place, and unit by unit. Counted in the database, in one pass each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from kieumau.accounts.scopes import in_scope
from kieumau.assessments.rules import Outcome
from kieumau.kernel.messages import Text
from kieumau.rounds.access import READ
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.rules import SIDE_OF, Place, Side, Stage, State
from kieumau.units.models import Term


@dataclass(frozen=True, slots=True)
class Tally:
    """Dossiers of one area by where they stand; `name` empty for the whole."""

    unit_id: int | None
    name: Text
    by_place: Mapping[Place, int]

    @property
    def count(self) -> int:
        """All dossiers."""
        return sum(self.by_place.values())

    def at(self, *places: Place) -> int:
        """How many stand in one of these places."""
        return sum(self.by_place.get(place, 0) for place in places)

    @property
    def with_unit(self) -> int:
        """How many the units are working on, for the first time."""
        return sum(
            count
            for place, count in self.by_place.items()
            if SIDE_OF[place.stage] is Side.UNIT and place.state is State.OPEN
        )

    @property
    def sent_back(self) -> int:
        """How many were sent back."""
        return self.at(Place(Stage.SELF, State.SENT_BACK))

    @property
    def decided(self) -> int:
        """How many are decided."""
        return sum(count for place, count in self.by_place.items() if place.state is State.DECIDED)

    @property
    def concluded(self) -> int:
        """How many wait for a decision."""
        return sum(count for place, count in self.by_place.items() if place.state is State.CONCLUDED)

    @property
    def verifying(self) -> int:
        """How many are being verified."""
        return self.at(Place(Stage.VERIFICATION, State.OPEN))

    @property
    def appraising(self) -> int:
        """How many are being appraised."""
        return self.at(Place(Stage.APPRAISAL, State.OPEN))


def readable_rounds(user: Any) -> QuerySet[Round]:
    """The rounds in which a person may read a dossier, or which lie in his area; newest first."""
    rows = Round.objects.select_related("programme", "criteria_set", "period__calendar")
    if user.is_superuser:
        return rows
    read = in_scope(Dossier.objects.exclude(round__state=Round.State.PREPARING), user, READ)
    return rows.filter(pk__in=read.values("round_id")) | in_scope(rows, user, READ, field="area_id")


def dossiers(made: Round, user: Any) -> QuerySet[Dossier]:
    """The dossiers of a round that a person may read."""
    programme = made.programme.code if made.programme else ""
    return in_scope(Dossier.objects.filter(round=made), user, READ, programme=programme)


def tallies(found: QuerySet[Dossier], on: date) -> tuple[Tally, list[Tally]]:
    """The whole, and each province in Vietnamese order. Two queries."""
    # Without an order, so that only what is grouped by is selected.
    rows = found.order_by().values_list("province_id", "stage", "state").annotate(Count("pk"))
    whole: dict[Place, int] = {}
    by_province: dict[int | None, dict[Place, int]] = {}
    for province, stage, state, count in rows:
        place = Place(Stage(stage), State(state))
        whole[place] = whole.get(place, 0) + count
        own = by_province.setdefault(province, {})
        own[place] = own.get(place, 0) + count
    terms = Term.objects.filter(unit__in=[one for one in by_province if one], valid__contains=on)
    named = {one.unit_id: one for one in terms.select_related("kind").order_by("sort_key")}
    parts = [
        Tally(unit_id, Text(vi=one.full_name("vi"), en=one.full_name("en")), by_province[unit_id])
        for unit_id, one in named.items()
    ]
    return Tally(None, Text(vi="", en=""), whole), parts


_BY_CRITERION = """
    SELECT c.code, f.stage, f.outcome, count(*)
    FROM dossier_finding f JOIN criterion c ON c.id = f.criterion_id
    WHERE f.dossier_id IN ({dossiers}) GROUP BY 1, 2, 3
"""


def by_criterion(found: QuerySet[Dossier]) -> dict[str, dict[Stage, dict[Outcome, int]]]:
    """How many dossiers found what, by criterion and stage. One query."""
    sql, params = found.order_by().values("pk").query.sql_with_params()
    counted: dict[str, dict[Stage, dict[Outcome, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_BY_CRITERION.format(dossiers=sql), params)
        for code, stage, outcome, count in cursor.fetchall():
            counted.setdefault(code, {}).setdefault(Stage(stage), {})[Outcome(outcome)] = count
    return counted
