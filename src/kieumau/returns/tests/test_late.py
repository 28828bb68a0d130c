"""A lock that falls between asking and writing: told in both languages, and nothing half written."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from kieumau.audit.models import Entry
from kieumau.calendars.clock import set_clock
from kieumau.indicators.actions import open_source
from kieumau.indicators.actions.record import remove_figures
from kieumau.indicators.models import Figure, Remark, Source, Superseded
from kieumau.indicators.registry import AtPlace, before_figures
from kieumau.kernel.messages import Problem, Refused
from kieumau.returns.models import Return
from kieumau.returns.tests.cast import World, at
from kieumau.returns.tests.roads import (
    ROADS,
    Store,
    by_hand_emptied,
    by_program,
    refusal,
)

pytestmark = pytest.mark.django_db
MORNING, AFTER_EVERY_LOCK = at("2026-10-01 08:00"), at("2036-01-01 00:00")


def by_program_removed(world: World, unit: str, period: str, now: datetime) -> None:
    """Figures taken away by a program."""
    source = open_source(name="thử", recorded_at=now)
    remove_figures([world.country.key(period, unit, "people")], source=source)


# The road, was there a figure before, the code of the problem
LATE: list[tuple[Store, bool, str]] = [
    (ROADS["by hand"], False, "refused-meanwhile"),
    (ROADS["by command"], True, "refused-meanwhile"),
    (by_hand_emptied, True, "refused-meanwhile"),
    # Of many figures it is said whose they are.
    (ROADS["by file"], False, "return-stands"),
    (ROADS["by file"], True, "return-stands"),
    (by_program, True, "return-stands"),
    (by_program_removed, True, "refused-meanwhile"),
]


@pytest.fixture
def lock_passes(world: World) -> Iterator[None]:
    """The return is locked after the guards were asked, and before the figures are written."""

    def passes(place: AtPlace | None) -> list[Problem]:
        set_clock(AFTER_EVERY_LOCK)
        return []

    before_figures.append(passes)
    yield
    before_figures.remove(passes)


def counted() -> list[int]:
    """How much of everything there is."""
    return [model.objects.count() for model in (Figure, Superseded, Source, Remark, Entry)]


@pytest.mark.parametrize(("store", "was_there", "code"), LATE)
def test_a_late_refusal_is_a_problem_and_nothing_is_stored(
    world: World, store: Store, was_there: bool, code: str, request: pytest.FixtureRequest
) -> None:
    if was_there:
        world.enter("C11", MORNING, "", "", "9")
    before, version = counted(), world.report("C11").version
    request.getfixturevalue("lock_passes")
    with transaction.atomic():
        with pytest.raises(Refused) as refused:
            store(world, "C11", "2026-09", MORNING)
        assert [problem.code for problem in refused.value.problems] == [code]
        problem = refused.value.problems[0]
        assert problem.in_("vi") != problem.in_("en")
    # What a caller's own transaction holds besides is his to roll back: an opened source, say.
    if store not in (by_program, by_program_removed):
        assert counted() == before
    assert world.report("C11").version == version


def test_the_same_roads_are_open_while_no_lock_passes(world: World) -> None:
    world.enter("C11", MORNING, "", "", "9")
    for store, _, _ in LATE:
        assert refusal(store, world, "C11", "2026-09", MORNING) == []


@pytest.mark.usefixtures("lock_passes")
@pytest.mark.parametrize(("language", "said"), [("vi", "đã khóa"), ("en", "was locked")])
def test_the_page_gives_back_what_was_typed(world: World, client: Client, language: str, said: str) -> None:
    Return.objects.update(locks_at=timezone.now() + timedelta(days=1))
    client.force_login(world.an)
    client.cookies["django_language"] = language
    address = f"/bao-cao/{world.report('C11').pk}/"
    response = client.post(address, {"v-people": "931", "o-people": ""})
    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="931"' in html
    assert said in html
    assert not Figure.objects.exists()
