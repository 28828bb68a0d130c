"""Issuing a draft from the browser: what it changes is shown, confirmed, done; then judged by it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.world import FIGURES_ONLY, NOW, World
from kieumau.criteria.actions import make_draft, save_text
from kieumau.criteria.models import CriteriaSet, Draft
from kieumau.criteria.named_catalogue import difference
from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.models import Indicator
from kieumau.trials.tests.test_pages import STRICTER, client, draft, words

__all__ = ["client", "draft"]  # fixtures


@pytest.fixture
def office(client: Client) -> Client:
    """The same somebody with the permission to issue."""
    user = User.objects.get(username="an")
    grant(user, "programme_office")
    return client


MOST_ON_TRIAL = 30


def address(draft: Draft) -> str:
    return f"/bo-tieu-chi/ban-thao/{draft.pk}/ban-hanh/"


def issue(client: Client, draft: Draft, **sent: str) -> Any:
    """Issue it as the page that was seen last says."""
    seen = client.get(address(draft)).context
    compared = {"digest": "", "newest": ""}
    if "preview" in seen:
        newest = seen["preview"].newest
        compared = {"digest": seen["version"].digest, "newest": newest.digest if newest else ""}
    asked = {"version": str(draft.version), "xac-nhan": "1"} | compared | sent
    return client.post(address(draft), asked, follow=True)


def test_what_would_change_is_shown(draft: Draft, office: Client) -> None:
    answer = office.get(address(draft))
    said = words(answer)
    shown = " ".join(strip_tags(said).split())
    formulas = "recognised / areas &gt;= 70% → recognised / areas &gt;= 75%"
    assert f"share Recognized (formula) Formula: {formulas}" in shown
    assert "2 units would come out otherwise." in said
    assert "Verdicts given under version 1 stay as they are." in said
    assert "figures, version 2" in said
    assert "from 1 Jan 2020, without an end" in said
    assert "unverified" in said
    assert CriteriaSet.objects.count() == 1


def test_without_the_permission_it_can_only_be_looked_at(draft: Draft, client: Client) -> None:
    assert "Issuing takes the permission" in words(client.get(address(draft)))
    assert issue(client, draft).status_code == 403
    assert CriteriaSet.objects.count() == 1


def test_not_without_the_box(draft: Draft, office: Client) -> None:
    answer = issue(office, draft, **{"xac-nhan": ""})
    assert answer.status_code == 400
    assert "Tick the box first." in words(answer)
    assert CriteriaSet.objects.count() == 1


def test_issued_and_judged(draft: Draft, office: Client) -> None:
    answer = issue(office, draft)
    assert answer.redirect_chain == [("/bo-tieu-chi/figures/2/", 302)]
    assert "figures version 2 is issued." in words(answer)
    assert words(answer).count('href="/xet-don-vi/figures/2/"') == 1
    issued = CriteriaSet.objects.get(code="figures", version=2)
    draft.refresh_from_db()
    assert (draft.issued_as, issued.loaded_by) == (issued, "an")
    assert "This draft is issued" in words(office.get(address(draft)))

    asked = office.get("/xet-don-vi/figures/2/")
    assert asked.context["latest"] == "2025-Q4"
    judged = office.post("/xet-don-vi/figures/2/", {"ky": "2025-Q4"}, follow=True)
    assert "8 units were judged for Q4 2025." in words(judged)
    assert Assessment.objects.filter(criteria_set=issued).count() == 8
    [(landed, _)] = judged.redirect_chain  # the whole set for that period, not one criterion of it
    assert landed.endswith("?bo=figures:2&ky=2025-Q4")
    assert judged.context["counts"][Outcome.MET] + judged.context["counts"][Outcome.NOT_MET] == 8


def test_the_page_of_a_version_offers_judging_until_it_is_done(draft: Draft, office: Client) -> None:
    """Whoever opens it later still finds the way; whoever may not judge is not asked to."""
    issue(office, draft)
    own = "/bo-tieu-chi/figures/2/"
    assert "No unit was judged by this version for Q4 2025 yet." in words(office.get(own))
    other = Client()
    somebody = User.objects.create_user("somebody")
    grant(somebody, "appraiser")
    other.force_login(somebody)
    assert "/xet-don-vi/" not in words(other.get(own))
    office.post("/xet-don-vi/figures/2/", {"ky": "2025-Q4"})
    assert "/xet-don-vi/" not in words(office.get(own))


def test_a_replaced_version_says_so(draft: Draft, office: Client) -> None:
    office.post("/xet-don-vi/figures/1/", {"ky": "2025-Q4"})
    unit = Assessment.objects.values_list("unit", flat=True)[0]
    assert "has replaced" not in words(office.get(f"/don-vi/{unit}/"))
    issue(office, draft)
    page = words(office.get("/bo-tieu-chi/figures/1/"))
    assert "has replaced this one." in page
    assert 'href="/bo-tieu-chi/figures/2/"' in page
    assert "has replaced" not in words(office.get("/bo-tieu-chi/figures/2/"))
    assert "Verdicts by version 1, which version 2 has replaced." in words(office.get(f"/don-vi/{unit}/"))


def test_a_set_that_was_not_judged_yet_offers_it(draft: Draft, office: Client) -> None:
    assert '"/xet-don-vi/figures/1/"' in words(office.get("/bo-tieu-chi/figures/1/share/"))
    office.logout()
    somebody = User.objects.create_user("somebody")
    grant(somebody, "appraiser")
    office.force_login(somebody)
    assert "/xet-don-vi/" not in words(office.get("/bo-tieu-chi/figures/1/share/"))


def test_judging_takes_the_permission_too(draft: Draft, client: Client) -> None:
    assert client.get("/xet-don-vi/figures/1/").status_code == 403
    assert client.post("/xet-don-vi/figures/1/", {"ky": "2025-Q4"}).status_code == 403
    assert not Assessment.objects.exists()


def test_what_is_issued_is_what_was_seen(draft: Draft, office: Client) -> None:
    seen = draft.version
    text = STRICTER.replace("75%", "90%")
    save_text(draft=draft, text=text, based_on=seen, actor="another", now=NOW)
    answer = issue(office, draft, version=str(seen))
    assert "Somebody has changed this draft since" in words(answer)
    assert CriteriaSet.objects.count() == 1


def test_the_text_in_force_is_not_issued_again(office: Client, draft: Draft, world: World) -> None:
    same = make_draft(text=FIGURES_ONLY, actor="an", now=NOW)
    assert "The draft changes nothing" in words(office.get(address(same)))


def test_faults_instead_of_a_preview(office: Client, world: World) -> None:
    faulty = make_draft(text=FIGURES_ONLY.replace("crime < 10", "crimes < 10"), actor="an", now=NOW)
    assert len(office.get(address(faulty)).context["faults"]) == 1
    issue(office, faulty)
    assert not CriteriaSet.objects.exists()


def test_any_word_may_be_the_code_of_a_criterion(draft: Draft, office: Client, world: World) -> None:
    world.publish(FIGURES_ONLY.replace("code: share", "code: xet").replace("code: figures", "code: words"))
    assert "Recognized" in words(office.get("/bo-tieu-chi/words/1/xet/"))
    assert "Judge all units" in words(office.get("/xet-don-vi/words/1/"))


def test_a_version_issued_meanwhile_is_not_reverted_unseen(
    draft: Draft, office: Client, world: World
) -> None:
    seen = office.get(address(draft))
    world.publish(FIGURES_ONLY.replace("<= 30", "<= 29"))
    old = {"digest": seen.context["version"].digest, "newest": seen.context["preview"].newest.digest}
    answer = issue(office, draft, **old)
    assert answer.status_code == 409
    assert "What you looked at is out of date" in words(answer)
    assert answer.context["preview"].newest.version == 2
    assert CriteriaSet.objects.filter(code="figures").count() == 2
    assert issue(office, draft).status_code == 200
    assert CriteriaSet.objects.filter(code="figures").count() == 3


def test_what_is_issued_is_what_was_tried(draft: Draft, office: Client, world: World) -> None:
    """Another meaning of a derived indicator, loaded after the page was seen, is shown first."""
    seen = office.get(address(draft))
    old = {"digest": seen.context["version"].digest, "newest": seen.context["preview"].newest.digest}
    catalogue = world.folder / "world.yaml"
    text = catalogue.read_text(encoding="utf-8").replace("solved / crime", "solved / crime / 2")
    catalogue.write_text(text, encoding="utf-8")
    load_catalogue(catalogue, actor="test")
    assert issue(office, draft, **old).status_code == 409
    assert CriteriaSet.objects.count() == 1


def test_issuing_loads_no_catalogue(office: Client, world: World, draft: Draft) -> None:
    named = make_draft(text=f"{STRICTER}catalogue: london\n", actor="an", now=NOW)
    there = Indicator.objects.count()
    assert "The catalogue “london” has not been loaded." in words(office.get(address(named)))
    assert issue(office, named).status_code == 200
    assert CriteriaSet.objects.get(version=2).definition["catalogue"] == "london"
    assert Indicator.objects.count() == there
    elsewhere = make_draft(text=f"{STRICTER}catalogue: ../world.yaml\n", actor="an", now=NOW)
    assert "it cannot be opened here" in words(office.get(address(elsewhere)))


@pytest.mark.parametrize(
    ("page", "most"), [("trial", MOST_ON_TRIAL), ("slide", 40), ("issue", MOST_ON_TRIAL), ("judge", 8)]
)
def test_queries_have_a_bound_of_their_own(draft: Draft, office: Client, page: str, most: int) -> None:
    """These pages judge all units, so they are not held to the twelve queries of others."""
    own = f"/bo-tieu-chi/ban-thao/{draft.pk}/"
    key = office.get(f"{own}thu/").context["slider"]["offered"][0].key
    asked = {
        "trial": f"{own}thu/",
        "slide": f"{own}thu/nguong/?xem=2025-Q4&nguong={key}",
        "issue": f"{own}ban-hanh/",
        "judge": "/xet-don-vi/figures/1/",
    }[page]
    office.get(asked)
    with CaptureQueriesContext(connection) as found:
        assert office.get(asked).status_code == 200
    assert len(found) <= most, len(found)


def test_an_older_catalogue_is_told(db: None) -> None:
    load_catalogue("vn-commune", actor="test")
    assert difference("vn-commune", "x") is None
    Indicator.objects.filter(code="crime.clearance").update(name_vi="Tên cũ", revision=10**6)
    told = difference("vn-commune", "x")
    assert told
    assert told.code == "catalogue-is-older"
    assert "(crime.clearance)" in told.reason.en
