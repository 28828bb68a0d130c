"""Numbers that no row has, in every place of an address and of a form that takes one: no page falls over.

What a page looks for in its address is noted while it is drawn, so that a new question is walked by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.utils.datastructures import MultiValueDict

from kieumau.accounts.models import User
from tests.doors_open import OpenDoors
from tests.doors_scene import Parts
from tests.forms import Form, forms_of

ENDLESS, BEYOND = "9" * 5000, str(2**63)


@contextmanager
def noted() -> Iterator[set[str]]:
    """The names that are looked for in what a browser sent."""
    found: set[str] = set()
    looked_up, listed = MultiValueDict.__getitem__, MultiValueDict.getlist

    def look_up(self: MultiValueDict[str, object], name: str) -> object:
        found.add(str(name))
        return looked_up(self, name)

    def list_(self: MultiValueDict[str, object], name: str, default: list[object] | None = None) -> object:
        found.add(str(name))
        return listed(self, name, default)

    with patch.multiple(MultiValueDict, __getitem__=look_up, getlist=list_):
        yield found


@pytest.mark.slow
class LargeNumbers(OpenDoors):
    """Asked by somebody who may do everything."""

    def setUp(self) -> None:
        self.client = self.client_of(User.objects.create_superuser("moi-quyen"))

    def test_no_page_falls_over_them(self) -> None:
        tried, forms = 0, dict[tuple[str, str], Form]()
        for name, parts in self.walked():
            address = self.address(name, parts)
            with noted() as names:
                status, html = self.got(self.client, address)
            assert status < 500, address
            for form in forms_of(html, address):
                forms.setdefault((form.address, str(form.buttons[:1])), form)
            for one in self.asked(name, parts, names):
                tried += 1
                assert self.got(self.client, one)[0] < 500, one[:200]
        assert tried > 200, "the pages were not walked"
        assert len(forms) > 40, "the pages hold no forms"
        for form in forms.values():
            self.send(form)

    def send(self, form: Form) -> None:
        """Send a form with such numbers wherever it holds one; what it does is undone."""
        numbers = {name for name, value in form.fields if value.isdigit()}
        for number in (ENDLESS, BEYOND):
            with transaction.atomic():
                data = form.data() | {name: [number] for name in numbers}
                answer = self.client.post(form.address, data)
                transaction.set_rollback(True)
            assert answer.status_code < 500, (form.address, numbers, number[:20])

    def asked(self, name: str, parts: Parts, names: set[str]) -> Iterator[str]:
        """An address with such numbers in all its questions at once, and in each of its parts."""
        address = self.address(name, parts)
        for number in (ENDLESS, BEYOND):
            yield f"{address}?{urlencode(dict.fromkeys(sorted(names), number))}"
        for part in (part for part, value in parts.items() if isinstance(value, int)):
            yield self.address(name, {**parts, part: 2**63})
            yield address.replace(f"/{parts[part]}/", f"/{ENDLESS}/", 1)
