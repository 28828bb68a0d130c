"""“My work” tells officers and their leader of a dossier in which everything is answered."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from kieumau.accounts.models import User
from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.rounds.actions import add_evidence, look_at_evidence, remove_evidence, say, send_back
from kieumau.rounds.dossier_page import page_of
from kieumau.rounds.models import Dossier, Evidence, StageDeadline, StageFinding
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, TODAY, People, open_round, resolution, staff
from kieumau.rounds.tests.test_life import answered, submitted
from kieumau.rounds.tests.test_pages import Grant
from kieumau.rounds.waiting import piles

LATER = NOW + timedelta(hours=1)
FOR_THE_LEADER = "everything is answered, waits for the leader to submit it"
FOR_YOU = "everything is answered, waits for you to submit it"
ONLY_REFUSED = "sent back, 1 criterion has only documents that were not accepted"
NOTHING = ""  # there is nothing to submit yet, so the leader has no such pile
LATE = "everything is answered, but it was not submitted in time"


@pytest.fixture
def cast(kept_judged: Cast, grant: Grant) -> People:
    """One officer of Cái Khế, and its leader, who submits."""
    return staff(kept_judged, grant, submitting="second_officer")


@pytest.fixture
def dossier(kept_judged: Cast) -> Dossier:
    """That of Cái Khế alone: 1.1 asks for a resolution, 1.2 for an answer, figures say the rest."""
    return Dossier.objects.get(round=open_round(kept_judged, wards=("Cái Khế",)))


def found(dossier: Dossier, cast: People, code: str, outcome: Outcome = Outcome.MET) -> None:
    there = StageFinding.objects.filter(dossier=dossier, stage=Stage.SELF, criterion__code=code).first()
    say(
        dossier.pk,
        criterion=code,
        stage=Stage.SELF,
        said=Said(outcome),
        seen=there.version if there else None,
        actor=cast.officer,
        now=LATER,
    )


def nothing(dossier: Dossier, cast: People) -> None:
    pass


def one_of_two(dossier: Dossier, cast: People) -> None:
    found(dossier, cast, "1.2")


def without_a_document(dossier: Dossier, cast: People) -> None:
    found(dossier, cast, "1.1")
    found(dossier, cast, "1.2")


def with_another_kind(dossier: Dossier, cast: People) -> None:
    without_a_document(dossier, cast)
    plan = resolution(dossier.unit_id, kind="plan")
    add_evidence(dossier.pk, criterion="1.1", document=plan, actor=cast.officer, now=NOW)


def not_met(dossier: Dossier, cast: People) -> None:
    found(dossier, cast, "1.1", Outcome.NOT_MET)
    found(dossier, cast, "1.2")


def too_late(dossier: Dossier, cast: People) -> None:
    answered(dossier, cast)
    StageDeadline.objects.filter(round=dossier.round).update(due_on=TODAY - timedelta(days=1))


def without_a_verdict(dossier: Dossier, cast: People) -> None:
    answered(dossier, cast)
    Assessment.objects.filter(unit=dossier.unit_id).delete()


def back(dossier: Dossier, cast: People, *criteria: str) -> None:
    send_back(dossier.pk, reason="Làm lại", criteria=criteria, actor=cast.verifier, now=NOW)


def back_as_a_whole(dossier: Dossier, cast: People) -> None:
    submitted_by_the_leader(dossier, cast)
    back(dossier, cast)


def back_and_done_again(dossier: Dossier, cast: People) -> None:
    back_as_a_whole(dossier, cast)
    found(dossier, cast, "1.2", Outcome.NOT_MET)


def back_for_one(dossier: Dossier, cast: People) -> None:
    submitted_by_the_leader(dossier, cast)
    back(dossier, cast, "1.2")


def back_for_one_and_done_again(dossier: Dossier, cast: People) -> None:
    back_for_one(dossier, cast)
    found(dossier, cast, "1.2", Outcome.NOT_MET)


def refused(dossier: Dossier, cast: People) -> Evidence:
    evidence = submitted_by_the_leader(dossier, cast)
    look_at_evidence(evidence, is_accepted=False, reason="Mờ", actor=cast.verifier, now=NOW)
    back(dossier, cast, "1.1")
    return evidence


def refused_and_another(dossier: Dossier, cast: People) -> None:
    remove_evidence(refused(dossier, cast), actor=cast.officer, now=LATER)
    another = resolution(dossier.unit_id, date(2026, 3, 10))
    add_evidence(dossier.pk, criterion="1.1", document=another, actor=cast.officer, now=LATER)


def submitted_by_the_leader(dossier: Dossier, cast: People) -> Evidence:
    return submitted(dossier, cast)


TABLE: list[tuple[Callable[[Dossier, People], object], str, str]] = [
    # what was done, what the officer reads behind the round's name, what the leader does
    (nothing, "", NOTHING),
    (one_of_two, "", NOTHING),
    (without_a_document, "", NOTHING),
    (with_another_kind, "", NOTHING),
    (answered, FOR_THE_LEADER, FOR_YOU),
    (not_met, FOR_THE_LEADER, FOR_YOU),  # an answer, too
    (too_late, LATE, LATE),
    (without_a_verdict, "", NOTHING),  # nobody knows whether the set still applies
    (back_as_a_whole, "sent back, to be done again", NOTHING),
    (back_and_done_again, FOR_THE_LEADER, FOR_YOU),
    (back_for_one, "sent back, to be done again", NOTHING),
    (back_for_one_and_done_again, FOR_THE_LEADER, FOR_YOU),
    (refused, ONLY_REFUSED, NOTHING),
    (refused_and_another, FOR_THE_LEADER, FOR_YOU),
]


@pytest.mark.parametrize(("done", "officer", "leader"), TABLE)
def test_what_is_told_of_it(
    dossier: Dossier, cast: People, done: Callable[[Dossier, People], object], officer: str, leader: str
) -> None:
    done(dossier, cast)
    assert told(cast.officer) == {"Dossiers to assess": officer}
    assert told(cast.second_officer) == ({"Dossiers to submit": leader} if leader else {})


@pytest.mark.parametrize("done", [one[0] for one in TABLE if one[0] is not without_a_verdict])
def test_it_is_what_the_page_says(
    dossier: Dossier, cast: People, done: Callable[[Dossier, People], object]
) -> None:
    done(dossier, cast)
    row = Dossier.objects.select_related("round__period", "round__criteria_set").get(pk=dossier.pk)
    page = page_of(row, NOW)
    assert (not page.lacking and not page.is_untouched) is told(cast.officer)[
        "Dossiers to assess"
    ].startswith("everything")


def test_whoever_does_both_is_not_told_to_wait_for_another(
    dossier: Dossier, cast: People, grant: Grant
) -> None:
    answered(dossier, cast)
    grant(cast.officer, "approver", dossier.unit_id)
    assert told(cast.officer) == {"Dossiers to assess": FOR_YOU, "Dossiers to submit": FOR_YOU}


def test_it_takes_no_query_more(dossier: Dossier, cast: People) -> None:
    answered(dossier, cast)
    told(cast.officer)
    person = User.objects.get(pk=cast.officer.pk)
    assert person.has_perm("rounds.assess")
    with CaptureQueriesContext(connection) as queries:
        assert list(piles(person, NOW))
    assert len(queries) == 1


def told(person: User) -> dict[str, str]:
    """By pile what its one line says behind the name of the round, in English."""
    with override("en"):
        found = [one for one in piles(User.objects.get(pk=person.pk), NOW) if one.lines]
        said = {
            str(one.title): [getattr(line.says, "en", str(line.says)) for line in one.lines] for one in found
        }
    return {
        title: line.removeprefix("Đánh giá năm 2026").removeprefix(": ") for title, (line,) in said.items()
    }
