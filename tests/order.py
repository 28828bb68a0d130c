"""In which order two workers run the tests: each has half of them, and takes of the other's end when done.

The first begins with what needs a database; the second, while that is being made, with what needs none. Then,
while the first is at short tests, come those that wait until nobody is in a transaction, and then the dear
ones: were they last, one worker would wait for the other.
"""

from pathlib import Path

import pytest
from django.test import TestCase, TransactionTestCase

_ACROSS = Path(__file__).parent
_WITHOUT, _WAITS, _DEAR, _SHORT = range(4)


def _sort(item: pytest.Item) -> int:
    names = set(getattr(item, "fixturenames", ()))
    case = getattr(item, "cls", None)
    marker = item.get_closest_marker("django_db")
    if hasattr(getattr(item, "module", None), "ask_for_quiet"):
        return _WAITS
    commits = "transactional_db" in names or (marker and marker.kwargs.get("transaction"))
    if commits or item.get_closest_marker("slow"):
        return _DEAR
    if not (marker or "db" in names or (case and issubclass(case, TransactionTestCase))):
        return _WITHOUT
    return _DEAR if item.path.parent == _ACROSS and case and issubclass(case, TestCase) else _SHORT


def for_workers(items: list[pytest.Item]) -> list[pytest.Item]:
    """All of them, so that the second half is the second worker's."""
    sorts: dict[int, list[pytest.Item]] = {sort: [] for sort in range(4)}
    for item in items:
        sorts[_sort(item)].append(item)
    short = sorts[_SHORT]
    first, rest = short[: len(items) // 2], short[len(items) // 2 :]
    return [*first, *sorts[_WITHOUT], *sorts[_WAITS], *sorts[_DEAR], *rest]
