"""How many queries each page takes is a number in a file, the same for few units and for many.

A page that takes more or fewer fails until `query_counts.json` says so, in the commit that changed it.
The numbers are those of somebody who has signed in: two more than for a stranger.
"""

import json
from pathlib import Path
from typing import ClassVar

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.tests.cast import NOW, SET, Cast, load_world
from kieumau.criteria.actions import make_draft
from kieumau.returns.actions import load_form, open_periods
from kieumau.returns.models import Return
from kieumau.units.models import Change

FILE = Path(__file__).with_name("query_counts.json")
MOST = 12


class _Counting(TestCase):
    """Counts the queries of every page for somebody who has signed in."""

    more_units: ClassVar[int]
    cast: ClassVar[Cast]
    draft: ClassVar[int]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = load_world(cls.more_units)
        load_form("vn-commune-month", actor="test", now=NOW)
        open_periods(actor="test", now=NOW)
        text = SET.read_text(encoding="utf-8")
        cls.draft = [make_draft(text=text, actor="an", now=NOW).pk for _ in range(cls.more_units)][-1]

    def pages(self) -> dict[str, str]:
        """Each kind of page by name."""
        unit = self.cast.unit
        return {
            "nation": f"/don-vi/{unit('Việt Nam')}/",
            "province": f"/don-vi/{unit('Cần Thơ')}/",
            "province, filtered": f"/don-vi/{unit('Cần Thơ')}/?kq=no_data&ky=2025",
            "commune": f"/don-vi/{unit('Cái Khế')}/",
            "commune that ended": f"/don-vi/{self.cast.ended}/",
            "province, as reported": f"/don-vi/{unit('Cần Thơ')}/?ban-do=bao-cao",
            "province, other map": f"/don-vi/{unit('Cần Thơ')}/?ban-do=2025-06-30",
            "commune, known earlier": f"/don-vi/{unit('Cái Khế')}/?biet-ngay=2026-11-22",
            "figure": f"/don-vi/{unit('Cái Khế')}/so-lieu/fire.count/?ky=2025-09",
            "figure of a province": f"/don-vi/{unit('Cần Thơ')}/so-lieu/crime.clearance/",
            "verdict": f"/don-vi/{unit('Cái Khế')}/tieu-chi/model-ward/1/2.3/",
            "first page": "/",
            "criteria sets": "/bo-tieu-chi/",
            "criteria set": "/bo-tieu-chi/model-ward/1/",
            "criterion": "/bo-tieu-chi/model-ward/1/2.3/",
            "criterion, filtered": f"/bo-tieu-chi/model-ward/1/2.3/?tinh={unit('Cần Thơ')}&kq=met",
            "drafts": "/bo-tieu-chi/ban-thao/",
            "new draft": "/bo-tieu-chi/ban-thao/moi/",
            "draft": f"/bo-tieu-chi/ban-thao/{self.draft}/",
            "draft, head": f"/bo-tieu-chi/ban-thao/{self.draft}/chung/",
            "draft, criterion": f"/bo-tieu-chi/ban-thao/{self.draft}/tieu-chi/1/",
            "draft, text": f"/bo-tieu-chi/ban-thao/{self.draft}/yaml/",
            "returns": "/bao-cao/",
            "returns of a province": f"/don-vi/{unit('Cần Thơ')}/bao-cao/",
            "returns of a commune": f"/don-vi/{unit('Cái Khế')}/bao-cao/",
            "return": f"/bao-cao/{Return.objects.get(unit_id=unit('Cái Khế')).pk}/",
            "days off": "/ngay-nghi/",
            "acts": "/don-vi/thay-doi/",
            "act": f"/don-vi/thay-doi/{Change.objects.get().pk}/",
            "search": "/tim/?q=xa",
            "search without a hit": "/tim/?q=zzzz",
        }

    def counts(self) -> dict[str, int]:
        """Queries of every page, after it was opened once: what a process keeps is kept."""
        an = User.objects.create_user("an")
        grant(an, "programme_office")
        self.client.force_login(an)
        found = {}
        for name, address in self.pages().items():
            assert self.client.get(address).status_code == 200, address
            with CaptureQueriesContext(connection) as queries:
                self.client.get(address)
            found[name] = len(queries)
        return found


class FewUnits(_Counting):
    more_units = 1

    def test_the_counts_are_those_in_the_file(self) -> None:
        found = self.counts()
        assert found == json.loads(FILE.read_text(encoding="utf-8"))
        assert max(found.values()) <= MOST


class ManyUnits(_Counting):
    more_units = 120

    def test_many_units_take_no_more(self) -> None:
        assert self.counts() == json.loads(FILE.read_text(encoding="utf-8"))


del _Counting  # a base class is not a test
