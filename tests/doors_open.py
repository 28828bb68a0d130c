"""The ward of the doors with people in every role: for tests that walk every page and every form of it."""

from collections.abc import Iterator
from tempfile import TemporaryDirectory
from typing import ClassVar
from unittest.mock import patch

from django.conf import settings
from django.test import Client, TestCase, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.tests.cast import NOW, load_world
from tests.doors_scene import Parts, parts_of, something_of_everything

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
# Signing in and one's own account are the same for everybody: walked in `accounts.signing`.
NOT_BY_ROLE = ("account", "mfa_", "socialaccount", "openid", "session", "log", "invitation", "set_")
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


class OpenDoors(TestCase):
    """One ward with something of everything; the clock stands still, so that no day of it passes."""

    parts: ClassVar[Parts]
    people: ClassVar[dict[str, User]]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.enterClassContext(patch("django.utils.timezone.now", lambda: NOW))
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

    def walked(self) -> Iterator[tuple[str, Parts]]:
        """The name of each address that differs by role, and what stands in its parts."""
        for name, parts in addresses(get_resolver()):
            yield name, parts_of(name, parts, self.parts)

    def client_of(self, user: User) -> Client:
        """A browser in which somebody has signed in; a page that fails answers 500."""
        client = Client(raise_request_exception=False)
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
        return client

    def got(self, client: Client, address: str) -> tuple[int, str]:
        """The status, and the page where it is one; a file that is sent is read to its end."""
        response = client.get(address)
        content = b"".join(response)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        return response.status_code, content.decode() if is_page else ""

    def address(self, name: str, parts: Parts) -> str:
        """The address of a page."""
        return reverse(name, kwargs=parts)
