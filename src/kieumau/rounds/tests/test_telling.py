"""Who is told when a dossier moves on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import Cast
from kieumau.notices.models import Notice
from kieumau.rounds.actions import close, decide, extend, send_back
from kieumau.rounds.models import Dossier, Team
from kieumau.rounds.rules import Stage
from kieumau.rounds.telling import Way
from kieumau.rounds.tests.cast import NOW, TODAY, People, open_round, people
from kieumau.rounds.tests.test_life import submitted, verified
from kieumau.rounds.tests.test_waiting import through

Grant = Callable[..., Any]


@pytest.fixture
def cast(world: Cast, grant: Grant) -> People:
    made = people()
    grant(made.officer, "officer", world.unit("Cái Khế"))
    grant(made.second_officer, "officer", world.unit("Cái Khế"))
    grant(made.verifier, "verifier", world.unit("Cần Thơ"))
    grant(made.appraiser, "appraiser")
    grant(User.objects.create_user("beside"), "officer", world.unit("An Bình"))
    return made


@pytest.fixture
def dossier(world: Cast) -> Dossier:
    return Dossier.objects.get(round=open_round(world), unit=world.unit("Cái Khế"))


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("person__username", flat=True))


def test_whose_turn_it_is(dossier: Dossier, cast: People) -> None:
    verified(dossier, cast)
    assert told("rounds.submitted") == {"minh"}
    assert told("rounds.concluded") == {"quang"}


def test_only_the_nearest_verifiers_are_told(
    dossier: Dossier, cast: People, world: Cast, grant: Grant
) -> None:
    grant(User.objects.create_user("nation"), "verifier", world.unit("Việt Nam"))
    submitted(dossier, cast)
    assert told("rounds.submitted") == {"minh"}


def test_units_are_told_of_their_round(dossier: Dossier, cast: People, world: Cast, grant: Grant) -> None:
    grant(User.objects.create_user("chi"), "approver", world.unit("Cái Khế"))
    made = dossier.round
    last = TODAY + timedelta(days=90)
    area = world.unit("Cái Khế")
    extend(made, stage=Stage.SELF, area_id=area, due_on=last, reason="Bão", actor=cast.appraiser, now=NOW)
    assert told("rounds.extended") == {"hoa", "lan", "chi"}
    close(made, reason="Hết năm", actor=cast.appraiser, now=NOW)
    assert told("rounds.closed") == {"hoa", "lan", "chi", "beside"}


def test_the_unit_is_told_why_it_is_sent_back(
    dossier: Dossier, cast: People, world: Cast, grant: Grant
) -> None:
    grant(User.objects.create_user("chi"), "approver", world.unit("Cái Khế"))
    submitted(dossier, cast)
    send_back(dossier.pk, actor=cast.verifier, now=NOW, reason="Chụp lại nghị quyết")
    assert told("rounds.sent_back") == {"hoa", "lan", "chi"}  # the approver too
    one = Notice.objects.filter(kind="rounds.sent_back").first()
    assert one is not None
    assert one.text_vi == "Hồ sơ của Phường Cái Khế bị trả lại (Đánh giá năm 2026): Chụp lại nghị quyết"


def test_where_there_are_teams_their_people_are_told(
    dossier: Dossier, cast: People, world: Cast, grant: Grant
) -> None:
    member = User.objects.create_user("to-1")
    grant(member, "verifier", world.unit("Cần Thơ"))
    team = Team.objects.create(round=dossier.round, area_id=world.unit("Cần Thơ"), name="Tổ 1")
    team.people.add(member, User.objects.create_user("to-2"))
    submitted(dossier, cast)
    assert told("rounds.submitted") == {"to-1"}


DECIDED = [
    # is the title given, is the dossier met by its own rule; what is said of it
    (True, True, "Phường Cái Khế được công nhận, hồ sơ đạt (10/12 tiêu chí)."),
    (True, False, "Phường Cái Khế được công nhận dù hồ sơ chưa đạt (10/12 tiêu chí)."),
    (False, True, "Phường Cái Khế không được công nhận dù hồ sơ đạt (10/12 tiêu chí)."),
    (False, False, "Phường Cái Khế không được công nhận, hồ sơ chưa đạt (10/12 tiêu chí)."),
]


@pytest.mark.parametrize(("is_met", "is_found_met", "said"), DECIDED)
def test_what_was_decided_is_said_not_what_was_found_alone(
    is_met: bool, is_found_met: bool, said: str
) -> None:
    sentence = Way(is_met, is_found_met, met=10, total=12).sentence()
    told = sentence.vi.format(unit="Phường Cái Khế", round="Đợt {1}", reason="12/QĐ-BCA")
    assert told == f"{said} Đợt {{1}}: 12/QĐ-BCA"
    assert ("although" in sentence.en) is (is_met is not is_found_met)


WAYS = [
    (True, "Phường Cái Khế được công nhận dù hồ sơ chưa đạt (4/5 tiêu chí). {rest}"),
    (False, "Phường Cái Khế không được công nhận, hồ sơ chưa đạt (4/5 tiêu chí). {rest}"),
]


@pytest.mark.parametrize(("is_met", "said"), WAYS)
def test_the_unit_is_told_which_way_it_was_decided(
    dossier: Dossier, cast: People, is_met: bool, said: str
) -> None:
    through(dossier, cast)
    decide(dossier.pk, is_met=is_met, decision="12/QĐ-BCA", why="Đã rõ", actor=cast.appraiser, now=NOW)
    text = Notice.objects.filter(kind="rounds.decided").latest("pk").text_vi
    assert text == said.format(rest="Đánh giá năm 2026: 12/QĐ-BCA: Đã rõ")
