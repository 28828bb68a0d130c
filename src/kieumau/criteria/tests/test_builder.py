"""Building a set in the browser: made, filled in, found wrong, mended; two people at once."""

from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase, override_settings
from django.urls import reverse

from kieumau.accounts.actions import let_issue
from kieumau.accounts.models import User
from kieumau.criteria import actions
from kieumau.criteria.access import may_draft, may_issue
from kieumau.criteria.actions import load_set
from kieumau.criteria.builder_forms import CriterionForm
from kieumau.criteria.drafting import fields
from kieumau.criteria.drafting.edits import content_of
from kieumau.criteria.drafting.writing import document
from kieumau.criteria.drafts import draft_of
from kieumau.criteria.editing import edit_criterion
from kieumau.criteria.files import SHIPPED, path_of
from kieumau.criteria.indicator_words import EXAMPLES, search
from kieumau.criteria.models import CriteriaSet, Draft
from kieumau.criteria.queries import definition
from kieumau.formulas.checking import check
from kieumau.formulas.parse import parse
from kieumau.formulas.scope import Scope
from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Refused

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

    def test_faults_stand_beside_what_they_are_about_and_go_when_they_are_mended(self) -> None:
        draft = self.begin()
        self.post(
            "draft_criterion_new", draft, **{**MEASURED, "formula": "areas.recognized / areas.total >= 70%"}
        )
        draft.refresh_from_db()
        assert draft.fault_count == 1
        for name, *arguments in (("draft",), ("draft_criterion", 1), ("draft_yaml",)):
            page = self.client.get(reverse(name, args=[draft.pk, *arguments])).content.decode()
            assert "có phải là areas.recognised?" in page, name
        self.post("draft_criterion", draft, 1, old_code="1", **MEASURED)
        draft.refresh_from_db()
        assert draft.fault_count == 0
        assert "Không có lỗi nào" in self.client.get(reverse("draft", args=[draft.pk])).content.decode()

    def test_a_criterion_that_changes_its_kind_leaves_nothing_of_the_old_one(self) -> None:
        draft = self.begin()
        self.post("draft_criterion_new", draft, **DOCUMENTED)
        draft.refresh_from_db()
        self.post("draft_criterion", draft, 1, old_code="2", **{**DOCUMENTED, **JUDGED})
        draft.refresh_from_db()
        assert draft.fault_count == 0, draft.text
        assert "document:" not in draft.text
        assert "window:" not in draft.text

    def test_the_list_is_put_in_order_with_buttons(self) -> None:
        draft = self.begin()
        for criterion in (MEASURED, DOCUMENTED, JUDGED):
            self.post("draft_criterion_new", draft, **criterion)
            draft.refresh_from_db()
        for word, codes in (
            ("up-3", ["1", "3", "2"]),
            ("down-1", ["3", "1", "2"]),
            ("up-1", ["3", "1", "2"]),
            ("copy-2", ["3", "1", "4", "2"]),
            ("remove-1", ["1", "4", "2"]),
        ):
            response = self.post("draft", draft, lam=word)
            assert response.status_code == 302, word
            draft.refresh_from_db()
            assert [one["code"] for one in content_of(draft.text)["criteria"]] == codes, word
        for nonsense in ("", "up-0", "up-9", "up-x", "drop-1", "up--1"):
            text = draft.text
            assert self.post("draft", draft, lam=nonsense).status_code == 302, nonsense
            draft.refresh_from_db()
            assert draft.text == text, nonsense


class TheHead(_Signed):
    def fields(self, draft: Draft, **changed: Any) -> dict[str, Any]:
        """The form of the head as a browser would send it, with some fields changed."""
        context = self.client.get(reverse("draft_head", args=[draft.pk])).context
        sent = {name: value for name, value in context["form"].initial.items() if value}
        for name in ("groups", "classes"):
            for form in (context[name].management_form, *context[name].forms):
                values = {form.add_prefix(key): form[key].value() for key in form.fields}
                sent |= {key: "" if value is None else value for key, value in values.items()}
        return {**sent, **changed}

    def test_sent_as_it_stands_the_text_stays_as_it_is(self) -> None:
        for path in sorted(SHIPPED.glob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            draft = actions.make_draft(text=text, actor=self.an, now=NOW)
            response = self.post("draft_head", draft, **self.fields(draft))
            assert response.status_code == 302, path.name
            draft.refresh_from_db()
            assert draft.text == text, path.name

    def test_every_criterion_sent_as_it_stands_leaves_the_text_as_it_is(self) -> None:
        for path in sorted(SHIPPED.glob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            for index in range(len(content_of(text)["criteria"])):
                values = fields.read(content_of(text)["criteria"][index], fields.CRITERION)
                form = CriterionForm(values, groups=[])
                assert form.is_valid()
                made = edit_criterion(form, text, text, index, values["code"])
                assert (made.text, made.conflicts) == (text, {}), (path.name, index)

    def test_points_with_classes_and_groups(self) -> None:
        draft = self.begin()
        sent = self.fields(draft, rule="points", meets_from="65,5", level="province")
        sent |= {
            "muc-0-name_vi": "Khá",
            "muc-0-points": "80",
            "muc-1-name_vi": "Đạt",
            "muc-1-points": "65,5",
            "nhom-0-name_vi": "Lãnh đạo",
            "nhom-0-name_en": "Leadership",
        }
        response = self.post("draft_head", draft, **sent)
        assert response.status_code == 302
        draft.refresh_from_db()
        said = content_of(draft.text)
        assert said["applies_to"] == {"level": "province"}
        assert said["groups"] == [{"code": "lanh-dao", "title": {"vi": "Lãnh đạo", "en": "Leadership"}}]
        assert said["rule"] == {
            "kind": "points",
            "meets_from": "65.5",
            "classes": [
                {"code": "kha", "name": {"vi": "Khá", "en": "Khá"}, "from": 80},
                {"code": "dat", "name": {"vi": "Đạt", "en": "Đạt"}, "from": "65.5"},
            ],
        }
        self.post("draft_criterion_new", draft, **{**JUDGED, "points_max": "100", "group": "lanh-dao"})
        draft.refresh_from_db()
        assert draft.fault_count == 0, draft.text
        again = self.fields(draft, **{"muc-0-name_vi": "", "muc-0-name_en": "", "muc-1-points": "70"})
        self.post("draft_head", draft, **again)
        draft.refresh_from_db()
        assert [one["from"] for one in content_of(draft.text)["rule"]["classes"]] == [70]
        assert draft.fault_count == 0, draft.text
        self.post("draft_head", draft, **self.fields(draft, rule="all"))
        draft.refresh_from_db()
        assert content_of(draft.text)["rule"] == {"kind": "all"}

    def test_a_word_where_a_number_stands_is_said_and_nothing_typed_is_lost(self) -> None:
        draft = self.begin("Tên ban đầu")
        sent = self.fields(draft, rule="at_least", k="nhiều", title_vi="Tên mới gõ")
        response = self.post("draft_head", draft, **sent)
        assert response.status_code == 400
        assert "Tên mới gõ" in response.content.decode()
        draft.refresh_from_db()
        assert "Tên mới gõ" not in draft.text


class Files(_Signed):
    def test_what_is_uploaded_is_downloaded_byte_for_byte(self) -> None:
        shipped = [path.read_bytes() for path in sorted(SHIPPED.glob("*.yaml"))]
        odd = [b"\xef\xbb\xbfcode: a\r\n# \xe1\xba\xa1 \r\n\r\n", b"code: [", b"no set at all\n\n\n", b"a: 1"]
        for content in (*shipped, *odd):
            upload = SimpleUploadedFile("bo-cua-toi.yaml", content)
            response = self.client.post(reverse("draft_upload"), {"file": upload})
            assert response.status_code == 302, content[:40]
            draft = Draft.objects.latest("pk")
            for name in ("draft", "draft_yaml"):
                assert self.client.get(reverse(name, args=[draft.pk])).status_code == 200, content[:40]
            back = self.client.get(reverse("draft_download", args=[draft.pk]))
            assert back.content == content
            assert back.headers["Content-Disposition"].startswith("attachment;")

    def test_saved_as_it_stands_in_a_browser_it_stays_byte_for_byte(self) -> None:
        for text in ("code: a\n# b\n", "code: a\r\n# b\r\n"):
            draft = actions.make_draft(text=text, actor=self.an, now=NOW)
            self.post("draft_yaml", draft, text=text.replace("\r\n", "\n").replace("\n", "\r\n"))
            draft.refresh_from_db()
            assert (draft.text, draft.version) == (text, 1)

    def test_what_is_no_text_is_refused_in_words(self) -> None:
        for content in (b"\xff\xfe\x00x", b"a\x00b", b"", b"x" * 2_000_001):
            response = self.client.post(
                reverse("draft_upload"), {"file": SimpleUploadedFile("x.yaml", content)}
            )
            assert response.status_code == 200, content[:9]
            assert "Có lỗi cần sửa" in response.content.decode()
        assert not Draft.objects.exists()


class TwoEditors(_Signed):
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
        let_issue(user=binh)
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


class Issuing(_Signed):
    def sound(self) -> Draft:
        """A draft without faults."""
        draft = self.begin()
        self.post("draft_criterion_new", draft, **MEASURED)
        draft.refresh_from_db()
        return draft

    def test_an_issued_draft_is_the_text_of_a_version_and_changes_no_more(self) -> None:
        draft = self.sound()
        version = actions.issue(draft=draft, actor=self.an, now=NOW)
        assert (version.code, version.version, version.loaded_by) == ("phuong-dien-hinh-2027", 1, "an")
        draft.refresh_from_db()
        assert draft.issued_as == version
        with pytest.raises(actions.AlreadyIssued):
            actions.issue(draft=draft, actor=self.an, now=NOW)
        with pytest.raises(actions.AlreadyIssued):
            actions.delete_draft(draft=draft, based_on=draft.version, actor="an", now=NOW)
        text = draft.text
        for name in ("draft_criterion_new", "draft_yaml", "draft_head", "draft", "draft_delete"):
            response = self.post(name, draft, text="x", lam="remove-1", **MEASURED)
            assert response.status_code in {302, 400, 409}, name
        draft.refresh_from_db()
        assert draft.text == text
        copied = actions.copy_version(criteria_set=version, actor=self.an, now=NOW)
        assert copied.text == text
        for name, *arguments in (("draft",), ("draft_yaml",), ("draft_criterion", 1), ("draft_head",)):
            assert self.client.get(reverse(name, args=[draft.pk, *arguments])).status_code == 200, name

    def test_faults_are_not_issued_and_neither_is_what_was_not_read(self) -> None:
        draft = self.begin()
        with pytest.raises(Refused):
            actions.issue(draft=draft, actor=self.an, now=NOW)
        sound = self.sound()
        with pytest.raises(actions.ChangedMeanwhile):
            actions.issue(draft=sound, actor=self.an, now=NOW, based_on=sound.version - 1)
        assert not CriteriaSet.objects.exists()

    def test_a_draft_opens_no_file_of_the_server(self) -> None:
        for named in ("/etc/passwd.yaml", "../secret.yaml", "a/b", "..\\c"):
            draft = actions.make_draft(
                text=f"{self.sound().text}catalogue: {named}\n", actor=self.an, now=NOW
            )
            with pytest.raises(Refused) as refused:
                actions.issue(draft=draft, actor=self.an, now=NOW)
            assert refused.value.problems[0].code == "catalogue-is-a-file"

    def test_a_copied_version_keeps_its_comments_and_says_the_same(self) -> None:
        shipped = load_set("tt124-commune", actor="an", now=NOW)
        copied = actions.copy_version(criteria_set=shipped, actor=self.an, now=NOW)
        assert copied.text == path_of("tt124-commune").read_text(encoding="utf-8")
        assert actions.issue(draft=copied, actor=self.an, now=NOW) == shipped, (
            "the same text is the same version"
        )

    def test_a_version_of_unknown_text_is_written_anew_and_says_the_same(self) -> None:
        for name in (
            "tt124-commune",
            "movement-510",
            "exemplary-commune",
            "model-ward-2023",
            "team-rating-2026",
        ):
            version = load_set(name, actor="an", now=NOW)
            written = document(
                definition(version).model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
            )
            assert draft_of(written, name).digest == version.digest, name

    def test_only_the_office_may_issue(self) -> None:
        assert may_draft(self.an)
        assert not may_issue(self.an)
        assert not may_draft(AnonymousUser())
        assert not may_issue(AnonymousUser())
        office = User.objects.create_user("office")
        let_issue(user=office)
        let_issue(user=office)
        assert may_issue(User.objects.get(pk=office.pk))
        assert may_issue(User.objects.create_superuser("root"))


class Strangers(_Signed):
    def test_a_stranger_is_asked_to_sign_in_open_or_closed(self) -> None:
        draft = self.begin()
        stranger = Client()
        pages = [reverse(name) for name in ("drafts", "draft_new", "draft_upload", "draft_new")]
        names = (
            "draft",
            "draft_head",
            "draft_criterion_new",
            "draft_indicators",
            "draft_yaml",
            "draft_download",
            "draft_delete",
        )
        pages += [reverse(name, args=[draft.pk]) for name in names]
        pages.append(reverse("draft_criterion", args=[draft.pk, 1]))
        for is_open in (True, False):
            with override_settings(KIEUMAU_OPEN_READING=is_open):
                for page in pages:
                    response = stranger.get(page)
                    assert response.status_code == 302, page
                    assert response.headers["Location"].startswith("/dang-nhap/?next="), page
                    response = stranger.post(page, {"version": 1})
                    assert response.status_code in {302, 401}, page
                    assert draft.title_vi not in response.content.decode(), page
        assert Draft.objects.get(pk=draft.pk).text == draft.text

    def test_what_is_not_there_is_a_404(self) -> None:
        draft = self.begin()
        assert self.client.get(f"/bo-tieu-chi/ban-thao/{10**30}/").status_code == 404
        for address in (
            reverse("draft", args=[draft.pk + 999]),
            reverse("draft_criterion", args=[draft.pk, 7]),
        ):
            assert self.client.get(address).status_code == 404


class Words(_Signed):
    def test_every_example_is_a_formula_of_the_shipped_catalogue(self) -> None:
        for one in EXAMPLES:
            tree = parse(one.formula)
            assert check(tree, catalogue(), Scope((), [], {})), one.formula

    def test_an_indicator_is_found_by_words_without_accents(self) -> None:
        assert "areas.recognised" in {word.code for word in search("khu dan cu cong nhan")}
        assert "areas.recognised" in {word.code for word in search("AREAS.REC")}
        assert search("khongcogica") == []


class Lenient(_Signed):
    """A draft may hold anything; its pages open all the same."""

    def test_pages_open_whatever_the_text_says(self) -> None:
        for text in (
            "title: abc\ncriteria: {a: b}\nrule: 7\ngroups: x\n",
            "criteria: [1, null, [a], {code: 5}]\n",
            "criteria:\n- code: a\n  title: [x]\n  points: 3\n- kind: judged\n",
            "applies_to: [a]\nperiod: x\neffective: {from: x}\nrule: {kind: odd, classes: [1, {code: a}]}\n",
            "code: '<script>alert(1)</script>'\ntitle: {vi: '<b>', en: '</title>'}\ncriteria: []\n",
            "a: &x 1\nb: *x\n",
            "",
        ):
            draft = actions.make_draft(text=text, actor=self.an, now=NOW)
            for name in ("draft", "draft_yaml", "draft_delete"):
                response = self.client.get(reverse(name, args=[draft.pk]))
                assert response.status_code == 200, (name, text)
                assert "<script>alert" not in response.content.decode(), (name, text)
            for name, arguments in (
                ("draft_head", []),
                ("draft_criterion_new", []),
                ("draft_criterion", [1]),
            ):
                address = reverse(name, args=[draft.pk, *arguments])
                assert self.client.get(address).status_code in {200, 302, 404}, (name, text)
                sent = {"version": 1, **MEASURED, "rule": "points", "period": "nd09/year", "meets_from": "5"}
                management = {f"{prefix}-{part}": 0 for prefix in ("nhom", "muc") for part in PARTS}
                response = self.client.post(address, {**sent, **management})
                assert response.status_code in {302, 400, 404, 409}, (name, text)
            for word in ("up-1", "down-1", "copy-1", "remove-1"):
                draft.refresh_from_db()
                assert self.post("draft", draft, lam=word).status_code == 302, (word, text)

    def test_a_large_text_with_a_fault_on_every_line_is_shown_in_time(self) -> None:
        text = "code: a\n" + "".join(f"x{number}: 1\n" for number in range(3_000))
        draft = actions.make_draft(text=text, actor=self.an, now=NOW)
        assert draft.fault_count > 3_000
        page = self.client.get(reverse("draft", args=[draft.pk]))
        assert page.status_code == 200
        assert len(page.content) < 200_000
        actions.save_text(draft=draft, text=f"{text}# x\n", based_on=1, actor="binh", now=NOW)
        response = self.post("draft_yaml", draft, text=text.replace(": 1", ": 2"))
        assert response.status_code == 409
