"""Whose documents may stand under a dossier: those of its unit, of what it came from, of who decides."""

from datetime import date

from django.db.models import Q

from kieumau.accounts.scopes import above, ended_into
from kieumau.documents.models import Document
from kieumau.kernel.messages import Problem, Text
from kieumau.units.models import Unit


def on_its_shelves(unit_id: int, on: date) -> Q:
    """Documents of a unit, and of those that ended before a day and of which it took something over."""
    return Q(unit=unit_id) | Q(unit__in=ended_into([unit_id], on))


def of_who_decides(unit_id: int, on: date, since: date) -> Q:
    """The same, and those that stand above it on the day issued since another: what `is_of_those_who_decide`
    takes, without what is on large shelves since long.
    """
    return on_its_shelves(unit_id, on) | Q(unit__in=above(unit_id, on), issued_on__gte=since)


def is_of_the_unit(document: Document, unit_id: int, on: date) -> bool:
    """Is it of the shelf of a unit, or of one that ended before a day and of which it took something over?"""
    return document.unit_id == unit_id or _is_before(document, unit_id, on)


def is_of_those_who_decide(document: Document, unit_id: int, on: date) -> bool:
    """Is it of the shelf of the unit, of one before it, or of one that stands above it on the day?

    What ended by then stands where its parts do: above it is what is above all of them.
    """
    if is_of_the_unit(document, unit_id, on):
        return True
    return Unit.objects.filter(pk=document.unit_id, pk__in=above(unit_id, on)).exists()


def another_shelf() -> Problem:
    """What is said where it is of another."""
    reason = Text(
        vi="Văn bản này ở kho minh chứng của đơn vị khác.",
        en="This document is of the shelf of another unit.",
    )
    hint = Text(
        vi="Đưa văn bản vào kho minh chứng của đơn vị, rồi chọn lại.",
        en="Put it on the unit's own shelf, then choose it there.",
    )
    return Problem("another-shelf", reason, hint)


def _is_before(document: Document, unit_id: int, on: date) -> bool:
    return ended_into([unit_id], on).filter(from_unit=document.unit_id).exists()
