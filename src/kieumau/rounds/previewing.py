"""For whom a round would be opened, by name: looked at before it is asked for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, IntegerField, Value, Window
from django.db.models.functions import RowNumber
from django.utils.translation import get_language

from kieumau.calendars.working_days import ONE_DAY
from kieumau.rounds.actions import Wish
from kieumau.rounds.choosing import units_of
from kieumau.units.models import Level, Term

# Names on the page where all stand in one province; of many provinces each has a few.
MOST_NAMED, FEWEST_NAMED = 24, 3


@dataclass(frozen=True, slots=True)
class Part:
    """The units of one province, the first by name; `province` is empty where there is no other."""

    province: str
    count: int
    names: list[str]

    @property
    def left(self) -> int:
        """How many are not named."""
        return self.count - len(self.names)


def parts_of(wish: Wish) -> list[Part]:
    """The units that a round would have, in Vietnamese order, by province where they stand in several.

    At most three queries, two more where the set names areas; as many rows for 3,321 units as for 800.
    """
    on, speaks = wish.period.ends_before - ONE_DAY, get_language() or "vi"
    units = units_of(wish.criteria_set, wish.period, wish.area_id, wish.of_kinds, wish.only)
    # Provinces among themselves stand in one list.
    part: Any = F("unit__positions__province") if wish.level > Level.PROVINCE else Value(None, IntegerField())
    rows = (
        Term.objects.filter(valid__contains=on, unit__in=units.values("unit_id"))
        .filter(unit__positions__valid__contains=on)
        .annotate(
            part=part,
            of=Window(Count("pk"), partition_by="part"),
            place=Window(RowNumber(), partition_by="part", order_by=["sort_key", "code"]),
        )
        .filter(place__lte=MOST_NAMED)
        .select_related("kind")
        .order_by("sort_key", "code")
    )
    found: dict[int | None, list[Any]] = {}
    for one in rows:
        found.setdefault(one.part, []).append(one)
    most = max(FEWEST_NAMED, MOST_NAMED // max(len(found), 1))
    called = _names(list(found), on, speaks) if len(found) > 1 else dict.fromkeys(found, "")
    return [
        Part(name, found[key][0].of, [one.full_name(speaks) for one in found[key][:most]])
        for key, name in called.items()
    ]


def _names(provinces: list[int | None], on: date, speaks: str) -> dict[int | None, str]:
    """What provinces are called, in Vietnamese order; what stands in none comes last. One query."""
    terms = Term.objects.filter(valid__contains=on, unit__in=[one for one in provinces if one])
    called: dict[int | None, str] = {
        one.unit_id: one.full_name(speaks) for one in terms.select_related("kind").order_by("sort_key")
    }
    return called | ({None: "–"} if None in provinces else {})
