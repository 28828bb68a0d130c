"""The tree as it was recorded by a day: acts recorded and undone since are as they were then."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from kieumau.audit.models import Past
from kieumau.audit.past import as_known, differs_from_today
from kieumau.kernel.messages import Refused
from kieumau.units import queries
from kieumau.units.actions import load_rows, record_change, undo_change
from kieumau.units.models import Change, Lineage, Mapping, Position, Term
from kieumau.units.tests.conftest import TODAY, unit_rows
from kieumau.units.tests.test_changes import MERGER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]

# In the country C11 and C12 become one on 1 July 2025. This is written down on 5 October, taken back on
# 20 October, and written down again on 3 November.
STEPS = [(10, 5, "recorded"), (10, 20, "undone"), (11, 3, "recorded")]
KNOWN = [
    # known on,     communes, predecessors of C11, acts
    ((2025, 7, 2), 6, [], 0),
    ((2025, 10, 4), 6, [], 0),
    ((2025, 10, 6), 5, ["An Bình", "Ân Thi"], 1),
    ((2025, 10, 19), 5, ["An Bình", "Ân Thi"], 1),
    ((2025, 10, 21), 6, [], 0),
    ((2025, 11, 2), 6, [], 0),
    ((2025, 11, 4), 5, ["An Bình", "Ân Thi"], 1),
]


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def step(month: int, day: int, what: str) -> None:
    if what == "recorded":
        record_change(act=MERGER, actor=None, now=noon(2025, month, day))
    else:
        undo_change(key=MERGER.key, actor=None, now=noon(2025, month, day))


def seen() -> tuple[object, ...]:
    """What readers of the tree see of it, without ids of rows."""
    return (
        sorted(Term.objects.values_list("unit", "code", "name", "parent", "valid")),
        sorted(Position.objects.values_list("unit", "valid", "path", "level", "root")),
        sorted(Lineage.objects.values_list("change__key", "predecessor", "successor", "share")),
        sorted(Mapping.objects.values_list("from_unit", "to_unit", "reported", "on_map", "numerator")),
        sorted(Change.objects.values_list("key", "reference")),
    )


def test_the_tree_is_that_of_the_day() -> None:
    for one in STEPS:
        step(*one)
    for day, communes, names, acts in KNOWN:
        with as_known(noon(*day)):
            unit = queries.term("C11", TODAY)
            found = [one.name for one in queries.predecessors(unit.unit_id)]
            counted = queries.terms(TODAY, level=3).count()
            assert (counted, found, Change.objects.count()) == (communes, names, acts), day


def test_every_state_is_seen_again_whole() -> None:
    states = {noon(2025, 7, 1): seen()}
    for month, day, what in STEPS:
        step(month, day, what)
        states[noon(2025, month, day)] = seen()
    last = max(states)
    for moment, whole in states.items():
        with as_known(moment):
            assert seen() == whole, moment
            assert differs_from_today() == (moment != last)
        assert seen() == states[last]


def test_the_revision_of_an_earlier_tree_is_its_own() -> None:
    step(*STEPS[0])
    today = queries.tree_revision()
    with as_known(noon(2025, 10, 4)):
        before = queries.tree_revision()
    with as_known(noon(2025, 10, 6)):
        assert queries.tree_revision() == today
    assert before < 0


def test_a_first_file_has_no_earlier_state_and_a_second_has() -> None:
    rows = [*unit_rows(), {**unit_rows()[-1], "code": "C23", "name": "Phù Cát"}]
    load_rows(rows, actor=None, register="m")
    with as_known(noon(2025, 1, 1)):
        assert queries.terms(date(2024, 1, 1), level=3).count() == 6
    assert queries.terms(date(2024, 1, 1), level=3).count() == 7


def test_what_was_never_kept_is_said() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE past_kept SET since = '2025-10-10T00:00:00Z'")
    with as_known(noon(2025, 10, 4)) as known:
        assert known.note
        assert "10/10/2025" in known.note.vi
        assert "2025-10-10" in known.note.en
    with as_known(noon(2025, 10, 11)) as known:
        assert known.note is None


def test_an_error_leaves_the_present_behind() -> None:
    step(*STEPS[0])
    with pytest.raises(Refused), as_known(noon(2025, 10, 4)):
        queries.term("nobody", TODAY)
    assert queries.terms(TODAY, level=3).count() == 5
    assert not differs_from_today()
    assert Past.objects.exists()
