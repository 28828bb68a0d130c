"""What the forms of the builder must never do: change what nobody touched, lose what somebody typed."""

import io
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.criteria import actions
from kieumau.criteria.drafting.edits import content_of
from kieumau.criteria.models import Draft, SavedText
from kieumau.criteria.tests.building import NOW, Signed
from kieumau.criteria.tests.sets import SMALL

ADDITION = """\
code: small-ct   # of Cần Thơ
extends: small
title: {vi: Bộ  nhỏ của  Cần Thơ, en: Small set of Cần Thơ}
summary:
  vi: |
    Thêm một tiêu chí.\x20\x20
  en: One criterion more.
effective: {from: 2025-01-01}
applies_to: {within: ["vn:92"]}
criteria:
  - code: ct.1
    kind: judged
    title: {vi: Một, en: One}
    question: {vi: Tốt không?, en: Good?}
"""
# A set that says little, and says it in a way of its own.
BARE = """\
title:
  vi: |
    Bộ  của
    tôi
  en: "Mine "
effective: {from: 2025-02-31, to: soon}
applies_to: {level: commune, kinds: [xa, phuong]}
rule: {kind: points, meets_from: 50.0, classes: [{code: dat, name: {vi: Đạt, en: Passed}, from: 50.0}]}
groups: [{code: a, title: {vi: "Nhóm  A", en: Group A}}, {title: {vi: Không mã, en: No code}}]
criteria:
  - title: {vi: " Hai  khoảng trắng", en: Two}
    kind: measured
    question: {vi: Thừa, en: Stray}
    formula: "a  >= 1 "
"""


class _WithForms(Signed):
    def draft(self, text: str) -> Draft:
        return actions.make_draft(text=text, actor=self.an, now=NOW)

    def page(self, name: str, draft: Draft, *arguments: Any) -> dict[str, Any]:
        """What a browser would send of a form that nobody has touched."""
        context = self.client.get(reverse(name, args=[draft.pk, *arguments])).context
        forms = [context["form"]]
        for rows in ("groups", "classes"):
            forms += [context[rows].management_form, *context[rows].forms] if name == "draft_head" else []
        sent: dict[str, Any] = {"version": context["version"], "old_code": context.get("old_code", "")}
        for form in forms:
            for key in form.fields:
                value = form[key].value()
                choices: Any = getattr(form.fields[key], "choices", None)
                is_select = choices is not None and type(form.fields[key].widget).__name__ == "Select"
                if is_select and str(value or "") not in [str(choice) for choice, _ in choices]:
                    value = next(iter(choices))[0]  # a browser chooses the first
                if value not in (None, []):
                    sent[form.add_prefix(key)] = value
        return sent

    def send(self, name: str, draft: Draft, *arguments: Any, **sent: Any) -> Any:
        return self.client.post(reverse(name, args=[draft.pk, *arguments]), sent)


class Untouched(_WithForms):
    def test_forms_that_nobody_touched_change_nothing(self) -> None:
        for text in (ADDITION, BARE, "code: a\n", "title: x\nrule: 7\ncriteria: []\n"):
            draft = self.draft(text)
            pages: list[tuple[Any, ...]] = [("draft_head",)]
            pages += [("draft_criterion", 1)] if "- " in text else []
            for name, *arguments in pages:
                response = self.send(name, draft, *arguments, **self.page(name, draft, *arguments))
                assert response.status_code == 302, (name, response.content.decode())
                assert Draft.objects.get(pk=draft.pk).text == text, name

    def test_nothing_becomes_verified_by_itself(self) -> None:
        draft = self.draft("code: a\ntitle: {vi: A, en: A}\ncriteria: []\n")
        self.send("draft_head", draft, **{**self.page("draft_head", draft), "title_vi": "B"})
        assert "verif" not in Draft.objects.get(pk=draft.pk).text

    def test_an_addition_changes_only_where_it_was_changed(self) -> None:
        draft = self.draft(ADDITION)
        sent = {**self.page("draft_head", draft), "within": "vn:92\r\nvn:91", "starts": "2026-01-01"}
        assert self.send("draft_head", draft, **sent).status_code == 302
        text = Draft.objects.get(pk=draft.pk).text
        changed = ADDITION.replace('["vn:92"]', '["vn:92", "vn:91"]').replace("2025-01-01", "2026-01-01")
        assert content_of(text) == content_of(changed)
        assert text.splitlines()[:3] == ADDITION.splitlines()[:3]
        draft.refresh_from_db()
        sent = {**self.page("draft_head", draft), "rule": "at_least", "k": "2", "verification": "reported"}
        self.send("draft_head", draft, **sent)
        said = content_of(Draft.objects.get(pk=draft.pk).text)
        assert (said["rule"], said["verification"]) == ({"kind": "at_least", "k": 2}, "reported")
        draft.refresh_from_db()
        self.send("draft_head", draft, **{**self.page("draft_head", draft), "rule": ""})
        assert "rule" not in content_of(Draft.objects.get(pk=draft.pk).text)

    def test_what_is_no_day_is_shown_in_a_field_of_words(self) -> None:
        draft = self.draft(BARE)
        page = self.client.get(reverse("draft_head", args=[draft.pk])).content.decode()
        assert 'type="text" name="starts" value="2025-02-31"' in page
        page = self.client.get(reverse("draft_head", args=[self.draft(ADDITION).pk])).content.decode()
        assert 'type="date" name="starts" value="2025-01-01"' in page


class Languages(_WithForms):
    def saved(self, **fields: str) -> dict[str, Any]:
        draft = self.draft("code: a\ncriteria: []\n")
        self.send("draft_criterion_new", draft, version=1, kind="judged", code="1", **fields)
        [criterion] = content_of(Draft.objects.get(pk=draft.pk).text)["criteria"]
        return dict(criterion)

    def test_english_is_filled_in_where_there_is_none_and_never_cleared(self) -> None:
        # Vietnamese and English as typed, and as they stand then.
        for vi, en, stands in (
            ("Một", "", {"vi": "Một", "en": "Một"}),
            ("Một", "One", {"vi": "Một", "en": "One"}),
            ("", "One", {"en": "One"}),
        ):
            assert self.saved(title_vi=vi, title_en=en)["title"] == stands
            assert self.saved(title_vi="A", question_vi=vi, question_en=en)["question"] == stands

    def test_only_english_is_a_fault(self) -> None:
        draft = self.draft("code: a\ncriteria: []\n")
        self.send("draft_criterion_new", draft, version=1, kind="judged", code="1", title_en="One")
        page = self.client.get(reverse("draft_criterion", args=[draft.pk, 1])).content.decode()
        assert "Chưa ghi tên tiếng Việt" in page

    def test_english_that_was_but_vietnamese_follows_it(self) -> None:
        draft = self.draft("code: a\ncriteria: []\n")
        self.send("draft_criterion_new", draft, version=1, kind="judged", code="1", title_vi="Một")
        draft.refresh_from_db()
        sent = self.page("draft_criterion", draft, 1)
        self.send("draft_criterion", draft, 1, **{**sent, "title_vi": "Hai"})
        [criterion] = content_of(Draft.objects.get(pk=draft.pk).text)["criteria"]
        assert criterion["title"] == {"vi": "Hai", "en": "Hai"}


class Typed(_WithForms):
    def test_what_a_form_cannot_write_comes_back_in_it(self) -> None:
        for text in ("code: a\nx: &x 1\ny: *x\n", "code: a\ncriteria: {b: c}\n", ""):
            draft = self.draft(text)
            response = self.send("draft_criterion_new", draft, version=1, code="1", title_vi="Công phu")
            assert response.status_code == 400
            assert "Công phu" in response.content.decode()
            assert Draft.objects.get(pk=draft.pk).text == text

    def test_signs_that_are_no_text_are_cleaned_away(self) -> None:
        draft = self.draft("code: a\ncriteria: []\n")
        sent = {"version": 1, "code": "1", "kind": "measured", "title_vi": "Một\vhai\x00\u2028ba\ufffe"}
        sent |= {"formula": "a >= 1\vand b >= 2\x07", "notes_vi": "x\x85y\U000e0001"}
        assert self.send("draft_criterion_new", draft, **sent).status_code == 302
        [criterion] = content_of(Draft.objects.get(pk=draft.pk).text)["criteria"]
        assert criterion["title"]["vi"] == "Một hai ba"
        assert criterion["formula"] == "a >= 1\nand b >= 2\n"
        assert criterion["notes"]["vi"] == "x\ny\U000e0001"

    def test_a_text_that_cannot_be_kept_comes_back_with_the_reason(self) -> None:
        draft = self.draft("code: a\n")
        response = self.send("draft_yaml", draft, version=1, text="code: mine\x00\n")
        assert response.status_code == 400
        page = response.content.decode()
        assert "code: mine" in page
        assert "ký tự không phải chữ" in page
        response = self.send("draft_yaml", draft, text="code: mine\n")
        assert response.status_code == 409, "it is not known what it was written over"
        assert response.context["yours"] == "code: mine\n"
        assert self.send("draft_yaml", draft, version=1).status_code == 400
        assert Draft.objects.get(pk=draft.pk).text == "code: a\n"

    def test_as_much_text_may_be_sent_as_is_promised(self) -> None:
        draft = self.draft("code: a\n")
        text = "# " + "ệ" * 660_000 + "\n"
        assert 1_900_000 < len(text.encode()) < 2_000_000
        response = self.client.post(
            reverse("draft_yaml", args=[draft.pk]),
            urlencode({"version": 1, "text": text}),
            content_type="application/x-www-form-urlencoded",
        )
        assert response.status_code == 302
        assert Draft.objects.get(pk=draft.pk).text == text

    def test_an_ended_session_gives_back_what_was_typed(self) -> None:
        draft = self.draft("code: secret-of-the-store\n")
        stranger = Client(enforce_csrf_checks=True)
        address = reverse("draft_yaml", args=[draft.pk])
        sent = {"version": 1, "text": "code: mine\n# Công phu\n"}
        response = stranger.post(address, sent)
        assert response.status_code == 403, "the token has gone with the session"
        page = response.content.decode()
        assert "# Công phu" in page
        assert "secret-of-the-store" not in page
        stranger.force_login(self.an)
        token = stranger.get(reverse("drafts")).context["csrf_token"]
        assert stranger.post(address, {**sent, "csrfmiddlewaretoken": str(token)}).status_code == 302
        assert Draft.objects.get(pk=draft.pk).text == sent["text"]

    def test_another_site_is_given_nothing(self) -> None:
        stranger = Client(enforce_csrf_checks=True, headers={"Origin": "https://evil.example"})
        response = stranger.post(reverse("draft_new"), {"title_vi": "Lừa đảo"})
        assert response.status_code == 403
        assert "Lừa đảo" not in response.content.decode()

    def test_nonsense_in_an_address_is_no_failure(self) -> None:
        for name in ("%00/1", "a/%00", "a", "/", "a%0A/1"):
            assert self.client.get(f"{reverse('draft_new')}?tu={name}").status_code == 200, name


class Owners(_WithForms):
    def stranger(self, *, of_the_office: bool = False) -> Client:
        user = User.objects.create_user("office" if of_the_office else "binh")
        grant(user, "programme_office" if of_the_office else "appraiser")
        client = Client()
        client.force_login(user)
        return client

    def test_others_read_and_copy_and_change_nothing(self) -> None:
        draft, other = self.draft(SMALL), self.stranger()
        pages: list[tuple[Any, ...]] = [("draft",), ("draft_head",), ("draft_criterion", 1), ("draft_yaml",)]
        for name, *arguments in pages:
            response = other.get(reverse(name, args=[draft.pk, *arguments]))
            assert response.status_code == 200, name
            assert 'class="btn btn-primary">' not in response.content.decode(), name
            sent = {"version": 1, "text": "x", "lam": "remove-1"}
            assert other.post(reverse(name, args=[draft.pk, *arguments]), sent).status_code == 403, name
        assert other.post(reverse("draft_delete", args=[draft.pk]), {"version": 1}).status_code == 403
        assert other.get(reverse("draft_download", args=[draft.pk])).content.decode() == SMALL
        assert other.post(reverse("draft_new"), {"ban-thao": draft.pk}).status_code == 302
        copied = Draft.objects.latest("pk")
        assert (copied.text, copied.made_by) == (SMALL, "binh")
        assert Draft.objects.get(pk=draft.pk).text == SMALL

    def test_the_office_changes_the_drafts_of_others(self) -> None:
        draft = self.draft("code: a\n")
        office = self.stranger(of_the_office=True)
        address = reverse("draft_yaml", args=[draft.pk])
        assert office.post(address, {"version": 1, "text": "code: b\n"}).status_code == 302

    def test_a_deleted_draft_and_its_texts_come_back(self) -> None:
        draft = self.draft("code: the-first\n")
        self.send("draft_yaml", draft, version=1, text="code: the-second\n")
        assert self.send("draft_delete", draft, version=2).status_code == 302
        assert self.client.get(reverse("draft", args=[draft.pk])).status_code == 404
        assert "the-second" not in self.client.get(reverse("drafts")).content.decode()
        assert "the-second" in self.client.get(reverse("drafts") + "?da-xoa=1").content.decode()
        back = reverse("draft_restore", args=[draft.pk])
        assert self.stranger().post(back).status_code == 404
        assert self.client.post(back).status_code == 302
        page = self.client.get(reverse("draft_yaml", args=[draft.pk])).content.decode()
        assert "?ban=1" in page
        earlier = self.client.get(reverse("draft_download", args=[draft.pk]) + "?ban=1")
        assert earlier.content == b"code: the-first\n"
        assert self.client.get(reverse("draft_download", args=[draft.pk]) + "?ban=9").status_code == 404

    def test_the_database_keeps_texts_and_issued_drafts(self) -> None:
        draft = self.draft(SMALL.replace("civil", "nd09"))
        version = actions.issue(draft=draft, actor=self.an, now=NOW)
        assert version.text == draft.text
        for change in (
            lambda: Draft.objects.filter(pk=draft.pk).update(text="other"),
            lambda: Draft.objects.filter(pk=draft.pk).update(issued_as=None),
            lambda: SavedText.objects.update(text="other"),
            lambda: SavedText.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


class Uploads(_WithForms):
    def test_a_file_of_the_promised_size_is_taken(self) -> None:
        file = io.BytesIO(b"# " + b"a" * 1_999_990 + b"\n")
        file.name = "x.yaml"
        assert self.client.post(reverse("draft_upload"), {"file": file}).status_code == 302
