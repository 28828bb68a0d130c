"""What a file is: told by its content and never by what it says it is. What it says is said beside it."""

from dataclasses import replace

from kieumau.documents.intake.kinds import BY_EXTENSION, JPEG, PDF, PNG, WEBP, FileKind
from kieumau.documents.intake.names import extension_of
from kieumau.documents.intake.refusals import FileRefused, not_taken, refusal
from kieumau.kernel.messages import Text

HEAD = 4096  # bytes that suffice to tell a kind
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
# Names under which somebody expects what these refusals speak of.
_EXPECTED = {
    "heic-picture": {"heic", "heif", "avif"},
    "old-office-file": {"doc", "xls", "ppt", "dot", "xlt", "docx", "xlsx"},
}
_HEIC = Text(vi="ảnh HEIC", en="a HEIC picture")
_OFFICE = Text(vi="tệp Word, Excel kiểu cũ hoặc có mật khẩu", en="an old Office file, or one with a password")
ARCHIVE = Text(vi="tệp nén ZIP", en="a ZIP archive")
_PROGRAM = Text(vi="chương trình chạy được", en="a program")
_PAGE = Text(vi="trang web", en="a web page")
_VIDEO = Text(vi="đoạn phim", en="a video")
# How a file begins that is not taken, and what it is.
_BEGINNINGS: tuple[tuple[bytes, Text], ...] = (
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"\xca\xfe\xba\xbe", _PROGRAM),
    (b"\xcf\xfa\xed\xfe", _PROGRAM),
    (b"#!", Text(vi="mã lệnh chạy được", en="a script")),
    (b"GIF8", Text(vi="ảnh GIF", en="a GIF picture")),
    (b"BM", Text(vi="ảnh BMP", en="a BMP picture")),
    (b"II*\x00", Text(vi="ảnh TIFF", en="a TIFF picture")),
    (b"MM\x00*", Text(vi="ảnh TIFF", en="a TIFF picture")),
    (b"<svg", Text(vi="hình vẽ SVG", en="an SVG drawing")),
    (b"<!doctype html", _PAGE),
    (b"<html", _PAGE),
    (b"<?xml", Text(vi="văn bản XML", en="an XML text")),
    (b"{\\rtf", Text(vi="văn bản RTF", en="an RTF text")),
    (b"Rar!", Text(vi="tệp nén RAR", en="a RAR archive")),
    (b"7z\xbc\xaf\x27\x1c", Text(vi="tệp nén 7z", en="a 7z archive")),
    (b"\x1f\x8b", Text(vi="tệp nén GZIP", en="a GZIP archive")),
    (b"PK", ARCHIVE),
    (b"ID3", Text(vi="tệp âm thanh", en="a sound recording")),
    (b"\x1aE\xdf\xa3", _VIDEO),
)


def sniff(head: bytes, name: str = "") -> FileKind | None:
    """The kind that the first `HEAD` bytes show; None for an archive that may be DOCX or XLSX.

    Raises `FileRefused` for every other kind.
    """
    if not head:
        raise refusal("empty-file", name)
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return None
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        raise _told(refusal("heic-picture", name), _HEIC)
    if head.startswith(_OLD_OFFICE):
        raise _told(refusal("old-office-file", name), _OFFICE)
    if b"%PDF-" in head[:1024]:
        # Readers open such a file; something stands before it that no PDF has.
        raise refusal("two-kinds-at-once", name)
    raise unknown(name, _what(head))


def unknown(name: str, found: Text | None) -> FileRefused:
    """Of no kind that is taken: what the name says it is, and what it is, where that can be told."""
    extension = extension_of(name)
    claimed = BY_EXTENSION.get(extension)
    return not_taken(extension, claimed.name if claimed else "", found, name)


def _told(refused: FileRefused, found: Text) -> FileRefused:
    """The same, beginning with what the name says where it says something else; its code stays."""
    (problem,) = refused.problems
    name = problem.place.file
    if extension_of(name) in {"", *_EXPECTED[problem.code]}:
        return refused
    (said,) = unknown(name, found).problems
    reason = Text(vi=f"{said.reason.vi} {problem.reason.vi}", en=f"{said.reason.en} {problem.reason.en}")
    return FileRefused([replace(problem, reason=reason)])


def _what(head: bytes) -> Text | None:
    """What a file that is not taken is, as far as its beginning tells."""
    begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for beginning, said in _BEGINNINGS:
        if head.startswith(beginning) or begins[: len(beginning)].lower() == beginning:
            return said
    if head[4:8] == b"ftyp":
        return _VIDEO
    return None if b"\x00" in head or not _is_text(head) else Text(vi="văn bản thuần", en="plain text")


def _is_text(head: bytes) -> bool:
    """Is it UTF-8, but for a letter that is cut off at the end?"""
    try:
        head[: max(1, len(head) - 3)].decode()
    except UnicodeDecodeError:
        return False
    return True
