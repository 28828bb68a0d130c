"""A draft is a text: kept byte for byte, and shown whatever it says."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kieumau.criteria import actions
from kieumau.criteria.files import SHIPPED
from kieumau.criteria.models import Draft
from kieumau.criteria.tests.building import MEASURED, NOW, PARTS, Signed


class Files(Signed):
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


class Lenient(Signed):
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
