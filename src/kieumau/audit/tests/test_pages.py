"""The pages of the log: for whom, what they show, that nothing typed breaks them.

Other tests may have committed entries, which nothing empties: whatever is counted is of one actor.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.template import engines
from django.test import RequestFactory, TestCase, override_settings
from django.test.utils import CaptureQueriesContext

from kieumau.audit.actions import record
from kieumau.audit.registry import unit_names
from kieumau.audit.tests.words import ISSUED, LEFT
from kieumau.kernel.messages import Text

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
User = get_user_model()
ADDRESS = "/nhat-ky/"
NONSENSE = [
    "truoc=x",
    "truoc=2026-01-01~1",
    "tu=hom-qua",
    "den=0000-00-00",
    "viec=khac",
    "donvi=x",
    "donvi=-1",
    "donvi=99999999999999999999",
    "doituong=%27%22%3E%3Cb%3E",
    "doituong=set:",
    "nguoi=%F0%9F%92%A9",
    "tu=2026-12-01&den=2026-01-01",
]


class Log(TestCase):
    auditor: ClassVar[Any]

    @pytest.fixture(autouse=True)
    def _reads_the_log(self, grant: Any) -> None:
        grant(self.auditor, "auditor")

    @classmethod
    def setUpTestData(cls) -> None:
        cls.auditor = User.objects.create_user("kiem-tra")
        for number in range(60):
            record(
                actor=cls.auditor,
                verb=ISSUED,
                object=("set", number % 7),
                name=f"bộ {number}",
                old={"title": "<b>cũ</b>"},
                new={"title": "mới"},
                why="theo công văn",
                unit_id=5 if number == 59 else None,
                now=NOW + timedelta(minutes=number),
            )
        record(actor=cls.auditor, verb=LEFT, now=NOW - timedelta(days=30))

    def html(self, query: str = "nguoi=kiem-tra", language: str = "vi") -> str:
        self.client.force_login(self.auditor)
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        response = self.client.get(f"{ADDRESS}?{query}")
        assert response.status_code == 200, query
        assert response["X-Request-ID"]
        return response.content.decode()

    @override_settings(KIEUMAU_OPEN_READING=True)
    def test_whoever_may_not_read_it_is_told_why(self) -> None:
        assert self.client.get(ADDRESS).status_code == 302
        self.client.force_login(User.objects.create_user("an"))
        answer = self.client.get(ADDRESS)
        assert answer.status_code == 403
        assert "what=audit.read" in answer.content.decode()
        self.client.force_login(User.objects.create_superuser("quan-tri"))
        assert self.client.get(ADDRESS).status_code == 200

    def test_both_languages_say_who_did_what_and_why(self) -> None:
        assert "kiem-tra đã ban hành bộ 59" in self.html()
        html = self.html(language="en")
        assert "kiem-tra issued bộ 59" in html
        assert "theo công văn" in html
        assert "<b>cũ" not in html

    def test_the_older_page_holds_what_the_first_does_not(self) -> None:
        first = self.html()
        address = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        assert "truoc=" in address
        older = self.html(address.removeprefix("?"), "en")
        assert "issued bộ 9" in older
        assert "kiem-tra left" in older
        assert "issued bộ 59" not in older

    def test_filters(self) -> None:
        table = [
            ("nguoi=nobody", 0),
            ("viec=test.leave&nguoi=kiem-tra", 1),
            ("doituong=set:3&nguoi=kiem-tra", 9),
            ("den=2026-11-01&nguoi=kiem-tra", 1),
            ("tu=2026-11-23&nguoi=kiem-tra", 0),
            ("donvi=5&nguoi=kiem-tra", 1),
        ]
        for query, count in table:
            assert self.html(query).count("<details>") == count, query

    def test_what_makes_no_sense_is_left_aside(self) -> None:
        for query in NONSENSE:
            self.html(query)

    def test_units_are_called_by_their_names_and_the_page_takes_few_queries(self) -> None:
        unit_names.append(lambda ids: {5: Text(vi="Phường Cái Khế", en="Cái Khế Ward")} if 5 in ids else {})
        try:
            assert "Cái Khế Ward" in self.html("donvi=5&nguoi=kiem-tra", "en")
        finally:
            unit_names.pop()
        self.html()
        with CaptureQueriesContext(connection) as queries:
            self.client.get(ADDRESS)
        assert len(queries) <= 7

    def test_the_log_of_one_object_is_shown_on_its_page_to_whoever_may_read_it(self) -> None:
        template = engines["django"].from_string('{% load audit %}{% audit_log "set" 3 %}')
        request = RequestFactory().get("/")
        shown = template.render({"user": self.auditor, "request": request}, request)
        assert shown.count("<details>") == 5
        assert "doituong=set%3A3" in shown
        request.user = User.objects.create_user("an")
        assert template.render({}, request).strip() == ""


@pytest.mark.django_db
def test_an_object_of_which_nothing_is_recorded() -> None:
    template = engines["django"].from_string('{% load audit %}{% audit_log "nothing" 1 %}')
    request = RequestFactory().get("/")
    request.user = User.objects.create_superuser("quan-tri")
    assert "<details>" not in template.render({}, request)
