"""The pages of assignments: who sees what, may do what, loses nothing typed; and their queries."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kieumau.assignments import actions
from kieumau.assignments.models import Assignment, Directive, Report, Visit
from kieumau.assignments.tests.conftest import DUE, NOW, TODAY, Cast, given
from kieumau.assignments.tests.pages import page, post, signed_in, text_of
from kieumau.assignments.tests.test_life import document, done
from kieumau.documents.actions import add_document
from kieumau.documents.rules import Facts

MOST = 12
LATER = (DUE + timedelta(days=5)).isoformat()


# Who, which list, is the assignment of An Bình on it?
LISTS = [
    ("officer", "viec", True),
    ("officer", "giao", False),
    ("officer", "qua-han", False),
    ("officer", "tat-ca", True),
    ("office", "viec", False),
    ("office", "giao", True),
    ("elsewhere", "giao", False),
    ("elsewhere", "tat-ca", False),
    ("auditor", "tat-ca", True),
]


@pytest.mark.parametrize(("who", "view", "is_there"), LISTS)
def test_the_lists(task: Assignment, cast: Cast, who: str, view: str, is_there: bool) -> None:
    answer = page(getattr(cast, who), "assignments", xem=view)
    assert answer.status_code == 200
    assert ("Sửa chữa trụ sở" in text_of(answer)) is is_there


@pytest.mark.parametrize(
    ("asked", "is_there"),
    [
        ({"tim": "an binh"}, False),
        ({"tim": "An Bình"}, True),
        ({"tim": "trụ"}, True),
        ({"tinh-trang": "closed"}, False),
        ({"tinh-trang": "given"}, True),
        ({"xem": "x", "trang": "-1"}, True),
    ],
)
def test_filters(task: Assignment, cast: Cast, asked: dict[str, str], is_there: bool) -> None:
    assert ("Sửa chữa trụ sở" in text_of(page(cast.officer, "assignments", **asked))) is is_there


def test_the_file_is_the_list_and_no_formula(cast: Cast) -> None:
    wanted = actions.Task(cast.units["An Bình"], "=1+1", DUE)
    actions.give([wanted], giver_id=cast.units["Cần Thơ"], actor=cast.office, now=NOW)
    answer = page(cast.officer, "assignments_csv")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert rows[1][1:4] == ["An Bình Ward", "Cần Thơ City", "'=1+1"]
    assert len(rows) == 2


READS = [("officer", 200), ("approver", 200), ("office", 200), ("auditor", 200), ("elsewhere", 404)]


@pytest.mark.parametrize(("who", "status"), READS)
def test_who_reads_an_assignment(task: Assignment, cast: Cast, who: str, status: int) -> None:
    user = getattr(cast, who)
    assert page(user, "assignment", task.pk).status_code == status
    may_report = page(user, "assignment_report", task.pk).status_code
    assert may_report == (200 if who in {"officer", "approver"} else 404)
    assert page(user, "assignment_edit", task.pk).status_code == (200 if who == "office" else 404)


def test_given_to_many_reported_and_closed(cast: Cast) -> None:
    typed = {"text": "Tập huấn", "due_on": DUE.isoformat(), "giver": cast.units["Cần Thơ"]}
    answer = post(cast.office, "assignment_new", **typed, owners="an bình\nPhường Cái Khế (31135)\n")
    assert answer.status_code == 302, text_of(answer)
    first = Assignment.objects.get(owner=cast.units["An Bình"])
    assert Assignment.objects.count() == 2
    paper = document(cast.units["An Bình"])
    sent = {"text": "Xong", "percent": 100, "documents": [paper.pk], "seen": 1}
    assert post(cast.officer, "assignment_report", first.pk, **sent).status_code == 302
    assert list(Report.objects.get().documents.all()) == [paper]
    assert "Biên bản nghiệm thu" in text_of(page(cast.office, "assignment", first.pk))
    assert post(cast.officer, "assignment_act", first.pk, do="close", seen=2).status_code == 404
    assert post(cast.office, "assignment_act", first.pk, do="close", seen=2).status_code == 302
    assert Assignment.objects.get(pk=first.pk).state == "closed"


def test_every_commune_below_at_once(cast: Cast) -> None:
    typed = {"text": "Rà soát", "due_on": DUE.isoformat(), "giver": cast.units["Cần Thơ"], "communes": "on"}
    assert post(cast.office, "assignment_new", **typed).status_code == 302
    owners = set(Assignment.objects.values_list("owner_id", flat=True))
    assert owners == {cast.units["An Bình"], cast.units["Cái Khế"]}


REFUSED = [
    ({"owners": "Hải Châu"}, "There is no unit “Hải Châu”"),
    ({"owners": ""}, "Say which units"),
    ({"due_on": "2026-11-01"}, "passed already"),
    ({"text": ""}, "required"),
    ({"partners": "Cái Khế\nAn Bình"}, "is to do it: do not name it as a partner"),
]


@pytest.mark.parametrize(("wrong", "words"), REFUSED)
def test_what_is_refused_stays_on_the_page(cast: Cast, wrong: dict[str, str], words: str) -> None:
    typed = {"text": "Rà soát lại", "due_on": DUE.isoformat(), "giver": cast.units["Cần Thơ"]}
    answer = post(cast.office, "assignment_new", **{**typed, "owners": "An Bình", **wrong})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert ("Rà soát lại" in text_of(answer)) is ("text" not in wrong)
    assert not Assignment.objects.exists()


def test_who_gives_nothing_is_told_why(cast: Cast) -> None:
    assert page(cast.officer, "assignment_new").status_code == 403
    typed = {"text": "x", "due_on": DUE.isoformat(), "giver": cast.units["Đà Nẵng"], "owners": "An Bình"}
    assert post(cast.office, "assignment_new", **typed).status_code == 422  # no unit of his


def test_the_second_editor_sees_both_and_loses_nothing(task: Assignment, cast: Cast) -> None:
    assert post(cast.office, "assignment_edit", task.pk, text="Sửa mái", seen=1).status_code == 302
    answer = post(cast.second, "assignment_edit", task.pk, text="Sửa tường", seen=1)
    assert answer.status_code == 409
    assert "Sửa mái" in text_of(answer)
    assert "Sửa tường" in text_of(answer)
    assert 'name="seen" value="2"' in text_of(answer)
    again = post(cast.second, "assignment_edit", task.pk, text="Sửa tường", seen=2)
    assert again.status_code == 302
    assert Assignment.objects.get().text == "Sửa tường"


def test_the_second_report_sees_the_first(task: Assignment, cast: Cast) -> None:
    sent = {"percent": 60, "seen": 1}
    assert post(cast.officer, "assignment_report", task.pk, text="Đã mua vật tư", **sent).status_code == 302
    answer = post(cast.approver, "assignment_report", task.pk, text="Đã ký hợp đồng", **sent)
    assert answer.status_code == 409
    assert "Đã mua vật tư" in text_of(answer)
    assert "Đã ký hợp đồng" in text_of(answer)


def test_an_act_on_what_has_changed_keeps_its_reason(task: Assignment, cast: Cast) -> None:
    done(task, cast)
    answer = post(cast.office, "assignment_act", task.pk, do="send_back", reason="Thiếu ảnh", seen=1)
    assert answer.status_code == 409
    assert "Thiếu ảnh" in text_of(answer)
    assert post(cast.office, "assignment_act", task.pk, do="send_back", reason="", seen=2).status_code == 422
    sent = post(cast.office, "assignment_act", task.pk, do="send_back", reason="Thiếu ảnh", seen=2)
    assert sent.status_code == 302
    assert "Thiếu ảnh" in text_of(page(cast.officer, "assignment", task.pk))


def test_more_time(task: Assignment, cast: Cast) -> None:
    asked = {"do": "ask", "due_on": LATER, "reason": "Chờ vốn", "seen": 1}
    assert post(cast.officer, "assignment_act", task.pk, **{**asked, "due_on": "x"}).status_code == 422
    assert post(cast.officer, "assignment_act", task.pk, **asked).status_code == 302
    assert "Chờ vốn" in text_of(page(cast.office, "assignment", task.pk))
    granted = {"do": "grant", "due_on": LATER, "reason": "Được", "seen": 2}
    assert post(cast.officer, "assignment_act", task.pk, **granted).status_code == 404
    assert post(cast.office, "assignment_act", task.pk, **granted).status_code == 302
    assert Assignment.objects.get().due_on.isoformat() == LATER


# Who, whose page, what it says.
WAITING = [
    ("officer", "An Bình", "1 overdue"),
    ("office", "Cần Thơ", "1 overdue"),
    ("office", "An Bình", ""),
    ("elsewhere", "Cần Thơ", ""),
    ("auditor", "An Bình", ""),
]


@pytest.mark.parametrize(("who", "unit", "said"), WAITING)
def test_what_is_overdue_stands_on_the_page_of_owner_and_giver(
    cast: Cast, who: str, unit: str, said: str
) -> None:
    late = given(cast)
    Assignment.objects.filter(pk=late.pk).update(due_on=TODAY - timedelta(days=1))
    shown = text_of(page(getattr(cast, who), "unit", cast.units[unit]))
    assert ("overdue" in shown) is bool(said)
    assert said in shown


def test_no_page_takes_many_queries(task: Assignment, sources: tuple[Visit, Directive], cast: Cast) -> None:
    done(task, cast, documents=(document(cast.units["An Bình"]).pk,))
    for number in range(30):
        given(cast, due_on=DUE + timedelta(days=number))
    made, found = sources
    waiting = Assignment.objects.filter(state="given").latest("pk").pk
    addresses = [
        (cast.office, reverse("assignments") + "?xem=tat-ca"),
        (cast.office, reverse("assignment", args=[task.pk])),
        (cast.office, reverse("assignment_new")),
        (cast.office, reverse("assignment_edit", args=[waiting])),
        (cast.officer, reverse("assignment_report", args=[waiting])),
        (cast.office, reverse("visits")),
        (cast.office, reverse("visit", args=[made.pk])),
        (cast.office, reverse("visit_new")),
        (cast.office, reverse("visit_edit", args=[made.pk])),
        (cast.office, reverse("directives")),
        (cast.office, reverse("directive", args=[found.pk])),
        (cast.office, reverse("directive_new")),
    ]
    took = {}
    for user, address in addresses:
        client = signed_in(user)
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        took[address] = len(queries)
    assert {address: count for address, count in took.items() if count > MOST} == {}


def test_whoever_sends_no_version_sees_first_what_stands(cast: Cast, task: Assignment) -> None:
    assert post(cast.office, "assignment_act", task.pk, do="withdraw", reason="Thôi").status_code == 409
    assert Assignment.objects.get(pk=task.pk).state == "given"


def test_an_old_document_is_named(task: Assignment, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the newest that can be chosen, a document is named by its number or by what it is about."""
    monkeypatch.setattr("kieumau.assignments.forms.MOST_DOCUMENTS", 1)
    here = cast.units["An Bình"]
    day = TODAY - timedelta(days=90)
    said = [
        Facts(kind="report", issued_on=day, reference="15/BC-UBND", summary="Báo cáo"),
        Facts(kind="minutes", issued_on=day, summary="Biên bản họp"),
    ]
    old, minutes = (add_document(here, facts, actor="tests", now=NOW) for facts in said)
    newest = document(here)
    offered = page(cast.officer, "assignment_report", task.pk).context["form"].fields["documents"].queryset
    assert list(offered) == [newest]
    typed = {"text": "Đã xong", "percent": 100, "seen": 1, "documents": [newest.pk]}
    for wrong in ("16/BC-UBND", "15/BC-UBND\nNghiệm thu"):
        refused = post(cast.officer, "assignment_report", task.pk, **typed, named=wrong)
        assert "No document is called" in text_of(refused)
    both = "15/bc-ubnd\nbiên bản họp"
    assert post(cast.officer, "assignment_report", task.pk, **typed, named=both).status_code == 302
    assert set(Report.objects.get().documents.all()) == {old, minutes, newest}


# How many documents the shelf holds, of which two are shown; is an older one asked for by name?
SHELVES = [(0, False), (1, False), (2, False), (3, True)]


@pytest.mark.parametrize(("count", "is_asked"), SHELVES)
def test_older_documents_are_spoken_of_where_there_are_some(
    task: Assignment, cast: Cast, monkeypatch: pytest.MonkeyPatch, count: int, is_asked: bool
) -> None:
    monkeypatch.setattr("kieumau.assignments.forms.MOST_DOCUMENTS", 2)
    for _ in range(count):
        document(cast.units["An Bình"])
    for asked in (
        page(cast.officer, "assignment_report", task.pk),
        page(cast.office, "visit_new", **{"don-vi": str(cast.units["An Bình"])}),
    ):
        assert ("An older document" in text_of(asked)) is is_asked


def test_what_is_typed_of_a_report_is_kept_while_a_document_is_added(task: Assignment, cast: Cast) -> None:
    text = page(cast.officer, "assignment_report", task.pk).content.decode()
    kept = text[text.index("<km-keep") : text.index("</km-keep>")]
    assert f'key="assignment-{task.pk}-report"' in kept
    assert f'name="version" value="{task.version}"' in kept
    assert 'data-leaves="keep"' in kept
    typed = post(cast.officer, "assignment_report", task.pk, text="", percent=50, seen=task.version)
    assert " typed" in typed.content.decode().split("<km-keep", 1)[1].split(">", 1)[0]


def test_who_adds_no_documents_is_told_who_does_and_led_nowhere(task: Assignment, cast: Cast) -> None:
    closed = text_of(page(cast.approver, "assignment_report", task.pk))
    assert "/van-ban/moi/" not in closed
    assert "these may: hoa." in " ".join(closed.split())
    address = f"/don-vi/{task.owner_id}/van-ban/moi/"
    assert f'href="{address}"' in text_of(page(cast.officer, "assignment_report", task.pk))
