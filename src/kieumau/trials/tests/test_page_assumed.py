"""The page of a trial where criteria have no answers yet, and what it says after a value was taken."""

from typing import Any

import pytest
from django.test import Client

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.tests.world import NOW, World, set_text
from kieumau.criteria.actions import make_draft
from kieumau.criteria.models import Draft
from kieumau.trials.tests.test_pages import client, draft, page, take, words

__all__ = ["client", "draft"]


@pytest.fixture
def unanswered(draft: Draft, world: World) -> Draft:
    """The figures of `draft`, and a set with a document and a question beside them."""
    return make_draft(text=set_text("asked").replace("70%", "75%"), actor="an", now=NOW)


def test_it_counts_the_part_that_figures_decide(unanswered: Draft, client: Client) -> None:
    answer = page(client, unanswered)
    assert answer.context["tried"].counts.met == 2
    assert "2 units meet the part that figures decide." in words(answer)
    assert answer.context["choice"].query.endswith("&coi=dat")


def test_or_not(unanswered: Draft, client: Client) -> None:
    answer = page(client, unanswered, "?coi=khong")
    assert answer.context["tried"].counts.met == 0
    assert "2 criteria of documents or people's judgment have no answer yet" in words(answer)
    both = page(client, unanswered, "?coi=khong&coi=dat")  # as the form sends a ticked box
    assert both.context["choice"].assumes


def test_the_slider_follows_and_tells_the_criterion_alone(unanswered: Draft, client: Client) -> None:
    address = f"/bo-tieu-chi/ban-thao/{unanswered.pk}/thu/nguong/?xem=2025-Q4&nguong=share&muc=72"
    said = words(client.get(address))
    assert "At 72%: <strong>4</strong> units meet the part that figures decide." in said
    assert "This criterion alone: <strong>4</strong> of 8 units meet it." in said
    assert "chart-last" in said
    assert "<strong>0</strong> units meet the draft." in words(client.get(address + "&coi=khong"))


def test_nothing_to_assume_is_not_asked(draft: Draft, client: Client) -> None:
    assert "coi" not in words(page(client, draft)).split("<main")[-1]


def test_the_dot_is_where_the_number_is(draft: Draft, client: Client) -> None:
    curve = page(client, draft, "?nguong=share&muc=72.5").context["slider"]["curve"]
    assert curve.labels[curve.marked] == "72.5%"
    assert curve.values[curve.marked] == 2


def test_saved_is_said_where_one_looks(draft: Draft, client: Client) -> None:
    """Also where the number is now written longer."""
    key = page(client, draft, "?nguong=share").context["slider"]["movable"].key
    sent = {"version": str(draft.version), "nguong": key, "muc": "72.5"}
    address = f"/bo-tieu-chi/ban-thao/{draft.pk}/thu/lay-muc/?ky=2025-Q4&nguong={key}"
    answer: Any = client.post(address, sent, follow=True)
    assert answer.redirect_chain[0][0].endswith("#numbers")
    assert "Saved: the draft says 72.5% now." in words(answer)
    assert words(answer).count("Saved") == 1


def test_who_may_not_edit_sees_no_button(draft: Draft) -> None:
    other = Client()
    binh = User.objects.create_user("binh")
    grant(binh, "appraiser")
    other.force_login(binh)
    other.cookies["django_language"] = "en"
    assert "Take this value" not in words(page(other, draft, "?nguong=share&muc=72"))
    assert take(other, draft).status_code == 403


def test_not_met_and_open_are_told_apart(draft: Draft, client: Client, world: World) -> None:
    """Two communes lack the figures of one criterion."""
    text = draft.text + MISSING
    said = words(page(client, make_draft(text=text, actor="an", now=NOW)))
    assert "it alone keeps 6 units" not in said
    assert "units lack figures only here" in said


def test_the_communes_of_a_province_one_by_one(draft: Draft, client: Client, world: World) -> None:
    """On the page of the trial itself: the province's own page may be of another set."""
    province = world.units["P1"]
    plain = page(client, draft)
    assert f"tinh={province}#area" in words(plain)
    assert plain.context["in_area"] == []
    rows = page(client, draft, f"?tinh={province}").context["in_area"]
    assert [(row.name.text.vi, row.was.key, row.outcome.key, row.missed) for row in rows] == [
        ("Phường C11", "met", "not_met", ["share"]),
        ("Phường C12", "met", "not_met", ["share"]),
        ("Xã C13", "met", "met", []),
        ("Xã C14", "met", "met", []),
    ]
    for wrong in ("0", "x", "9" * 30):
        assert page(client, draft, f"?tinh={wrong}").context["in_area"] == []


MISSING = """\
  - code: later
    kind: measured
    title: {vi: Thiếu, en: Lacking}
    formula: previous(areas) >= 1
"""
