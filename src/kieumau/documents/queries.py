"""Reads: the shelf of a unit, a document's files, and who has read it."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from kieumau.documents.models import Document, File, Reading

NEWEST_READINGS = 20


def shelf(unit_id: int, kind: str = "", year: int | None = None, words: str = "") -> QuerySet[Document]:
    """The documents of a unit, newest first, each with `file_count`; of one kind, year, with some words."""
    condition = Q(unit_id=unit_id)
    if kind:
        condition &= Q(kind=kind)
    if year is not None:
        condition &= Q(issued_on__gte=date(year, 1, 1), issued_on__lte=date(year, 12, 31))
    for word in words.split()[:8]:
        condition &= Q(summary__icontains=word) | Q(reference__icontains=word) | Q(issuer__icontains=word)
    found = Document.objects.filter(condition).annotate(file_count=Count("files"))
    return found.order_by("-issued_on", "-pk")


def years(unit_id: int) -> list[int]:
    """The years in which documents of a unit were issued, newest first. One query."""
    days = Document.objects.filter(unit_id=unit_id).dates("issued_on", "year", order="DESC")
    return [day.year for day in days]


def files(document_id: int) -> QuerySet[File]:
    """The files of a document in the order in which they came."""
    return File.objects.filter(document_id=document_id).order_by("pk")


def readings(document_id: int, limit: int = NEWEST_READINGS) -> QuerySet[Reading]:
    """Who has read a document or its files, newest first."""
    return Reading.objects.filter(document_id=document_id)[:limit]
