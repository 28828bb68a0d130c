"""Every address, opened by every role: what each gets is a table in a file, `doors_by_role.txt`.

A page that answers otherwise, or is new, fails until the table says so, in the commit that changed it:
`KIEUMAU_WRITE_DOORS=1 pytest tests/test_roles_at_doors.py` writes it anew, to be read before it is kept.
`own` people hold their role over the ward of the pages (officer, approver), its province or the country;
`other` is an officer of the ward beside. Reading is not open. The pages are served as production serves
them: by the role that owns nothing (`accounts.row_security`).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from django.conf import settings
from django.db import connection, transaction
from django.test import Client, TestCase, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from kieumau.accounts.models import User
from kieumau.accounts.row_security import ROLE
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tokens import make_token
from kieumau.assessments.tests.cast import load_world
from tests.doors_scene import Parts, parts_of, something_of_everything

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


@contextmanager
def serving() -> Iterator[None]:
    """The connection works as the role that serves pages."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {ROLE}")
        yield
        cursor.execute("RESET ROLE")


@override_settings(KIEUMAU_OPEN_READING=False)
class Doors(TestCase):
    """One ward with something of everything."""

    parts: ClassVar[Parts]
    people: ClassVar[dict[str, User]]

    @classmethod
    def setUpTestData(cls) -> None:
        cast = load_world()
        cls.people = {name: User.objects.create_user(name) for name in PEOPLE}
        for name, (role, unit) in PEOPLE.items():
            if role:
                grant(cls.people[name], role, cast.unit(unit))
        files = cls.enterClassContext(TemporaryDirectory())
        # Pages are drawn without collected files, which `conftest` sees to only once a test begins.
        plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
        storages = {**settings.STORAGES, **plain}
        cls.enterClassContext(override_settings(KIEUMAU_FILES=files, STATIC_ROOT=files, STORAGES=storages))
        cls.parts = something_of_everything(cast, cls.people)

    def answers(self) -> dict[str, dict[str, int]]:
        """The status of each address for each person, without following it anywhere."""
        clients = {STRANGER: Client(raise_request_exception=False)}
        for name, user in self.people.items():
            clients[name] = Client(raise_request_exception=False)
            clients[name].force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
        found: dict[str, dict[str, int]] = {}
        with serving():
            for name, parts in addresses(get_resolver()):
                address = reverse(name, kwargs=parts_of(name, parts, self.parts))
                found[name] = {who: _got(client, address) for who, client in clients.items()}
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
            status = _got(program, reverse(name, kwargs=parts_of(name, parts, self.parts)))
            is_open = name.startswith("api:") or name in PUBLIC
            assert (status not in {302, 401}) == is_open, (name, status)


def _got(client: Client, address: str) -> int:
    response = client.get(address)
    for _ in response:
        pass  # a file that is sent is closed after its last byte
    return response.status_code


def _sent(client: Client, address: str) -> int:
    """What an empty form is answered; whatever it did is undone."""
    with transaction.atomic():
        status = client.post(address).status_code
        transaction.set_rollback(True)
    return status
