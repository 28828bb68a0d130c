"""The small country, loaded once for all tests of a class, and a browser that reads its pages."""

import re
from typing import ClassVar

from django.conf import settings
from django.test import TestCase

from kieumau.assessments.tests.cast import Cast, load_world

_TAGS = re.compile(r"<[^>]+>")
_SPACES = re.compile(r"\s+")


def words(html: str) -> str:
    """What a page says, without its marks and with single spaces."""
    body = html.partition("<main")[2].partition("</main>")[0] or html
    return _SPACES.sub(" ", _TAGS.sub(" ", body).replace("\N{NO-BREAK SPACE}", " ")).strip()


class PagesOfTheCast(TestCase):
    """Base of tests that look at pages of the small country."""

    cast: ClassVar[Cast]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = load_world()

    def page(self, address: str, language: str = "vi", status: int = 200) -> str:
        """What the page says in a language; fails unless it has the status."""
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        response = self.client.get(address)
        assert response.status_code == status, (address, response.status_code)
        return words(response.content.decode())
