"""A round whose units changed while it was prepared does not stay like that: cancelled, or prepared anew."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.assessments.models import Assessment
from kieumau.assessments.tests.cast import Cast
from kieumau.audit.models import Entry
from kieumau.rounds.actions import (
    CannotChange,
    ask_for_round,
    begin_anew,
    cancel,
    named,
    prepare,
    prepare_part,
    readiness,
)
from kieumau.rounds.actions.open import NotWhole, judge
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.tests.cast import NOW, TODAY, People, open_round
from kieumau.rounds.tests.test_opening import wish
from kieumau.rounds.tests.test_pages import page, post
from kieumau.units.models import Term


@pytest.fixture
def office(world: Cast, grant: Any) -> User:
    made = User.objects.create_user("phong")
    grant(made, "programme_office", world.unit("Việt Nam"))
    return made


def stuck(world: Cast, cast: People) -> Round:
    """Asked for over three wards; one of them is a township by the time it is prepared."""
    made = ask_for_round(wish(world), actor=cast.appraiser, now=NOW)
    last = Term.objects.filter(unit=world.unit("An Bình"), valid__contains=TODAY)
    assert last.update(kind="thi-tran") == 1
    with pytest.raises(NotWhole):
        prepare(made.pk, now=NOW)
    return Round.objects.get(pk=made.pk)


CHANGED = [
    # what becomes of it, the state then, dossiers, how many are expected
    (cancel, Round.State.CANCELLED, 0, 3),
    (begin_anew, Round.State.OPEN, 2, 2),
]


@pytest.mark.parametrize(("change", "state", "dossiers", "expected"), CHANGED)
def test_what_becomes_of_a_stuck_round(
    world: Cast, cast: People, change: Any, state: str, dossiers: int, expected: int
) -> None:
    made = stuck(world, cast)
    assert (readiness(made).ready, readiness(made).wanted) == (2, 2)
    change(made, reason="An Bình đã đổi loại", actor=cast.appraiser, now=NOW)
    prepare(made.pk, now=NOW)  # a job that was still waiting
    found = Round.objects.get(pk=made.pk)
    assert (found.state, found.expected_count) == (state, expected)
    assert Dossier.objects.filter(round=made).count() == dossiers
    entry = Entry.objects.get(verb__in=["rounds.cancel", "rounds.prepare_anew"])
    assert (entry.why, entry.object_id) == ("An Bình đã đổi loại", str(made.pk))


@pytest.mark.parametrize("change", [cancel, begin_anew])
@pytest.mark.parametrize("pilots", [[], ["Cái Khế"]])
def test_who_comes_to_judge_a_round_that_changed_meanwhile_judges_nobody(
    world: Cast, cast: People, change: Any, pilots: list[str]
) -> None:
    """Its dossiers are gone: the path above all of them would be that of everybody."""
    only = named([world.unit(name) for name in pilots]) if pilots else None
    made = ask_for_round(wish(world, only=only), actor=cast.appraiser, now=NOW)
    prepare_part(made, "")
    Assessment.objects.all().delete()
    change(made, reason="Mở nhầm kỳ", actor=cast.appraiser, now=NOW)
    told = Entry.objects.count()
    judge(made.pk, NOW)
    assert (Assessment.objects.count(), Entry.objects.count()) == (0, told)


def test_neither_without_a_reason_nor_once_it_is_open(world: Cast, cast: People) -> None:
    made = stuck(world, cast)
    for change in (cancel, begin_anew):
        with pytest.raises(CannotChange, match="why"):
            change(made, reason=" ", actor=cast.appraiser, now=NOW)
    made = open_round(world)
    for change in (cancel, begin_anew):
        with pytest.raises(CannotChange, match="any more"):
            change(made, reason="Thôi", actor=cast.appraiser, now=NOW)


def test_a_cancelled_round_stays_so(world: Cast, cast: People) -> None:
    made = cancel(stuck(world, cast), reason="Thôi", actor=cast.appraiser, now=NOW)
    with pytest.raises(IntegrityError, match="stays what it is"), transaction.atomic():
        Round.objects.filter(pk=made.pk).update(state="preparing")


def test_the_page_says_why_and_offers_both(world: Cast, cast: People, office: User) -> None:
    made = stuck(world, cast)
    text = " ".join(page(office, "round", made.pk).content.decode().split())
    assert "asked for with 3 units, by the tree of now it has 2" in text
    assert reverse("round_cancel", args=[made.pk]) in text
    assert page(User.objects.create_user("lạ"), "round_cancel", made.pk).status_code == 403
    assert post(office, "round_cancel", made.pk, do="cancel", reason="").status_code == 422
    assert post(office, "round_cancel", made.pk, do="anew", reason="Cây đơn vị đã đổi").status_code == 302
    assert Round.objects.get().expected_count == 2
    assert post(office, "round_cancel", made.pk, do="cancel", reason="Mở nhầm kỳ").status_code == 302
    text = page(office, "round", made.pk).content.decode()
    assert "Mở nhầm kỳ" in text
    assert "phong" in text
