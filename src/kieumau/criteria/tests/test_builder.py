"""Building a set in the browser: made, filled in, found wrong, mended."""

from typing import Any

from django.urls import reverse

from kieumau.criteria import actions
from kieumau.criteria.builder_forms import CriterionForm
from kieumau.criteria.drafting import fields
from kieumau.criteria.drafting.edits import content_of
from kieumau.criteria.editing import edit_criterion
from kieumau.criteria.files import SHIPPED
from kieumau.criteria.indicator_words import EXAMPLES, search
from kieumau.criteria.models import Draft
from kieumau.criteria.tests.building import DOCUMENTED, JUDGED, MEASURED, NOW, Signed
from kieumau.formulas.checking import check
from kieumau.formulas.parse import parse
from kieumau.formulas.scope import Scope
from kieumau.indicators.queries import catalogue


class FromNothing(Signed):
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


class TheHead(Signed):
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
            for index, criterion in enumerate(content_of(text)["criteria"]):
                values = fields.read(criterion, fields.CRITERION)
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


class Words(Signed):
    def test_every_example_is_a_formula_of_the_shipped_catalogue(self) -> None:
        for one in EXAMPLES:
            tree = parse(one.formula)
            assert check(tree, catalogue(), Scope((), [], {})), one.formula

    def test_an_indicator_is_found_by_words_without_accents(self) -> None:
        assert "areas.recognised" in {word.code for word in search("khu dan cu cong nhan")}
        assert "areas.recognised" in {word.code for word in search("AREAS.REC")}
        assert search("khongcogica") == []
