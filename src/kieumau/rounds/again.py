"""Units that a round of the same programme or set has already, for the same period: said before it is opened.

A unit may stand in two rounds of one period (its title was withdrawn, say): each is a dossier of its own, and
nothing is carried over. So it is never done unknowingly.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from kieumau.calendars.working_days import ONE_DAY
from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.rounds.access import LARGE
from kieumau.rounds.actions import Wish
from kieumau.rounds.choosing import units_of, wanted_of
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.rules import State
from kieumau.units.kinds import full_name
from kieumau.units.models import Term

MOST_NAMED = 3
_THROUGH = (State.CONCLUDED.value, State.DECIDED.value)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Units of a wish that another round has, the first of them by name; `decided` of the dossiers are."""

    made: Round
    area: Text
    count: int
    decided: int
    names: Sequence[Text]

    @property
    def text(self) -> Text:
        """How many, which, in which round, and what stands there."""
        vi, en = (", ".join(one.in_(speaks) for one in self.names) for speaks in ("vi", "en"))
        more = self.count - len(self.names)
        vi += f" và {more} đơn vị khác" if more else ""
        en += f" and {more} more" if more else ""
        day = timezone.localtime(self.made.made_at)
        has = "units have" if self.count > 1 else "unit has"
        say_vi = f", {self.decided} hồ sơ đã có quyết định" if self.decided else ""
        say_en = f", {self.decided} of the dossiers decided" if self.decided else ""
        return Text(
            vi=f"{self.count} đơn vị ({vi}) đã có hồ sơ trong đợt số {self.made.pk}, “{self.made.name}” "
            f"({self.area.vi}, lập ngày {day:%d/%m/%Y}{say_vi}).",
            en=f"{self.count} {has} a dossier in round {self.made.pk} already, “{self.made.name}” "
            f"({self.area.en}, made on {in_words(day).en}{say_en}): {en}.",
        )


def elsewhere(wish: Wish) -> list[Elsewhere]:
    """The rounds that have units of a wish already, the newest first.

    Open rounds and those that are prepared count with all their units, closed ones with the dossiers that are
    through; cancelled ones do not. One query, two more for each round that is being prepared, and two where
    the set names areas.
    """
    on, units = wish.period.ends_before - ONE_DAY, _units(wish)
    same = Q(criteria_set=wish.criteria_set)
    if wish.programme is not None:
        same |= Q(programme=wish.programme)
    there = Dossier.objects.filter(
        Q(round__state=Round.State.OPEN) | Q(state__in=_THROUGH),
        round=OuterRef("pk"),
        unit__in=units.values("unit_id"),
    ).order_by()
    named = there.filter(unit__terms__valid__contains=on).order_by("unit__terms__sort_key", "unit")
    counted = there.values("round").annotate(n=Count("pk"), decided=Count("pk", filter=_DECIDED))
    area = Term.objects.filter(unit=OuterRef("area"), valid__contains=on)
    rows = (
        Round.objects.filter(same, period=wish.period)
        .exclude(state=Round.State.CANCELLED)
        .annotate(
            area_kind=Subquery(area.values("kind")[:1]),
            area_called=Subquery(area.values("name")[:1]),
            count=Coalesce(Subquery(counted.values("n")), 0),
            decided=Coalesce(Subquery(counted.values("decided")), 0),
            first=ArraySubquery(named.values(json=_CALLED)[:MOST_NAMED]),
        )
    )
    rows = rows.select_related("criteria_set", "period").order_by("-made_at", "-pk")
    found = [_elsewhere(one, units, on) for one in rows.defer(*(f"criteria_set__{name}" for name in LARGE))]
    return [one for one in found if one.count]


_DECIDED = Q(state=State.DECIDED.value)
_CALLED = JSONObject(kind="unit__terms__kind", name="unit__terms__name")


def _units(wish: Wish) -> QuerySet[Any, Any]:
    return units_of(wish.criteria_set, wish.period, wish.area_id, wish.of_kinds, wish.only)


def _elsewhere(made: Round, units: QuerySet[Any, Any], on: date) -> Elsewhere:
    read = vars(made)
    area = full_name(read["area_kind"], read["area_called"]) if read["area_called"] else Text(vi="–", en="–")
    if made.state == Round.State.PREPARING:
        count, names = _in_preparation(made, units, on)
        return Elsewhere(made, area, count, 0, names)
    names = [full_name(one["kind"], one["name"]) for one in read["first"]]
    return Elsewhere(made, area, read["count"], read["decided"], names)


class OpensAgain(Refused):
    """Units have a dossier of that programme or set and period already; it may be opened knowingly."""

    def __init__(self, found: Iterable[Elsewhere]) -> None:
        hint = Text(vi="Thêm --again nếu vẫn muốn mở.", en="Add --again to open it all the same.")
        super().__init__([Problem("another-round", one.text, hint) for one in found])


def token(found: Sequence[Elsewhere]) -> str:
    """What somebody sends who knows it, and knows it still: another once anything of it changed."""
    return ",".join(f"{one.made.pk}:{one.count}:{one.decided}" for one in found)


def area_names(rounds: Collection[Round]) -> Mapping[int, Text]:
    """What the areas of rounds were called on the last day of each, by the round. One query."""
    terms: dict[int, list[Term]] = defaultdict(list)
    ids = {one.area_id for one in rounds}
    for term in Term.objects.filter(unit__in=ids).order_by("valid"):
        terms[term.unit_id].append(term)
    return {one.pk: _called(terms[one.area_id], one.period.ends_before) for one in rounds}


def _called(terms: Sequence[Term], before: date) -> Text:
    last = [one for one in terms if one.valid.lower is None or one.valid.lower < before]
    return full_name(last[-1].kind_id, last[-1].name) if last else Text(vi="–", en="–")


def _in_preparation(made: Round, units: Any, on: date) -> tuple[int, list[Text]]:
    """How many of the units a round is to have whose dossiers are not all there yet, and the first names."""
    both = Q(unit__in=units.values("unit_id")) & Q(unit__in=wanted_of(made).values("unit_id"))
    terms = Term.objects.filter(both, valid__contains=on).annotate(of=Window(Count("pk")))
    first = list(terms.order_by("sort_key", "code")[:MOST_NAMED])
    return (vars(first[0])["of"] if first else 0), [full_name(one.kind_id, one.name) for one in first]
