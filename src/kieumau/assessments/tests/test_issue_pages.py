"""Issuing a draft from the browser: what it changes is shown, confirmed, done; then judged by it."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from kieumau.accounts.models import User
from kieumau.assessments.models import Assessment
from kieumau.assessments.tests.test_trial_pages import STRICTER, _pages, client, draft, words
from kieumau.assessments.tests.test_trying import FIGURES_ONLY
from kieumau.assessments.tests.world import NOW, World
from kieumau.criteria.actions import make_draft, save_text
from kieumau.criteria.models import CriteriaSet, Draft

__all__ = ["_pages", "client", "draft"]  # fixtures


@pytest.fixture
def office(client: Client) -> Client:
    """The same somebody with the permission to issue."""
    user = User.objects.get(username="an")
    user.user_permissions.add(Permission.objects.get(codename="issue_set"))
    return client


def address(draft: Draft) -> str:
    return f"/bo-tieu-chi/ban-thao/{draft.pk}/ban-hanh/"


def issue(client: Client, draft: Draft, **sent: str) -> Any:
    return client.post(address(draft), {"version": str(draft.version), "xac-nhan": "1"} | sent, follow=True)


def test_what_would_change_is_shown(draft: Draft, office: Client) -> None:
    answer = office.get(address(draft))
    said = words(answer)
    assert 'share Recognized <span class="quiet">(formula)</span>' in said
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
    assert 'href="/bo-tieu-chi/figures/2/xet/"' in words(answer)
    issued = CriteriaSet.objects.get(code="figures", version=2)
    draft.refresh_from_db()
    assert (draft.issued_as, issued.loaded_by) == (issued, "an")
    assert "This draft is issued" in words(office.get(address(draft)))

    asked = office.get("/bo-tieu-chi/figures/2/xet/")
    assert asked.context["latest"] == "2025-Q4"
    judged = office.post("/bo-tieu-chi/figures/2/xet/", {"ky": "2025-Q4"}, follow=True)
    assert "8 units were judged for Q4 2025." in words(judged)
    assert Assessment.objects.filter(criteria_set=issued).count() == 8


def test_a_set_that_was_not_judged_yet_offers_it(draft: Draft, office: Client) -> None:
    assert '"/bo-tieu-chi/figures/1/xet/"' in words(office.get("/bo-tieu-chi/figures/1/share/"))
    office.logout()
    office.force_login(User.objects.create_user("somebody"))
    assert "/xet/" not in words(office.get("/bo-tieu-chi/figures/1/share/"))


def test_judging_takes_the_permission_too(draft: Draft, client: Client) -> None:
    assert client.get("/bo-tieu-chi/figures/1/xet/").status_code == 403
    assert client.post("/bo-tieu-chi/figures/1/xet/", {"ky": "2025-Q4"}).status_code == 403
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
