"""A criterion that figures decide, sent back: its page tells the figures, and where they are put right."""

import html
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kieumau import library
from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import Cast
from kieumau.calendars.days_off import load_days_off
from kieumau.returns.actions import load_form, open_periods
from kieumau.returns.models import Return
from kieumau.rounds.actions import send_back
from kieumau.rounds.beneath import unchanged
from kieumau.rounds.dossier_page import page_of
from kieumau.rounds.models import Dossier
from kieumau.rounds.tests.cast import NOW, People, open_round, staff
from kieumau.rounds.tests.test_life import submitted
from kieumau.rounds.tests.test_pages import page, post, signed_in

FORM = Path(library.__file__).with_name("forms") / "vn-commune-year.yaml"
SAME = "It was sent back, and its figures are still those that were submitted."


@pytest.fixture
def cast(world: Cast, grant: Callable[..., Any]) -> People:
    return staff(world, grant)


@pytest.fixture
def dossier(world: Cast, cast: People) -> Dossier:
    """That of Cái Khế, submitted."""
    found = Dossier.objects.get(round=open_round(world, wards=("Cái Khế",)))
    submitted(found, cast)
    return found


def back(dossier: Dossier, cast: People, *criteria: str) -> None:
    send_back(dossier.pk, reason="Số liệu chưa đúng", criteria=criteria, actor=cast.verifier, now=NOW)


def read(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def of(user: User, dossier: Dossier, code: str) -> str:
    return read(page(user, "dossier_criterion", dossier.pk, code))


def test_the_figures_stand_on_the_page_of_their_criterion(dossier: Dossier, cast: People) -> None:
    answer = page(cast.verifier, "dossier_criterion", dossier.pk, "2.3")
    figures = answer.context["beneath"].figures
    assert len(figures) == 2
    for one in figures:
        assert one.name.en in read(answer)
    assert page(cast.verifier, "dossier_criterion", dossier.pk, "1.1").context["beneath"] is None


def test_the_dossier_and_its_criteria_lead_to_the_shelf(dossier: Dossier, cast: People) -> None:
    shelf = f'href="/don-vi/{dossier.unit_id}/van-ban/"'
    assert shelf in read(page(cast.officer, "dossier", dossier.pk))
    assert shelf in of(cast.officer, dossier, "1.1")


def test_sent_back_and_not_corrected_is_said(dossier: Dossier, cast: People) -> None:
    back(dossier, cast, "2.3")
    assert SAME in of(cast.officer, dossier, "2.3")
    assert SAME not in of(cast.officer, dossier, "2.2")
    seen = read(page(cast.officer, "dossier", dossier.pk))
    assert "Nothing has changed of what was sent back in 2.3; it can be submitted all the same." in seen


def test_submitting_again_is_not_refused_and_says_what_is_as_it_was(dossier: Dossier, cast: People) -> None:
    back(dossier, cast, "1.2", "2.3")
    answer = post(cast.officer, "dossier_move", dossier.pk, do="submit")
    assert answer.status_code == 302
    after = read(answer.client.get(answer.url))
    assert "Nothing had changed of what was sent back in 1.2, 2.3." in after


def test_it_leads_to_the_return_in_which_they_are_corrected(dossier: Dossier, cast: People) -> None:
    """The year of the return ends a day before that of the set: it is the same year all the same."""
    load_days_off([2025, 2026, 2027], actor="tests", now=NOW)
    load_form(FORM, actor="tests", now=NOW)
    open_periods(actor="tests", now=NOW, since=date(2026, 1, 1))
    year = Return.objects.get(unit=dossier.unit_id, period__year=2026)
    assert f"/bao-cao/{year.pk}/" not in of(cast.officer, dossier, "2.3"), "it was submitted"
    back(dossier, cast, "2.3")
    assert f'href="/bao-cao/{year.pk}/"' in of(cast.officer, dossier, "2.3")


# The page, and whose it is: none asks more than a page may.
PAGES = [("dossier", "officer"), ("dossier", "verifier"), ("2.3", "officer"), ("2.3", "verifier")]


@pytest.mark.parametrize(("name", "who"), PAGES)
def test_the_pages_take_twelve_queries(dossier: Dossier, cast: People, name: str, who: str) -> None:
    back(dossier, cast, "2.3")
    client = signed_in(getattr(cast, who))
    own = reverse("dossier", args=[dossier.pk])
    address = own if name == "dossier" else reverse("dossier_criterion", args=[dossier.pk, name])
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) <= 12


def test_figures_that_changed_are_not_called_the_same(dossier: Dossier, cast: People) -> None:
    back(dossier, cast, "2.3")
    row = Dossier.objects.select_related("round__period", "round__criteria_set").get(pk=dossier.pk)
    assert row.frozen is not None
    assert unchanged(page_of(row, NOW)) == ["2.3"]
    line = page_of(row, NOW).line("2.3")
    assert line is not None
    key = next(key for key in row.frozen["operands"] if key.startswith("areas"))
    row.frozen["operands"][key] = [0, 99]  # as it was submitted; now it is another
    assert unchanged(page_of(row, NOW)) == []


def test_sent_back_as_a_whole_and_untouched_is_not_called_answered(dossier: Dossier, cast: People) -> None:
    back(dossier, cast)
    seen = read(page(cast.officer, "dossier", dossier.pk))
    assert "It was sent back as a whole, and nothing has been answered or added since." in seen
    assert "Everything is answered" not in seen


def test_who_submits_reads_what_is_lacking_instead_of_a_button(world: Cast, cast: People) -> None:
    fresh = Dossier.objects.get(round=open_round(world, wards=("Cái Khế",)))
    seen = read(page(cast.officer, "dossier", fresh.pk))
    assert "It can be submitted once this is done:" in seen
    assert 'value="submit"' not in seen
