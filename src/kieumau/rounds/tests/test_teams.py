"""Teams bind whoever verifies; they are changed and ended, and all of it is in the log."""

from typing import Any

import pytest

from kieumau.accounts.models import Grant, User
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.audit.models import Entry
from kieumau.rounds.actions import CannotAssign, assign_team, change_team, end_team, look_at_evidence, say
from kieumau.rounds.failures import NotAllowed
from kieumau.rounds.models import Dossier, Evidence, Hand, Round, Team
from kieumau.rounds.rules import Act, Place, Side, Stage, State
from kieumau.rounds.saying import Said
from kieumau.rounds.telling import to_tell
from kieumau.rounds.tests.cast import NOW, TODAY, People, open_round, people
from kieumau.rounds.tests.test_pages import page, post, submitted


@pytest.fixture
def cast(world: Cast, grant: Any) -> People:
    made = people()
    for one in (made.verifier, made.second_officer):
        grant(one, "verifier", world.unit("Cần Thơ"))
    grant(made.appraiser, "programme_office", world.unit("Cần Thơ"))
    return made


@pytest.fixture
def evidence(world: Cast, cast: People) -> Evidence:
    """Of Cái Khế, for 1.1; its dossier is with the verifiers."""
    found = Dossier.objects.get(round=open_round(world), unit=world.unit("Cái Khế"))
    return submitted(found, cast)


def team(evidence: Evidence, cast: People, area: int, *criteria: str) -> Team:
    return assign_team(
        evidence.dossier.round,
        area_id=area,
        name="Tổ 1",
        criteria=criteria,
        people=[cast.second_officer],
        actor=cast.appraiser,
        now=NOW,
    )


def verify(evidence: Evidence, who: User, code: str = "1.2") -> None:
    said = Said(Outcome.MET)
    say(
        evidence.dossier_id,
        criterion=code,
        stage=Stage.VERIFICATION,
        said=said,
        seen=None,
        actor=who,
        now=NOW,
    )


BINDS = [
    # the team's area and criteria, has it ended, who verifies 1.2, may he?
    ("Cần Thơ", ["1.2"], False, "second_officer", True),
    ("Cần Thơ", ["1.2"], False, "verifier", False),
    ("Cái Khế", ["1.2"], False, "verifier", False),
    ("An Bình", ["1.2"], False, "verifier", True),
    ("Cần Thơ", ["1.1"], False, "verifier", True),
    ("Cần Thơ", ["1.2"], True, "verifier", True),
]


@pytest.mark.parametrize(("area", "criteria", "has_ended", "who", "may"), BINDS)
def test_who_verifies_what_a_team_has(
    world: Cast,
    cast: People,
    evidence: Evidence,
    area: str,
    criteria: list[str],
    has_ended: bool,
    who: str,
    may: bool,
) -> None:
    made = team(evidence, cast, world.unit(area), *criteria)
    if has_ended:
        end_team(made, reason="Xong việc", seen=1, actor=cast.appraiser, now=NOW)
    if may:
        verify(evidence, getattr(cast, who))
        return
    with pytest.raises(NotAllowed) as caught:
        verify(evidence, getattr(cast, who))
    (problem,) = caught.value.problems
    assert problem.in_("vi").startswith("Tiêu chí này do tổ khác thẩm định: Tổ 1 (lan).")
    assert problem.in_("en").startswith("Others verify this criterion: Tổ 1 (lan).")


LOST = ["account closed", "role ended", "role ran out", "of another programme", "on the unit's side"]


@pytest.mark.parametrize("lost", LOST)
def test_a_team_of_which_nobody_may_verify_binds_nobody(
    cast: People, world: Cast, evidence: Evidence, lost: str
) -> None:
    made, lan = team(evidence, cast, world.unit("Cần Thơ"), "1.2"), cast.second_officer
    held = Grant.objects.filter(user=lan)
    match lost:
        case "account closed":
            User.objects.filter(pk=lan.pk).update(is_active=False)
        case "role ended":
            held.update(ended_at=NOW, end_reason="Chuyển công tác")
        case "role ran out":
            held.update(ends_before=TODAY)
        case "of another programme":
            held.update(programme="vc")
        case _:
            Hand.objects.create(dossier=evidence.dossier, person=lan, side=Side.UNIT)
    (shown,) = page(cast.appraiser, "round_teams", made.round_id).context["teams"]
    assert shown[2] == (lost == "on the unit's side"), "there it is one dossier alone"
    assert [one.pk for one in _verifiers_told(evidence)] == ([lan.pk] if shown[2] else [cast.verifier.pk])
    verify(evidence, cast.verifier)


def _verifiers_told(evidence: Evidence) -> list[User]:
    dossier = Dossier.objects.select_related("round__programme").get(pk=evidence.dossier_id)
    place = Place(Stage.VERIFICATION, State.OPEN)
    return list(User.objects.filter(pk__in=to_tell(dossier, Act.SUBMIT, place)))


def test_a_team_of_before_teams_bound_does_so_once_it_is_saved(
    cast: People, world: Cast, evidence: Evidence
) -> None:
    made = team(evidence, cast, world.unit("Cần Thơ"), "1.2")
    Team.objects.update(binds=False)
    assert "it was made before" in page(cast.appraiser, "round_teams", made.round_id).content.decode()
    assert [one.pk for one in _verifiers_told(evidence)] != [cast.second_officer.pk]
    verify(evidence, cast.verifier)
    said: dict[str, Any] = {"name": "Tổ 1", "criteria": ["1.2"], "people": [cast.second_officer]}
    change_team(made, seen=1, actor=cast.appraiser, now=NOW, **said)
    with pytest.raises(NotAllowed, match="Others verify"):
        verify(evidence, cast.verifier)


def test_one_who_still_may_is_enough(cast: People, world: Cast, evidence: Evidence, grant: Any) -> None:
    made = team(evidence, cast, world.unit("Cần Thơ"), "1.2")
    other = User.objects.create_user("tuấn")
    grant(other, "verifier", world.unit("Cần Thơ"))
    made.people.add(other)
    User.objects.filter(pk=cast.second_officer.pk).update(is_active=False)
    with pytest.raises(NotAllowed, match=r"Tổ 1 \(tuấn\)"):
        verify(evidence, cast.verifier)
    verify(evidence, other)


@pytest.mark.parametrize("do", ["assign", "change", "end"])
def test_teams_of_a_round_that_is_not_open_stay(
    cast: People, world: Cast, evidence: Evidence, do: str
) -> None:
    made = team(evidence, cast, world.unit("Cần Thơ"), "1.2")
    Round.objects.filter(pk=made.round_id).update(state="closed", closed_at=NOW)
    by: dict[str, Any] = {"actor": cast.appraiser, "now": NOW}
    said: dict[str, Any] = {**by, "name": "Tổ 2", "criteria": ["1.1"], "people": [cast.verifier]}
    acts = {
        "assign": lambda: assign_team(made.round, area_id=made.area_id, **said),
        "change": lambda: change_team(made, seen=1, **said),
        "end": lambda: end_team(made, reason="Xong", seen=1, **by),
    }
    with pytest.raises(CannotAssign, match="not open"):
        acts[do]()
    assert Team.objects.values_list("name", "version", "ended_at").get() == ("Tổ 1", 1, None)


def test_evidence_is_judged_by_the_team_as_well(world: Cast, cast: People, evidence: Evidence) -> None:
    team(evidence, cast, world.unit("Cần Thơ"), "1.1")
    with pytest.raises(NotAllowed, match="Others verify"):
        look_at_evidence(evidence, is_accepted=True, reason="", actor=cast.verifier, now=NOW)
    assert Evidence.objects.get(pk=evidence.pk).state == Evidence.State.PENDING


def test_a_team_is_changed_over_what_was_seen(world: Cast, cast: People, evidence: Evidence) -> None:
    made = team(evidence, cast, world.unit("Cần Thơ"), "1.2")
    said: dict[str, Any] = {"criteria": ["1.1", "1.2"], "actor": cast.appraiser, "now": NOW}
    change_team(made, name="Tổ một", people=[cast.verifier], seen=1, **said)
    verify(evidence, cast.verifier)
    with pytest.raises(CannotAssign, match=r"Tổ một; 1\.1, 1\.2; minh"):
        change_team(made, name="Tổ 2", people=[cast.verifier], seen=1, **said)
    with pytest.raises(CannotAssign, match="needs a name"):
        change_team(made, name="Tổ 2", people=[], seen=2, **said)
    entry = Entry.objects.get(verb="rounds.change_team")
    assert ((entry.old or {})["people"], (entry.new or {})["people"]) == (["lan"], ["minh"])


def test_an_ended_team_stays_and_its_name_is_free(world: Cast, cast: People, evidence: Evidence) -> None:
    made = team(evidence, cast, world.unit("Cần Thơ"), "1.2")
    with pytest.raises(CannotAssign, match="Say why"):
        end_team(made, reason=" ", seen=1, actor=cast.appraiser, now=NOW)
    end_team(made, reason="Giải thể", seen=1, actor=cast.appraiser, now=NOW)
    assert Entry.objects.get(verb="rounds.end_team").why == "Giải thể"
    with pytest.raises(CannotAssign, match="has ended"):
        end_team(made, reason="Lần nữa", seen=2, actor=cast.appraiser, now=NOW)
    team(evidence, cast, world.unit("Cần Thơ"), "1.2")
    assert Team.objects.count() == 2


def test_teams_are_changed_and_ended_on_a_page(world: Cast, cast: People, evidence: Evidence) -> None:
    made = team(evidence, cast, world.unit("Cần Thơ"), "1.2")
    place = (evidence.dossier.round_id, made.pk)
    assert 'value="Tổ 1"' in page(cast.appraiser, "round_team", *place).content.decode()
    data = {"name": "Tổ một", "people": cast.verifier.pk, "criteria": ["1.1"], "seen": 1, "do": "change"}
    assert post(cast.appraiser, "round_team", *place, **data).status_code == 302
    late = post(cast.appraiser, "round_team", *place, **data)
    assert late.status_code == 422
    assert 'name="seen" value="2"' in late.content.decode()
    end = {"do": "end", "reason": "Xong"}
    stale = post(cast.appraiser, "round_team", *place, **end, seen=1)
    assert (stale.status_code, "Somebody has changed" in stale.content.decode()) == (422, True)
    assert post(cast.appraiser, "round_team", *place, **end, seen=2).status_code == 302
    text = page(cast.appraiser, "round_teams", place[0]).content.decode()
    assert "Xong" in text
    assert page(cast.appraiser, "round_team", *place).status_code == 404
