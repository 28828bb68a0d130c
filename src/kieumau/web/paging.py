"""What the address of a list says: which page, which order, which words are looked for."""

from collections.abc import Collection, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PAGE = "trang"
SORT = "xep"
SEARCH = "tim"


def page_of(request: HttpRequest, items: QuerySet[Any] | Sequence[Any], size: int = 50) -> Page[Any]:
    """The asked-for page of a list; the nearest one there is when the number makes no sense."""
    return Paginator(items, size).get_page(request.GET.get(PAGE))


def sort_of(request: HttpRequest, allowed: Collection[str], default: str) -> tuple[str, bool]:
    """The column to sort by and whether it falls; `default` (`"-met"` falls) unless asked otherwise."""
    asked = request.GET.get(SORT, default)
    if asked.removeprefix("-") not in allowed:
        asked = default
    return asked.removeprefix("-"), asked.startswith("-")


def search_of(request: HttpRequest) -> str:
    """The words looked for, trimmed and at most 100 characters long; empty when there are none."""
    return request.GET.get(SEARCH, "").strip()[:100]
