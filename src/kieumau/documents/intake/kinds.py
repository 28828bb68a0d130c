"""The kinds of files that are taken, told by their content and never by what they say they are."""

from dataclasses import dataclass

from kieumau.documents.intake.refusals import refusal

HEAD = 4096  # bytes that suffice to tell a kind


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind that is taken: its stable code, extensions (the first is ours), media type, name for people."""

    code: str
    extensions: tuple[str, ...]
    media_type: str
    name: str
    is_picture: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument"
JPEG = FileKind("jpeg", ("jpg", "jpeg", "jpe", "jfif"), "image/jpeg", "JPEG", is_picture=True)
PNG = FileKind("png", ("png",), "image/png", "PNG", is_picture=True)
WEBP = FileKind("webp", ("webp",), "image/webp", "WebP", is_picture=True)
PDF = FileKind("pdf", ("pdf",), "application/pdf", "PDF")
DOCX = FileKind("docx", ("docx",), f"{_OFFICE}.wordprocessingml.document", "Word (DOCX)")
XLSX = FileKind("xlsx", ("xlsx",), f"{_OFFICE}.spreadsheetml.sheet", "Excel (XLSX)")
KINDS = (JPEG, PNG, WEBP, PDF, DOCX, XLSX)
BY_CODE = {kind.code: kind for kind in KINDS}

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}


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
        raise refusal("heic-picture", name)
    if head.startswith(_OLD_OFFICE):
        raise refusal("old-office-file", name)
    if b"%PDF-" in head[:1024]:
        # Readers open such a file; something stands before it that no PDF has.
        raise refusal("two-kinds-at-once", name)
    raise refusal("unknown-kind", name)
