"""A file that is not what its name says: the refusal tells both, in both languages, whatever the two are."""

from pathlib import Path

import pytest

from kieumau.documents.intake import KINDS, Limits, take_in
from kieumau.documents.intake.refusals import FileRefused
from kieumau.documents.tests import hostile
from kieumau.documents.tests.hostile import docx, pdf, photo, picture
from kieumau.kernel.messages import Problem

SMALL = Limits(file_bytes=2 * hostile.MEGABYTE)
PROGRAM = b"MZ" + bytes(100)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
ZIP = hostile.archive({"a.txt": "x"})

# The name, what is in it, and what is said of it.
SAID = [
    (
        "quyết định.pdf",
        PROGRAM,
        "Tên tệp là .pdf nhưng nội dung không phải là PDF: đó là chương trình chạy được.",
        "The file is named .pdf, but what is in it is no PDF: it is a program.",
    ),
    (
        "a.docx",
        b"\x7fELF" + bytes(90),
        "Tên tệp là .docx nhưng nội dung không phải là Word (DOCX): đó là chương trình chạy được.",
        "The file is named .docx, but what is in it is no Word (DOCX): it is a program.",
    ),
    (
        "a.pdf",
        bytes(range(256)),
        "Tên tệp là .pdf nhưng nội dung không phải là PDF, cũng không thuộc loại nào được nhận.",
        "The file is named .pdf, but what is in it is no PDF, nor of any kind that is taken.",
    ),
    (
        "cài đặt.exe",
        PROGRAM,
        "Tên tệp là .exe. Nội dung tệp là chương trình chạy được: loại này không được nhận.",
        "The file is named .exe. What is in it is a program: such files are not taken.",
    ),
    (
        "không tên",
        bytes(50),
        "Nội dung tệp là loại lạ: loại này không được nhận.",
        "What is in it is of a kind unknown here: such files are not taken.",
    ),
    (
        "a.pdf",
        photo(),
        "Tên tệp là .pdf nhưng nội dung là JPEG.",
        "The file is named .pdf, but what is in it is JPEG.",
    ),
    (
        "a.pdf",
        docx(),
        "Tên tệp là .pdf nhưng nội dung là Word (DOCX).",
        "The file is named .pdf, but what is in it is Word (DOCX).",
    ),
    (
        "a.pdf",
        ZIP,
        "Tên tệp là .pdf nhưng nội dung không phải là PDF: đó là tệp nén ZIP.",
        "The file is named .pdf, but what is in it is no PDF: it is a ZIP archive.",
    ),
    (
        "a.pdf",
        docx()[:200],
        "Tên tệp là .pdf nhưng nội dung không phải là PDF: đó là tệp nén ZIP.",
        "The file is named .pdf, but what is in it is no PDF: it is a ZIP archive.",
    ),
    (
        "a.pdf",
        OLD_OFFICE,
        "Tên tệp là .pdf nhưng nội dung không phải là PDF: đó là tệp Word, Excel kiểu cũ hoặc có mật khẩu.",
        "The file is named .pdf, but what is in it is no PDF: it is an old Office file, or one with a pass",
    ),
    (
        "a.docx",
        OLD_OFFICE,
        "Tệp Word, Excel kiểu cũ hoặc có mật khẩu.",
        "This is an old Word or Excel file, or one with a password.",
    ),
    (
        "IMG_1.jpg",
        hostile.heic(),
        "Tên tệp là .jpg nhưng nội dung không phải là JPEG: đó là ảnh HEIC.",
        "The file is named .jpg, but what is in it is no JPEG: it is a HEIC picture.",
    ),
]
# One of each kind that is taken, and some that are not.
CONTENTS = {
    "jpeg": photo(),
    "png": picture(),
    "webp": picture("WEBP"),
    "pdf": pdf(),
    "docx": docx(),
    "xlsx": hostile.xlsx(),
    "program": PROGRAM,
    "page": b"\n<!DOCTYPE html><p>x</p>",
    "gif": b"GIF89a" + bytes(50),
    "drawing": b"<?xml version='1.0'?><svg/>",
    "text": "Kính gửi".encode(),
    "rar": b"Rar!\x1a\x07" + bytes(40),
    "video": b"\x00\x00\x00\x18ftypmp42" + bytes(40),
    "zip": ZIP,
    "anything": bytes(range(255, 0, -1)),
}


def refused(folder: Path, name: str, content: bytes) -> Problem:
    came = folder / "came"
    came.write_bytes(content)
    with pytest.raises(FileRefused) as found, take_in(came, name, limits=SMALL):
        pass
    (problem,) = found.value.problems
    return problem


@pytest.mark.parametrize(("name", "content", "vi", "en"), SAID, ids=[f"{row[0]}: {row[3]}" for row in SAID])
def test_what_the_name_says_and_what_the_file_is(
    tmp_path: Path, name: str, content: bytes, vi: str, en: str
) -> None:
    problem = refused(tmp_path, name, content)
    assert problem.reason.vi.startswith(vi)
    assert problem.reason.en.startswith(en)
    assert problem.hint is not None


@pytest.mark.parametrize("kind", KINDS, ids=[kind.code for kind in KINDS])
def test_of_every_kind_the_name_is_told(tmp_path: Path, kind: object) -> None:
    (found,) = [one for one in KINDS if one is kind]
    for extension in found.extensions:
        for code, content in CONTENTS.items():
            if code != found.code:
                problem = refused(tmp_path, f"a.{extension}", content)
                assert f".{extension} nhưng nội dung" in problem.reason.vi, code
                assert f".{extension}, but what is in it" in problem.reason.en, code
