"""Drawing among finished dossiers, and who may look again: by the real actions."""

from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction

from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast, load_world
from kieumau.rechecks import queries
from kieumau.rechecks.actions import CannotCheck, CannotDraw, Size, check, draw
from kieumau.rechecks.models import Recheck
from kieumau.rounds.actions import conclude, say
from kieumau.rounds.models import Dossier
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, People, open_round, people
from kieumau.rounds.tests.test_life import verified

SIZE = Size(1, 5)


@pytest.fixture
def world(db: None) -> Cast:
    return load_world()


@pytest.fixture
def cast(world: Cast) -> People:
    return people()


@pytest.fixture
def dossier(world: Cast, cast: People) -> Dossier:
    """That of Cái Khế, through all stages; An Bình's is still with its unit."""
    made = open_round(world)
    found = Dossier.objects.get(round=made, unit=world.unit("Cái Khế"))
    verified(found, cast)
    for code in ("1.1", "1.2"):
        said = Said(Outcome.MET)
        say(
            found.pk,
            criterion=code,
            stage=Stage.APPRAISAL,
            said=said,
            seen=None,
            actor=cast.appraiser,
            now=NOW,
        )
    conclude(found.pk, actor=cast.appraiser, now=NOW)
    return Dossier.objects.select_related("round__period").get(pk=found.pk)


def drawn(dossier: Dossier, world: Cast, cast: People, seed: str = "2026") -> list[Recheck]:
    area = world.unit("Cần Thơ")
    made = draw(dossier.round, area_id=area, size=SIZE, actor=cast.appraiser, now=NOW, seed=seed)
    return list(queries.checks(made))


def test_only_finished_dossiers_are_drawn(dossier: Dossier, world: Cast, cast: People) -> None:
    found = drawn(dossier, world, cast)
    assert {one.dossier_id for one in found} == {dossier.pk}
    assert [one.criterion.code for one in found] == ["1.1", "1.2", "2.1", "2.2", "2.3"]


def test_nothing_is_drawn_from_nothing_and_no_seed_twice(dossier: Dossier, world: Cast, cast: People) -> None:
    drawn(dossier, world, cast)
    with pytest.raises(CannotDraw, match="used before"):
        drawn(dossier, world, cast)
    with pytest.raises(CannotDraw, match="all stages"):
        draw(dossier.round, area_id=world.unit("Hồ Chí Minh"), size=SIZE, actor=cast.appraiser, now=NOW)


def test_somebody_else_looks_again(dossier: Dossier, world: Cast, cast: People) -> None:
    one = drawn(dossier, world, cast)[1]
    for busy in (cast.officer, cast.verifier, cast.appraiser):
        with pytest.raises(CannotCheck, match="somebody else"):
            check(one.pk, outcome=Outcome.MET, remark="đã xem", actor=busy, now=NOW)
    with pytest.raises(IntegrityError, match="had a hand"), transaction.atomic():
        Recheck.objects.filter(pk=one.pk).update(outcome=1, person=cast.verifier, at=NOW)
    found = check(one.pk, outcome=Outcome.NOT_MET, remark="Sổ không có", actor=cast.second_officer, now=NOW)
    assert found.person == cast.second_officer
    with pytest.raises(CannotCheck, match="before"):
        check(one.pk, outcome=Outcome.MET, remark="đã xem", actor=cast.second_officer, now=NOW)
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        Recheck.objects.filter(pk=one.pk).update(outcome=1)


def test_inflation_of_a_unit_and_its_province(dossier: Dossier, world: Cast, cast: People) -> None:
    one = drawn(dossier, world, cast)[1]
    check(one.pk, outcome=Outcome.NOT_MET, remark="Sổ không có", actor=cast.second_officer, now=NOW)
    units = {found.dossier_id: found for found in queries.by_unit(dossier.round)}
    own = units[dossier.pk]
    assert own.by_verifiers.index == 0
    assert (own.by_rechecks.compared, own.by_rechecks.index) == (1, Fraction(1))
    (pair,) = queries.by_province(units.values()).values()
    assert pair == (own.by_verifiers, own.by_rechecks)
