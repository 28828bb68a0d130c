"""Two people at one draft: both keep what they did, or are asked."""

from typing import Any

from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.criteria import actions
from kieumau.criteria.drafting.edits import content_of
from kieumau.criteria.models import Draft
from kieumau.criteria.tests.building import DOCUMENTED, MEASURED, NOW, PARTS, Signed


class TwoEditors(Signed):
    def test_each_adds_a_criterion_and_both_stand(self) -> None:
        draft = self.begin()
        binh = self.of_the_office()
        address = reverse("draft_criterion_new", args=[draft.pk])
        assert binh.post(address, {"version": 1, **DOCUMENTED}).status_code == 302
        assert self.client.post(address, {"version": 1, **MEASURED}).status_code == 302
        draft.refresh_from_db()
        assert [one["code"] for one in content_of(draft.text)["criteria"]] == ["2", "1"]
        assert (draft.version, draft.fault_count) == (3, 0)

    def of_the_office(self) -> Client:
        """Somebody else who may change the draft."""
        binh = User.objects.create_user("binh")
        grant(binh, "programme_office")
        client = Client()
        client.force_login(binh)
        return client

    def two_criteria(self) -> Draft:
        """A draft with a measured and a documented criterion."""
        draft = self.begin()
        for criterion in (MEASURED, DOCUMENTED):
            self.post("draft_criterion_new", draft, **criterion)
            draft.refresh_from_db()
        return draft

    def test_different_fields_of_one_criterion_are_both_kept(self) -> None:
        draft = self.two_criteria()
        theirs = {**MEASURED, "title_en": "Areas recognized", "formula": "areas.recognised >= 3"}
        mine = {**MEASURED, "title_en": MEASURED["title_vi"], "title_vi": "Khu dân cư được công nhận"}
        address = reverse("draft_criterion", args=[draft.pk, 1])
        based_on = {"version": draft.version, "old_code": "1"}
        assert self.of_the_office().post(address, {**based_on, **theirs}).status_code == 302
        assert self.client.post(address, {**based_on, **mine}).status_code == 302
        draft.refresh_from_db()
        [first, _] = content_of(draft.text)["criteria"]
        assert first["formula"] == "areas.recognised >= 3"
        assert first["title"] == {"vi": "Khu dân cư được công nhận", "en": "Areas recognized"}

    def test_the_same_field_is_asked_about_and_saved_the_second_time(self) -> None:
        draft = self.two_criteria()
        address = reverse("draft_criterion", args=[draft.pk, 1])
        sent = {"version": draft.version, "old_code": "1", **MEASURED, "title_en": MEASURED["title_vi"]}
        theirs = {**sent, "formula": "areas.recognised >= 3", "article_vi": "Điều 7", "basis": "TT 1"}
        assert self.of_the_office().post(address, theirs).status_code == 302
        text = Draft.objects.get(pk=draft.pk).text
        response = self.client.post(address, {**sent, "formula": "areas.recognised >= 9"})
        assert response.status_code == 409
        page = response.content.decode()
        assert "binh" in page
        assert "areas.recognised &gt;= 3" in page
        assert Draft.objects.get(pk=draft.pk).text == text, "nothing is saved yet"
        form, version = response.context["form"], response.context["version"]
        again = {name: form[name].value() for name in form.fields} | {"version": version, "old_code": "1"}
        assert again["formula"] == "areas.recognised >= 9"
        assert self.client.post(address, again).status_code == 302
        draft.refresh_from_db()
        [first, _] = content_of(draft.text)["criteria"]
        assert first["formula"] == "areas.recognised >= 9"
        assert first["basis"]["article"]["vi"] == "Điều 7", "what only the other has written stays"

    def test_a_criterion_that_another_took_away_is_not_lost(self) -> None:
        draft = self.two_criteria()
        office, version = self.of_the_office(), draft.version
        office.post(reverse("draft", args=[draft.pk]), {"version": version, "lam": "remove-1"})
        address = reverse("draft_criterion", args=[draft.pk, 1])
        sent = {**MEASURED, "old_code": "1", "formula": "areas.total > 0"}
        response = self.client.post(address, {**sent, "version": version})
        assert response.status_code == 409
        assert "areas.total &gt; 0" in response.content.decode()
        version = response.context["version"]
        assert self.client.post(address, {**sent, "version": version}).status_code == 302
        draft.refresh_from_db()
        assert [one["code"] for one in content_of(draft.text)["criteria"]] == ["2", "1"]

    def test_heads_and_groups_of_two_are_put_together(self) -> None:
        draft = self.begin()
        empty = {f"{prefix}-{part}": 0 for prefix in ("nhom", "muc") for part in PARTS}
        head = {name: value for name, value in self.head(draft).items() if value}
        row = {"nhom-TOTAL_FORMS": 1, "nhom-0-name_vi": "Lãnh đạo"}
        address = reverse("draft_head", args=[draft.pk])
        office = self.of_the_office()
        theirs = {**head, **empty, **row, "version": 1, "starts": "2030-01-01"}
        assert office.post(address, theirs).status_code == 302
        mine = {**head, **empty, **row, "nhom-0-name_vi": "Kỹ thuật", "version": 1, "notes_vi": "Ghi chú"}
        assert self.client.post(address, mine).status_code == 302
        draft.refresh_from_db()
        said = content_of(draft.text)
        assert [one["code"] for one in said["groups"]] == ["lanh-dao", "ky-thuat"]
        assert (said["effective"]["from"].year, said["notes"]["vi"]) == (2030, "Ghi chú")
        named = {"nhom-TOTAL_FORMS": 1, "nhom-INITIAL_FORMS": 1, "nhom-0-key": "lanh-dao"}
        head = {name: value for name, value in self.head(draft).items() if value} | {"version": draft.version}
        first = {**head, **empty, **named, "nhom-0-name_vi": "Chỉ huy"}
        assert office.post(address, first).status_code == 302
        response = self.client.post(address, {**first, "nhom-0-name_vi": "Chỉ đạo"})
        assert response.status_code == 409
        assert "Chỉ huy" in response.content.decode()

    def head(self, draft: Draft) -> dict[str, Any]:
        """The fields of the head as the page shows them."""
        initial = self.client.get(reverse("draft_head", args=[draft.pk])).context["form"].initial
        return dict(initial)

    def test_a_text_written_over_a_newer_one_is_not_lost(self) -> None:
        draft = self.begin()
        actions.save_text(draft=draft, text="code: theirs\n", based_on=1, actor="binh", now=NOW)
        response = self.client.post(
            reverse("draft_yaml", args=[draft.pk]), {"version": 1, "text": "code: mine\n"}
        )
        assert response.status_code == 409
        assert (response.context["yours"], response.context["draft"].text) == (
            "code: mine\n",
            "code: theirs\n",
        )

    def test_a_criterion_is_found_by_its_code_in_a_newer_text(self) -> None:
        draft = self.begin()
        for criterion in (MEASURED, DOCUMENTED):
            self.post("draft_criterion_new", draft, **criterion)
            draft.refresh_from_db()
        read_at = draft.version
        self.post("draft", draft, lam="up-2")
        changed = {
            **MEASURED,
            "formula": "areas.recognised / areas.total >= 80%",
            "version": read_at,
            "old_code": "1",
        }
        response = self.client.post(reverse("draft_criterion", args=[draft.pk, 1]), changed)
        assert response.status_code == 302
        draft.refresh_from_db()
        codes = [(one["code"], one.get("formula", "")[-3:]) for one in content_of(draft.text)["criteria"]]
        assert codes == [("2", ""), ("1", "80%")]

    def test_a_button_pressed_on_an_old_page_does_nothing(self) -> None:
        draft = self.begin()
        self.post("draft_criterion_new", draft, **MEASURED)
        assert self.post("draft", draft, lam="remove-1").status_code == 302
        draft.refresh_from_db()
        assert "areas.recognised" in draft.text
        assert self.client.post(reverse("draft_delete", args=[draft.pk]), {"version": 1}).status_code == 302
        assert Draft.objects.filter(pk=draft.pk).exists()
