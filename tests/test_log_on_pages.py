"""Whoever may read the log finds what was done to an object on its page; everybody else finds no log."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.tests.cast import load_world
from kieumau.assignments.models import Directive
from kieumau.documents.models import File
from kieumau.programmes.models import Programme
from kieumau.rounds.models import Dossier
from tests.doors_open import PEOPLE
from tests.doors_scene import something_of_everything
from tests.test_query_counts import MOST

pytestmark = pytest.mark.django_db
HEADING = '<h2 id="log">'
TO_LOG = 'href="/nhat-ky/"'


@pytest.fixture
def scene(settings: Any, tmp_path: Path) -> tuple[dict[str, User], dict[str, str]]:
    """People by name, and the page of each kind of object of which the log tells."""
    settings.KIEUMAU_FILES = str(tmp_path / "files")
    cast = load_world()
    people = {name: User.objects.create_user(name) for name in PEOPLE}
    for name, (role, unit) in PEOPLE.items():
        if role:
            grant(people[name], role, cast.unit(unit))
    parts = something_of_everything(cast, people)
    return (
        people,
        {
            "document": reverse("document", args=[File.objects.get(pk=parts["file_id"]).document_id]),
            "visit": reverse("visit", args=[parts["visit_id"]]),
            "assignment": reverse("assignment", args=[parts["assignment_id"]]),
            "directive": reverse("directive", args=[Directive.objects.latest("pk").pk]),
            "round": reverse("round", args=[Dossier.objects.latest("pk").round_id]),
            "title": reverse("title", args=[parts["title_id"]]),
        },
    )


def test_the_log_stands_on_the_page_of_what_it_tells_of(
    scene: tuple[dict[str, User], dict[str, str]],
) -> None:
    people, pages = scene
    auditor, office = Client(), Client()
    auditor.force_login(people["auditor"])
    office.force_login(people["office"])
    taken = {}
    for kind, address in pages.items():
        auditor.get(address)
        with CaptureQueriesContext(connection) as queries:
            page = auditor.get(address).content.decode()
        assert HEADING in page, kind
        is_told = "<details>" in page.partition(HEADING)[2]
        assert is_told or kind == "round", f"{kind}: nothing is recorded of it"  # which no action opened here
        taken[kind] = len(queries)
        assert HEADING not in office.get(address).content.decode(), kind
    assert max(taken.values()) <= MOST, taken


def test_from_the_fullest_pages_a_link_leads_to_the_log(
    scene: tuple[dict[str, User], dict[str, str]],
) -> None:
    people, _ = scene
    auditor, office = Client(), Client()
    auditor.force_login(people["auditor"])
    office.force_login(people["office"])
    dossier, programme = Dossier.objects.latest("pk").pk, Programme.objects.latest("pk")
    for kind, key, address in [
        ("dossier", dossier, reverse("dossier", args=[dossier])),
        ("programme", programme.pk, reverse("programme", args=[programme.code])),
    ]:
        link = f"/nhat-ky/?doituong={kind}%3A{key}"
        assert link in auditor.get(address).content.decode(), kind
        assert "<details>" in auditor.get(link).content.decode(), kind
        assert link not in office.get(address).content.decode(), kind


def test_the_menu_leads_to_the_log_by_permission(scene: tuple[dict[str, User], dict[str, str]]) -> None:
    people, pages = scene
    found = {}
    for name in ("auditor", "office", "admin"):
        client = Client()
        client.force_login(people[name])
        found[name] = client.get(pages["title"]).content.decode().count(TO_LOG)
    assert found == {"auditor": 2, "office": 0, "admin": 0}, "in the header and in the menu of a phone"


def test_the_log_of_a_person_stands_where_the_account_is_closed(
    scene: tuple[dict[str, User], dict[str, str]], client: Client
) -> None:
    people, _ = scene
    client.force_login(User.objects.create_superuser("quan-tri"))
    page = client.get(reverse("person_close", args=[people["officer"].pk])).content.decode()
    assert HEADING in page
    listed = client.get(reverse("roles")).content.decode()
    assert f"?doituong=user:{people['officer'].pk}" in listed
