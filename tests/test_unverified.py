"""A set whose wording was not checked says so on every page that names it, and on the command line."""

from pathlib import Path

import pytest
from django.test import Client

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.actions import assess_all
from kieumau.assessments.sentences import unverified_line
from kieumau.assessments.tests.cast import NOW, SET, TODAY, load_world
from kieumau.calendars.library import window
from kieumau.criteria.actions import load_set, make_draft

CHOSEN = "bo=model-ward:2&ky=2026"
MARK = 'class="unverified"'


@pytest.mark.django_db
def test_every_page_that_names_a_set(client: Client, tmp_path: Path) -> None:
    cast = load_world(1)
    text = SET.read_text(encoding="utf-8").replace("verification: verified", "verification: unverified")
    path = tmp_path / "unverified.yaml"
    path.write_text(text, encoding="utf-8")
    version = load_set(path, actor="test", now=NOW)
    assess_all(criteria_set=version, window=window("tt124-commune:2026"), on=TODAY, now=NOW)
    draft = make_draft(text=text, actor="an", now=NOW)
    user = User.objects.create_user("an")
    grant(user, "programme_office")
    client.force_login(user)
    area, ward = f"/don-vi/{cast.unit('Cần Thơ')}/", f"/don-vi/{cast.unit('Cái Khế')}/"
    trial = f"/bo-tieu-chi/ban-thao/{draft.pk}/thu/"
    first = client.get(trial).context["slider"]["offered"][0].key
    for address in (
        f"/don-vi/{cast.unit('Việt Nam')}/?{CHOSEN}",
        f"{area}?{CHOSEN}",
        f"{area}?{CHOSEN}&gan=1",
        f"{ward}?{CHOSEN}",
        f"{ward}tieu-chi/model-ward/2/2.3/",
        "/bo-tieu-chi/",
        "/bo-tieu-chi/model-ward/2/",
        "/bo-tieu-chi/model-ward/2/2.3/",
        "/xet-don-vi/model-ward/2/",
        trial,
        f"{trial}nguong/?xem=2026&nguong={first}",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert MARK in answer.content.decode(), address


def test_the_command_line_says_it_in_a_line() -> None:
    line = unverified_line("small", "unverified")
    assert line
    assert line.vi == "Bộ tiêu chí small: chưa kiểm chứng."
    assert unverified_line("small", "reported") is None
