"""What owner and giver do with an assignment, who is told, and what the database itself refuses."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from kieumau.assignments import actions
from kieumau.assignments.actions import Came, DirectiveFacts, Pick, Task
from kieumau.assignments.failures import CannotGive, ChangedMeanwhile, NotAllowed, OwnWork
from kieumau.assignments.models import Assignment, Conclusion, Directive, DueChange, Report, Turn, Visit
from kieumau.assignments.rules import Origin
from kieumau.assignments.tests.conftest import DUE, NOW, TODAY, Cast, given, visit
from kieumau.audit.models import Entry
from kieumau.documents.actions import add_document
from kieumau.documents.models import Document
from kieumau.documents.rules import Facts
from kieumau.kernel.messages import Refused
from kieumau.notices.models import Notice

LATER = DUE + timedelta(days=5)


def document(unit_id: int) -> Document:
    facts = Facts(kind="report", issued_on=date(2026, 11, 1), summary="Biên bản nghiệm thu")
    return add_document(unit_id, facts, actor="tests", now=NOW)


def done(task: Assignment, cast: Cast, **more: Any) -> Report:
    return actions.report(task.pk, text="Đã xong", percent=100, actor=cast.officer, now=NOW, **more)


def told(user: Any) -> list[str]:
    return list(Notice.objects.filter(person=user).order_by("pk").values_list("kind", flat=True))


def test_given_reported_closed(task: Assignment, cast: Cast) -> None:
    paper = document(cast.units["An Bình"])
    actions.report(task.pk, text="Đang làm", percent=40, actor=cast.officer, now=NOW)
    assert Assignment.objects.get().state == "given"
    done(task, cast, documents=(paper.pk,))
    actions.close(task.pk, actor=cast.second, now=NOW)
    found = Assignment.objects.get()
    assert (found.state, found.percent, found.closed_by) == ("closed", 100, cast.second)
    assert list(found.turns.values_list("act", flat=True)) == ["give", "progress", "report", "close"]
    assert Document.objects.get(pk=paper.pk).sealed_at == NOW
    assert told(cast.officer) == ["assignment.given", "assignment.closed"]
    assert told(cast.approver) == ["assignment.given", "assignment.closed"]
    assert told(cast.office) == ["assignment.reported", "assignment.reported"]
    assert told(cast.elsewhere) == []
    verbs = Entry.objects.filter(object_kind="assignment").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "assignments.give",
        "assignments.progress",
        "assignments.report",
        "assignments.close",
    ]


def test_sent_back_with_reason_and_reported_again(task: Assignment, cast: Cast) -> None:
    actions.report(task.pk, text="Đang làm", percent=60, actor=cast.officer, now=NOW)
    done(task, cast)
    with pytest.raises(NotAllowed, match="Say why"):
        actions.send_back(task.pk, reason=" ", actor=cast.office, now=NOW)
    actions.send_back(task.pk, reason="Thiếu ảnh", actor=cast.office, now=NOW)
    found = Assignment.objects.get()
    assert (found.state, found.reported_by, found.reported_at) == ("sent_back", None, None)
    assert found.percent == 60  # as far as the progress before: it is not all done
    assert told(cast.officer)[-1] == "assignment.sent_back"
    done(task, cast)
    actions.close(task.pk, remark="Tốt", actor=cast.office, now=NOW)
    assert Turn.objects.get(act="close").reason == "Tốt"


def test_nobody_closes_what_he_reported(task: Assignment, cast: Cast) -> None:
    actions.report(task.pk, text="Một nửa", percent=50, actor=cast.office, now=NOW)
    done(task, cast)
    with pytest.raises(OwnWork):
        actions.close(task.pk, actor=cast.officer, now=NOW)
    with pytest.raises(OwnWork):  # who reported only once, and not last
        actions.close(task.pk, actor=cast.office, now=NOW)
    for person in (cast.officer, cast.office):
        with (
            pytest.raises(DatabaseError, match=r"assignment_is_closed|reported himself"),
            transaction.atomic(),
        ):
            Assignment.objects.update(state="closed", closed_at=NOW, closed_by=person)
    actions.close(task.pk, actor=cast.second, now=NOW)


def test_more_time_is_asked_for_granted_and_refused(task: Assignment, cast: Cast) -> None:
    def ask(**more: Any) -> DueChange:
        said: dict[str, Any] = {"due_on": LATER, "reason": "Chờ kinh phí", **more}
        return actions.ask(task.pk, actor=cast.officer, now=NOW, **said)

    with pytest.raises(NotAllowed, match="later"):
        ask(due_on=DUE)
    first = ask()
    with pytest.raises(NotAllowed, match="already"):
        ask()
    refused = actions.refuse_time(task.pk, reason="Đã đủ", actor=cast.office, now=NOW)
    assert (refused.answers, Assignment.objects.get().due_on) == (first, DUE)
    with pytest.raises(NotAllowed, match="Nobody has asked"):
        actions.refuse_time(task.pk, reason="Đã đủ", actor=cast.office, now=NOW)
    second = ask()
    granted = actions.grant(task.pk, due_on=LATER, reason="Đồng ý", actor=cast.office, now=NOW)
    assert (granted.answers, Assignment.objects.get().due_on) == (second, LATER)
    actions.grant(task.pk, due_on=LATER + timedelta(days=1), reason="Mưa bão", actor=cast.office, now=NOW)
    acts = DueChange.objects.values_list("act", flat=True)
    assert list(acts) == ["ask", "refuse", "ask", "grant", "grant"]


def test_two_editors_the_second_is_told(task: Assignment, cast: Cast) -> None:
    actions.change(task.pk, text="Sửa mái", partners=(), seen=1, actor=cast.office, now=NOW)
    with pytest.raises(ChangedMeanwhile) as caught:
        actions.change(task.pk, text="Sửa tường", partners=(), seen=1, actor=cast.second, now=NOW)
    assert str(caught.value.theirs) == "Sửa mái"
    with pytest.raises(ChangedMeanwhile):
        done(task, cast, seen=1)
    assert not Report.objects.exists()


def test_evidence_comes_from_the_shelves_of_owner_and_partners(task: Assignment, cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="shelf"):
        done(task, cast, documents=(document(cast.units["Hải Châu"]).pk,))
    done(task, cast, documents=(document(cast.units["Cái Khế"]).pk,))


def test_many_at_once_and_never_twice_about_one_thing(cast: Cast) -> None:
    came = Came(Origin.CRITERION, about_kind="dossier", about_id="7/1.2", about_text="Tiêu chí 1.2")

    def again(*names: str) -> list[Assignment]:
        return actions.give_for(
            came,
            [cast.units[name] for name in names],
            text="Hoàn thiện tiêu chí 1.2",
            due_on=DUE,
            giver_id=cast.units["Cần Thơ"],
            actor=cast.office,
            now=NOW,
        )

    assert len(again("An Bình", "Cái Khế")) == 2
    assert again("An Bình", "Cái Khế") == []
    actions.withdraw(Assignment.objects.earliest("pk").pk, reason="Nhầm", actor=cast.office, now=NOW)
    assert len(again("An Bình", "Cái Khế")) == 1
    assert Turn.objects.filter(act="give").count() == 3


def test_several_given_to_a_unit_are_told_once(cast: Cast) -> None:
    tasks = [Task(cast.units["An Bình"], f"Việc {n}", DUE) for n in range(3)]
    actions.give(tasks, giver_id=cast.units["Cần Thơ"], actor=cast.office, now=NOW)
    assert "3 assignments" in Notice.objects.get(person=cast.officer).text_en


def test_what_cannot_be_given(cast: Cast) -> None:
    for text, due_on in ((" ", DUE), ("Sửa", TODAY - timedelta(days=1))):
        wanted = Task(cast.units["An Bình"], text, due_on)
        with pytest.raises(CannotGive):
            actions.give([wanted], giver_id=cast.units["Cần Thơ"], actor=cast.office, now=NOW)
    assert not Assignment.objects.exists()


def test_each_conclusion_becomes_an_assignment(cast: Cast) -> None:
    made = actions.record_visit(visit(cast), actor=cast.office, now=NOW)
    picks = [Pick(one.pk, cast.units["An Bình"], DUE) for one in made.conclusions.all()]
    giver = cast.units["Cần Thơ"]
    tasks = actions.assign_conclusions(made.pk, picks, giver_id=giver, actor=cast.office, now=NOW)
    assert [one.text for one in tasks] == ["Sửa chữa trụ sở.", "Bổ sung trang thiết bị."]
    assert all(one.origin == "conclusion" and "12/11/2026" in one.about_text for one in tasks)
    assert actions.assign_conclusions(made.pk, picks, giver_id=giver, actor=cast.office, now=NOW) == []


def test_a_conclusion_that_was_given_keeps_its_words(cast: Cast) -> None:
    made = actions.record_visit(visit(cast), actor=cast.office, now=NOW)
    first = Conclusion.objects.get(visit=made, number=1)
    picks = [Pick(first.pk, cast.units["An Bình"], DUE)]
    actions.assign_conclusions(made.pk, picks, giver_id=cast.units["Cần Thơ"], actor=cast.office, now=NOW)
    other = visit(cast, conclusions=("Xây trụ sở mới.",))
    with pytest.raises(NotAllowed, match="its words and its place stay"):
        actions.change_visit(made.pk, other, seen=1, actor=cast.office, now=NOW)
    fine = visit(cast, conclusions=("Sửa chữa trụ sở.", "Tập huấn.", "Báo cáo."), observations=())
    actions.change_visit(made.pk, fine, seen=1, actor=cast.office, now=NOW)
    assert [one.text for one in made.conclusions.order_by("number")] == list(fine.conclusions)
    with pytest.raises(ChangedMeanwhile):
        actions.change_visit(made.pk, fine, seen=1, actor=cast.second, now=NOW)


WRONG_VISITS = [
    ({"purpose": " "}, "no-purpose"),
    ({"ends_on": date(2026, 11, 11)}, "backwards"),
    ({"ends_on": date(2026, 11, 23)}, "not-over"),
    ({"participants": ()}, "no-participants"),
]


@pytest.mark.parametrize(("wrong", "code"), WRONG_VISITS)
def test_what_is_no_visit(cast: Cast, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        actions.record_visit(visit(cast, **wrong), actor=cast.office, now=NOW)
    assert code in [one.code for one in caught.value.problems]
    assert not Visit.objects.exists()


def test_a_directive_of_a_document_has_a_number(cast: Cast) -> None:
    facts = DirectiveFacts(
        source=Directive.Source.DOCUMENT,
        issuer_id=cast.units["Cần Thơ"],
        issued_on=TODAY,
        title="Kế hoạch",
        text="Các đơn vị tự rà soát",
    )
    with pytest.raises(Refused, match="number of the document"):
        actions.record_directive(facts, actor=cast.office, now=NOW)


# What is said otherwise of a visit, and the parts that the log then tells of.
OTHERWISE: list[tuple[str, Any, list[str]]] = [
    ("purpose", "Kiểm tra đột xuất", ["purpose"]),
    ("programme", "model-wards", ["programme"]),
    ("ends_on", date(2026, 11, 14), ["days"]),
    ("observations", (("Trụ sở", "đã sửa"),), ["findings"]),
    ("conclusions", ("Sửa chữa trụ sở.",), ["conclusions"]),
    ("participants", (("Trưởng phòng", "Công an thành phố"),), ["participants"]),
]


@pytest.mark.parametrize(("part", "value", "parts"), OTHERWISE)
def test_every_change_of_a_visit_leaves_a_trace(cast: Cast, part: str, value: Any, parts: list[str]) -> None:
    made = actions.record_visit(visit(cast), actor=cast.office, now=NOW)
    actions.change_visit(made.pk, visit(cast, **{part: value}), seen=1, actor=cast.office, now=NOW)
    entry = Entry.objects.get(verb="assignments.change_visit")
    assert (sorted(entry.old or ()), sorted(entry.new or ())) == (parts, parts)


def test_the_log_keeps_no_words_that_people_typed(task: Assignment, cast: Cast) -> None:
    """A name stands for the thing; of what was found, concluded or is to be done only a digest is kept."""
    made = actions.record_visit(visit(cast), actor=cast.office, now=NOW)
    actions.change_visit(made.pk, visit(cast, conclusions=()), seen=1, actor=cast.office, now=NOW)
    actions.change(task.pk, text="Xây mới", partners=(), seen=1, actor=cast.office, now=NOW)
    kept = str(list(Entry.objects.values_list("old", "new")))
    for words in ("xuống cấp", "trang thiết bị", "Phó Giám đốc", "Sửa chữa trụ sở", "Xây mới"):
        assert words not in kept


def test_reminders_are_sent_once_for_each_due_day(cast: Cast) -> None:
    soon = given(cast, due_on=TODAY + timedelta(days=3))
    given(cast, due_on=TODAY + timedelta(days=4))
    late = given(cast, due_on=TODAY)
    Assignment.objects.filter(pk=late.pk).update(due_on=TODAY - timedelta(days=1))
    Notice.objects.all().delete()
    assert actions.remind(actor="night", now=NOW) == 6  # officer and approver of both, two givers of the late
    assert actions.remind(actor="night", now=NOW) == 0
    assert [one.new for one in Entry.objects.filter(verb="assignments.remind")] == [{"reminders": 6}]
    assert told(cast.officer) == ["assignment.soon", "assignment.overdue"]
    assert told(cast.office) == ["assignment.overdue"]
    assert Notice.objects.get(person=cast.officer, kind="assignment.soon").url.endswith(f"/{soon.pk}/")


STAYS: list[tuple[str, Callable[[], object]]] = [
    ("a turn changes", lambda: Turn.objects.update(reason="x")),
    ("a turn goes", lambda: Turn.objects.all()._raw_delete("default")),
    ("a report changes", lambda: Report.objects.update(text="x")),
    ("a report goes", lambda: Report.objects.all()._raw_delete("default")),
    ("a change of the due day goes", lambda: run("DELETE FROM assignment_due_change")),
    ("an assignment goes", lambda: run("DELETE FROM assignment")),
    ("a closed one is opened", lambda: Assignment.objects.update(state="given", closed_at=None)),
    ("a closed one is reported on", lambda: again()),  # noqa: PLW0108 (defined below)
    ("an unknown state", lambda: Assignment.objects.update(state="lost")),
    ("two origins", lambda: Assignment.objects.update(about_kind="dossier")),
]


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def again() -> None:
    one = Assignment.objects.get()
    assert one.reported_by is not None
    Report.objects.create(assignment=one, version=99, text="x", percent=1, at=NOW, by=one.reported_by)


@pytest.mark.parametrize("attempt", [row[1] for row in STAYS], ids=[row[0] for row in STAYS])
def test_what_the_database_refuses(task: Assignment, cast: Cast, attempt: Callable[[], object]) -> None:
    actions.ask(task.pk, due_on=LATER, reason="Chờ", actor=cast.officer, now=NOW)
    done(task, cast)
    actions.close(task.pk, actor=cast.office, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        attempt()
