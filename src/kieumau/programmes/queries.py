"""Reads: who takes part, the programmes of one unit, how units of any day are called."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When

from kieumau.kernel.messages import Text
from kieumau.programmes import words
from kieumau.programmes.listening import holds_title
from kieumau.programmes.models import Member, Programme
from kieumau.units.calling import named_like
from kieumau.units.models import Kind, Level, Mapping, Position, Term, Unit
from kieumau.units.queries import AFTER_ALL_PATHS, terms


def areas(programme: Programme, on: date) -> list[Term]:
    """The area of a programme and its provinces in Vietnamese order, each with its path. One query.

    Without an area, as of programmes known from before: the first tree. Empty where no units are loaded.
    """
    if programme.area_id is None:
        found = list(terms(on).filter(unit__positions__level__lte=Level.PROVINCE))
        tops = [one for one in found if one.parent_id is None][:1]
    else:
        here = Position.objects.filter(unit_id=programme.area_id, valid__contains=on).values("root_id")[:1]
        rows = terms(on).filter(unit__positions__root_id=Subquery(here))
        found = list(
            rows.filter(Q(unit__positions__level__lte=Level.PROVINCE) | Q(unit_id=programme.area_id))
        )
        tops = [one for one in found if one.unit_id == programme.area_id]
    return [*tops, *(one for top in tops for one in found if one != top and one.path.startswith(top.path))]


def kinds_of(programme: Programme) -> Text:
    """The kinds of unit that a programme is for, in words. One query."""
    found = list(Kind.objects.filter(code__in=programme.kinds).order_by("code"))
    return Text(vi=", ".join(one.name_vi for one in found), en=", ".join(one.name_en for one in found))


def used_kinds() -> QuerySet[Kind]:
    """The kinds of which there are units, from provinces down."""
    return Kind.objects.filter(pk__in=Term.objects.values("kind"), level__gte=Level.PROVINCE)


def within(path: str, on: date) -> Q:
    """The condition that a unit stands in a subtree on a day, or went into a unit that does."""
    here = Position.objects.filter(
        valid__contains=on, path__gte=path, path__lt=path + AFTER_ALL_PATHS
    ).values("unit_id")
    before = Mapping.objects.filter(to_unit__in=here, on_map__contains=on).values("from_unit")
    return Q(unit_id__in=here) | Q(unit_id__in=before)


def members(programme: Programme, path: str, on: date, words: str = "", phase: str = "") -> QuerySet[Member]:
    """The units of a subtree that take part or took part, in Vietnamese order, with their names.

    Each has `unit_name`, `pattern_vi`, `pattern_en` (as last called) and `is_titled` on the day.
    """
    found = Member.objects.filter(within(path, on), programme=programme)
    if words:
        found = found.filter(unit__in=Term.objects.filter(named_like(words)).values("unit_id"))
    if phase:
        found = found.filter(phase=phase)
    titled = Case(When(holds_title(programme, on), then=Value(True)), default=Value(False))
    return found.annotate(
        **_called("unit_id"), is_titled=titled, sort_key=_last("unit_id", "sort_key")
    ).order_by("sort_key", "unit_id", "valid")


def called(member: Member) -> Text:
    """What the unit of a member is called, or was last; of rows of `members` and `of_unit`."""
    return _full(member.unit_name, member.pattern_vi, member.pattern_en)


@dataclass(frozen=True, slots=True)
class TakesPart:
    """A unit in a programme: itself, or as one of the units that it came from (`by` names that one)."""

    programme: Programme
    member: Member
    by: Text | None
    is_now: bool

    @property
    def phase(self) -> str:
        """Pilot or roll-out, in the language of the page."""
        return str(words.PHASES[Member.Phase(self.member.phase)])


def of_unit(unit_id: int, on: date) -> list[TakesPart]:
    """The programmes in which a unit takes or took part, and those it came from; newest first. One query.

    Whom today's map counts to the unit is asked as of `on`.
    """
    before = Mapping.objects.filter(to_unit=unit_id, on_map__contains=on).values("from_unit")
    rows = Member.objects.filter(Q(unit=unit_id) | Q(unit__in=before)).select_related("programme")
    return [
        TakesPart(one.programme, one, None if one.unit_id == unit_id else called(one), on in one.valid)
        for one in rows.annotate(**_called("unit_id")).order_by("-valid", "programme__code", "pk")
    ]


def candidates(programme: Programme, path: str, on: date, allowed: QuerySet[Unit, Any]) -> QuerySet[Term]:
    """The units of a subtree that could take part from a day on: of the kind, allowed, not in it yet."""
    found = terms(on, path, programme.level).filter(unit_id__in=allowed)
    if programme.kinds:
        found = found.filter(kind__in=programme.kinds)
    taking = Member.objects.filter(programme=programme, valid__contains=on).values("unit_id")
    return found.exclude(unit_id__in=taking)


def _called(field: str) -> dict[str, Subquery]:
    return {
        "unit_name": _last(field, "name"),
        "pattern_vi": _last(field, "kind__full_vi"),
        "pattern_en": _last(field, "kind__full_en"),
    }


def _last(field: str, column: str) -> Subquery:
    """A column of the last term of a unit."""
    return Subquery(Term.objects.filter(unit_id=OuterRef(field)).order_by("-valid").values(column)[:1])


def _full(name: str, pattern_vi: str, pattern_en: str) -> Text:
    def put(pattern: str) -> str:
        around = pattern.replace("{name}", "").strip()
        return name if around and name.startswith(around) else pattern.replace("{name}", name)

    return Text(vi=put(pattern_vi), en=put(pattern_en))


def names() -> dict[str, Text]:
    """What every programme is called, by code. One query."""
    rows = Programme.objects.values_list("code", "name_vi", "name_en")
    return {code: Text(vi=vi, en=en) for code, vi, en in rows}
