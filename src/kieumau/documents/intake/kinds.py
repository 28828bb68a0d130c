"""The kinds of files that are taken."""

from dataclasses import dataclass


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
BY_EXTENSION = {extension: kind for kind in KINDS for extension in kind.extensions}
