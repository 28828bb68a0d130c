"""Every address, opened by every role: what each gets is a table in a file, `doors_by_role.txt`.

A page that answers otherwise, or is new, fails until the table says so, in the commit that changed it:
`KIEUMAU_WRITE_DOORS=1 pytest tests/test_roles_at_doors.py` writes it anew, to be read before it is kept.
`own` people hold their role over the ward of the pages (officer, approver), its province or the country;
`other` is an officer of the ward beside. Reading is not open.
"""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.test import Client, TestCase, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from kieumau.accounts.models import Grant, User
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tokens import make_token
from kieumau.assessments.tests.cast import NOW, SET, load_world
from kieumau.criteria.actions import make_draft
from kieumau.documents.models import Document
from kieumau.programmes.actions import add_row, make_programme
from kieumau.programmes.rules import ProgrammeFacts, StageFacts
from kieumau.returns.actions import load_form, open_periods
from kieumau.returns.models import Return
from kieumau.units.models import Change

FILE = Path(__file__).with_name("doors_by_role.txt")
# Who knocks: the role, and over which unit.
PEOPLE = {
    "nobody": ("", ""),
    "other": ("officer", "An Bình"),
    "officer": ("officer", "Cái Khế"),
    "approver": ("approver", "Cái Khế"),
    "verifier": ("verifier", "Cần Thơ"),
    "appraiser": ("appraiser", "Cần Thơ"),
    "office": ("programme_office", "Việt Nam"),
    "auditor": ("auditor", "Việt Nam"),
    "admin": ("administrator", "Việt Nam"),
    "open": ("open_data_editor", "Việt Nam"),
}
STRANGER = "stranger"
# Signing in and one's own account are the same for everybody: walked in `accounts.signing`.
NOT_BY_ROLE = ("account", "mfa_", "socialaccount", "openid", "session", "log", "invitation", "set_")
PUBLIC = {"titles", "title"}  # the register of titles
ONLY_DEBUG = {"styleguide"}


def addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, list[str]]]:
    """The full name of every address that differs by role, and the names of its parts."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, f"{entry.namespace}:" if entry.namespace else before)
        elif entry.name and entry.name not in ONLY_DEBUG and not entry.name.startswith(NOT_BY_ROLE):
            yield f"{before}{entry.name}", list(entry.pattern.converters) or _parts(entry)


def _parts(entry: URLPattern) -> list[str]:
    return list(entry.pattern.regex.groupindex)


@override_settings(KIEUMAU_OPEN_READING=False)
class Doors(TestCase):
    """One ward with something of everything."""

    parts: ClassVar[dict[str, Any]]
    people: ClassVar[dict[str, User]]

    @classmethod
    def setUpTestData(cls) -> None:
        cast = load_world()
        load_form("vn-commune-month", actor="test", now=NOW)
        open_periods(actor="test", now=NOW)
        ward = cast.unit("Cái Khế")
        cls.people = {name: User.objects.create_user(name) for name in PEOPLE}
        for name, (role, unit) in PEOPLE.items():
            if role:
                grant(cls.people[name], role, cast.unit(unit))
        cls.parts = {
            "unit_id": ward,
            "indicator": "crime.total",
            "change_id": Change.objects.get().pk,
            "draft_id": make_draft(text=SET.read_text(encoding="utf-8"), actor="an", now=NOW).pk,
            "position": 1,
            "slug": "ke-hoach",
            "row_id": _stage(cast.unit("Việt Nam"), ward),
            "code": "model-ward",  # of a criteria set and of a programme
            "version": 1,
            "number": 1,
            "criterion": "2.3",
            "return_id": Return.objects.get(unit_id=ward).pk,
            "document_id": _document(ward),
            "grant_id": Grant.objects.get(user=cls.people["officer"]).pk,
        }

    def answers(self) -> dict[str, dict[str, int]]:
        """The status of each address for each person, without following it anywhere."""
        clients = {STRANGER: Client(raise_request_exception=False)}
        for name, user in self.people.items():
            clients[name] = Client(raise_request_exception=False)
            clients[name].force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
        found: dict[str, dict[str, int]] = {}
        for name, parts in addresses(get_resolver()):
            values = {part: self.parts.get(part, 99999999) for part in parts}
            if name == "quality_check":
                values["code"] = "negative-count"
            address = reverse(name, kwargs=values)
            found[name] = {who: client.get(address).status_code for who, client in clients.items()}
            sent = {who: _sent(client, address) for who, client in clients.items()}
            if set(sent.values()) - {302, 405} or 302 in list(sent.values())[1:]:
                found[f"{name} POST"] = sent
        return found

    def test_every_address_answers_every_role_as_the_table_says(self) -> None:
        found = self.answers()
        people = [STRANGER, *PEOPLE]
        lines = ["".ljust(28) + " ".join(who.rjust(9) for who in people)]
        lines += [
            name.ljust(28) + " ".join(str(row[who]).rjust(9) for who in people)
            for name, row in sorted(found.items())
        ]
        if os.environ.get("KIEUMAU_WRITE_DOORS"):
            FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
        assert lines == FILE.read_text(encoding="utf-8").splitlines()
        assert not [name for name, row in found.items() if max(row.values()) >= 500]

    def test_a_program_with_a_token_reads_the_api_and_nothing_else(self) -> None:
        _, secret = make_token(name="máy", days=1, actor="an", now=timezone.now())
        program = Client(headers={"Authorization": f"Bearer {secret}"})
        for name, parts in addresses(get_resolver()):
            values = {part: self.parts.get(part, 99999999) for part in parts}
            status = program.get(reverse(name, kwargs=values)).status_code
            is_open = name.startswith("api:") or name in PUBLIC
            assert (status not in {302, 401}) == is_open, (name, status)


def _sent(client: Client, address: str) -> int:
    """What an empty form is answered; whatever it did is undone."""
    with transaction.atomic():
        status = client.post(address).status_code
        transaction.set_rollback(True)
    return status


def _stage(country: int, ward: int) -> int:
    """A stage of the ward's plan in a programme of the country."""
    day = date(2026, 1, 1)
    said = ProgrammeFacts(country, "Tên", "Name", "Danh hiệu", "Title", "KH 01", 3, (), 2026, None, 12)
    made = make_programme("model-ward", said, actor="an", now=timezone.now())
    stage = StageFacts(ward, "Thí điểm", day, day, None, None)
    return add_row(made, stage, actor="an", now=timezone.now()).pk


def _document(unit_id: int) -> int:
    now = timezone.now()
    made = Document.objects.create(
        unit_id=unit_id,
        kind="ke-hoach",
        issued_on=date(2026, 1, 1),
        summary="Kế hoạch",
        added_at=now,
        added_by="an",
        changed_at=now,
        changed_by="an",
    )
    return made.pk
