"""The pages of visits: who records and changes one, what is given of it, and which documents it names."""

from datetime import UTC, date, datetime

import pytest

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assignments import actions
from kieumau.assignments.models import Assignment, Conclusion, Directive, Visit
from kieumau.assignments.tests.conftest import DUE, NOW, Cast, visit
from kieumau.assignments.tests.pages import page, post, text_of
from kieumau.assignments.tests.test_life import document
from kieumau.documents.models import Document


def test_a_visit_is_recorded_and_its_conclusions_given(cast: Cast) -> None:
    typed = {
        "unit": "An Bình",
        "leader": cast.units["Cần Thơ"],
        "starts_on": "2026-11-12",
        "ends_on": "2026-11-12",
        "purpose": "Kiểm tra phường kiểu mẫu",
        "participants": "Phó Giám đốc, Công an thành phố",
        "observations": "Trụ sở: xuống cấp",
        "conclusions": "Sửa trụ sở.\nMua máy tính.",
    }
    wrong = post(
        cast.office,
        "visit_new",
        **{**typed, "participants": "Đội trưởng, PA05\nNguyễn Văn A", "ends_on": "2026-11-11"},
    )
    assert wrong.status_code == 422
    assert "Mua máy tính." in text_of(wrong)
    assert "“Nguyễn Văn A” needs a post" in text_of(wrong), "the line that is meant"
    assert "It ends before it begins" in text_of(wrong), "at once, not after the next try"
    paper = document(cast.units["An Bình"])
    assert (
        f'value="{paper.pk}"' in post(cast.office, "visit_new", **{**typed, "purpose": ""}).content.decode()
    )
    assert post(cast.officer, "visit_new", **typed).status_code == 403
    assert post(cast.office, "visit_new", **typed).status_code == 302
    made = Visit.objects.get()
    first, second = Conclusion.objects.order_by("number")
    chosen = {f"pick-{first.pk}": "on", f"owner-{first.pk}": "An Bình", f"due-{first.pk}": DUE.isoformat()}
    giver = {"giver": cast.units["Cần Thơ"]}
    refused = post(cast.office, "visit_assign", made.pk, **chosen, **giver, **{f"pick-{second.pk}": "on"})
    assert refused.status_code == 422
    assert "Conclusion 2" in text_of(refused)
    late = {**chosen, f"due-{first.pk}": "2020-01-01", f"owner-{first.pk}": "An Bình"}
    assert "Conclusion 1: the due day has passed" in text_of(
        post(cast.office, "visit_assign", made.pk, **late, **giver)
    )
    assert post(cast.office, "visit_assign", made.pk, **chosen, **giver).status_code == 302
    assert Assignment.objects.get().text == "Sửa trụ sở."
    assert "Kiểm tra phường kiểu mẫu" in text_of(page(cast.officer, "visit", made.pk))
    assert page(cast.elsewhere, "visit", made.pk).status_code == 404


# The days of a visit as the page is read on the 22nd, and what it says of them.
WHEN = [
    (date(2026, 11, 25), date(2026, 11, 26), "has not begun yet"),
    (date(2026, 11, 21), date(2026, 11, 26), "not over yet"),
    (date(2026, 11, 22), date(2026, 11, 22), ""),
    (date(2026, 11, 12), date(2026, 11, 13), ""),
]


@pytest.mark.parametrize(("starts_on", "ends_on", "said"), WHEN)
def test_the_page_says_whether_it_has_begun(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, starts_on: date, ends_on: date, said: str
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 22, 5, tzinfo=UTC))
    facts = visit(cast, starts_on=starts_on, ends_on=ends_on, observations=(), conclusions=())
    made = actions.record_visit(facts, actor="tests", now=NOW)
    text = text_of(page(cast.office, "visit", made.pk))
    assert {one for one in ("has not begun yet", "not over yet") if one in text} == {said} - {""}


def test_a_visit_is_changed_for_whoever_led_it(cast: Cast) -> None:
    """The office over the unit visited reads the ministry's visit, and changes nothing of it."""
    made = actions.record_visit(visit(cast, leader_id=cast.units["Việt Nam"]), actor="tests", now=NOW)
    assert "/sua/" not in text_of(page(cast.office, "visit", made.pk))
    assert page(cast.office, "visit_edit", made.pk).status_code == 403
    ministry = User.objects.create_user("quy")
    grant(ministry, "programme_office", cast.units["Việt Nam"])
    assert "/sua/" in text_of(page(ministry, "visit", made.pk))


def test_who_led_stays_chosen(sources: tuple[Visit, Directive], cast: Cast) -> None:
    """Whoever changes a visit from above does not become the one who led it by saving."""
    ministry = User.objects.create_user("quy")
    grant(ministry, "programme_office", cast.units["Việt Nam"])
    made = sources[0]
    form = page(ministry, "visit_edit", made.pk).context["form"]
    typed = {name: "" if value is None else value for name, value in form.initial.items()}
    assert post(ministry, "visit_edit", made.pk, **{**typed, "purpose": "Một"}).status_code == 302
    made.refresh_from_db()
    assert (made.purpose, made.leader_id) == ("Một", cast.units["Cần Thơ"])


def test_a_visit_changed_by_two(sources: tuple[Visit, Directive], cast: Cast) -> None:
    made, _ = sources
    form = page(cast.office, "visit_edit", made.pk).context["form"]
    typed = {key: value or "" for key, value in form.initial.items()}
    assert post(cast.office, "visit_edit", made.pk, **{**typed, "purpose": "Một"}).status_code == 302
    answer = post(cast.second, "visit_edit", made.pk, **{**typed, "purpose": "Hai"})
    assert answer.status_code == 409
    assert "Một" in text_of(answer)
    assert "Hai" in text_of(answer)


def test_a_unit_in_the_address_opens_nobodys_shelf(cast: Cast) -> None:
    """Whoever records visits chooses among documents that he may read."""
    document(cast.units["Hải Châu"])
    document(cast.units["An Bình"])
    shown = {
        name: text_of(page(cast.office, "visit_new", **{"don-vi": str(cast.units[name])})).count("nghiệm thu")
        for name in ("Hải Châu", "An Bình")
    }
    assert shown == {"Hải Châu": 0, "An Bình": 1}


def test_a_visit_names_an_old_conclusion(
    sources: tuple[Visit, Directive], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kieumau.assignments.forms.MOST_DOCUMENTS", 1)
    made = sources[0]
    paper = document(cast.units["Cần Thơ"])
    document(cast.units["An Bình"])
    form = page(cast.office, "visit_edit", made.pk).context["form"]
    typed = {name: "" if value is None else value for name, value in form.initial.items()}
    several = post(cast.office, "visit_edit", made.pk, **typed, named=paper.summary)
    assert "Several documents" in text_of(several)
    Document.objects.filter(pk=paper.pk).update(summary="Thông báo kết luận")
    named = post(cast.office, "visit_edit", made.pk, **typed, named="Thông báo kết luận")
    assert named.status_code == 302
    made.refresh_from_db()
    assert made.document == paper
