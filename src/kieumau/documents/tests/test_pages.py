"""The pages of documents: what they show, what they keep, what they refuse. No script needed."""

import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.documents.intake.kinds import BY_CODE
from kieumau.documents.intake.pictures import metadata_bytes
from kieumau.documents.models import Document, File, Reading
from kieumau.documents.queries import shelf
from kieumau.documents.tests.conftest import stored
from kieumau.documents.tests.hostile import docx, heic, pdf, photo

FACTS = {"kind": "plan", "summary": "Kế hoạch xây dựng phường điển hình", "issued_on": "2023-04-10"}


def sent(*files: tuple[str, bytes], **facts: str) -> dict[str, Any]:
    """What the form sends."""
    return {**FACTS, **facts, "files": [SimpleUploadedFile(name, content) for name, content in files]}


def body_of(response: Any) -> bytes:
    """The bytes that arrive."""
    assert isinstance(response, StreamingHttpResponse)
    return b"".join(response)


def new(unit: int) -> str:
    """The address of the form."""
    return reverse("document_new", args=[unit])


def test_a_document_is_put_on_the_shelf_with_its_files(an: Client, unit: int, folder: Path) -> None:
    facts = {"reference": "15/KH-UBND", "proves_from": "2023-04-01", "proves_until": "2023-12-31"}
    files = [("kế hoạch.pdf", pdf()), ("ảnh.jpg", photo()), ("lại.jpg", photo())]
    response = an.post(new(unit), sent(*files, **facts), follow=True)
    html = response.content.decode()
    assert response.status_code == 200
    assert "Kế hoạch xây dựng phường điển hình" in html
    assert "01/04/2023 – 31/12/2023" in html
    made = shelf(unit).get()
    assert [file.name for file in made.files.order_by("pk")] == ["kế hoạch.pdf", "ảnh.jpg"], "twice is once"
    assert stored(folder) == sorted(file.sha256 for file in made.files.all())
    page = an.get(reverse("shelf", args=[unit])).content.decode()
    assert "15/KH-UBND" in page
    assert "Kế hoạch" in page


def test_what_was_sent_is_what_is_served_and_only_saved(an: Client, unit: int, folder: Path) -> None:
    for name, content, media_type in (
        ("kế hoạch.pdf", pdf(), "application/pdf"),
        ("a.docx", docx(), BY_CODE["docx"].media_type),
    ):
        an.post(new(unit), sent((name, content)))
        file = File.objects.latest("pk")
        response = an.get(reverse("file", args=[file.pk]), headers={"accept-encoding": "gzip"})
        assert body_of(response) == content
        assert file.sha256 == hashlib.sha256(content).hexdigest()
        assert response["Content-Type"] == media_type
        assert response["Content-Length"] == str(len(content))
        assert response["Content-Disposition"].startswith("attachment; ")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


COUNT = int(os.environ.get("KIEUMAU_PHOTOGRAPHS", "24"))
AT_ONCE = 50


# Two hundred of them: make photographs
def test_photographs_are_served_without_a_byte_of_metadata(an: Client, unit: int, folder: Path) -> None:
    photos = [photo(seed) for seed in range(COUNT)]
    assert len(set(photos)) == COUNT
    for begin in range(0, COUNT, AT_ONCE):
        files = [(f"{seed}.jpg", photos[seed]) for seed in range(begin, min(begin + AT_ONCE, COUNT))]
        an.post(new(unit), sent(*files))
    served = [body_of(an.get(reverse("file", args=[file.pk]))) for file in File.objects.order_by("pk")]
    assert len(served) == COUNT
    assert sum(metadata_bytes(photo, BY_CODE["jpeg"]) for photo in served) == 0
    assert not [photo for photo in served if b"BI-MAT" in photo or b"Exif" in photo]
    response = an.get(reverse("file", args=[File.objects.latest("pk").pk]))
    assert body_of(response)
    assert response["Content-Disposition"].startswith("inline; ")
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_refused_file_is_said_and_the_others_are_kept(an: Client, unit: int, folder: Path) -> None:
    response = an.post(
        new(unit), sent(("a.pdf", pdf()), ("IMG_1.HEIC", heic()), ("b.exe", b"MZ")), follow=True
    )
    html = response.content.decode()
    assert "Tương thích nhất" in html
    assert "b.exe: Tên tệp là .exe. Nội dung tệp là chương trình chạy được" in html
    assert File.objects.get().name == "a.pdf"
    assert stored(folder) == [File.objects.get().sha256]


def test_nothing_is_kept_where_no_file_is_taken(an: Client, unit: int, folder: Path) -> None:
    for language, words in (("vi", "loại này không được nhận"), ("en", "such files are not taken")):
        an.cookies["django_language"] = language
        response = an.post(new(unit), sent(("b.exe", b"MZ"), ("c.pdf", b"no")))
        html = response.content.decode().casefold()
        assert response.status_code == 422
        assert words in html
        assert FACTS["summary"].casefold() in html, "what was typed is still there"
    assert not Document.objects.exists()
    assert stored(folder) == []


def test_a_path_in_the_name_is_refused_in_words(an: Client, unit: int, folder: Path) -> None:
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in FACTS.items()
    ]
    head = '--x\r\nContent-Disposition: form-data; name="files"; filename="../../etc/a.pdf"\r\n\r\n'
    body = "".join([*parts, head]).encode() + pdf() + b"\r\n--x--\r\n"
    response = an.post(new(unit), body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 422
    assert "Tên tệp có chứa đường dẫn." in response.content.decode()
    assert stored(folder) == []


def test_a_file_is_cut_off_at_the_limit(an: Client, unit: int, folder: Path, settings: Any) -> None:
    settings.KIEUMAU_FILE_MB = 1
    response = an.post(new(unit), sent(("a.pdf", pdf(b"%" + bytes(3_000_000) + b"\n"))))
    assert response.status_code == 422
    assert "Tệp lớn hơn 1 MB." in response.content.decode()
    assert stored(folder) == []


def slips(response: Any) -> list[str]:
    """The slips of the files that wait, as the page sends them back."""
    return [one.text for one in response.context["slips"]]


def test_good_files_wait_until_the_rest_is_right(an: Client, unit: int, folder: Path) -> None:
    """No date typed, a photograph, a paper and a program: the two good ones are not sent again."""
    wrong = an.post(
        new(unit), sent(("a.pdf", pdf()), ("ảnh.jpg", photo()), ("b.exe", b"MZ"), issued_on="", reference="5")
    )
    html = wrong.content.decode()
    assert wrong.status_code == 422
    assert "b.exe: Tên tệp là .exe. Nội dung tệp là chương trình chạy được" in html
    assert [one.name for one in wrong.context["slips"]] == ["a.pdf", "ảnh.jpg"]
    assert 'value="5"' in html, "what was typed is still there"
    assert all(name.endswith(".kept") for name in stored(folder))
    assert not Document.objects.exists()
    again = {**FACTS, "reference": "5", "issued_on": "", "kept": slips(wrong)}
    wrong = an.post(new(unit), again)
    assert [one.name for one in wrong.context["slips"]] == ["a.pdf", "ảnh.jpg"]
    assert len(stored(folder)) == 2
    more = SimpleUploadedFile("c.docx", docx())
    right = an.post(new(unit), {**again, "issued_on": "2023-04-10", "kept": slips(wrong), "files": more})
    assert right.status_code == 302
    made = Document.objects.get()
    assert [one.name for one in made.files.order_by("pk")] == ["a.pdf", "ảnh.jpg", "c.docx"]
    assert stored(folder) == sorted(one.sha256 for one in made.files.all()), "nothing waits any more"


def test_whose_slip_it_is_and_that_it_is_whole_is_asked(an: Client, unit: int, folder: Path) -> None:
    wrong = an.post(new(unit), sent(("a.pdf", pdf()), summary=""))
    [slip] = slips(wrong)
    binh = User.objects.create_user("binh")
    grant(binh, "officer", unit)
    other = Client()
    other.force_login(binh)
    for client, text in ((other, slip), (an, slip[:-1] + "é"), (an, "../../etc/passwd"), (an, "\x00")):
        assert client.post(new(unit), {**FACTS, "kept": text}).status_code == 422
    assert not File.objects.exists()
    [path] = list(folder.rglob("*.kept"))
    path.write_bytes(pdf(b"%changed\n"))
    assert an.post(new(unit), {**FACTS, "kept": slip}).status_code == 422
    assert not Document.objects.exists()


def test_what_nobody_comes_back_for_is_removed_after_a_day(an: Client, unit: int, folder: Path) -> None:
    wrong = an.post(new(unit), sent(("a.pdf", pdf()), summary=""))
    [path] = list(folder.rglob("*.kept"))
    two_days_ago = path.stat().st_mtime - 2 * 24 * 60 * 60
    os.utime(path, (two_days_ago, two_days_ago))
    gone = an.post(new(unit), {**FACTS, "kept": slips(wrong)})
    assert "choose it once more" in gone.content.decode() or "chọn lại" in gone.content.decode()
    assert stored(folder) == []
    assert not Document.objects.exists()


class Unread(io.RawIOBase):
    """A body that nobody may touch."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        raise AssertionError("the body was read")


@pytest.mark.parametrize("size", [5 * 1024**3, 201 * 1024**2, 10**30])
def test_five_gigabytes_are_refused_before_a_byte_is_read(
    an: Client, unit: int, folder: Path, size: int
) -> None:
    for address in (new(unit), "/dang-nhap/"):
        body: dict[str, Any] = {
            "wsgi.input": Unread(),
            "CONTENT_LENGTH": str(size),
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
        }
        response = an.generic("POST", address, **body)
        assert response.status_code == 413
        assert "200 MB" in response.content.decode()
    assert stored(folder) == []


def test_a_stranger_sends_and_sees_nothing(an: Client, unit: int, folder: Path, settings: Any) -> None:
    settings.KIEUMAU_OPEN_READING = True
    an.post(new(unit), sent(("a.pdf", pdf())))
    document, file = Document.objects.get(), File.objects.get()
    stranger = Client()
    for address in (
        new(unit),
        reverse("shelf", args=[unit]),
        reverse("document", args=[document.pk]),
        reverse("document_edit", args=[document.pk]),
        reverse("document_delete", args=[document.pk]),
        reverse("file", args=[file.pk]),
    ):
        assert stranger.get(address).status_code == 302, address
    body: dict[str, Any] = {
        "wsgi.input": Unread(),
        "CONTENT_LENGTH": "5000",
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
    }
    for address in (new(unit), reverse("document_files", args=[document.pk])):
        response = stranger.generic("POST", address, **body)
        assert response.status_code == 302, "turned away before the body is read"


def test_a_token_is_asked_for(an: Client, unit: int, folder: Path) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = an.cookies
    assert careful.post(new(unit), sent(("a.pdf", pdf()))).status_code == 403
    assert stored(folder) == []
    page = careful.get(new(unit)).content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    assert careful.post(new(unit), sent(("a.pdf", pdf()), csrfmiddlewaretoken=token)).status_code == 302
    assert File.objects.count() == 1


def test_whoever_reads_is_written_down(an: Client, unit: int, folder: Path) -> None:
    an.post(new(unit), sent(("a.pdf", pdf())))
    document, file = Document.objects.get(), File.objects.get()
    an.head(reverse("document", args=[document.pk]))
    an.head(reverse("file", args=[file.pk]))
    assert not Reading.objects.exists()
    page = an.get(reverse("document", args=[document.pk])).content.decode()
    body_of(an.get(reverse("file", args=[file.pk])))
    assert [(one.by, one.sha256) for one in Reading.objects.order_by("pk")] == [
        ("an", ""),
        ("an", file.sha256),
    ]
    assert "Ai đã xem" in page


def change(an: Client, document: Document, **facts: str) -> Any:
    """Send the form for a change."""
    return an.post(reverse("document_edit", args=[document.pk]), {**FACTS, "version": "1", **facts})


def test_two_who_change_a_document_see_both_values(an: Client, unit: int, folder: Path) -> None:
    an.post(new(unit), sent())
    document = Document.objects.get()
    assert 'value="2023-04-10"' in an.get(reverse("document_edit", args=[document.pk])).content.decode()
    assert change(an, document, summary="Của người thứ nhất").status_code == 302
    second = change(an, document, summary="Của người thứ hai")
    html = second.content.decode()
    assert second.status_code == 409
    assert "Của người thứ nhất" in html
    assert "Của người thứ hai" in html
    assert 'name="version" value="2"' in html
    assert change(an, document, summary="Của người thứ hai", version="2").status_code == 302
    assert Document.objects.get().summary == "Của người thứ hai"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"issued_on": "2999-01-01"}, "Ngày ban hành phải"),
        ({"issued_on": "1900-01-01"}, "Ngày ban hành phải"),
        ({"proves_from": "2023-01-01"}, "cần cả ngày đầu và ngày cuối"),
        ({"proves_from": "2023-02-01", "proves_until": "2023-01-01"}, "kết thúc trước khi bắt đầu"),
        ({"kind": "khac"}, "Kind"),
    ],
)
def test_what_cannot_be_is_refused(
    an: Client, unit: int, folder: Path, facts: Mapping[str, str], words: str
) -> None:
    response = an.post(new(unit), sent(**facts))
    assert response.status_code == 422
    assert words in response.content.decode() or words == "Kind"
    assert not Document.objects.exists()


def test_a_shelf_is_searched_by_kind_year_and_words(an: Client, unit: int, folder: Path) -> None:
    an.post(new(unit), sent())
    an.post(new(unit), sent(kind="report", summary="Báo cáo chín tháng", issued_on="2024-10-01"))
    address = reverse("shelf", args=[unit])
    for query, found in (
        ({"loai": "plan"}, 1),
        ({"nam": "2024"}, 1),
        ({"tim": "chín báo"}, 1),
        ({"tim": "không có"}, 0),
        ({"loai": "\x00", "nam": "-1", "trang": "99"}, 2),
    ):
        page = an.get(address, query)
        assert page.status_code == 200
        assert page.content.decode().count('<th scope="row">') == found, query
    assert an.get(reverse("shelf", args=[99999999])).status_code == 404
    assert an.get(reverse("document", args=[99999999])).status_code == 404
    assert an.get(reverse("file", args=[99999999])).status_code == 404


def test_the_pages_take_few_queries(
    an: Client, unit: int, folder: Path, django_assert_max_num_queries: Any
) -> None:
    an.post(new(unit), sent(*[(f"{seed}.pdf", pdf(f"%{seed}\n".encode())) for seed in range(9)]))
    for address in (
        reverse("shelf", args=[unit]),
        new(unit),
        reverse("document", args=[Document.objects.get().pk]),
    ):
        with django_assert_max_num_queries(12):
            assert an.get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_file_leaves_the_store_with_its_last_document(an: Client, unit: int, folder: Path) -> None:
    for _ in range(2):
        an.post(new(unit), sent(("a.pdf", pdf())))
    first, second = Document.objects.order_by("pk")
    an.post(reverse("file_remove", args=[first.files.get().pk]))
    assert len(stored(folder)) == 1
    assert an.post(reverse("document_delete", args=[second.pk])).status_code == 302
    assert stored(folder) == []
    an.post(reverse("document_files", args=[first.pk]), {"files": SimpleUploadedFile("b.pdf", pdf())})
    assert len(stored(folder)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_sealed_document_takes_and_loses_nothing(an: Client, unit: int, folder: Path) -> None:
    an.post(new(unit), sent(("a.pdf", pdf())))
    document = Document.objects.get()
    Document.objects.update(sealed_at=timezone.now(), sealed_by="binh")
    before = stored(folder)
    add = {"files": SimpleUploadedFile("b.jpg", photo())}
    for response in (
        an.post(reverse("document_files", args=[document.pk]), add, follow=True),
        an.post(reverse("file_remove", args=[document.files.get().pk]), follow=True),
        change(an, document),
        an.post(reverse("document_delete", args=[document.pk])),
    ):
        assert "đã được dùng trong hồ sơ đã trình" in response.content.decode()
    assert stored(folder) == before
    assert File.objects.get().name == "a.pdf"


def test_a_file_that_is_gone_from_the_store_is_said(an: Client, unit: int, folder: Path) -> None:
    an.post(new(unit), sent(("a.pdf", pdf())))
    digest = stored(folder)[0]
    (folder / digest[:2] / digest[2:4] / digest).unlink()
    response = an.get(reverse("file", args=[File.objects.get().pk]))
    assert response.status_code == 503
    assert "a.pdf" in response.content.decode()


def test_drawing_needs_nothing_of_ours() -> None:
    script = Path(__file__).parents[1] / "intake" / "redraw.py"
    done = subprocess.run([sys.executable, "-I", str(script)], capture_output=True, check=False)
    assert b"IndexError" in done.stderr, "it starts, and misses its arguments only"
