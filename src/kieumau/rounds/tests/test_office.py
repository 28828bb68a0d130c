"""What an office does with a round on its pages: opens, extends, gives teams, closes; votes; lists."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.audit.models import Entry
from kieumau.programmes.models import Programme
from kieumau.rounds.actions import close, say
from kieumau.rounds.failures import NotAllowed
from kieumau.rounds.jobs import prepare_round
from kieumau.rounds.models import Dossier, Extension, Round, Team, Vote
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, TODAY, People, dossier_of, open_round, staff
from kieumau.rounds.tests.test_pages import page, page_at, post, submitted


@pytest.fixture
def cast(world: Cast, grant: Any) -> People:
    return staff(world, grant)


@pytest.fixture
def office(world: Cast, grant: Any) -> User:
    """The programme office of Cần Thơ."""
    made = User.objects.create_user("phong")
    grant(made, "programme_office", world.unit("Cần Thơ"))
    return made


def typed(world: Cast, **changes: Any) -> dict[str, Any]:
    given = {
        "criteria_set": world.criteria_set.pk,
        "period": "2026",
        "name": "Đợt 2026",
        "area": world.unit("Cần Thơ"),
        "whom": "every",
        "stages": ["2", "3"],
        "due_self": (TODAY + timedelta(days=9)).isoformat(),
        "do": "preview",
    }
    return {**given, **changes}


def test_a_round_is_looked_at_before_it_is_opened(world: Cast, office: User) -> None:
    text = post(office, "round_new", **typed(world)).content.decode()
    assert "would have 2 units" in text
    assert not Round.objects.exists()
    answer = post(office, "round_new", **typed(world, do="open"))
    made = Round.objects.get()
    assert answer.url == reverse("round", args=[made.pk])
    assert "0 of" in " ".join(page(office, "round", made.pk).content.decode().split())
    prepare_round(made.pk)
    assert Dossier.objects.filter(round=made).count() == 2
    assert page(office, "round", made.pk).status_code == 200


WRONG = [
    ({"period": "2026-13"}, "2026-13"),
    ({"criteria_set": ""}, "Choose a set"),
    ({"whom": "named", "named": "Không Có"}, "Không Có"),
    ({"whom": "pilots"}, "No unit takes part"),
    ({"stages": ["3"]}, "self-assessment"),
    ({"due_self": "2026-01-01"}, "in the past"),
]


@pytest.mark.parametrize(("changes", "said"), WRONG)
def test_what_is_wrong_is_said_in_words(
    world: Cast, office: User, changes: dict[str, Any], said: str
) -> None:
    answer = post(office, "round_new", **typed(world, **changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="Đợt 2026"' in answer.content.decode()


def test_units_are_named_and_rounds_are_opened_at_home_only(world: Cast, office: User) -> None:
    text = post(office, "round_new", **typed(world, whom="named", named="31150")).content.decode()
    assert "would have 1 unit" in text
    away = post(office, "round_new", **typed(world, area=world.unit("Hồ Chí Minh")))
    assert away.status_code == 422
    assert page(User.objects.create_user("lạ"), "round_new").status_code == 403


def test_extending_and_closing(world: Cast, cast: People, office: User) -> None:
    made = open_round(world)
    data = {
        "area": world.unit("Cần Thơ"),
        "stage": "2",
        "due_on": (TODAY + timedelta(days=60)).isoformat(),
        "reason": "Bão số 9",
        "knowing": f"self:{TODAY + timedelta(days=60)}",  # verification ends before
    }
    assert page(cast.verifier, "round_extend", made.pk).status_code == 403
    early = post(office, "round_extend", made.pk, **{**data, "due_on": TODAY.isoformat()})
    assert early.status_code == 422
    assert post(office, "round_extend", made.pk, **data).status_code == 302
    assert Extension.objects.get().reason == "Bão số 9"
    assert "Bão số 9" in page(office, "round_extend", made.pk).content.decode()
    assert post(office, "round_close", made.pk, reason="Hết năm").status_code == 302
    assert Round.objects.get().state == Round.State.CLOSED
    assert Entry.objects.get(verb="rounds.close").why == "Hết năm"
    assert page(office, "round_close", made.pk).status_code == 302
    assert post(office, "round_extend", made.pk, **data).status_code == 302
    assert Extension.objects.count() == 1


def test_single_units_are_extended(world: Cast, office: User) -> None:
    made = open_round(world)
    data = {
        "area": world.unit("Cần Thơ"),
        "named": "31135\nphường an bình",
        "stage": "2",
        "due_on": (TODAY + timedelta(days=60)).isoformat(),
        "reason": "Bão số 9",
        "knowing": f"self:{TODAY + timedelta(days=60)}",  # verification ends before
    }
    away = post(office, "round_extend", made.pk, **{**data, "named": "Cái Khế\nSài Gòn"})
    assert away.status_code == 422
    text = away.content.decode()
    assert "There is no unit “Sài Gòn” in this area." in html.unescape(text)
    assert "Bão số 9</textarea>" in text
    assert post(office, "round_extend", made.pk, **data).status_code == 302
    units = set(Extension.objects.values_list("area", flat=True))
    assert units == {world.unit("Cái Khế"), world.unit("An Bình")}


def test_a_team_of_one_unit(world: Cast, cast: People, office: User) -> None:
    made = open_round(world)
    data = {
        "area": world.unit("Cần Thơ"),
        "named": "Cái Khế",
        "name": "Tổ 1",
        "people": cast.verifier.pk,
        "criteria": ["1.2"],
    }
    assert post(office, "round_teams", made.pk, **{**data, "named": "Cái"}).status_code == 422
    assert post(office, "round_teams", made.pk, **data).status_code == 302
    assert Team.objects.get().area_id == world.unit("Cái Khế")


def test_nothing_is_saved_in_a_closed_round(world: Cast, cast: People) -> None:
    made = close(open_round(world), reason="Hết năm", actor=cast.appraiser, now=NOW)
    dossier = Dossier.objects.get(round=made, unit=world.unit("Cái Khế"))
    with pytest.raises(NotAllowed):
        say(
            dossier.pk,
            criterion="1.2",
            stage=Stage.SELF,
            said=Said(Outcome.MET),
            seen=None,
            actor=cast.officer,
            now=NOW,
        )
    text = page(cast.officer, "dossier", dossier.pk).content.decode()
    assert "Submit the dossier" not in text


def test_a_team_marks_what_is_its_own(world: Cast, cast: People, office: User) -> None:
    made = open_round(world)
    dossier = Dossier.objects.get(round=made, unit=world.unit("Cái Khế"))
    submitted(dossier, cast)
    data = {"area": world.unit("Cần Thơ"), "name": "Tổ 1", "people": cast.verifier.pk, "criteria": ["1.2"]}
    assert post(office, "round_teams", made.pk, **data).status_code == 302
    assert list(Team.objects.get().people.all()) == [cast.verifier]
    text = page(cast.verifier, "dossier", dossier.pk).content.decode()
    assert text.count('class="mine"') == 1
    own = page_at(cast.verifier, reverse("dossier", args=[dossier.pk]) + "?cua-toi=1").content.decode()
    assert 'id="c-1.2"' in own
    assert 'id="c-1.1"' not in own
    assert 'class="mine"' not in page(cast.officer, "dossier", dossier.pk).content.decode()


def test_a_council_votes(world: Cast, cast: People) -> None:
    dossier = dossier_of(world)
    evidence = submitted(dossier, cast)
    data = {
        "council": "Hội đồng thẩm định",
        "held_on": TODAY.isoformat(),
        "members": "9",
        "in_favor": "8",
        "against": "2",
        "minutes": evidence.document_id,
    }
    assert post(cast.officer, "dossier_vote", dossier.pk, **data).status_code == 404
    assert post(cast.appraiser, "dossier_vote", dossier.pk, **data).status_code == 422
    assert post(cast.appraiser, "dossier_vote", dossier.pk, **{**data, "against": "1"}).status_code == 302
    assert Vote.objects.get().minutes_id == evidence.document_id
    assert "8 for" in " ".join(page(cast.officer, "dossier", dossier.pk).content.decode().split())


FOUND = [
    # what is asked for, the units that come
    ("?tim=cai khe", ["Cái Khế"]),
    ("?o-dau=verification", ["Cái Khế"]),
    ("?o-dau=with-unit", ["An Bình"]),
    ("?o-dau=sent-back", []),
    ("?o-dau=overdue", []),
    ("?o-dau=khác&tinh=x", ["An Bình", "Cái Khế"]),
]


@pytest.mark.parametrize(("asked", "names"), FOUND)
def test_units_are_found(world: Cast, cast: People, asked: str, names: list[str]) -> None:
    made = open_round(world)
    submitted(Dossier.objects.get(round=made, unit=world.unit("Cái Khế")), cast)
    text = page_at(cast.verifier, reverse("round", args=[made.pk]) + asked).content.decode()
    assert [name for name in ("An Bình", "Cái Khế") if f"{name} Ward" in text] == names
    file = page_at(cast.verifier, reverse("round_csv", args=[made.pk]) + asked)
    rows = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + len(names)


def of_programme(made: Round) -> Programme:
    """The round belongs to a programme from now on."""
    programme = Programme.objects.create(
        code="model-ward", name_vi="Phường kiểu mẫu", name_en="Model wards", first_year=2023, changed_at=NOW
    )
    Round.objects.filter(pk=made.pk).update(programme=programme)
    return programme


def test_a_round_is_looked_after_by_whoever_has_all_of_it(world: Cast, grant: Any) -> None:
    made = open_round(world)  # over Cần Thơ, of a programme
    of_programme(made)
    holders = [
        # the unit, the programme, may he close it, extend it, give it teams
        ("Cái Khế", "", False),
        ("Cần Thơ", "other", False),
        ("Cần Thơ", "model-ward", True),
        ("Việt Nam", "", True),
    ]
    for number, (unit, programme, may) in enumerate(holders):
        person = User.objects.create_user(f"p{number}")
        grant(person, "programme_office", world.unit(unit), programme)
        for name in ("round_close", "round_extend", "round_teams"):
            assert page(person, name, made.pk).status_code == (200 if may else 403), (unit, programme, name)


def test_a_list_holds_only_rounds_that_open(world: Cast, grant: Any) -> None:
    made = open_round(world)
    for is_of_programme in (False, True):
        if is_of_programme:
            of_programme(made)
        for number, (role, programme) in enumerate(
            [("verifier", ""), ("verifier", "other"), ("officer", "model-ward"), ("officer", "other")]
        ):
            person = User.objects.create_user(f"p{is_of_programme}{number}")
            grant(person, role, world.unit("Cần Thơ" if role == "verifier" else "Cái Khế"), programme)
            is_listed = made.name in page(person, "rounds").content.decode()
            assert is_listed == (page(person, "round", made.pk).status_code == 200), (role, programme)
            assert is_listed == (programme in {"", "model-ward" if is_of_programme else ""})
