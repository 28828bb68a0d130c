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

    def test_no_address_falls_over_them(self) -> None:
        tried = 0
        for name, parts in self.walked():
            address = self.address(name, parts)
            with noted() as names:
                assert self.got(self.client, address)[0] < 500, address
            asked = ["?" + urlencode(dict.fromkeys(sorted(names), number)) for number in (ENDLESS, BEYOND)]
            asked = [address + one for one in asked]
            for part in (part for part, value in parts.items() if isinstance(value, int)):
                asked.append(self.address(name, {**parts, part: 2**63}))
                asked.append(address.replace(f"/{parts[part]}/", f"/{ENDLESS}/", 1))
            for one in asked:
                tried += 1
                assert self.got(self.client, one)[0] < 500, one[:200]
        assert tried > 200, "the pages were not walked"

    def test_no_form_falls_over_them(self) -> None:
        forms: dict[tuple[str, str], Form] = {}
        for name, parts in self.walked():
            _, html = self.got(self.client, address := self.address(name, parts))
            for form in forms_of(html, address):
                forms.setdefault((form.address, str(form.buttons[:1])), form)
        assert len(forms) > 40, "the pages were not walked"
        for form in forms.values():
            data = form.data()
            numbers = {name for name, value in form.fields if value.isdigit()}
            for number in (ENDLESS, BEYOND):
                with transaction.atomic():
                    answer = self.client.post(form.address, {**data, **{key: [number] for key in numbers}})
                    transaction.set_rollback(True)
                assert answer.status_code < 500, (form.address, numbers, number[:20])
