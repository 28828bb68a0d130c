"""What waits in rounds, and for whom: until a decision, without what the person would be refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.calendars.models import Period
from kieumau.programmes.models import Programme
from kieumau.rounds.actions import (
    Count,
    assign_team,
    close,
    conclude,
    decide,
    extend,
    look_at_evidence,
    record_vote,
    say,
    send_back,
    submit,
)
from kieumau.rounds.failures import NotAllowed
from kieumau.rounds.models import Dossier, Round, Vote
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, TODAY, People, open_round, people
from kieumau.rounds.tests.test_life import verified
from kieumau.rounds.tests.test_pages import page, submitted
from kieumau.rounds.waiting import piles

Grant = Callable[..., Any]
MET = Said(Outcome.MET)
DECIDING = "Dossiers that wait for a decision"
VERIFYING = "Dossiers to verify"
LOOKING_AFTER = "Rounds to look after"
OPENING = "Rounds to open"


@pytest.fixture
def cast(world: Cast, grant: Grant) -> People:
    """A verifier of the province, and the office of the programme, which appraises and decides."""
    made = people()
    grant(made.verifier, "verifier", world.unit("Cần Thơ"))
    grant(made.appraiser, "programme_office")
    return made


def programme(world: Cast, code: str = "model-ward") -> Programme:
    return Programme.objects.create(
        code=code,
        area_id=world.unit("Cần Thơ"),
        name_vi="Phường kiểu mẫu",
        name_en="Model wards",
        title_vi="Công an phường kiểu mẫu",
        title_en="Model ward police",
        legal_basis="Kế hoạch 01",
        first_year=2023,
        changed_at=NOW,
    )


def in_round(world: Cast, of: Programme | None) -> Dossier:
    """That of Cái Khế, alone in its round."""
    made = open_round(world, wards=("Cái Khế",))
    Round.objects.filter(pk=made.pk).update(programme=of)
    return Dossier.objects.get(round=made)


def through(dossier: Dossier, cast: People) -> None:
    verified(dossier, cast)
    for code in ("1.1", "1.2"):
        say(
            dossier.pk,
            criterion=code,
            stage=Stage.APPRAISAL,
            said=MET,
            seen=None,
            actor=cast.appraiser,
            now=NOW,
        )
    conclude(dossier.pk, actor=cast.appraiser, now=NOW)


def waits(person: User) -> dict[str, list[str]]:
    """By pile what its lines say in English; none of empty piles."""
    with override("en"):
        found = [one for one in piles(User.objects.get(pk=person.pk), NOW) if one.lines]
        return {
            str(one.title): [getattr(line.says, "en", str(line.says)) for line in one.lines] for one in found
        }


def test_what_waits_for_a_decision_waits_until_it_is_made(world: Cast, cast: People) -> None:
    dossier = in_round(world, programme(world))
    through(dossier, cast)
    (line,) = waits(cast.appraiser)[LOOKING_AFTER]
    assert line.endswith(": 1 waits for a decision")
    assert len(waits(cast.appraiser)[DECIDING]) == 1
    close(dossier.round, reason="Hết năm", actor=cast.appraiser, now=NOW)
    assert len(waits(cast.appraiser)[DECIDING]) == 1
    decide(dossier.pk, is_met=False, decision="12/QĐ-BCA", actor=cast.appraiser, now=NOW)
    assert DECIDING not in waits(cast.appraiser)


@pytest.mark.parametrize("is_of_a_programme", [False, True])
def test_when_a_round_is_to_be_closed(world: Cast, cast: People, is_of_a_programme: bool) -> None:
    """Where nothing is decided, once all are through; else once all are decided."""
    dossier = in_round(world, programme(world) if is_of_a_programme else None)
    through(dossier, cast)
    (line,) = waits(cast.appraiser)[LOOKING_AFTER]
    assert ("to be closed" in line) is not is_of_a_programme
    decide(dossier.pk, is_met=False, decision="12/QĐ-BCA", actor=cast.appraiser, now=NOW)
    (line,) = waits(cast.appraiser)[LOOKING_AFTER]
    assert "to be closed" in line


def test_a_round_under_way_is_looked_after_and_closed_only_past_its_last_day(
    world: Cast, cast: People
) -> None:
    made = in_round(world, programme(world)).round
    (line,) = waits(cast.appraiser)[LOOKING_AFTER]
    assert line.endswith(": 1 dossier is not through all stages")
    made.deadlines.update(due_on=TODAY - timedelta(days=1))
    (line,) = waits(cast.appraiser)[LOOKING_AFTER]
    assert line.endswith("1 dossier is not through all stages; past its last day: extend it, or close it")


@pytest.mark.parametrize(("is_of_a_programme", "said"), [(False, "through all"), (True, "waiting for")])
def test_a_decision_is_waited_for_only_where_one_can_come(
    world: Cast, cast: People, is_of_a_programme: bool, said: str
) -> None:
    dossier = in_round(world, programme(world) if is_of_a_programme else None)
    through(dossier, cast)
    for name, pk in (("dossier", dossier.pk), ("round", dossier.round_id)):
        text = page(cast.appraiser, name, pk).content.decode()
        assert said in text
        assert ("aiting for a decision" in text) is is_of_a_programme, name


def test_the_last_day_of_a_round_is_as_it_was_extended(world: Cast, cast: People) -> None:
    made = in_round(world, None).round
    until = TODAY + timedelta(days=90)
    extend(
        made,
        stage=Stage.SELF,
        area_id=made.area_id,
        due_on=until,
        reason="Bão",
        actor=cast.appraiser,
        now=NOW,
    )
    with override("en"):
        found = {str(one.title): one.lines for one in piles(User.objects.get(pk=cast.appraiser.pk), NOW)}
    assert [line.due_on for line in found[LOOKING_AFTER]] == [until]


def vote(dossier: Dossier, who: User) -> Vote:
    count = Count(9, 8, 1)
    return record_vote(
        dossier.pk, council="Hội đồng", held_on=TODAY, count=count, minutes=None, actor=who, now=NOW
    )


def test_a_council_votes_until_it_is_decided_though_the_round_is_closed(world: Cast, cast: People) -> None:
    dossier = in_round(world, programme(world))
    through(dossier, cast)
    close(dossier.round, reason="Hết năm", actor=cast.appraiser, now=NOW)
    assert page(cast.appraiser, "dossier_vote", dossier.pk).status_code == 200
    assert vote(dossier, cast.appraiser).in_favor == 8


def test_nobody_votes_on_what_a_closed_round_left_behind(world: Cast, cast: People) -> None:
    dossier = in_round(world, None)
    verified(dossier, cast)
    close(dossier.round, reason="Hết năm", actor=cast.appraiser, now=NOW)
    assert page(cast.appraiser, "dossier_vote", dossier.pk).status_code == 404
    with pytest.raises(NotAllowed) as caught:
        vote(dossier, cast.appraiser)
    assert [one.code for one in caught.value.problems] == ["round-is-closed"]


SIDES = [
    # on which side an officer of the office worked on it, does it wait for his decision?
    ("officer", False),
    ("verifier", False),
    ("appraiser", True),
    ("second_officer", True),  # on none
]


@pytest.mark.parametrize(("who", "is_there"), SIDES)
def test_whoever_worked_on_another_side_does_not_decide(
    world: Cast, cast: People, grant: Grant, who: str, is_there: bool
) -> None:
    dossier = in_round(world, programme(world))
    through(dossier, cast)
    person = getattr(cast, who)
    if who != "appraiser":
        grant(person, "programme_office")
    assert (DECIDING in waits(person)) is is_there


GIVEN = [
    # which criteria a team of others has, where, may they verify; does the dossier wait for the verifier?
    ((), "Cần Thơ", True, True),
    (("1.1",), "Cần Thơ", True, True),  # 1.2 is for everybody
    (("1.1", "1.2"), "Cần Thơ", True, False),
    (("1.1", "1.2"), "Cần Thơ", False, True),  # the team binds nobody
    (("1.1", "1.2"), "An Bình", True, True),  # elsewhere
]


@pytest.mark.parametrize(("criteria", "area", "they_may", "is_there"), GIVEN)
def test_what_is_all_of_other_teams_does_not_wait(
    world: Cast,
    cast: People,
    grant: Grant,
    criteria: tuple[str, ...],
    area: str,
    they_may: bool,
    is_there: bool,
) -> None:
    if they_may:
        grant(cast.second_officer, "verifier", world.unit("Cần Thơ"))
    dossier = Dossier.objects.get(round=open_round(world), unit=world.unit("Cái Khế"))
    submitted(dossier, cast)
    team(dossier, criteria, world.unit(area), cast.second_officer, cast)
    assert (VERIFYING in waits(cast.verifier)) is is_there


def team(dossier: Dossier, criteria: tuple[str, ...], area: int, who: User, cast: People) -> None:
    if criteria:
        assign_team(
            dossier.round,
            area_id=area,
            name=f"Tổ {who}",
            criteria=criteria,
            people=[who],
            actor=cast.appraiser,
            now=NOW,
        )


def test_it_waits_for_the_people_of_the_team_and_once_nothing_is_left(
    world: Cast, cast: People, grant: Grant
) -> None:
    grant(cast.second_officer, "verifier", world.unit("Cần Thơ"))
    dossier = in_round(world, None)
    evidence = submitted(dossier, cast)
    team(dossier, ("1.1", "1.2"), world.unit("Cần Thơ"), cast.second_officer, cast)
    team(dossier, ("1.1",), world.unit("Cần Thơ"), cast.appraiser, cast)
    assert VERIFYING in waits(cast.second_officer)
    assert VERIFYING not in waits(cast.verifier)
    for code in ("1.1", "1.2"):
        said = Said(Outcome.NOT_MET, remark="Chưa có")
        say(
            dossier.pk,
            criterion=code,
            stage=Stage.VERIFICATION,
            said=said,
            seen=None,
            actor=cast.second_officer,
            now=NOW,
        )
    assert VERIFYING not in waits(cast.verifier)  # its evidence is not judged yet
    type(evidence).objects.filter(pk=evidence.pk).update(
        state="refused", reason="Sai loại", looked_at_by=cast.second_officer, looked_at=NOW
    )
    assert VERIFYING in waits(cast.verifier)  # to be concluded, by anybody


HELD = [
    # the round: its calendar's year, its state; is another round of 2026 to be opened?
    ("civil", 2026, Round.State.OPEN, False),
    ("civil", 2025, Round.State.OPEN, True),
    ("civil", 2026, Round.State.CLOSED, False),
    ("civil", 2026, Round.State.CANCELLED, True),
    ("tt124-commune", 2026, Round.State.OPEN, False),
]


@pytest.mark.parametrize(("calendar", "year", "state", "is_asked"), HELD)
def test_which_round_is_still_to_be_opened(
    world: Cast, cast: People, calendar: str, year: int, state: str, is_asked: bool
) -> None:
    made = open_round(world)
    Round.objects.create(
        programme=programme(world),
        criteria_set=made.criteria_set,
        period=Period.objects.get(calendar__code=calendar, kind="year", year=year),
        name="Đợt",
        area=made.area,
        stages=made.stages,
        state=state,
        made_at=NOW,
        made_by="tests",
        opened_at=None if state == Round.State.CANCELLED else NOW,
    )
    assert (OPENING in waits(cast.appraiser)) is is_asked


def test_what_was_sent_back_says_so(world: Cast, cast: People, grant: Grant) -> None:
    dossier = in_round(world, None)
    grant(cast.officer, "officer", world.unit("Cái Khế"))
    evidence = submitted(dossier, cast)
    send_back(dossier.pk, reason="Chụp lại", criteria=["1.1"], actor=cast.verifier, now=NOW)
    (line,) = waits(cast.officer)["Dossiers to assess"]
    assert line.endswith("sent back, to be done again")
    submit(dossier.pk, actor=cast.officer, now=NOW)
    look_at_evidence(evidence, is_accepted=False, reason="Mờ", actor=cast.verifier, now=NOW)
    send_back(dossier.pk, reason="Chụp lại", criteria=["1.1"], actor=cast.verifier, now=NOW)
    (line,) = waits(cast.officer)["Dossiers to assess"]
    assert line.endswith("sent back, 1 criterion has only documents that were not accepted")
