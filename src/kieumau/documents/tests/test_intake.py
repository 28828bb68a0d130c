"""Every hostile file is refused for its own reason, in two languages, and nothing of it stays."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kieumau.documents.intake import Limits, clean_name, take_in
from kieumau.documents.intake.kinds import BY_CODE, PDF
from kieumau.documents.intake.pictures import metadata_bytes
from kieumau.documents.intake.refusals import FileRefused
from kieumau.documents.tests import hostile
from kieumau.documents.tests.hostile import docx, docx_with, linked, packed, pdf, photo, picture
from kieumau.kernel.tests.examples import examples

SMALL = Limits(file_bytes=2 * hostile.MEGABYTE)
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
FETCHES = "office-that-fetches"
TYPES = hostile.parts()["[Content_Types].xml"]
SCRIPT = b"5 0 <</S /JavaScript>>"
OUTLINES = b"7 0 obj <</Type /Outlines /First 8 0 R /Count 1>> endobj\n"
TITLES = b"7 0 obj <</First 8 0 R /Title (" + rb"\376\377\000\050" * 100 + b") /A ((a) (b))>> endobj\n"
PICTURE = b"8 0 obj <</Filter /DCTDecode /Length 1>>\nstream\nx\nendstream endobj\n"
PAGE = b"<html><script>alert(1)</script></html>"

# What somebody sends, the name it has, the content, the code of the refusal.
HOSTILE: list[tuple[str, str, bytes | Callable[[], bytes], str]] = [
    ("nothing at all", "a.pdf", b"", "empty-file"),
    ("a program", "a.exe", b"MZ" + bytes(100), "unknown-kind"),
    ("a program called a picture", "a.jpg", b"MZ" + bytes(100), "unknown-kind"),
    ("a web page called a picture", "a.png", PAGE, "unknown-kind"),
    ("a drawing with a script", "a.svg", b"<svg onload='x()'/>", "unknown-kind"),
    ("a moving GIF", "a.gif", b"GIF89a" + bytes(50), "unknown-kind"),
    ("an iPhone's picture", "IMG_1.HEIC", hostile.heic(), "heic-picture"),
    ("an iPhone's picture called JPEG", "IMG_1.jpg", hostile.heic(), "heic-picture"),
    ("an old Word file", "a.doc", OLD_WORD, "old-office-file"),
    ("a Word file with a password", "a.docx", OLD_WORD, "old-office-file"),
    ("more bytes than are taken", "a.pdf", lambda: bytes(3 * hostile.MEGABYTE), "too-large"),
    ("a picture called PDF", "a.pdf", photo(), "wrong-extension"),
    ("a PDF called picture", "a.jpg", pdf(), "wrong-extension"),
    ("a PDF that ends like a program", "a.pdf.exe", pdf(), "wrong-extension"),
    ("a Word file called Excel", "a.xlsx", docx(), "wrong-extension"),
    ("a name that reads backwards", "a\u202efdp.exe", pdf(), "wrong-extension"),
    ("a path", "../../etc/cron.d/a.pdf", pdf(), "path-in-name"),
    ("a path of Windows", "C:\\Windows\\a.pdf", pdf(), "path-in-name"),
    ("a drive", "C:a.pdf", pdf(), "path-in-name"),
    ("a name with an end in it", "a.pdf\x00.exe", pdf(), "path-in-name"),
    ("a picture that is an archive", "a.jpg", photo() + hostile.archive({"a.txt": "x"}), "two-kinds-at-once"),
    ("a picture that is a page", "a.jpg", photo() + PAGE, "two-kinds-at-once"),
    (
        "a picture with a PDF in its head",
        "a.png",
        picture()[:8] + b"%PDF-1.7" + picture()[8:],
        "two-kinds-at-once",
    ),
    ("a PDF that is an archive", "a.pdf", hostile.pdf_and_zip, "two-kinds-at-once"),
    ("a PDF behind something else", "a.pdf", b"#!/bin/sh\n" + pdf(), "two-kinds-at-once"),
    ("a Word file that is a PDF", "a.docx", docx_with("%PDF-1.7.xml", "x"), "two-kinds-at-once"),
    ("a Word file with a tail", "a.docx", docx() + b"tail", "two-kinds-at-once"),
    ("900 million pixels", "a.png", hostile.pixel_bomb, "too-many-pixels"),
    ("a picture 21,000 long", "a.png", lambda: hostile.pixel_bomb(21_000, 10), "too-many-pixels"),
    ("a picture that moves", "a.png", hostile.moving, "moving-picture"),
    ("half a picture", "a.jpg", photo(size=(400, 300))[:3000], "broken-picture"),
    ("the head of a picture", "a.webp", b"RIFF\x00\x01\x00\x00WEBPVP8 " + bytes(40), "broken-picture"),
    ("half a PDF", "a.pdf", pdf()[:60], "broken-pdf"),
    ("a PDF with a tail", "a.pdf", pdf(after=b"\n#!/bin/sh"), "broken-pdf"),
    ("a PDF of no version", "a.pdf", pdf().replace(b"%PDF-1.7", b"%PDF-x.y"), "broken-pdf"),
    ("a PDF with a password", "a.pdf", pdf(trailer=b" /Encrypt 5 0 R"), "encrypted-pdf"),
    ("a PDF with a script", "a.pdf", pdf(b"5 0 obj <</S /JavaScript /JS (x)>> endobj\n"), "pdf-that-acts"),
    (
        "a script spelled oddly",
        "a.pdf",
        pdf(b"5 0 obj <</S /J#61v#61Script /JS (x)>> endobj\n"),
        "pdf-that-acts",
    ),
    (
        "a PDF that starts a program",
        "a.pdf",
        pdf(b"5 0 obj <</S /Launch /F (a.exe)>> endobj\n"),
        "pdf-that-acts",
    ),
    ("a PDF with a form that acts", "a.pdf", pdf(b"5 0 obj <</XFA 6 0 R>> endobj\n"), "pdf-that-acts"),
    ("a PDF with a file in it", "a.pdf", pdf(b"5 0 obj <</Type /EmbeddedFile>> endobj\n"), "pdf-with-files"),
    ("a script in a packed part", "a.pdf", pdf(packed(b"5 0 <</S /JavaScript>>")), "pdf-that-acts"),
    ("a packed part that is none", "a.pdf", pdf(packed(b"", data=b"no zip")), "pdf-not-seen-through"),
    (
        "a part packed twice",
        "a.pdf",
        pdf(packed(b"x", b"/Filter [/ASCIIHexDecode /FlateDecode]")),
        "pdf-not-seen-through",
    ),
    (
        "a packed part behind 5,000 blanks",
        "a.pdf",
        pdf(packed(SCRIPT, b" " * 5000 + b"/Filter /FlateDecode")),
        "pdf-that-acts",
    ),
    (
        "a name that ends like an object's head",
        "a.pdf",
        pdf(packed(SCRIPT, b"", before=b"/Filter /FlateDecode /Xobj 1 ")),
        "pdf-not-seen-through",
    ),
    (
        "an end that is only a comment",
        "a.pdf",
        pdf(packed(SCRIPT, b"% endobj\n/S (endobj) /Filter /FlateDecode")),
        "pdf-that-acts",
    ),
    (
        "a beginning that is only a comment",
        "a.pdf",
        pdf(packed(SCRIPT, before=b"/Filter /ASCIIHexDecode % 1 0 obj <<\n")),
        "pdf-not-seen-through",
    ),
    (
        "a beginning that is only a text",
        "a.pdf",
        pdf(packed(SCRIPT, before=b"/Filter /LZWDecode /S (\n1 0 obj << /Filter /FlateDecode /T) ")),
        "pdf-not-seen-through",
    ),
    (
        "a packed part that does not say what it is",
        "a.pdf",
        pdf(packed(SCRIPT).replace(b"/Type /ObjStm", b"/Type 8 0 R")),
        "pdf-that-acts",
    ),
    (
        "a packed part whose reading is told elsewhere",
        "a.pdf",
        pdf(packed(b"x", b"/Filter /FlateDecode /DecodeParms 8 0 R")),
        "pdf-not-seen-through",
    ),
    (
        "a PDF that unfolds without end",
        "a.pdf",
        lambda: pdf(packed(bytes(160 * hostile.MEGABYTE))),
        "zip-bomb",
    ),
    ("an archive of anything", "a.zip", hostile.archive({"a.txt": "x"}), "unknown-kind"),
    ("an archive called Word", "a.docx", hostile.archive({"a.txt": "x"}), "unknown-kind"),
    ("half a Word file", "a.docx", docx()[:200], "broken-archive"),
    ("a Word file that unfolds to 120 MB", "a.docx", hostile.zip_bomb, "zip-bomb"),
    ("a part that lies about its size", "a.docx", hostile.lying_bomb, "broken-archive"),
    ("one part named ninety times", "a.docx", hostile.overlapping, "zip-bomb"),
    (
        "more parts than are counted",
        "a.docx",
        lambda: docx(**{f"word__{i}.xml": "" for i in range(3001)}),
        "zip-bomb",
    ),
    ("a part that leads out", "a.docx", docx_with("../../../root/a.xml"), "zip-with-paths"),
    ("a part at the root", "a.docx", docx_with("/etc/a.xml"), "zip-with-paths"),
    ("two parts of one name", "a.docx", docx_with("WORD/document.xml"), "zip-with-paths"),
    ("a link", "a.docx", hostile.link_inside(), "zip-with-paths"),
    ("macros", "a.docx", docx_with("word/vbaProject.bin"), "office-with-macros"),
    ("a program inside", "a.docx", docx_with("word/a.exe"), "office-with-macros"),
    ("a template from elsewhere", "a.docx", linked("attachedTemplate", "https://x/t.dotm"), FETCHES),
    ("one in single quotes", "a.docx", linked("attachedTemplate", "https://x/t.dotm", "'"), FETCHES),
    ("one spelled by numbers", "a.docx", linked("attachedTemplate", "&#104;ttps://x/t.dotm"), FETCHES),
    ("an object from elsewhere", "a.docx", linked("oleObject", "mhtml:http://x/a.html!x"), FETCHES),
    ("a picture from elsewhere", "a.docx", linked("image", "https://x/a.png"), FETCHES),
    ("a workbook of another machine", "a.docx", linked("externalLinkPath", r"\\x\a.xlsx"), FETCHES),
    (
        "a link in letters that nobody looks for",
        "a.docx",
        linked("attachedTemplate", "https://x/t", coding="utf-16"),
        "office-not-seen-through",
    ),
    (
        "a link in letters that are named",
        "a.docx",
        docx_with("word/_rels/d.xml.rels", "<?xml version='1.0' encoding='cp037'?><R/>".encode("cp037")),
        "broken-archive",
    ),
    (
        "letters of a single byte",
        "a.docx",
        docx_with("word/d.xml", "<?xml version='1.0' encoding='iso-8859-1'?><R/>"),
        "office-not-seen-through",
    ),
    (
        "markup called a picture",
        "a.docx",
        docx_with(
            "[Content_Types].xml", TYPES.replace("</", '<Default Extension="png" ContentType="a+xml"/></')
        ),
        "office-not-seen-through",
    ),
    ("markup that breaks off", "a.docx", docx_with("word/d.xml", "<a><b></a>"), "broken-archive"),
    (
        "a field that starts a program, in runs",
        "a.docx",
        hostile.text("<w:instrText> D</w:instrText><w:b/><w:instrText>&#68;E c:\\a</w:instrText>"),
        "office-with-macros",
    ),
    (
        "a short field that starts a program",
        "a.docx",
        hostile.text('<w:fldSimple w:instr=" dde c:\\a "/>'),
        "office-with-macros",
    ),
    (
        "a field that starts a program",
        "a.docx",
        docx_with("word/f.xml", "<t>DDEAUTO c:\\a</t>"),
        "office-with-macros",
    ),
    ("a file inside", "a.docx", docx_with("word/embeddings/oleObject1.bin"), "office-with-files"),
    (
        "a billion laughs",
        "a.docx",
        docx_with("word/l.xml", '<!DOCTYPE l [<!ENTITY a "b">]>'),
        "office-with-entities",
    ),
    (
        "laughs in other letters",
        "a.docx",
        docx_with("word/l.xml", "<!ENTITY a>".encode("utf-16")),
        "office-with-entities",
    ),
]
GOOD: list[tuple[str, bytes, str, str]] = [
    ("IMG_0001.JPG", photo(), "jpeg", "IMG_0001.jpg"),
    ("ảnh chụp.jpeg", photo(gps=False), "jpeg", "ảnh chụp.jpeg"),
    ("a.png", picture(), "png", "a.png"),
    ("a.png", picture(mode="RGBA"), "png", "a.png"),
    ("a.png", picture(mode="P"), "png", "a.png"),
    ("a.png", picture(mode="1"), "png", "a.png"),
    ("a.png", picture(mode="LA"), "png", "a.png"),
    ("a.png", picture(mode="I;16"), "png", "a.png"),
    ("a.jpg", picture("JPEG", "CMYK"), "jpeg", "a.jpg"),
    ("a.jpg", picture("JPEG", "L"), "jpeg", "a.jpg"),
    ("a.webp", picture("WEBP", "RGBA"), "webp", "a.webp"),
    ("no extension", pdf(), "pdf", "no extension.pdf"),
    ("Kế hoạch 12.pdf", pdf(after=b"\r\n\x00"), "pdf", "Kế hoạch 12.pdf"),
    ("a.pdf", pdf(packed(b"5 0 <</Type /Font>>")), "pdf", "a.pdf"),
    ("a.pdf", pdf(PICTURE + packed(b"5 0 <</Type /Font>>") + OUTLINES + TITLES + PICTURE), "pdf", "a.pdf"),
    ("a.pdf", pdf(packed(b"", b"", data=b"5 0 <</Type /Font>>")), "pdf", "a.pdf"),
    ("a.docx", docx(), "docx", "a.docx"),
    ("a.docx", linked("hyperlink", "https://x/a"), "docx", "a.docx"),
    ("a.docx", hostile.text('<w:fldChar/><w:instrText> HYPERLINK "DDE" </w:instrText>'), "docx", "a.docx"),
    ("a.docx", docx_with("word/drawing.vml", "<xml><br></xml>"), "docx", "a.docx"),
    ("a.xlsx", hostile.xlsx(), "xlsx", "a.xlsx"),
]


def taken(folder: Path, name: str, content: bytes, **options: str) -> tuple[str, str, bytes]:
    """What becomes of a file: its kind, its name, its bytes. Raises `FileRefused`."""
    came = folder / "came"
    came.write_bytes(content)
    with take_in(came, name, limits=SMALL, **options) as found:
        return found.kind.code, found.name, found.path.read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "code"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE]
)
def test_a_hostile_file_is_refused_and_nothing_stays(
    tmp_path: Path, name: str, content: bytes | Callable[[], bytes], code: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        taken(tmp_path, name, content if isinstance(content, bytes) else content())
    (problem,) = refused.value.problems
    assert problem.code == code
    assert problem.reason.vi != problem.reason.en
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "content", "kind", "shown"), GOOD)
def test_a_good_file_is_taken(tmp_path: Path, name: str, content: bytes, kind: str, shown: str) -> None:
    found = taken(tmp_path, name, content)
    assert found[:2] == (kind, shown)
    if BY_CODE[kind].is_picture:
        assert metadata_bytes(found[2], BY_CODE[kind]) == 0
    else:
        assert found[2] == content, "a document stays byte for byte what was sent"
    assert list(tmp_path.iterdir()) == []


def test_a_photo_stands_upright_and_says_nothing_of_its_place(tmp_path: Path) -> None:
    came = photo()
    assert metadata_bytes(came, BY_CODE["jpeg"]) > 300
    drawn = taken(tmp_path, "a.jpg", came)[2]
    assert metadata_bytes(drawn, BY_CODE["jpeg"]) == 0
    assert b"BI-MAT" not in drawn
    frame = drawn.index(b"\xff\xc0")
    height, width = struct.unpack(">HH", drawn[frame + 5 : frame + 9])
    assert (width, height) == (48, 64)


def test_a_large_photo_is_made_smaller(tmp_path: Path) -> None:
    came = tmp_path / "came"
    came.write_bytes(photo(size=(5000, 1000)))
    with take_in(came, "a.jpg", limits=Limits(side=1024)) as found:
        drawn = found.path.read_bytes()
    frame = drawn.index(b"\xff\xc0")
    assert struct.unpack(">HH", drawn[frame + 5 : frame + 9]) == (1024, 205)


def test_drawing_that_takes_too_much_memory_is_refused(tmp_path: Path) -> None:
    (came := tmp_path / "came").write_bytes(picture("PNG", "RGB", (6000, 6000)))
    limits = Limits(pixels=100_000_000, drawing_bytes=120 * hostile.MEGABYTE)
    with pytest.raises(FileRefused) as refused, take_in(came, "a.png", limits=limits):
        pass
    assert refused.value.problems[0].code == "picture-not-drawn"
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=examples(40), deadline=None)
@given(name=st.text(max_size=200))
def test_a_name_is_clean_or_refused(name: str) -> None:
    with suppress(FileRefused):
        cleaned = clean_name(name, PDF)
        assert cleaned.endswith(".pdf")
        assert 4 < len(cleaned) <= 121
        assert cleaned.isprintable()
        assert not set(cleaned) & set('/\\<>:"|?*')


@settings(max_examples=examples(25), deadline=None)
@given(inside=st.binary(max_size=400), cut=st.integers(0, 600))
def test_anything_that_begins_like_a_document_is_taken_as_it_is_or_refused(inside: bytes, cut: int) -> None:
    for name, content in (
        ("a.pdf", pdf(b"%" + inside + b"\n")),
        ("a.pdf", pdf()[:cut]),
        ("a.docx", docx()[:cut] + inside),
        ("a.docx", docx_with("word/a.png", inside)),
    ):
        with TemporaryDirectory() as folder:
            with suppress(FileRefused):
                assert taken(Path(folder), name, content)[2] == content
            assert list(Path(folder).iterdir()) == []


@pytest.fixture
def scanner() -> Iterator[Callable[[bytes], str]]:
    """A program that speaks clamd's protocol and gives one answer; its address."""
    with TemporaryDirectory(prefix="km") as folder:
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(f"{folder}/s")
        listening.listen()
        listening.settimeout(10)

        def answering(answer: bytes) -> str:
            threading.Thread(target=_answer, args=(listening, answer), daemon=True).start()
            return f"unix:{folder}/s"

        yield answering
        listening.close()


def _answer(listening: socket.socket, answer: bytes) -> None:
    talk, _ = listening.accept()
    with talk, talk.makefile("rb") as came:
        assert came.read(10) == b"zINSTREAM\0"
        while size := struct.unpack(">I", came.read(4))[0]:
            came.read(size)
        talk.sendall(answer)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"stream: OK\0", ""),
        (b"stream: Eicar-Test-Signature FOUND\0", "virus-found"),
        (b"INSTREAM size limit exceeded. ERROR\0", "scanner-silent"),
        (b"", "scanner-silent"),
    ],
)
def test_a_scanner_that_is_named_must_say_ok(
    tmp_path: Path, scanner: Callable[[bytes], str], answer: bytes, code: str
) -> None:
    found = ""
    try:
        taken(tmp_path, "a.pdf", pdf(), scanner=scanner(answer))
    except FileRefused as refused:
        found = refused.problems[0].code
    assert found == code


@pytest.mark.parametrize("address", ["unix:/nowhere/clamd", "tcp:127.0.0.1:1"])
def test_a_scanner_that_is_not_there_lets_nothing_pass(tmp_path: Path, address: str) -> None:
    with pytest.raises(FileRefused) as refused:
        taken(tmp_path, "a.pdf", pdf(), scanner=address)
    assert refused.value.problems[0].code == "scanner-silent"
    assert list(tmp_path.iterdir()) == []
