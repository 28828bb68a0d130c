"""What tests of the builder start from: somebody signed in, criteria of three kinds as forms send them."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from django.test import TestCase
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.criteria.models import Draft
from kieumau.indicators.actions import load_catalogue

PARTS = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)
MEASURED = {
    "kind": "measured",
    "code": "1",
    "title_vi": "Công nhận khu dân cư",
    "formula": "areas.recognised / areas.total >= 70%",
}
DOCUMENTED = {
    "kind": "documented",
    "code": "2",
    "title_vi": "Có kế hoạch trong quý I",
    "title_en": "A plan in the first quarter",
    "document_vi": "Kế hoạch của Ủy ban nhân dân",
    "from_day": "1",
    "from_month": "1",
    "to_day": "31",
    "to_month": "3",
}
JUDGED = {
    "kind": "judged",
    "code": "3",
    "title_vi": "Tham mưu tốt",
    "question_vi": "Công an xã có tham mưu tốt không?",
}


class Signed(TestCase):
    """Somebody has signed in, and the shipped catalogue is loaded."""

    an: ClassVar[User]

    @classmethod
    def setUpTestData(cls) -> None:
        load_catalogue("vn-commune")
        cls.an = User.objects.create_user("an")
        grant(cls.an, "appraiser")

    def setUp(self) -> None:
        self.client.force_login(self.an)

    def begin(self, title: str = "Phường điển hình 2027") -> Draft:
        """A draft made from a title, as the page makes it."""
        response = self.client.post(reverse("draft_new"), {"title_vi": title})
        assert response.status_code == 302
        return Draft.objects.latest("pk")

    def post(self, name: str, draft: Draft, *arguments: Any, **fields: Any) -> Any:
        """Send a form of a page of the draft, based on the draft as it was given."""
        address = reverse(name, args=[draft.pk, *arguments])
        return self.client.post(address, {"version": draft.version, **fields})
