"""What is put right afterwards erases no inflation, and a unit that makes good is not told of for ever."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.rechecks import queries
from kieumau.rechecks.actions import Size, check, draw
from kieumau.rechecks.differing import differing
from kieumau.rechecks.models import Recheck
from kieumau.rechecks.rules import Inflation
from kieumau.rechecks.verifying import verify as repeated
from kieumau.rounds.actions import conclude, look_at_evidence, say, send_back, submit
from kieumau.rounds.freezing import digest
from kieumau.rounds.models import Dossier, StageFinding
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, People, open_round
from kieumau.rounds.tests.test_life import submitted

S, V = Stage.SELF, Stage.VERIFICATION
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET


@pytest.fixture
def dossier(world: Cast, cast: People) -> Dossier:
    """Submitted on the first day: the unit says of 1.1 and 1.2 that it meets them."""
    made = open_round(world, stages=(S, V))
    found = Dossier.objects.select_related("round__period").get(round=made, unit=world.unit("Cái Khế"))
    look_at_evidence(submitted(found, cast), is_accepted=True, reason="", actor=cast.verifier, now=NOW)
    return found


def on(day: int) -> datetime:
    return NOW + timedelta(days=day)


def says(dossier: Dossier, cast: People, stage: Stage, outcome: Outcome, day: int) -> None:
    """What is found of 1.2, by whoever does at that stage."""
    before = StageFinding.objects.filter(dossier=dossier, stage=stage, criterion__code="1.2").first()
    said: dict[str, Any] = {"stage": stage, "said": Said(outcome, remark="Đã xem"), "now": on(day)}
    actor = cast.officer if stage is S else cast.verifier
    say(dossier.pk, criterion="1.2", seen=before.version if before else None, actor=actor, **said)


def verify(dossier: Dossier, cast: People, outcome: Outcome, day: int) -> None:
    one = StageFinding.objects.filter(dossier=dossier, stage=V, criterion__code="1.1").first()
    said = Said(MET, remark=f"Ngày {day}")
    seen = one.version if one else None
    say(dossier.pk, criterion="1.1", stage=V, said=said, seen=seen, actor=cast.verifier, now=on(day))
    says(dossier, cast, V, outcome, day)


def index(dossier: Dossier) -> tuple[Inflation, Inflation]:
    (own,) = (one for one in queries.by_unit(dossier.round) if one.dossier_id == dossier.pk)
    return own.by_verifiers, own.by_rechecks


# What the unit says of 1.2 once it was sent back: its first word counts, also where verifiers agree then.
AFTERWARDS = [NOT_MET, MET]


@pytest.mark.parametrize("then", AFTERWARDS)
def test_a_unit_counts_by_what_it_first_submitted(dossier: Dossier, cast: People, then: Outcome) -> None:
    verify(dossier, cast, NOT_MET, 1)
    assert index(dossier)[0].compared == 0, "they are not done yet"
    before = Inflation(compared=2, met_before=2, met_after=1)
    send_back(dossier.pk, actor=cast.verifier, now=on(2), reason="1.2 chưa đạt", criteria=["1.2"])
    assert index(dossier)[0] == before
    says(dossier, cast, S, NOT_MET, 3)
    if then is MET:
        says(dossier, cast, S, MET, 4)
    submit(dossier.pk, actor=cast.officer, now=on(5))
    says(dossier, cast, V, then, 6)
    assert index(dossier)[0] == before
    assert before.index == Fraction(1, 2)


def rechecked(dossier: Dossier, world: Cast, cast: People) -> Recheck:
    """Verified as met, concluded and drawn; the re-check of 1.2 finds that it is not met."""
    verify(dossier, cast, MET, 1)
    conclude(dossier.pk, actor=cast.verifier, now=on(2))
    area = world.unit("Cái Khế")
    made = draw(dossier.round, area_id=area, size=Size(1, 5), actor="tests", now=on(3))
    one = Recheck.objects.get(draw=made, criterion__code="1.2")
    assert (one.was, one.stage, one.is_measured) == (MET, V, False)
    return check(one.pk, outcome=NOT_MET, remark="Sổ không có", actor=cast.second_officer, now=on(4))


# after the re-check: what the unit says, and what verifiers find, of the criterion sent back
PUT_RIGHT = [("it is put right", NOT_MET, NOT_MET), ("the unit makes good", MET, MET)]


@pytest.mark.parametrize(("what", "own", "verified"), PUT_RIGHT)
def test_verifiers_count_by_what_stood_when_it_was_drawn(
    dossier: Dossier, world: Cast, cast: People, what: str, own: Outcome, verified: Outcome
) -> None:
    one = rechecked(dossier, world, cast)
    assert index(dossier)[1] == Inflation(compared=1, met_before=1, met_after=0)
    assert list(differing()) == [one]
    send_back(dossier.pk, actor=cast.appraiser, now=on(5), reason="Theo kiểm tra", criteria=["1.2"])
    says(dossier, cast, S, NOT_MET, 6)
    if own is MET:
        says(dossier, cast, S, MET, 7)
    submit(dossier.pk, actor=cast.officer, now=on(8))
    assert list(differing()) == [one], "nobody has looked at it again"
    says(dossier, cast, V, NOT_MET, 9)
    if verified is MET:
        says(dossier, cast, V, MET, 10)
    assert index(dossier)[1] == Inflation(compared=1, met_before=1, met_after=0), what
    assert not differing().exists(), what


def test_what_it_is_compared_with_stays(dossier: Dossier, world: Cast, cast: People) -> None:
    one = rechecked(dossier, world, cast)
    other = Recheck.objects.filter(draw=one.draw_id, outcome=None).first()
    assert other
    with pytest.raises(IntegrityError, match="compared with stays"), transaction.atomic():
        Recheck.objects.filter(pk=other.pk).update(was=NOT_MET)


def test_the_fingerprints_that_the_seed_is_made_of_are_compared(
    dossier: Dossier, world: Cast, cast: People
) -> None:
    drawn = rechecked(dossier, world, cast).draw
    assert repeated(drawn).holds
    assert drawn.frame is not None
    drawn.frame = [[dossier.unit_id, drawn.frame[0][1], "0" * 64]]
    drawn.frame_sha256 = digest(drawn.frame)
    found = repeated(drawn)
    assert (found.is_same_frame, found.altered, found.holds) == (True, (dossier.unit_id,), False)
    send_back(dossier.pk, actor=cast.appraiser, now=on(5), reason="Theo kiểm tra", criteria=["1.2"])
    says(dossier, cast, S, NOT_MET, 6)
    submit(dossier.pk, actor=cast.officer, now=on(8))
    found = repeated(drawn)
    assert (found.altered, found.resubmitted) == ((), 1), "it has another one rightly"
