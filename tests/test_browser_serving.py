"""The main pages of every package in a real browser, served by the role that owns nothing.

`conftest` gives the server that role, as `kieumau serve` does; here somebody of each kind walks over what
there is for one ward, and nothing fails, on a phone and on a desk, in both languages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from kieumau.accounts.models import User
from kieumau.accounts.row_security import ROLE
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.tests.cast import load_world
from tests import one_browser
from tests.doors_scene import Parts, something_of_everything
from tests.one_browser import IN_A_BROWSER
from tests.test_browser import DESK, PHONE, Visit

pytestmark = IN_A_BROWSER

# Addresses by name and the parts that they take, all of which answer whoever walks there.
EVERYBODY = [
    ("home",),
    ("unit", "unit_id"),
    ("explanation", "unit_id", "code", "version", "criterion"),
    ("returns",),
    ("return_entry", "return_id"),
    ("shelf", "unit_id"),
    ("document", "document_id"),
    ("notices",),
    ("notice_wishes",),
    ("programmes",),
    ("programme", "code"),
    ("programme_plan", "code"),
    ("programme_members", "code"),
    ("programme_money", "code"),
    ("rounds",),
    ("round", "round_id"),
    ("dossier", "dossier_id"),
    ("titles",),
    ("title", "title_id"),
    ("assignments",),
    ("directives",),
    ("visits",),
    ("assignment", "assignment_id"),
    ("visit", "visit_id"),
    ("dossier_criterion", "dossier_id", "first"),
    ("dossier_document", "dossier_id", "document_id"),
    ("quality",),
    ("exports",),
    ("why",),
    ("account",),
]
OFFICER = [("document_edit", "document_id"), ("dossier_evidence_new", "dossier_id", "first")]
OFFICE = [
    ("round_new",),
    ("round_extend", "round_id"),
    ("round_teams", "round_id"),
    ("round_close", "round_id"),
    ("dossier_decision", "dossier_id"),
    ("title_withdraw", "title_id"),
    ("programme_new",),
    ("programme_edit", "code"),
    ("members_choose", "code"),
    ("programme_row", "code", "slug", "row_id"),
    ("assignment_new",),
    ("directive_new",),
    ("directive_edit", "directive_id"),
    ("visit_new",),
    ("directive", "directive_id"),
    ("assignment_edit", "assignment_id"),
    ("visit_edit", "visit_id"),
    ("rechecks",),
    ("recheck_drawn", "draw_id"),
    ("drafts",),
    ("new_act",),
    ("roles",),
    ("unit_invitations", "unit_id"),
]
WALKS: dict[str, list[tuple[str, ...]]] = {
    "officer": [*EVERYBODY, *OFFICER],
    "programme_office": [*EVERYBODY, *OFFICE],
    "auditor": [("audit_log",), ("dossier", "dossier_id"), ("return_entry", "return_id")],
}
PLACES = {"officer": "Cái Khế", "programme_office": "Việt Nam", "auditor": "Việt Nam"}
SESSION = settings.SESSION_COOKIE_NAME


@dataclass(frozen=True, slots=True)
class Scene:
    """What there is, and who walks over it."""

    parts: Parts
    people: dict[str, User]

    def addresses(self, named: list[tuple[str, ...]]) -> list[str]:
        """The addresses of pages of what there is."""
        return [reverse(name, args=[self.parts[part] for part in parts]) for name, *parts in named]


@pytest.fixture
def scene(transactional_db: None, settings: Any, tmp_path: Path) -> Scene:
    """One ward with something of everything; an officer of it, an office and an auditor of the country."""
    settings.KIEUMAU_FILES = str(tmp_path / "files")
    cast = load_world()
    people = {role: User.objects.create_user(role) for role in PLACES}
    for role, name in PLACES.items():
        grant(people[role], role, cast.unit(name))
    return Scene(something_of_everything(cast, people) | {"first": "1.1"}, people)


@pytest.fixture
def site(scene: Scene, settings: Any, _static_files_as_they_are: None) -> Iterator[str]:
    """The address of a server of a closed installation."""
    settings.KIEUMAU_OPEN_READING = False
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture
def keys(site: str, scene: Scene) -> dict[str, str]:
    """The session of each, who has signed in."""
    found = {}
    for role, user in scene.people.items():
        client = Client()
        client.force_login(user)
        found[role] = client.cookies[SESSION].value
    return found


@pytest.fixture
def chromium(keys: dict[str, str]) -> Iterator[Browser]:
    """A browser, closed before the country is cleared away."""
    with one_browser.chromium() as browser:
        yield browser


@pytest.mark.slow
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("role", list(WALKS))
def test_every_package_is_served_by_who_owns_nothing(
    role: str,
    language: str,
    scene: Scene,
    keys: dict[str, str],
    chromium: Browser,
    site: str,
    served_as: list[str],
) -> None:
    visit = Visit(chromium, site, PHONE if role == "officer" else DESK)
    visit.page.context.add_cookies(
        [
            {"name": SESSION, "value": keys[role], "url": site},
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site},
        ]
    )
    for address in scene.addresses(WALKS[role]):
        visit.open(address)
        if visit.page.locator("h1").count() != 1:
            visit.faults.append(f"{address}: headings")
        if visit.spills_over():
            visit.faults.append(f"{address}: wider than the window")
    assert visit.faults == []
    assert set(served_as) == {ROLE}
