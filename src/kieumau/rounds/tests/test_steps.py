"""How far dossiers are at each step, as a table; the page of a round counts so, and its links lead there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kieumau.assessments.tests.cast import Cast
from kieumau.rounds.actions import say
from kieumau.rounds.models import Dossier, Round, StageDeadline
from kieumau.rounds.rules import Place, Stage, State
from kieumau.rounds.steps import LATE, Progress, Standing, progress, steps_of, table
from kieumau.rounds.tests.cast import NOW, TODAY, People, open_round, people
from kieumau.rounds.tests.test_pages import MET, page, signed_in, submitted

SELF, VERIFICATION, APPRAISAL = Stage.SELF, Stage.VERIFICATION, Stage.APPRAISAL
COME, FRESH, WORK, BACK, PAST = Progress

TABLE = [
    # where it stands, has somebody begun there; how far at self-assessment, verification, appraisal, decision
    (Place(SELF, State.OPEN), False, FRESH, COME, COME, COME),
    (Place(SELF, State.OPEN), True, WORK, COME, COME, COME),
    (Place(SELF, State.SENT_BACK), True, BACK, COME, COME, COME),
    (Place(VERIFICATION, State.OPEN), False, PAST, FRESH, COME, COME),
    (Place(VERIFICATION, State.OPEN), True, PAST, WORK, COME, COME),
    (Place(APPRAISAL, State.OPEN), True, PAST, PAST, WORK, COME),
    (Place(APPRAISAL, State.CONCLUDED), True, PAST, PAST, PAST, FRESH),
    (Place(APPRAISAL, State.DECIDED), True, PAST, PAST, PAST, PAST),
]


@pytest.mark.parametrize("row", TABLE)
def test_how_far_a_dossier_is_at_each_step(row: tuple[Any, ...]) -> None:
    place, is_begun, *expected = row
    steps = steps_of([SELF, VERIFICATION, APPRAISAL], is_decided=True)
    assert [progress(Standing(place, is_begun), step) for step in steps] == expected


def test_every_column_adds_up_to_all_and_overdue_stands_beside() -> None:
    steps = steps_of([APPRAISAL, SELF, VERIFICATION], is_decided=True)
    counts = {Standing(row[0], row[1], is_late=row[0].stage is SELF): n for n, row in enumerate(TABLE, 1)}
    rows = dict(table(counts, steps))
    for at in range(len(steps)):
        assert sum(rows[point][at].count for point in Progress) == sum(counts.values())
    assert [cell.count for cell in rows[LATE]] == [1 + 2 + 3, 0, 0, 0]
    assert not rows[Progress.SENT_BACK][1].key, "dossiers are sent back to their units alone"


@pytest.fixture
def cast(world: Cast, grant: Callable[..., Any]) -> People:
    made = people()
    grant(made.officer, "officer", world.unit("Cái Khế"))
    grant(made.officer, "approver", world.unit("Cái Khế"))
    grant(made.verifier, "verifier", world.unit("Cần Thơ"))
    return made


@pytest.fixture
def made(world: Cast, cast: People) -> Round:
    """Cái Khế has submitted; An Bình has not begun, though the last day of it was yesterday."""
    found = open_round(world)
    submitted(Dossier.objects.get(round=found, unit=world.unit("Cái Khế")), cast)
    yesterday = TODAY - timedelta(days=1)
    StageDeadline.objects.filter(round=found, stage=SELF).update(due_on=yesterday)
    return found


def test_every_number_of_the_page_leads_to_as_many_units(
    made: Round, cast: People, django_assert_max_num_queries: Any
) -> None:
    client, address = signed_in(cast.verifier), f"/dot-danh-gia/{made.pk}/"
    client.get(address)
    with django_assert_max_num_queries(12):
        shown = client.get(address)
    counted = {cell.key: cell.count for _, cells in shown.context["progress"] for cell in cells if cell.key}
    assert {key: count for key, count in counted.items() if count} == {
        "self.not-begun": 1,
        "self.through": 1,
        "self.overdue": 1,
        "verification.to-come": 1,
        "verification.not-begun": 1,
        "appraisal.to-come": 2,
    }
    for key, count in counted.items():
        found = client.get(address, {"o-dau": key}).context
        assert len(found["rows"]) == count, key
        assert found["asked"].place == key


def test_what_was_begun_is_being_worked_on(made: Round, cast: People, world: Cast) -> None:
    dossier = Dossier.objects.get(round=made, unit=world.unit("Cái Khế"))
    say(dossier.pk, criterion="1.2", stage=VERIFICATION, said=MET, seen=None, actor=cast.verifier, now=NOW)
    (row,) = (
        signed_in(cast.verifier).get(f"/dot-danh-gia/{made.pk}/?o-dau=verification.under-way").context["rows"]
    )
    assert row[1] == dossier


def test_a_decision_is_a_step_where_something_is_decided(made: Round, cast: People) -> None:
    assert "Decision" not in page(cast.verifier, "round", made.pk).context["steps"]
    steps = steps_of(made.stages, is_decided=True)
    assert steps[-1] is None
