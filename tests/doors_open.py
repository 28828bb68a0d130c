"""The ward of the doors with people in every role: for tests that walk every page and every form of it."""

from collections.abc import Iterator
from tempfile import TemporaryDirectory
from typing import ClassVar

from django.conf import settings
from django.test import Client, TestCase, override_settings
from django.urls import get_resolver, reverse

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.tests.cast import load_world
from tests.doors_scene import Parts, parts_of, something_of_everything
from tests.test_roles_at_doors import PEOPLE, addresses


class OpenDoors(TestCase):
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
