"""What a newcomer stumbles over: a period that does not fit, faults that hide others, codes out of order."""

from datetime import UTC, date, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils.translation import override

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.criteria.actions import load_set, make_draft
from kieumau.criteria.builder_forms import HeadForm
from kieumau.criteria.drafting.edits import content_of
from kieumau.criteria.drafting.reading import read
from kieumau.criteria.drafting.renumbering import is_out_of_order, renumbered
from kieumau.criteria.fitting import BOX, off
from kieumau.criteria.models import Draft
from kieumau.criteria.registry import judged_last
from kieumau.criteria.starting import start_of
from kieumau.criteria.tests.sets import SMALL
from kieumau.formulas.windows import Window
from kieumau.indicators.actions import load_catalogue

NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)
TODAY = date(2026, 11, 20)
TT124 = SMALL.replace("{calendar: civil, kind: year}", "{calendar: tt124-commune, kind: year}")


def test_days_off_at_both_ends() -> None:
    """Figures from the 15th to the 14th, against each calendar's year."""
    for calendar, days in (
        ("nd09", (0, 0, 0)),
        ("teams", (0, 0, 0)),
        ("tt124-commune", (1, 1, 1)),
        ("civil", (14, 14, 14)),
    ):
        found = off(Window(calendar, "year", (2025, 1), (2025, 1)), ("nd09", "month"))
        assert (found.at_start, found.at_end, found.slack) == days, calendar


def test_the_box_is_called_as_the_form_labels_it() -> None:
    for language in ("vi", "en"):
        with override(language):
            assert str(HeadForm.base_fields["figures_slack_days"].label) == BOX.in_(language)


def test_codes_are_numbered_anew_with_those_who_name_them() -> None:
    text = SMALL.replace('code: "1"', 'code: "7"').replace(">= 70%", ">= 70% and criterion(7) = met")
    criteria = read(text, []).criteria
    assert is_out_of_order(criteria)
    after: Any = content_of(renumbered(text, criteria))
    assert [one["code"] for one in after["criteria"]] == ["1", "2", "3"]
    assert after["criteria"][1]["formula"].endswith("criterion(1) = met")
    assert not is_out_of_order(after["criteria"])


@override_settings(LANGUAGE_CODE="vi")
class InTheBrowser(TestCase):
    def setUp(self) -> None:
        load_catalogue("vn-commune")
        an = User.objects.create_user("an")
        grant(an, "appraiser")
        self.client.force_login(an)

    def draft(self, text: str) -> Draft:
        return make_draft(text=text, actor="an", now=NOW)

    def test_a_new_draft_begins_like_the_set_that_is_used(self) -> None:
        before = start_of(TODAY)
        assert (before.calendar, before.kind) == ("nd09", "year")
        load_set("movement-510", actor="an", now=NOW)
        load_set("exemplary-commune", actor="an", now=NOW)
        used = load_set("tt124-commune", actor="an", now=NOW)
        assert start_of(TODAY).calendar == "nd09"  # as most sets have it
        judged_last.append(lambda: used.pk)
        self.addCleanup(judged_last.pop)
        found = start_of(TODAY)
        assert (found.calendar, found.kind, found.slack_days) == ("tt124-commune", "year", 1)
        self.client.post(reverse("draft_new"), {"title_vi": "Bộ mới"})
        content: Any = content_of(Draft.objects.get().text)
        assert content["period"] == {"calendar": "tt124-commune", "kind": "year"}
        assert content["figures_slack_days"] == 1
        assert content["applies_to"] == {"level": "commune", "kinds": list(found.kinds)}
        assert "summary" not in content

    def test_a_day_off_is_allowed_with_one_button(self) -> None:
        draft = self.draft(TT124)
        assert draft.fault_count == 1
        page = self.client.get(reverse("draft", args=[draft.pk])).content.decode()
        assert "lệch 1 ngày ở đầu và 1 ngày ở cuối" in page
        assert 'value="slack-1"' in page
        assert reverse("draft_head", args=[draft.pk]) in page
        self.client.post(reverse("draft", args=[draft.pk]), {"version": 1, "lam": "slack-1"})
        draft.refresh_from_db()
        assert (draft.fault_count, content_of(draft.text)["figures_slack_days"]) == (0, 1)

    def test_periods_that_fit_come_first(self) -> None:
        page = self.client.get(reverse("draft_head", args=[self.draft(TT124).pk])).content.decode()
        assert page.index('value="nd09/year"') < page.index('value="tt124-commune/year"')

    def test_a_fault_leads_to_the_form_of_its_criterion(self) -> None:
        text = SMALL.replace("areas.recognised", "areas.recognized")
        text = text.replace("    question: {vi: Tham mưu tốt không?, en: Does it advise well?}\n", "")
        draft = self.draft(text)
        assert draft.fault_count == 2
        page = self.client.get(reverse("draft", args=[draft.pk])).content.decode()
        assert reverse("draft_criterion", args=[draft.pk, 2]) + "#at-formula" in page
        form = self.client.get(reverse("draft_criterion", args=[draft.pk, 3])).content.decode()
        assert form.count("Chưa ghi câu hỏi.") == 2  # above, and beside the box

    def test_a_placeholder_is_not_issued(self) -> None:
        text = SMALL.replace("vi: Để thử.", "vi: Bộ tiêu chí đang soạn.").replace("civil", "nd09")
        assert self.draft(text).fault_count == 1

    def test_a_title_in_vietnamese_takes_its_english_copy_along(self) -> None:
        """English that somebody wrote stays, and is pointed out where its numbers are others."""
        text = SMALL.replace(
            "vi: Công nhận khu dân cư, en: Areas recognized", "vi: Đạt 95%, en: At least 95%"
        )
        draft = self.draft(text.replace("vi: Tham mưu tốt, en: Advises well", "vi: Tốt, en: Tốt"))
        for number, title in ((2, "Đạt 92%"), (3, "Rất tốt")):
            address = reverse("draft_criterion", args=[draft.pk, number])
            draft.refresh_from_db()
            form = self.client.get(address).context["form"]
            filled = {name: form[name].value() or "" for name in form.fields} | {"title_vi": title}
            self.client.post(address, {**filled, "version": draft.version, "old_code": str(number)})
        draft.refresh_from_db()
        criteria = read(draft.text, []).criteria
        assert criteria[1]["title"] == {"vi": "Đạt 92%", "en": "At least 95%"}
        assert criteria[2]["title"] == {"vi": "Rất tốt", "en": "Rất tốt"}
        page = self.client.get(reverse("draft", args=[draft.pk])).content.decode()
        assert "Đạt 92% – At least 95%" in page

    def test_a_workbook_is_no_set(self) -> None:
        sent = SimpleUploadedFile("bo.xlsx", b"PK\x03\x04\x00\xff")
        page = self.client.post(reverse("draft_upload"), {"file": sent}).content.decode()
        assert "Excel" in page

    def test_a_second_draft_of_a_code_is_said(self) -> None:
        self.draft(SMALL)
        sent = SimpleUploadedFile("small.yaml", SMALL.encode())
        page = self.client.post(reverse("draft_upload"), {"file": sent}, follow=True).content.decode()
        assert "“small”" in page
