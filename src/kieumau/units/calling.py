"""What units are called, or were on a day: also those that are no more, and those that are not yet."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Q

from kieumau.kernel.messages import Text
from kieumau.kernel.text import search_key
from kieumau.units.models import Term


def names_of(unit_ids: Collection[int | None], on: date) -> dict[int, Text]:
    """What units are called on a day, or were last before it. One query, none for no units.

    One that begins later only is called as it will be.
    """
    return {unit: called(terms, on) for unit, terms in terms_of(unit_ids).items()}


def terms_of(unit_ids: Collection[int | None]) -> dict[int, list[Term]]:
    """Everything that units were, are and will be, earliest first. One query, none for no units."""
    ids = {one for one in unit_ids if one is not None}
    found: dict[int, list[Term]] = defaultdict(list)
    if ids:
        for term in Term.objects.filter(unit__in=ids).select_related("kind").order_by("unit", "valid"):
            found[term.unit_id].append(term)
    return dict(found)


def called(terms: Sequence[Term], on: date) -> Text:
    """What a unit of these terms (earliest first, at least one) is called on a day, or was last before it."""
    begun = [one for one in terms if one.valid.lower <= on]
    return name_of(begun[-1] if begun else terms[0])


def named_like(words: str) -> Q:
    """The condition that a term's name has these words in it, without marks and case: “an hung”, An Hưng."""
    key = search_key(words)
    return Q(search_key__contains=key) if key else Q(pk__in=())


def name_of(term: Term) -> Text:
    """The name with its kind, in both languages. Reads the kind: select it along."""
    return Text(vi=term.full_name("vi"), en=term.full_name("en"))
