"""Drawing among finished dossiers, and who may look again: by the real actions."""

import threading
import time
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast, load_world
from kieumau.audit.models import Entry
from kieumau.rechecks import queries
from kieumau.rechecks.actions import CannotCheck, CannotDraw, Size, check, draw
from kieumau.rechecks.models import Draw, Recheck
from kieumau.rechecks.rules import seed_of
from kieumau.rechecks.verifying import verify
from kieumau.rounds import lots
from kieumau.rounds.actions import close, conclude, say, send_back
from kieumau.rounds.failures import OtherSide
from kieumau.rounds.models import Dossier, Hand, Round
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, People, open_round, people
from kieumau.rounds.tests.test_life import verified

SIZE = Size(1, 5)
S, V = Stage.SELF, Stage.VERIFICATION


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


def drawn(dossier: Dossier, world: Cast, cast: People, reason: str = "Làm sớm") -> list[Recheck]:
    area = world.unit("Cần Thơ")
    made = draw(dossier.round, area_id=area, size=SIZE, actor=cast.appraiser, now=NOW, reason=reason)
    return list(queries.checks(made))


def test_only_finished_dossiers_are_drawn(dossier: Dossier, world: Cast, cast: People) -> None:
    found = drawn(dossier, world, cast)
    assert {one.dossier_id for one in found} == {dossier.pk}
    assert [one.criterion.code for one in found] == ["1.1", "1.2", "2.1", "2.2", "2.3"]


def test_nothing_is_drawn_from_nothing(dossier: Dossier, world: Cast, cast: People) -> None:
    with pytest.raises(CannotDraw, match="all stages"):
        draw(dossier.round, area_id=world.unit("Hồ Chí Minh"), size=SIZE, actor=cast.appraiser, now=NOW)


EARLY = [
    # over which area, is the round closed, why; is it drawn, whom does it leave out?
    ("Cần Thơ", False, "", False, []),
    ("Cần Thơ", False, " ", False, []),
    ("Cần Thơ", False, "Làm sớm", True, ["An Bình"]),
    ("Cái Khế", False, "", True, []),  # all of it are through
    ("Cần Thơ", True, "", True, ["An Bình"]),  # nobody comes through any more
]


@pytest.mark.parametrize(("area", "is_closed", "reason", "is_drawn", "left_out"), EARLY)
def test_whom_a_draw_leaves_out(
    dossier: Dossier,
    world: Cast,
    cast: People,
    area: str,
    is_closed: bool,
    reason: str,
    is_drawn: bool,
    left_out: list[str],
) -> None:
    if is_closed:
        close(dossier.round, reason="Hết năm", actor=cast.appraiser, now=NOW)
    said: dict[str, Any] = {"area_id": world.unit(area), "size": SIZE, "actor": cast.appraiser, "now": NOW}
    if not is_drawn:
        with pytest.raises(CannotDraw, match="Not through all stages yet"):
            draw(dossier.round, reason=reason, **said)
        return
    made = draw(dossier.round, reason=reason, **said)
    assert made.left_out == [[world.unit(one), S, "open"] for one in left_out]
    assert (Entry.objects.get(verb="rechecks.draw").new or {})["left_out"] == len(left_out)


def test_what_was_sent_back_before_a_draw_is_shown_beside_it(
    dossier: Dossier, world: Cast, cast: People
) -> None:
    """Whoever draws cannot take a dossier out of the draw unseen."""
    send_back(dossier.pk, actor=cast.appraiser, now=NOW, reason="Xem lại")
    other = Dossier.objects.get(round=dossier.round_id, unit=world.unit("An Bình"))
    verified(other, cast)
    for code in ("1.1", "1.2"):
        met: dict[str, Any] = {"criterion": code, "stage": Stage.APPRAISAL, "said": Said(Outcome.MET)}
        say(other.pk, actor=cast.appraiser, now=NOW, seen=None, **met)
    conclude(other.pk, actor=cast.appraiser, now=NOW)
    said: dict[str, Any] = {"area_id": world.unit("Cần Thơ"), "size": SIZE, "actor": "tests", "now": NOW}
    with pytest.raises(CannotDraw, match="Drawing now needs a reason"):
        draw(dossier.round, **said)
    assert draw(dossier.round, reason="Gấp", **said).left_out == [[dossier.unit_id, S, "sent_back"]]


AGAIN = [
    # over which area after one over Cần Thơ, why, is it drawn?
    ("Cần Thơ", "", False),
    ("Cần Thơ", "Hai người đã nghỉ việc", True),
    ("Cái Khế", "", False),  # part of it
    ("Việt Nam", " ", False),  # all of it, and more
]


@pytest.mark.parametrize(("area", "reason", "is_drawn"), AGAIN)
def test_a_further_draw_needs_a_reason(
    dossier: Dossier, world: Cast, cast: People, area: str, reason: str, is_drawn: bool
) -> None:
    drawn(dossier, world, cast)
    said: dict[str, Any] = {"area_id": world.unit(area), "size": SIZE, "actor": cast.appraiser, "now": NOW}
    if not is_drawn:
        with pytest.raises(CannotDraw, match=r"draw 1.*needs a reason"):
            draw(dossier.round, reason=reason, **said)
        return
    another = draw(dossier.round, reason=reason, **said)
    assert (another.number, another.reason) == (2, reason)
    assert another.seed != Draw.objects.get(number=1).seed
    assert Entry.objects.filter(verb="rechecks.draw").latest("pk").why == reason


def test_the_seed_follows_from_what_the_round_was_bound_to(
    dossier: Dossier, world: Cast, cast: People
) -> None:
    bound_to = Round.objects.get(pk=dossier.round_id).commitment
    drawn(dossier, world, cast)
    drawn(dossier, world, cast, "Thêm một lần")
    for one in Draw.objects.select_related("round__period"):
        assert lots.belongs(one.lot, one.number, bound_to)
        assert one.seed == seed_of(one.lot, one.round_id, one.area_id, one.frame_sha256)
        assert verify(one).holds
        one.seed = seed_of(lots.fresh(), one.round_id, one.area_id, one.frame_sha256)
        assert not verify(one).holds
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        Round.objects.filter(pk=dossier.round_id).update(lot=lots.fresh())


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


def test_who_looked_again_has_no_hand_afterwards(dossier: Dossier, world: Cast, cast: People) -> None:
    """Sent back after the re-check, the dossier is nothing for whoever re-checked it."""
    one = drawn(dossier, world, cast)[1]
    checker = cast.second_officer
    check(one.pk, outcome=Outcome.NOT_MET, remark="Sổ không có", actor=checker, now=NOW)
    with pytest.raises(IntegrityError, match="no hand in it"), transaction.atomic():
        Hand.objects.create(dossier=dossier, person=checker, side=1)
    send_back(dossier.pk, actor=cast.appraiser, now=NOW, reason="Theo kiểm tra xác suất", criteria=["1.2"])
    with pytest.raises(OtherSide):
        say(
            dossier.pk,
            criterion="1.2",
            stage=Stage.SELF,
            said=Said(Outcome.NOT_MET),
            seen=1,
            actor=checker,
            now=NOW,
        )


@pytest.mark.django_db(transaction=True)
def test_both_at_the_same_moment_is_one_of_them() -> None:
    """Whoever comes second waits for the first, then sees what the first wrote."""
    made = people()
    one = _drawn_anew(made)
    has_begun = threading.Event()

    def looks_again() -> None:
        try:
            with transaction.atomic():
                check(one.pk, outcome=Outcome.MET, remark="đã xem", actor=made.second_officer, now=NOW)
                has_begun.set()
                time.sleep(0.4)
        finally:
            connection.close()

    other = threading.Thread(target=looks_again)
    other.start()
    assert has_begun.wait(30)
    with pytest.raises(IntegrityError, match="no hand in it"), transaction.atomic():
        Hand.objects.create(dossier_id=one.dossier_id, person=made.second_officer, side=1)
    other.join()


@pytest.mark.django_db(transaction=True)
def test_who_gets_a_hand_at_the_same_moment_is_told_why_he_does_not_re_check() -> None:
    """The other way round: his hand in the dossier is put down just before."""
    made = people()
    one = _drawn_anew(made)
    has_begun = threading.Event()

    def works_on_it() -> None:
        try:
            with transaction.atomic():
                Hand.objects.create(dossier_id=one.dossier_id, person=made.second_officer, side=1)
                has_begun.set()
                time.sleep(0.4)
        finally:
            connection.close()

    other = threading.Thread(target=works_on_it)
    other.start()
    assert has_begun.wait(30)
    with pytest.raises(CannotCheck, match="somebody else"):
        check(one.pk, outcome=Outcome.MET, remark="đã xem", actor=made.second_officer, now=NOW)
    other.join()


def _drawn_anew(made: People) -> Recheck:
    world = load_world()
    found = Dossier.objects.get(round=open_round(world, stages=(S, V)), unit=world.unit("Cái Khế"))
    verified(found, made)
    return drawn(Dossier.objects.select_related("round__period").get(pk=found.pk), world, made)[0]


def test_what_figures_said_is_not_inflation(dossier: Dossier, world: Cast, cast: People) -> None:
    """Of five criteria figures say three: only the two that people judged are compared."""
    measured = [one for one in drawn(dossier, world, cast) if one.criterion.code.startswith("2.")]
    check(measured[0].pk, outcome=Outcome.NOT_MET, remark="Sổ sai", actor=cast.second_officer, now=NOW)
    (own,) = [one for one in queries.by_unit(dossier.round) if one.dossier_id == dossier.pk]
    assert (own.by_verifiers.compared, own.by_rechecks.compared) == (2, 0)


def test_inflation_of_a_unit_and_its_province(dossier: Dossier, world: Cast, cast: People) -> None:
    one = drawn(dossier, world, cast)[1]
    check(one.pk, outcome=Outcome.NOT_MET, remark="Sổ không có", actor=cast.second_officer, now=NOW)
    units = {found.dossier_id: found for found in queries.by_unit(dossier.round)}
    own = units[dossier.pk]
    assert own.by_verifiers.index == 0
    assert (own.by_rechecks.compared, own.by_rechecks.index) == (1, Fraction(1))
    (pair,) = queries.by_province(units.values()).values()
    assert pair == (own.by_verifiers, own.by_rechecks)
