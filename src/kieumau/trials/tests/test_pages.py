"""The page on which a draft is tried: what is asked, what is shown, a number moved and taken."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.models import Assessment
from kieumau.assessments.tests.world import (
    COMMUNES,
    FIGURES_ONLY,
    NOW,
    POINTS_RULE,
    Figures,
    World,
    complete,
    set_text,
)
from kieumau.criteria.actions import make_draft
from kieumau.criteria.drafts import draft_of
from kieumau.criteria.models import CriteriaSet, Draft
from kieumau.kernel.messages import Refused
from kieumau.trials.moved_numbers import movables, number_of, with_value

STRICTER = FIGURES_ONLY.replace("70%", "75%  # nâng lên, raised")


@pytest.fixture
def client(db: None) -> Client:
    """Somebody who has signed in and reads English."""
    signed_in = Client()
    an = User.objects.create_user("an")
    grant(an, "appraiser")
    signed_in.force_login(an)
    signed_in.cookies["django_language"] = "en"
    return signed_in


@pytest.fixture
def draft(world: World) -> Draft:
    """Asks for 75 % where the version in force asks for 70 %: two communes have 18 of 25, two have 20."""
    figures: Figures = {}
    for unit, count in zip(COMMUNES, (18, 18, 20, 20, 16, 16, 16, 16), strict=True):
        figures |= complete(unit, crime=(4, 4, 4), solved=4, recognised=count)
    world.record(figures)
    world.publish(FIGURES_ONLY)
    return make_draft(text=STRICTER, actor="an", now=NOW)


def page(client: Client, draft: Draft, query: str = "", status: int = 200) -> Any:
    answer = client.get(f"/bo-tieu-chi/ban-thao/{draft.pk}/thu/{query}")
    assert answer.status_code == status, answer.content.decode()
    return answer


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_only_for_those_who_signed_in(draft: Draft, client: Client) -> None:
    assert Client().get(f"/bo-tieu-chi/ban-thao/{draft.pk}/thu/").status_code == 302
    assert client.get("/bo-tieu-chi/ban-thao/999999/thu/").status_code == 404


def test_without_a_word_the_latest_period_beside_the_version_in_force(draft: Draft, client: Client) -> None:
    answer = page(client, draft)
    tried = answer.context["tried"]
    assert (tried.counts.met, tried.was.met, len(tried.changed)) == (2, 4, 2)
    assert answer.context["choice"].offered[0].code == "2025-Q4"
    assert [row.name.vi for row in answer.context["changed"]] == ["Phường C11", "Phường C12"]
    assert [row.decided_by for row in answer.context["changed"]] == [["share"], ["share"]]
    assert f"/don-vi/{answer.context['changed'][0].unit_id}/" in words(answer)
    assert "share “Recognized” decides most often: it alone keeps 6 units" in words(answer)
    assert not Assessment.objects.exists()
    assert CriteriaSet.objects.count() == 1


def test_changes_as_a_table(draft: Draft, client: Client) -> None:
    answer = page(client, draft)
    assert [one.key for one in answer.context["change_columns"]] == ["met", "not_met"]
    rows = [(row.was.key, [count for _, count in row.cells], row.total) for row in answer.context["changes"]]
    assert rows == [("met", [2, 2], 4), ("not_met", [0, 4], 4)]


@pytest.mark.parametrize(
    ("sort", "names"),
    [("name", ["P1", "P2"]), ("-name", ["P2", "P1"]), ("met", ["P2", "P1"]), ("-changed", ["P1", "P2"])],
)
def test_provinces_by_any_column(draft: Draft, client: Client, sort: str, names: list[str]) -> None:
    rows = page(client, draft, f"?xep={sort}").context["provinces"]
    assert [row.name.en.split()[0] for row in rows] == names
    assert {row.name.en.split()[0]: (row.counts.met, row.was_met, row.changed) for row in rows} == {
        "P1": (2, 4, 2),
        "P2": (0, 0, 0),
    }


def test_beside_nothing(draft: Draft, client: Client) -> None:
    answer = page(client, draft, "?so=khong")
    assert answer.context["tried"].against is None
    assert "What changes" not in words(answer)


def test_beside_another_version(draft: Draft, client: Client, world: World) -> None:
    world.publish(FIGURES_ONLY.replace("70%", "10%"))
    answer = page(client, draft, "?so=figures:1")
    assert answer.context["tried"].was.met == 4
    assert [one.key for one in answer.context["choice"].versions] == ["figures:2", "figures:1"]
    answer = page(client, draft)
    assert answer.context["tried"].was.met == 8


def test_several_periods(draft: Draft, client: Client) -> None:
    answer = page(client, draft, "?ky=2025-Q4&ky=2025-Q3&xem=2025-Q3")
    assert [row.code for row in answer.context["periods"]] == ["2025-Q4", "2025-Q3"]
    assert answer.context["page"].code == "2025-Q3"
    assert "?ky=2025-Q4&amp;ky=2025-Q3&amp;so=hien-hanh&amp;xem=2025-Q4#result" in words(answer)
    assert [(row.was_met, row.changed) for row in answer.context["periods"]] == [(4, 2), (0, 0)]
    alone = page(client, draft, "?ky=2025-Q4&ky=2025-Q3&so=khong")
    assert [(row.was_met, row.changed) for row in alone.context["periods"]] == [(None, None)] * 2


def test_missing_figures_are_told(draft: Draft, client: Client) -> None:
    answer = page(client, draft, "?ky=2025-Q3")
    assert answer.context["page"].lacking == 8
    assert "8 of 8 units lack figures" in words(answer)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?ky=2025", "is not a period that this set is judged for"),
        ("?ky=abc", "abc"),
        ("?so=nothing:1", "There is no version “nothing:1”"),
        ("?nguong=share&muc=many", "“many” is not a number"),
    ],
)
def test_what_cannot_be_asked(draft: Draft, client: Client, query: str, said: str) -> None:
    assert said in words(page(client, draft, query, status=400))


def test_at_most_twelve_periods(draft: Draft, client: Client) -> None:
    asked = "&".join(f"ky={year}-Q{quarter}" for year in (2020, 2021, 2022, 2023) for quarter in (1, 2, 3, 4))
    answer = page(client, draft, f"?{asked}", status=400)
    assert len(answer.context["periods"]) == 12


def test_faults_instead_of_a_trial(client: Client, world: World) -> None:
    faulty = make_draft(text=FIGURES_ONLY.replace("crime < 10", "crimes < 10"), actor="an", now=NOW)
    answer = page(client, faulty)
    assert len(answer.context["faults"]) == 1
    assert "crimes" in words(answer)
    assert "page" not in answer.context


def test_without_any_figure(client: Client, world: World) -> None:
    answer = page(client, make_draft(text=FIGURES_ONLY, actor="an", now=NOW))
    assert "There are no figures yet" in words(answer)


def test_a_number_moved(draft: Draft, client: Client) -> None:
    answer = page(client, draft, "?nguong=share&muc=72")
    slider = answer.context["slider"]
    assert (slider["movable"].code, slider["value"], slider["said"]) == ("share", "72", "72%")
    assert slider["met"] == 4
    assert slider["movable"].value == "75"
    fragment = client.get(f"/bo-tieu-chi/ban-thao/{draft.pk}/thu/nguong/?xem=2025-Q4&nguong=share&muc=80,5")
    assert fragment.status_code == 200
    assert "At 80.5%: <strong>0</strong> units meet the draft." in words(fragment)
    assert "<html" not in words(fragment)


def test_a_value_that_is_none_is_refused_in_the_fragment_too(draft: Draft, client: Client) -> None:
    for value in ("x", "1e999", "NaN", "9" * 40):
        answer = client.get(
            f"/bo-tieu-chi/ban-thao/{draft.pk}/thu/nguong/?xem=2025-Q4&nguong=share&muc={value}"
        )
        assert answer.status_code == 400, value


def take(client: Client, draft: Draft, **asked: str) -> Any:
    sent = {"version": str(draft.version), "nguong": "share", "muc": "72"} | asked
    return client.post(f"/bo-tieu-chi/ban-thao/{draft.pk}/thu/lay-muc/?ky=2025-Q4&nguong=share", sent)


def test_the_value_taken_is_all_that_changes(draft: Draft, client: Client) -> None:
    answer = take(client, draft)
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"/bo-tieu-chi/ban-thao/{draft.pk}/thu/?ky=2025-Q4&nguong=share")
    draft.refresh_from_db()
    assert draft.text == STRICTER.replace("75%", "72%")
    assert draft.changed_by == "an"


def test_a_number_of_another_criterion(draft: Draft, client: Client) -> None:
    several = next(one for one in page(client, draft).context["slider"]["offered"] if one.written == "30")
    take(client, draft, nguong=several.key, muc="25.5")
    draft.refresh_from_db()
    assert draft.text == STRICTER.replace("<= 30", "<= 25.5")


def test_who_saved_later_is_asked(draft: Draft, client: Client) -> None:
    take(client, draft)
    assert take(client, draft, muc="60").status_code == 409


def test_a_number_that_is_no_longer_there(draft: Draft, client: Client) -> None:
    assert take(client, draft, nguong="gone:3").status_code == 302
    draft.refresh_from_db()
    assert draft.text == STRICTER


OWN = """\
code: own
extends: figures
title: {vi: Của tỉnh, en: The province's}
summary: {vi: Thêm., en: More.}
verification: unverified
effective: {from: 2020-01-01}
applies_to: {within: ["m:P1"]}
criteria:
  - code: more
    kind: measured
    title: {vi: Thêm, en: More}
    formula: crime < 40
"""


def test_an_addition_offers_its_own_numbers_and_takes_them_in_its_own_text(
    draft: Draft, client: Client
) -> None:
    own = make_draft(text=OWN, actor="an", now=NOW)
    offered = page(client, own).context["slider"]["offered"]
    assert [(one.code, one.written) for one in offered] == [("more", "40")]
    take(client, own, nguong=offered[0].key, muc="45")
    own.refresh_from_db()
    assert own.text == OWN.replace("< 40", "< 45")


def test_a_place_that_says_something_else_is_left_alone(draft: Draft, client: Client) -> None:
    version = draft_of(draft.text, "draft")
    share = movables(version)[0]
    other = draft.text.replace("code: share", "code: another").replace("code: trend", "code: share")
    with pytest.raises(Refused) as refused:
        with_value(other, version, share, Decimal("0.5"))
    assert refused.value.problems[0].code == "cannot-be-written"


@pytest.mark.parametrize(
    ("text", "vi", "en"),
    [
        ("3600", "3600", "3600"),
        ("3.600", "3600", None),
        ("3,600", None, "3600"),
        ("72,5", "72.5", "72.5"),
        ("72.5", "72.5", "72.5"),
        ("1.061,5", "1061.5", "1061.5"),
        ("3,6250", "3.6250", "3.6250"),
        ("−5", "-5", "-5"),
        ("many", None, None),
        ("1e9", None, None),
    ],
)
def test_numbers_are_read_as_the_page_writes_them(text: str, vi: str | None, en: str | None) -> None:
    for language, wanted in (("vi", vi), ("en", en)):
        if wanted is None:
            with pytest.raises(Refused) as refused:
                number_of(text, language)
            assert refused.value.problems[0].hint
        else:
            assert number_of(text, language) == Decimal(wanted)


POINTS = (
    set_text("points", POINTS_RULE).partition("  - code: plan\n")[0]
    + """\
caps:
  - {class: good, at_most: 50%, within: province}
"""
)


def test_classes_and_the_numbers_of_the_rule(draft: Draft, client: Client, world: World) -> None:
    world.publish(POINTS)
    counted = make_draft(text=POINTS.replace("from: 30}", "from: 44.5}"), actor="an", now=NOW)
    answer = page(client, counted, "?nguong=rule.classes.0.from&muc=30")
    assert "Good → Fair: <strong>" in words(answer)
    assert [row.name.en for row in answer.context["classes"]] == ["Good", "Fair", "no class"]
    assert answer.context["kept_caps"] + len(answer.context["caps"]) == 2
    offered = answer.context["slider"]["offered"]
    assert [one.key for one in offered if not one.code] == [
        "rule.meets_from",
        "rule.classes.0.from",
        "rule.classes.1.from",
    ]
    assert answer.context["slider"]["changed"] == len(answer.context["changed"])
    take(client, counted, nguong="rule.classes.0.from", muc="40,5")
    counted.refresh_from_db()
    assert counted.text == POINTS.replace("from: 30}", "from: 40.5}")
    take(client, counted, nguong="rule.meets_from", muc="25")
    counted.refresh_from_db()
    assert "meets_from: 25," in counted.text


def queries(client: Client, draft: Draft, query: str) -> int:
    with CaptureQueriesContext(connection) as found:
        page(client, draft, query)
    return len(found)


def test_as_many_queries_for_many_units(draft: Draft, client: Client, world: World) -> None:
    page(client, draft, "?nguong=share")
    world.record({("C11", "crime", "2025-10"): 4}, name="another form")
    first = queries(client, draft, "?nguong=share")
    for unit in COMMUNES[1:]:
        world.end(unit, "2025-12-01")
    assert queries(client, draft, "?nguong=share") == first
    assert len(page(client, draft).context["tried"].units) == 1
