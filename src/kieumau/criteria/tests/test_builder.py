"""Building a set in the browser: made, filled in, found wrong, mended; two people at once."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from django.test import TestCase
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.criteria.models import Draft
from kieumau.indicators.actions import load_catalogue

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


class _Signed(TestCase):
    """Somebody has signed in, and the shipped catalogue is loaded."""

    an: ClassVar[User]

    @classmethod
    def setUpTestData(cls) -> None:
        load_catalogue("vn-commune")
        cls.an = User.objects.create_user("an")

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


class FromNothing(_Signed):
    def test_three_criteria_of_three_kinds_make_a_set_without_faults(self) -> None:
        draft = self.begin()
        assert draft.code == "phuong-dien-hinh-2027"
        assert draft.fault_count == 1  # no criteria yet
        for criterion in (MEASURED, DOCUMENTED, JUDGED):
            response = self.post("draft_criterion_new", draft, **criterion)
            assert response.status_code == 302, response.content.decode()
            draft.refresh_from_db()
        assert draft.fault_count == 0, draft.text
        assert draft.text.endswith(
            """\
criteria:
  - code: "1"
    kind: measured
    title: {vi: Công nhận khu dân cư, en: Công nhận khu dân cư}
    formula: areas.recognised / areas.total >= 70%
  - code: "2"
    kind: documented
    title: {vi: Có kế hoạch trong quý I, en: A plan in the first quarter}
    document:
      code: ke-hoach-cua-uy-ban-nhan-dan
      name: {vi: Kế hoạch của Ủy ban nhân dân, en: Kế hoạch của Ủy ban nhân dân}
    window: {from: {month: 1, day: 1}, to: {month: 3, day: 31}}
  - code: "3"
    kind: judged
    title: {vi: Tham mưu tốt, en: Tham mưu tốt}
    question: {vi: Công an xã có tham mưu tốt không?, en: Công an xã có tham mưu tốt không?}
"""
        )
        for language in ("vi", "en"):
            self.client.cookies["django_language"] = language
            for name, *arguments in (
                ("draft",),
                ("draft_head",),
                ("draft_criterion", 2),
                ("draft_yaml",),
                ("draft_criterion_new",),
                ("draft_indicators",),
                ("draft_delete",),
            ):
                response = self.client.get(reverse(name, args=[draft.pk, *arguments]))
                assert response.status_code == 200, name
                assert response.content.decode().count("<h1") == 1, name
            assert self.client.get(reverse("drafts")).status_code == 200
            assert self.client.get(reverse("draft_new")).status_code == 200
            assert self.client.get(reverse("draft_upload")).status_code == 200
