"""Which set a page shows without a word: a table of what was judged, and the set at home there."""

from datetime import UTC, datetime

import pytest

from kieumau.assessments.page_judged import Judged, latest_first
from kieumau.calendars.library import calendar, window
from kieumau.home.choice import choose
from kieumau.kernel.messages import Text

OLD = ("old", 1, 1)
OLD_2 = ("old", 2, 3)
NEW = ("new", 1, 4)


def judged(version: tuple[str, int, int], period: str) -> Judged:
    code, number, pk = version
    [period_id] = calendar("civil").period_ids(window(f"civil:{period}"))
    moment = datetime(2026, 1, 20, tzinfo=UTC)
    return Judged(pk, code, number, Text(vi=code, en=code), period_id, moment, frozenset({1}), 3)


@pytest.mark.parametrize(
    ("offered", "shown"),
    [
        ([(OLD, "2025")], "old:1"),
        ([(OLD, "2025"), (NEW, "2025")], "old:1"),  # issued first
        ([(OLD, "2024"), (NEW, "2025")], "old:1"),  # though the new one is of a later period
        ([(OLD, "2024"), (OLD_2, "2025"), (NEW, "2025")], "old:2"),  # its version of the latest period
        ([(OLD, "2025"), (NEW, "2025-01"), (NEW, "2025-02")], "new:1"),  # used most
    ],
)
def test_a_new_set_takes_nobodys_first_page(
    offered: list[tuple[tuple[str, int, int], str]], shown: str
) -> None:
    found = choose({}, latest_first(judged(*one) for one in offered))
    assert found.chosen is not None
    assert found.chosen.set_code == shown


def test_nothing_judged() -> None:
    assert choose({}, []).chosen is None
