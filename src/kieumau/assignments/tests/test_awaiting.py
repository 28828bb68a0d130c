"""What waits on “My work” among visits and assignments, and when it leaves."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override

from kieumau.accounts.acting import acting
from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tests.test_row_security import serving
from kieumau.assignments import actions
from kieumau.assignments.actions import Pick, Task
from kieumau.assignments.awaiting import piles
from kieumau.assignments.failures import NotAllowed
from kieumau.assignments.models import Assignment, Conclusion, Visit
from kieumau.assignments.queries import View, listed
from kieumau.assignments.rules import Origin
from kieumau.assignments.tests.conftest import DUE, NOW, TODAY, Cast, given, visit
from kieumau.assignments.tests.pages import page, post, text_of
from kieumau.assignments.tests.test_life import done, told
from kieumau.audit.models import Entry
from kieumau.notices.models import Notice

DAY = timedelta(days=1)
TO_COME = "Visits to come"
TO_WRITE = "Visits that are over, to be written up"
OPEN_ENDED = "Visits from whose conclusions no assignment follows"


def waiting(user: User, days: int = 0) -> dict[str, int]:
    """The piles of a person some days later, as the role that serves."""
    with override("en"), acting(user), serving():
        return {str(one.title): one.count for one in piles(user, NOW + days * DAY) if one.count}


def planned(cast: Cast, **more: Any) -> Visit:
    """The office of Cần Thơ comes to An Bình in two days."""
    days = {"starts_on": TODAY + 2 * DAY, "ends_on": TODAY + 3 * DAY}
    nothing: dict[str, Any] = {"participants": (), "observations": (), "conclusions": ()}
    return actions.record_visit(visit(cast, **days, **nothing, **more), actor=cast.office, now=NOW)


def test_a_visit_to_come_is_written_up_once_it_is_over(cast: Cast) -> None:
    made = planned(cast)
    assert waiting(cast.officer) == waiting(cast.office) == {TO_COME: 1}
    assert waiting(cast.officer, 3) == {TO_COME: 1}
    assert waiting(cast.officer, 4) == {}
    assert waiting(cast.office, 4) == {TO_WRITE: 1}
    days = {"starts_on": made.starts_on, "ends_on": made.ends_on}
    nothing = visit(cast, **days, observations=(), conclusions=())
    actions.change_visit(made.pk, nothing, seen=1, actor=cast.office, now=NOW + 4 * DAY)
    assert waiting(cast.office, 4) == {}  # it found nothing, says who led it


def test_what_is_to_come_has_found_nothing(cast: Cast) -> None:
    for more in ({"observations": (("Trụ sở", "tốt"),)}, {"conclusions": ("Sửa trụ sở.",)}):
        facts = visit(cast, **{"ends_on": TODAY + DAY, "observations": (), "conclusions": (), **more})
        with pytest.raises(NotAllowed, match="not over yet"):
            actions.record_visit(facts, actor=cast.office, now=NOW)
    with pytest.raises(NotAllowed, match="which posts"):
        actions.record_visit(visit(cast, participants=()), actor=cast.office, now=NOW)


def test_each_conclusion_is_given_or_needs_none(cast: Cast) -> None:
    made = actions.record_visit(visit(cast), actor=cast.office, now=NOW)
    assert waiting(cast.office) == {OPEN_ENDED: 1}
    assert waiting(cast.officer) == {}
    first, second = Conclusion.objects.order_by("number")
    pick = Pick(first.pk, cast.units["An Bình"], DUE)
    actions.assign_conclusions(made.pk, [pick], giver_id=made.leader_id, actor=cast.office, now=NOW)
    assert waiting(cast.office) == {OPEN_ENDED: 1}
    settle = {"none": second.pk, "why": "Đã có trong kế hoạch năm"}
    assert post(cast.office, "visit_assign", made.pk, none=second.pk, why=" ").status_code == 422
    assert post(cast.elsewhere, "visit_assign", made.pk, **settle).status_code == 404
    assert post(cast.office, "visit_assign", made.pk, none="0", why="x").status_code == 404
    assert post(cast.office, "visit_assign", made.pk, **settle).status_code == 302
    assert waiting(cast.office) == {}
    entry = Entry.objects.get(verb="assignments.settle_conclusion")
    assert (entry.object_id, entry.new, entry.why) == (str(made.pk), {"number": 2}, settle["why"])
    same = visit(cast, purpose="Kiểm tra lại")
    actions.change_visit(made.pk, same, seen=1, actor=cast.office, now=NOW)
    assert Conclusion.objects.get(number=2).settled_why == settle["why"]
    said_otherwise = visit(cast, conclusions=(first.text, "Mua máy tính."))
    actions.change_visit(made.pk, said_otherwise, seen=2, actor=cast.office, now=NOW)
    assert waiting(cast.office) == {OPEN_ENDED: 1}


def test_whom_it_was_given_to_out_of_sight_counts(cast: Cast) -> None:
    """The ministry gave what a province's visit concluded to a unit elsewhere: nothing waits there."""
    facts = visit(cast, conclusions=("Hỗ trợ trang thiết bị.",))
    actions.record_visit(facts, actor=cast.office, now=NOW)
    one = Conclusion.objects.get()
    came = actions.Came(Origin.CONCLUSION, conclusion_id=one.pk, about_text="x")
    task = Task(cast.units["Hải Châu"], one.text, DUE, came=came)
    actions.give([task], giver_id=cast.units["Việt Nam"], actor="tests", now=NOW)
    with acting(cast.office), serving():
        assert not Assignment.objects.exists()
    assert waiting(cast.office) == {}


def test_what_a_giver_finds(cast: Cast) -> None:
    reported, late = given(cast), given(cast, "Cái Khế", due_on=TODAY)
    done(reported, cast)
    assert waiting(cast.office, 1) == {
        "Assignments reported, to be closed": 1,
        "Assignments given that are overdue": 1,
    }
    with override("en"), acting(cast.office), serving():
        (pile,) = [
            one for one in piles(cast.office, NOW + DAY) if one.title == "Assignments given that are overdue"
        ]
    assert pile.more == "/nhiem-vu/?xem=giao&tinh-trang=overdue"
    rows = listed(cast.office, View.GIVEN, TODAY + DAY, state="overdue")
    assert list(rows) == list(listed(cast.office, View.ALL, TODAY + DAY, state="overdue")) == [late]
    assert not listed(cast.office, View.GIVEN, TODAY, state="overdue")
    elsewhere = User.objects.create_user("quy")
    grant(elsewhere, "programme_office", cast.units["Đà Nẵng"])
    assert waiting(elsewhere, 1) == {}


def test_the_list_of_a_unit(cast: Cast) -> None:
    """The counts on the page of a unit lead to its own assignments alone."""
    given(cast)
    given(cast, "Cái Khế")
    here, province = cast.units["Cái Khế"], cast.units["Cần Thơ"]
    answer = page(cast.office, "assignments", xem="tat-ca", **{"don-vi": str(here)})
    assert [row[0].owner_id for row in answer.context["rows"]] == [here]
    assert "Only of" in text_of(answer)
    counts = [
        len(page(cast.office, "assignments", xem="giao", **{"don-vi": asked}).context["rows"])
        for asked in (str(province), str(here), "x", "9" * 20, "")
    ]
    assert counts == [2, 0, 2, 2, 2]


def test_partners_are_told_and_find_it(cast: Cast) -> None:
    """Cái Khế helps An Bình: it is told what, and that it changes or is taken back; not what is reported."""
    partner = User.objects.create_user("chi")
    grant(partner, "officer", cast.units["Cái Khế"])
    task = given(cast)
    (first,) = Notice.objects.filter(person=partner)
    assert (first.kind, first.text_en) == (
        "assignment.given",
        "To help with, due 2 Dec 2026: Sửa chữa trụ sở",
    )
    assert waiting(partner) == {"Assignments to help with": 1}
    assert "Sửa chữa trụ sở" in text_of(page(partner, "assignments", xem="phoi-hop"))
    done(task, cast)
    actions.send_back(task.pk, reason="Thiếu ảnh", actor=cast.office, now=NOW)
    actions.grant(task.pk, due_on=DUE + DAY, reason="Mưa bão", actor=cast.office, now=NOW)
    actions.withdraw(task.pk, reason="Đã có nơi khác làm", actor=cast.office, now=NOW)
    assert told(partner) == ["assignment.given", "assignment.changed", "assignment.changed"]
    assert waiting(partner) == {}
    tasks = [Task(cast.units["An Bình"], text, DUE, (cast.units["Cái Khế"],)) for text in ("Một", "Hai")]
    actions.give(tasks, giver_id=cast.units["Cần Thơ"], actor=cast.office, now=NOW)
    latest = Notice.objects.filter(person=partner).latest("pk")
    assert latest.text_vi == "Phối hợp thực hiện 2 nhiệm vụ, hạn sớm nhất 02/12/2026"
    assert latest.url == "/nhiem-vu/?xem=phoi-hop"


def test_who_works_for_both_is_told_as_the_owner(cast: Cast) -> None:
    grant(cast.officer, "officer", cast.units["Cái Khế"])
    given(cast)
    (only,) = Notice.objects.filter(person=cast.officer)
    assert only.text_en.startswith("New, due")
