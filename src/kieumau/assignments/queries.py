"""Reads: lists by due date, what is overdue at a unit, one assignment with its history, visits."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from kieumau.accounts.held import held
from kieumau.accounts.roles import with_permission
from kieumau.assignments.access import CLOSE, GIVE, READ, REPORT, reached, seen
from kieumau.assignments.models import Assignment, Directive, DueChange, Visit
from kieumau.assignments.rules import OPEN, Standing, State
from kieumau.documents.models import Document
from kieumau.kernel.messages import Text
from kieumau.units.models import Level, Mapping, Term
from kieumau.units.queries import terms, unit


class View(StrEnum):
    """Danh sách: what the person's units are to do, help with, gave, what is overdue, everything."""

    TO_DO = "viec"
    HELPED = "phoi-hop"
    GIVEN = "giao"
    OVERDUE = "qua-han"
    ALL = "tat-ca"


def open_ones() -> QuerySet[Assignment]:
    """The assignments that are with their owners."""
    return Assignment.objects.filter(state__in=[one.value for one in OPEN])


def helped(user: Any) -> QuerySet[Assignment]:
    """What the person's units help with and others are at."""
    return open_ones().filter(reached(user, REPORT, partners="partners"))


def listed(
    user: Any,
    view: View,
    today: date,
    *,
    words: str = "",
    state: str = "",
    programme: str | None = None,
    unit_id: int | None = None,
) -> QuerySet[Assignment]:
    """One list of a person, by due day; with some words, in a state, of a programme. One query.

    `state` may also be `Standing.OVERDUE`; `unit_id` is the one that is to do them, or that gave them.
    """
    rows = Assignment.objects.all()
    match view:
        case View.TO_DO:
            rows = open_ones().filter(reached(user, REPORT, "owner"))
        case View.HELPED:
            rows = helped(user)
        case View.GIVEN:
            rows = rows.filter(reached(user, GIVE, "giver") | reached(user, CLOSE, "giver"))
        case View.OVERDUE:
            rows = seen(open_ones().filter(due_on__lt=today), user)
        case View.ALL:
            rows = seen(rows, user)
    for word in words.split()[:8]:
        named = Term.objects.filter(name__icontains=word).values("unit")
        rows = rows.filter(Q(text__icontains=word) | Q(about_text__icontains=word) | Q(owner__in=named))
    if state == Standing.OVERDUE.value:
        rows = rows.filter(state__in=[one.value for one in OPEN], due_on__lt=today)
    elif state:
        rows = rows.filter(state=state)
    if unit_id is not None:
        rows = rows.filter(**{"giver" if view is View.GIVEN else "owner": unit_id})
    if programme is not None:
        rows = rows.filter(programme=programme)
    return rows.order_by("due_on", "pk")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits at a unit: for it to do (how much of it late), and of what it gave, late or reported."""

    to_do: int
    late: int
    given_late: int
    reported: int

    def __bool__(self) -> bool:
        return bool(self.to_do or self.given_late or self.reported)


NOTHING = Waiting(0, 0, 0, 0)


def waiting_columns(user: Any, unit_id: int, today: date) -> dict[str, Coalesce]:
    """The counts of `Waiting` at a unit as columns for any query; none for whoever has no part in any.

    Only for roles that reach the unit itself: elsewhere every count is zero.
    """
    if not user.is_authenticated or not (user.is_superuser or _has_a_part(user)):
        return {}
    owned = Assignment.objects.filter(reached(user, REPORT, "owner"), owner=unit_id)
    gave = Assignment.objects.filter(
        reached(user, GIVE, "giver") | reached(user, CLOSE, "giver"), giver=unit_id
    )
    is_open = Q(state__in=[one.value for one in OPEN])
    return {
        "to_do": _counted(owned.filter(is_open)),
        "late": _counted(owned.filter(is_open, due_on__lt=today)),
        "given_late": _counted(gave.filter(is_open, due_on__lt=today)),
        "reported": _counted(gave.filter(state=State.REPORTED.value)),
    }


def _counted(rows: QuerySet[Assignment]) -> Coalesce:
    """How many rows, as a column."""
    number = (
        rows.order_by().annotate(every=Value(1)).values("every").annotate(number=Count("pk")).values("number")
    )
    return Coalesce(Subquery(number), 0)


def _has_a_part(user: Any) -> bool:
    roles = with_permission(REPORT) | with_permission(GIVE) | with_permission(CLOSE)
    return any(one.role in roles and one.path for one in held(user))


def on_its_shelves(one: Assignment, on: date) -> QuerySet[Document]:
    """The documents of owner and partners, and of the units that a day's map counts to them; newest first."""
    units = [one.owner_id, *one.partners]
    before = Mapping.objects.filter(to_unit__in=units, on_map__contains=on).values("from_unit")
    rows = Document.objects.filter(Q(unit__in=units) | Q(unit__in=before))
    return rows.order_by("-issued_on", "-pk")


def open_question(one: Assignment) -> DueChange | None:
    """The question for more time that has no answer yet. One query."""
    asked = DueChange.objects.filter(assignment=one, act=DueChange.Act.ASK, answer__isnull=True)
    return asked.first()


def visits(user: Any, words: str = "") -> QuerySet[Visit]:
    """The visits that a person may read, newest first, with `conclusion_count` and `assignment_count`."""
    rows = Visit.objects.filter(reached(user, READ, "unit", "leader"))
    for word in words.split()[:8]:
        named = Term.objects.filter(name__icontains=word).values("unit")
        rows = rows.filter(Q(purpose__icontains=word) | Q(unit__in=named))
    counts = {
        "conclusion_count": Count("conclusions", distinct=True),
        "assignment_count": Count("conclusions__assignments", distinct=True),
    }
    return rows.annotate(**counts).order_by("-starts_on", "-pk")


def directives(words: str = "") -> QuerySet[Directive]:
    """Every directive, newest first, with `assignment_count`."""
    rows = Directive.objects.all()
    for word in words.split()[:8]:
        rows = rows.filter(Q(title__icontains=word) | Q(reference__icontains=word) | Q(text__icontains=word))
    return rows.annotate(assignment_count=Count("assignments")).order_by("-issued_on", "-pk")


def communes_below(unit_id: int, on: date) -> list[int]:
    """The communes and wards below a unit on a day. Two queries."""
    above = unit(unit_id, on)
    return list(terms(on, above.path, Level.COMMUNE).values_list("unit_id", flat=True))


def names_of(unit_ids: set[int]) -> dict[int, Text]:
    """What units are called, or were last. One query, none for no units."""
    return {unit_id: name_of(term) for unit_id, term in last_terms(unit_ids).items()}


def last_terms(unit_ids: set[int]) -> dict[int, Term]:
    """What units are, or were last. One query, none for no units."""
    if not unit_ids:
        return {}
    last = Term.objects.filter(unit__in=unit_ids).order_by("unit", "-valid").distinct("unit")
    return {one.unit_id: one for one in last.select_related("kind")}


def name_of(term: Term) -> Text:
    """What a unit is called then."""
    return Text(vi=term.full_name("vi"), en=term.full_name("en"))
