"""The pages of returns: what they show, what they keep, what they refuse. No script needed."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kieumau.calendars.library import calendar
from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.checks.tests.test_load import check, write
from kieumau.indicators.models import Figure
from kieumau.indicators.tests.cast import UNITS, unit_rows
from kieumau.returns.actions import open_periods
from kieumau.returns.entry_page import typed_in
from kieumau.returns.models import Return
from kieumau.returns.tests.cast import World
from kieumau.units.actions import load_rows

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def world(kept_owing_now: World) -> World:
    """The latest month that has ended is open, and stays open for a while after today."""
    last = calendar("civil").previous(calendar("civil").containing("month", timezone.localdate()))
    assert last is not None
    Return.objects.update(locks_at=timezone.now() + timedelta(days=3))
    return kept_owing_now


@pytest.fixture
def an(world: World, client: Client) -> Client:
    """An, signed in."""
    client.force_login(world.an)
    return client


def latest(world: World, unit: str) -> Return:
    """The unit's return for the latest open period."""
    found = Return.objects.filter(unit_id=world.country.units[unit]).order_by("-period__ends_before").first()
    assert found is not None
    return found


def fields(**values: str) -> dict[str, str]:
    """Fields of the form: `v_people="12"` is the field v-people; two underscores are a dot."""
    return {name.replace("_", "-", 1).replace("__", "."): value for name, value in values.items()}


def version_of(world: World, unit: str) -> str:
    """What the page says it shows."""
    return str(latest(world, unit).version)


FULL = fields(v_crime__occurred="7", v_crime__solved="-", v_people="1.061")


def test_a_form_shows_what_is_asked_with_the_figures_before(world: World, an: Client) -> None:
    report = latest(world, "C11")
    window = calendar("civil").window(str(report.period.code))
    before = calendar("civil").previous(window)
    assert before is not None
    world.country.record((calendar("civil").period_code(before), "C11", "people", 1234))
    html = an.get(f"/bao-cao/{report.pk}/").content.decode()
    for words in ("Báo cáo tháng", "Tội phạm", "Vụ xảy ra", "người", "1.234", 'name="v-people"', "0 trên 3"):
        assert words in html, words


def test_saved_then_submitted_by_one_button_each(world: World, an: Client) -> None:
    report = latest(world, "C11")
    assert an.post(f"/bao-cao/{report.pk}/", {**FULL, "do": "save"}).status_code == 302
    assert {figure.value for figure in Figure.objects.all()} == {7, 1061, None}
    page = an.get(f"/bao-cao/{report.pk}/").content.decode()
    assert 'value="1.061"' in page
    kept = fields(v_crime__occurred="7", o_crime__occurred="7", v_crime__solved="-", o_crime__solved="-")
    kept |= fields(v_people="1.061", o_people="1.061")
    kept["version"] = version_of(world, "C11")
    assert an.post(f"/bao-cao/{report.pk}/", {**kept, "do": "submit"}).status_code == 302
    assert latest(world, "C11").state == "submitted"
    assert 'name="v-people"' not in an.get(f"/bao-cao/{report.pk}/").content.decode()


def test_what_is_wrong_stands_by_its_field_and_what_was_typed_stays(world: World, an: Client) -> None:
    report = latest(world, "C11")
    response = an.post(f"/bao-cao/{report.pk}/", {**FULL, "v-people": "nhiều", "do": "submit"})
    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="nhiều"' in html
    assert 'aria-invalid="true"' in html
    assert Figure.objects.count() == 2  # the others were kept
    assert latest(world, "C11").state == "draft"


def test_submitting_names_the_empty_fields(world: World, an: Client) -> None:
    report = latest(world, "C11")
    response = an.post(f"/bao-cao/{report.pk}/", {"v-people": "5", "do": "submit", "version": report.version})
    assert response.status_code == 422
    html = response.content.decode()
    assert html.count("Chưa trả lời.") == 2
    assert "Đã lưu, chưa nộp: còn dòng chưa trả lời" in html
    assert "Có nội dung chưa lưu được" not in html, "everything typed was saved"


@pytest.mark.parametrize(("at_due", "is_late"), [(timedelta(0), True), (timedelta(seconds=-1), False)])
def test_what_came_late_says_so_wherever_its_state_stands(
    world: World, an: Client, at_due: timedelta, is_late: bool
) -> None:
    report = latest(world, "C11")
    an.post(f"/bao-cao/{report.pk}/", {**FULL, "do": "submit", "version": report.version})
    late = "nộp muộn"
    reviewer = Client()
    reviewer.force_login(world.binh)
    Return.objects.filter(pk=report.pk).update(submitted_at=report.deadline.due_at + at_due)
    for state, by in (("submitted", None), ("accepted", world.binh)):
        Return.objects.filter(pk=report.pk).update(state=state, accepted_by=by)
        own, above = (f"/don-vi/{world.country.units[unit]}/bao-cao/" for unit in ("C11", "P1"))
        for client, address in ((an, f"/bao-cao/{report.pk}/"), (an, own), (reviewer, above)):
            assert (late in client.get(address).content.decode()) is is_late, (state, address)


def test_409_shows_both_values_and_the_next_save_decides(world: World, an: Client) -> None:
    report = latest(world, "C11")
    other = Client()
    other.force_login(world.binh)
    other.post(f"/bao-cao/{report.pk}/", {"v-people": "90", "o-people": ""})
    response = an.post(f"/bao-cao/{report.pk}/", {"v-people": "95", "o-people": ""})
    html = response.content.decode()
    assert response.status_code == 409
    assert "binh đã nhập 90; bạn gõ 95" in html
    assert 'name="o-people" value="90"' in html
    assert Figure.objects.get().value == 90
    assert an.post(f"/bao-cao/{report.pk}/", {"v-people": "95", "o-people": "90"}).status_code == 302
    assert Figure.objects.get().value == 95


def test_a_session_that_has_ended_loses_nothing(world: World, client: Client) -> None:
    report = latest(world, "C11")
    response = client.post(f"/bao-cao/{report.pk}/", FULL)
    html = response.content.decode()
    assert response.status_code == 401
    for text in ('value="7"', 'value="1.061"', 'target="_blank"'):
        assert text in html
    assert not Figure.objects.exists()
    assert client.post(f"/bao-cao/{report.pk}/", FULL, headers=JSON).status_code == 401


def test_signing_in_anew_changes_the_token_and_still_loses_nothing(world: World) -> None:
    report = latest(world, "C11")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.an)
    response = strict.post(f"/bao-cao/{report.pk}/", {**FULL, "csrfmiddlewaretoken": "x" * 64})
    assert response.status_code == 403
    assert 'value="1.061"' in response.content.decode()
    assert not Figure.objects.exists()
    token = strict.cookies["csrftoken"].value
    again = strict.post(f"/bao-cao/{report.pk}/", {**FULL, "csrfmiddlewaretoken": token})
    assert again.status_code == 302
    assert Figure.objects.count() == 3


def test_saving_as_one_types_answers_field_by_field(world: World, an: Client) -> None:
    report = latest(world, "C11")
    sent = {"v-people": "5", "o-people": "", "v-crime.solved": "x y", "o-crime.solved": ""}
    response = an.post(f"/bao-cao/{report.pk}/", sent, headers=JSON)
    found: dict[str, Any] = json.loads(response.content)
    assert response.status_code == 422
    assert (found["answered"], found["asked"]) == (1, 3)
    assert found["cells"]["people"] == {"was": "5", "problems": [], "theirs": None, "by": ""}
    assert found["cells"]["crime.solved"]["problems"]


# The field, the choice beside it, what the store held; what is meant
FIELD = [
    ("5", "", "", "5"),
    ("5", "-", "5", "-"),  # a mark was chosen over the number
    ("", "x", "", "x"),
    ("7", "-", "-", "7"),  # a number was typed, the old choice stayed
    ("-", "", "-", ""),  # “a number” was chosen over a mark: nothing typed yet
    ("-", "", "", "-"),  # the mark was typed
]


@pytest.mark.parametrize(("text", "kind", "was", "meant"), FIELD)
def test_of_a_field_and_the_choice_beside_it_the_changed_one_wins(
    text: str, kind: str, was: str, meant: str
) -> None:
    posted = {"v-people": text, "k-people": kind, "o-people": was}
    assert typed_in(posted)["people"].text == meant


def test_a_superior_sends_back_and_accepts_and_nobody_his_own(world: World, an: Client) -> None:
    report = latest(world, "C11")
    an.post(f"/bao-cao/{report.pk}/", {**FULL, "do": "submit", "version": report.version})
    decide = f"/bao-cao/{report.pk}/quyet-dinh/"
    other = Client()
    other.force_login(world.binh)
    version = version_of(world, "C11")
    for act in ("accept", "send_back"):
        an.post(decide, {"do": act, "version": version, "reason": "Sai nhân khẩu"})
        assert latest(world, "C11").state == "submitted"
    for act, words in (("accept", 'value="accept"'), ("send_back", 'value="send_back"')):
        assert words not in an.get(f"/bao-cao/{report.pk}/").content.decode(), act
        assert words in other.get(f"/bao-cao/{report.pk}/").content.decode(), act
    other.post(decide, {"do": "send_back", "version": version, "reason": "Sai nhân khẩu"})
    assert latest(world, "C11").state == "sent_back"
    assert "Sai nhân khẩu" in an.get(f"/bao-cao/{report.pk}/").content.decode()
    again = fields(v_people="1.062", o_people="1.061") | {"version": version_of(world, "C11")}
    an.post(f"/bao-cao/{report.pk}/", {**again, "do": "submit"})
    other.post(decide, {"do": "accept", "version": version})  # of an older version: told, not done
    assert latest(world, "C11").state == "submitted"
    other.post(decide, {"do": "accept", "version": version_of(world, "C11")})
    assert latest(world, "C11").state == "accepted"


def test_lists_say_who_owes_what_and_who_is_late(world: World, an: Client) -> None:
    country = " ".join(an.get("/bao-cao/").content.decode().split())
    assert "Tỉnh Bình Minh" in country
    assert "← Tháng" in country  # the way to the month before
    area = an.get(f"/don-vi/{world.country.units['P1']}/bao-cao/").content.decode()
    assert "Phú Lộc" in area
    own = an.get(f"/don-vi/{world.country.units['C11']}/bao-cao/").content.decode()
    assert f"/bao-cao/{latest(world, 'C11').pk}/" in own
    assert an.get("/don-vi/99999999/bao-cao/").status_code == 404
    assert an.get("/bao-cao/99999999/").status_code == 404


def test_a_merged_commune_sees_what_its_predecessors_reported_a_year_ago(world: World, an: Client) -> None:
    """C15 was made of C13 and C14 on 1 July 2025; in September 2024 they reported 12 and 30."""
    merger = {
        "act": "2025",
        "takes_effect_on": "2025-07-01",
        "successor": "C15",
        "share": "1",
        "basis": "whole",
    }
    acts = [{**merger, "predecessor": code, "reference": "NQ"} for code in ("C13", "C14")]
    load_rows(unit_rows(UNITS), acts, actor=None, register="m")
    open_periods(actor="thử", now=timezone.now(), since=date(2025, 9, 1))
    country = world.country
    country.record(("2024-09", "C13", "crime.solved", 12), ("2024-09", "C14", "crime.solved", 30))
    html = an.get(f"/bao-cao/{world.report('C15', '2025-09').pk}/").content.decode()
    row = html.partition('id="c-crime.solved"')[2].partition("</tr>")[0]
    assert "42" in row
    assert "cộng trọn các đơn vị cũ" in row


# Queries of each page for somebody who has signed in: two of them for the session and the person, two for
# what he may do with this unit. Five of the form's look for predecessors: nothing was reported a year ago.
def test_pages_take_few_queries(world: World, an: Client) -> None:
    report = latest(world, "C11")
    Return.objects.filter(pk=report.pk).update(locks_at=report.deadline.locks_at)
    found = {}
    for name, address in {
        "country": "/bao-cao/",
        "province": f"/don-vi/{world.country.units['P1']}/bao-cao/",
        "commune": f"/don-vi/{world.country.units['C11']}/bao-cao/",
        "form": f"/bao-cao/{report.pk}/",
    }.items():
        an.get(address)
        with CaptureQueriesContext(connection) as queries:
            an.get(address)
        found[name] = len(queries)
    assert found.pop("form") <= 14
    assert max(found.values()) <= 12, found


def test_a_doubt_about_stored_figures_may_be_explained_on_the_page(
    world: World, an: Client, tmp_path: Path
) -> None:
    """The check came after the figures: the return shows it, takes a reason, and shows that."""
    report = latest(world, "C12")
    an.post(f"/bao-cao/{report.pk}/", {**FULL, "do": "save"})
    load_catalogue(write(tmp_path, check("few", "crime.occurred <= 5", "soft")))
    page = an.get(f"/bao-cao/{report.pk}/").content.decode()
    assert "Phép kiểm tra cho biết" in page
    assert 'name="r-few"' in page
    an.post(f"/bao-cao/{report.pk}/giai-trinh/", {"r-few": "chiến dịch cao điểm"})
    page = an.get(f"/bao-cao/{report.pk}/").content.decode()
    assert "chiến dịch cao điểm" in page
    with CaptureQueriesContext(connection) as queries:
        an.get(f"/bao-cao/{report.pk}/")
    assert len(queries) <= 19  # ten of them look for what predecessors reported a year ago


def test_the_box_for_a_reason_stands_beside_its_field(world: World, an: Client, tmp_path: Path) -> None:
    """Saving as one types already says that a reason is needed, and where; so does the page."""
    load_catalogue(write(tmp_path, check("few", "crime.occurred <= 5", "soft")))
    address = f"/bao-cao/{latest(world, 'C11').pk}/"
    sent = {"v-crime.occurred": "40", "o-crime.occurred": ""}
    found: dict[str, Any] = json.loads(an.post(address, sent, headers=JSON).content)
    assert found["marks"] == {"few": {"codes": ["crime.occurred"], "title": "T", "action": "S"}}
    html = an.post(address, sent).content.decode()
    row = html.partition('id="c-crime.occurred"')[2].partition("</tr>")[0]
    assert 'name="r-few"' in row
    assert html.count('name="r-few"') == 1
    found = json.loads(an.post(address, {**sent, "r-few": "chiến dịch"}, headers=JSON).content)
    assert found["marks"] == {}
    assert Figure.objects.get().value == 40
