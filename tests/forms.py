"""The forms of a page as a browser sends them: what stands in them, something likely where nothing does.

A button with an address of its own (`formaction`) is a form of its own, with all that stands in its form.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile

from kieumau.documents.tests.hostile import pdf

# What somebody types into a field that is empty, by its type; text for all others.
LIKELY = {
    "date": "2026-12-20",
    "number": "1",
    "email": "ai-do@example.org",
    "time": "08:00",
    "month": "2026-10",
    "url": "https://example.org/",
}
WORDS = "Theo kế hoạch"
NOT_SENT = {"reset", "image", "button"}


@dataclass(slots=True)
class Form:
    """Where a form is sent to, and its fields in order.

    `files` names those that take a file, `areas` those in which one writes at length, `lines` in one line.
    """

    address: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        """As the test client sends it, by the first of its buttons."""
        found: dict[str, Any] = {}
        for name, value in (*self.fields, *self.buttons[:1]):
            found.setdefault(name, []).append(value)
        for name in self.files:
            found[name] = [SimpleUploadedFile("nghi-quyet.pdf", pdf(), content_type="application/pdf")]
        return found


def forms_of(html: str, page: str) -> Iterator[Form]:
    """Every form of a page that writes."""
    reader = _Reader(page)
    reader.feed(html)
    yield from reader.found


class _Reader(HTMLParser):
    """Reads forms; a field outside of its form (`form=…`) is not looked for."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.found = page, list[Form]()
        self._form: Form | None = None
        self._elsewhere: list[tuple[str, dict[str, str]]] = []
        self._takes_files = False
        self._radios: set[str] = set()
        self._select: tuple[str, bool] | None = None
        self._options: list[tuple[str, bool]] = []
        self._area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_post = said.get("method", "").lower() == "post"
            self._form = Form(self._address(said.get("action", ""))) if is_post else None
            self._radios, self._elsewhere = set(), []
            self._takes_files = "enctype" in said
        elif self._form is None or "disabled" in said:
            return
        elif tag == "input":
            self._input(self._form, said)
        elif tag == "button" and "formaction" in said:
            self._elsewhere.append((self._address(said["formaction"]), said))
        elif tag == "button" and said.get("name") and said.get("type", "submit") not in NOT_SENT:
            self._form.buttons.append((said["name"], said.get("value", "")))
        elif tag == "select":
            self._select, self._options = (said.get("name", ""), "multiple" in said), []
        elif tag == "option" and self._select is not None:
            self._options.append((said.get("value", ""), "selected" in said))
        elif tag == "textarea":
            self._area = (said.get("name", ""), [])

    def _address(self, action: str) -> str:
        there = urlsplit(urljoin(self.page, action))
        return f"{there.path}?{there.query}" if there.query else there.path

    def _input(self, form: Form, said: dict[str, str]) -> None:
        name, kind, value = said.get("name", ""), said.get("type", "text"), said.get("value", "")
        if not name or kind in NOT_SENT or name == "csrfmiddlewaretoken":
            return
        if kind == "file":
            form.files.append(name)
        elif kind == "submit":
            form.buttons.append((name, value))
        elif kind == "radio":
            if name not in self._radios:
                self._radios.add(name)
                form.fields.append((name, value or "on"))
        elif kind == "checkbox":
            form.fields.append((name, value or "on"))
        else:
            form.fields.append((name, value or ("" if kind == "hidden" else LIKELY.get(kind, WORDS))))
            form.lines += [name] if kind == "text" else []

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form is not None:
            self.found.append(replace(self._form, files=self._form.files if self._takes_files else []))
            for address, said in self._elsewhere:
                buttons = [(said["name"], said.get("value", ""))] if said.get("name") else []
                files = self._form.files if "formenctype" in said else []
                self.found.append(replace(self._form, address=address, buttons=buttons, files=files))
            self._form = None
        elif tag == "select" and self._select is not None:
            name, chosen = self._select[0], [value for value, is_chosen in self._options if is_chosen]
            likely = chosen or [value for value, _ in self._options if value][:1]
            if self._form is not None and name:
                self._form.fields += [(name, value) for value in likely]
            self._select = None
        elif tag == "textarea" and self._area is not None:
            name, text = self._area[0], "".join(self._area[1]).strip()
            if self._form is not None and name:
                self._form.fields.append((name, text or WORDS))
                self._form.areas.append(name)
            self._area = None
