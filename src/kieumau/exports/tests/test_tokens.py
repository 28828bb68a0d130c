"""Programs are let in by the open-data editor of the whole country, on a page, as the role that serves."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kieumau.accounts.models import Token, User
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tests.test_row_security import serving
from kieumau.accounts.tokens import make_token, token_of, tokens
from kieumau.assessments.tests.cast import Cast, load_world
from kieumau.audit.models import Entry

# Role and unit; may it let programs read?
WHO = [
    ("open_data_editor", "Việt Nam", True),
    ("open_data_editor", "Cần Thơ", False),  # a token reads every province
    ("programme_office", "Việt Nam", False),
    ("auditor", "Việt Nam", False),
]


@pytest.fixture
def cast(db: None) -> Cast:
    return load_world()


def somebody(cast: Cast, role: str, unit: str) -> Client:
    user, client = User.objects.create_user("chi"), Client()
    grant(user, role, cast.unit(unit))
    client.force_login(user)
    return client


@pytest.mark.parametrize(("role", "unit", "may"), WHO)
def test_who_lets_programs_read(cast: Cast, role: str, unit: str, may: bool) -> None:
    client = somebody(cast, role, unit)
    made, _ = make_token(name="cổng", days=9, actor="an", now=timezone.now())
    revoke = reverse("token_revoke", args=[made.pk])
    assert client.get(reverse("tokens")).status_code == (200 if may else 403)
    assert client.post(revoke).status_code == (302 if may else 403)
    assert (Token.objects.get().revoked_at is not None) is may
    assert (reverse("tokens") in client.get(reverse("exports")).content.decode()) is may


def test_a_token_is_made_shown_once_used_and_taken_back(cast: Cast) -> None:
    editor, address = somebody(cast, "open_data_editor", "Việt Nam"), reverse("tokens")
    typed = {"name": "Cổng dữ liệu mở", "days": 30}
    with serving():
        shown = editor.post(address, typed).content.decode()
        assert editor.post(address, typed).status_code == 422, "a name is one"
        assert editor.post(address, {"name": "x", "days": 0}).status_code == 422
        (secret,) = re.findall(r"km_[\w-]+", shown)
        assert "km_" not in editor.get(address).content.decode()
        program = Client(headers={"authorization": f"Bearer {secret}"})
        assert program.get("/api/v1/units").status_code == 200
        revoke = reverse("token_revoke", args=[tokens().get().pk])
        assert editor.post(revoke).status_code == 302
        assert program.get("/api/v1/units").status_code == 401
        assert token_of(secret, timezone.now()) is None
    made = Entry.objects.get(verb="accounts.make_token")
    assert (made.actor_name, made.object_name) == ("chi", "Cổng dữ liệu mở")
    assert secret not in str(list(Entry.objects.values()))
