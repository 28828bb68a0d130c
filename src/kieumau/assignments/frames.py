"""What the pages of assignments share: words in the language of the page, names of units, choices."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language

from kieumau.accounts import registry
from kieumau.accounts.scopes import in_scope
from kieumau.assignments.access import GIVE, giving_units
from kieumau.assignments.models import Assignment
from kieumau.assignments.queries import names_of
from kieumau.assignments.words import STANDINGS
from kieumau.documents.access import READ as READ_DOCUMENTS
from kieumau.documents.access import somebody
from kieumau.documents.models import Document
from kieumau.kernel.messages import Text
from kieumau.units.models import Term

NOBODY = Text(vi="–", en="–")
Row = tuple[Assignment, str, Any, Text, Text]
Choices = list[tuple[str, str]]


def language() -> str:
    """The language of the page."""
    return get_language() or "vi"


def units_of(items: Iterable[Assignment]) -> set[int]:
    """Who does the assignments, and who gave them."""
    return {unit for one in items for unit in (one.owner_id, one.giver_id)}


def rows_of(items: Sequence[Assignment], today: date, called: Mapping[int, Text] | None = None) -> list[Row]:
    """Assignments as lists show them: each with its standing, the word for it, owner and giver.

    One query, none where the names of `units_of` are known already.
    """
    called = names_of(units_of(items)) if called is None else called
    shown = []
    for one in items:
        standing = one.standing(today)
        owner, giver = called.get(one.owner_id, NOBODY), called.get(one.giver_id, NOBODY)
        shown.append((one, standing.value, STANDINGS[standing], owner, giver))
    return shown


def giver_choices(
    request: HttpRequest, today: date, permission: str = GIVE, *, kept: int | None = None
) -> Choices:
    """On behalf of which units the person gives; a superuser on behalf of the roots. One query.

    `kept` is one that is chosen already.
    """
    user = somebody(request)
    units = set(giving_units(user, permission))
    if user.is_superuser:
        roots = Term.objects.filter(parent=None, valid__contains=today)
        units |= set(roots.values_list("unit_id", flat=True))
    if kept is not None:
        units.add(kept)
    return sorted(((str(unit), name.in_(language())) for unit, name in names_of(units).items()), key=_second)


def programme_choices() -> Choices:
    """Every programme by code, after the choice of none."""
    return [("", "–"), *registry.programme_choices(language())]


def programme_called(code: str) -> Text | None:
    """What a programme is called; none for no code."""
    return registry.programme_name(code) if code else None


def _second(choice: tuple[str, str]) -> str:
    return choice[1]


def shelf_of(user: Any, units: set[int]) -> QuerySet[Document]:
    """The documents of some units, as far as the person may read them."""
    return in_scope(Document.objects.filter(unit__in=units), user, READ_DOCUMENTS)
