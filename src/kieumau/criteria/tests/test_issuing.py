"""Issuing a draft, what it becomes, and who may."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, override_settings
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.criteria import actions
from kieumau.criteria.access import may_draft, may_issue
from kieumau.criteria.actions import load_set
from kieumau.criteria.drafting.writing import document
from kieumau.criteria.drafts import draft_of
from kieumau.criteria.files import path_of
from kieumau.criteria.models import CriteriaSet, Draft
from kieumau.criteria.queries import definition
from kieumau.criteria.tests.building import MEASURED, NOW, Signed
from kieumau.kernel.messages import Refused


class Issuing(Signed):
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
        grant(office, "programme_office")
        assert may_issue(User.objects.get(pk=office.pk))
        assert may_issue(User.objects.create_superuser("root"))


class Strangers(Signed):
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
