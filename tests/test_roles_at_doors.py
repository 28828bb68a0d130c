"""Every address, opened by every role: what each gets is a table in a file, `doors_by_role.txt`.

A page that answers otherwise, or is new, fails until the table says so, in the commit that changed it:
`KIEUMAU_WRITE_DOORS=1 pytest tests/test_roles_at_doors.py` writes it anew, to be read before it is kept.
`own` people hold their role over the ward of the pages (officer, approver), its province or the country;
`other` is an officer of the ward beside. Reading is not open. The pages are served as production serves
them: by the role that owns nothing (`accounts.row_security`). What is posted is what the form of the page
holds (`tests.forms`); whoever is not offered a form sends another's, and must leave nothing written. No page
offers a link to what is closed to whoever looks at it.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import get_resolver, reverse
from django.utils import timezone

from kieumau.accounts.models import User
from kieumau.accounts.row_security import ROLE
from kieumau.accounts.tokens import make_token
from tests.doors_open import PEOPLE, OpenDoors, addresses
from tests.doors_scene import parts_of
from tests.forms import Form, forms_of

FILE = Path(__file__).with_name("doors_by_role.txt")
STRANGER = "stranger"
NOT_ALLOWED = 405
CLOSED = {403, 404}
LINK = re.compile(r'<a\b[^>]*?\shref="(/[^"#]*)')
WRITTEN = re.compile(r'(?<!FOR )(?<!KEY )\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?([a-z_]+)', re.IGNORECASE)
# The session, and who read what: written by looking alone.
REMEMBERED = {"django_session", "session", "document_reading"}
PUBLIC = {"titles", "titles_file", "title", "title_certificate"}  # the register of titles


@contextmanager
def serving() -> Iterator[None]:
    """The connection works as the role that serves pages."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {ROLE}")
        yield
        cursor.execute("RESET ROLE")


@override_settings(KIEUMAU_OPEN_READING=False)
class Doors(OpenDoors):
    """One ward with something of everything."""

    def answers(self) -> tuple[dict[str, dict[str, int]], list[str]]:
        """The status of each address for each person, without following it anywhere; and what is wrong.

        A page is sent what its form holds: the person's own one, else one that somebody else was offered.
        """
        clients = {STRANGER: Client(raise_request_exception=False)}
        for name, user in self.people.items():
            clients[name] = Client(raise_request_exception=False)
            clients[name].force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
        found: dict[str, dict[str, int]] = {}
        forms: dict[str, dict[str, list[Form]]] = defaultdict(lambda: defaultdict(list))
        offered: dict[tuple[str, str], str] = {}
        walked = {
            name: reverse(name, kwargs=parts_of(name, parts, self.parts))
            for name, parts in addresses(get_resolver())
        }
        with serving():
            for name, address in walked.items():
                found[name] = {}
                for who, client in clients.items():
                    found[name][who], html = _got(client, address)
                    for form in forms_of(html, address):
                        forms[urlsplit(form.address).path][who].append(form)
                    for link in LINK.findall(html):
                        offered.setdefault((who, unescape(link)), address)
            answers = {address: found[name] for name, address in walked.items()}
            wrong = [
                f"{who} is offered {link} by {page}, which is closed"
                for (who, link), page in offered.items()
                if answers.get(urlsplit(link).path, {}).get(who) in CLOSED
                and clients[who].get(link).status_code in CLOSED
            ]
            for name, address in walked.items():
                sent = {
                    who: self.sent(client, who, address, forms[address], wrong)
                    for who, client in clients.items()
                }
                if set(sent.values()) - {302, 405} or 302 in list(sent.values())[1:]:
                    found[f"{name} POST"] = sent
        return found, wrong

    def sent(
        self, client: Client, who: str, address: str, forms: dict[str, list[Form]], wrong: list[str]
    ) -> int:
        """What the forms of an address are answered, of the first; whatever they did is undone.

        Whoever is not offered a form must leave nothing written by it.
        """
        own = forms.get(who, [])
        others = next((there for there in forms.values() if there), [])
        answered = []
        for form in own or others or [Form(address)]:
            with transaction.atomic():
                writes = Writes()
                with connection.execute_wrapper(writes):
                    answered.append(client.post(form.address, form.data()).status_code)
                transaction.set_rollback(True)
            if answered[-1] >= 500:
                wrong.append(f"{who} {form.address}: {answered[-1]}")
            if writes.tables and not own:
                wrong.append(f"{who} wrote by {form.address}: {sorted(writes.tables)}")
        return answered[0]

    def test_every_address_answers_every_role_as_the_table_says(self) -> None:
        found, wrong = self.answers()
        people = [STRANGER, *PEOPLE]
        lines = ["".ljust(28) + " ".join(who.rjust(9) for who in people)]
        lines += [
            name.ljust(28) + " ".join(str(row[who]).rjust(9) for who in people)
            for name, row in sorted(found.items())
        ]
        if os.environ.get("KIEUMAU_WRITE_DOORS"):
            FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
        assert not wrong, "\n".join(wrong)
        assert lines == FILE.read_text(encoding="utf-8").splitlines()
        assert not [name for name, row in found.items() if max(row.values()) >= 500]

    def test_a_program_with_a_token_reads_the_api_and_nothing_else(self) -> None:
        _, secret = make_token(name="máy", days=1, actor="an", now=timezone.now())
        program = Client(headers={"Authorization": f"Bearer {secret}"})
        for name, parts in addresses(get_resolver()):
            status, _ = _got(program, reverse(name, kwargs=parts_of(name, parts, self.parts)))
            is_open = name.startswith("api:") or name in PUBLIC
            assert (status not in {302, 401}) == is_open, (name, status)

    def test_no_browser_meets_an_empty_page(self) -> None:
        """Whoever comes to an address by a link, a bookmark or the switch of languages sees a page."""
        client = Client()
        user = User.objects.create_superuser("moi-quyen")
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
        led = {}
        for name, parts in addresses(get_resolver()):
            address = reverse(name, kwargs=parts_of(name, parts, self.parts))
            if _got(client, address)[0] == NOT_ALLOWED:
                response = client.get(address, headers={"Accept": "text/html,*/*;q=0.8"}, follow=True)
                led[name] = response.status_code
                b"".join(response)  # a file is closed by its last byte; `close()` ends the connection too
        # There are such, and each leads to the page of what it belongs to.
        assert set(led.values()) == {200}, led


def _got(client: Client, address: str) -> tuple[int, str]:
    """The status, and the page where it is one."""
    response = client.get(address)
    content = b"".join(response)  # a file that is sent is closed after its last byte
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    return response.status_code, content.decode() if is_page else ""


class Writes:
    """Notes the tables that are written, but for those that only remember who looked."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if context["cursor"].rowcount:
            self.tables |= set(WRITTEN.findall(sql)) - REMEMBERED
        return answer
