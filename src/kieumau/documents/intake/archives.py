"""DOCX and XLSX: archives whose parts are counted, named, unfolded and looked at, piece by piece.

Only parts that Word and Excel need are allowed in; everything else (macros, embedded files, programs) is
refused, and so is an archive that holds anything between its parts. Nothing is ever written out.
"""

import re
import stat
import struct
import zlib
from collections.abc import Iterator
from io import BufferedReader
from mmap import mmap
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from kieumau.documents.intake.kinds import DOCX, XLSX, FileKind
from kieumau.documents.intake.limits import MEGABYTE, Limits
from kieumau.documents.intake.names import extension_of
from kieumau.documents.intake.office_markup import MARKUP, FoundWrong, Markup
from kieumau.documents.intake.refusals import FileRefused, refusal
from kieumau.documents.intake.sniffing import ARCHIVE, unknown

_END_SIZE, _LOCATOR_SIZE, _HEAD_SIZE, _DESCRIPTOR = 22, 20, 30, 24
_LARGEST_INDEX = 2 * MEGABYTE
_TYPES = "[Content_Types].xml"
_MAIN = (
    (DOCX, "word/document.xml", b"wordprocessingml.document.main+xml"),
    (XLSX, "xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
)
_PICTURES = {"png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf", "wdp"}
_ALLOWED = MARKUP | _PICTURES | {"odttf"}
_SETTINGS_OF_PRINTERS = re.compile(r"(?i)printerSettings/printerSettings[0-9]*\.bin$")
_MACROS = re.compile(r"(?i)vba|macro|activex|\.(?:exe|dll|js|vbs|bat|cmd|ps1|scr|jar|hta|com|msi)$")
_MACRO_TYPES = re.compile(rb"(?i)macroenabled|vbaproject|activex")
_ENTITIES = re.compile(
    b"|".join(
        re.escape(word.encode(coding))
        for word in ("<!DOCTYPE", "<!ENTITY")
        for coding in ("ascii", "utf-16-le", "utf-16-be")
    )
)
# Fields and links that start a program.
_ACTS = re.compile(rb"<(?:[A-Za-z0-9]+:)?ddeLink|DDEAUTO")
_PIECE, _OVERLAP = 64 * 1024, 512
_BROKEN = (BadZipFile, NotImplementedError, EOFError, zlib.error, struct.error, ValueError, OverflowError)


def check_archive(file: BufferedReader, content: mmap, limits: Limits, name: str = "") -> FileKind:
    """DOCX or XLSX, sound and harmless; else raises `FileRefused`. Unfolds every part, keeping none."""
    _check_end(content, name)
    try:
        with ZipFile(file) as archive:
            parts = archive.infolist()
            _check_parts(parts, limits, name)
            _check_gaps(content, archive.start_dir, parts, name)
            kind = _kind(archive, parts, name)
            _unfold(archive, parts, limits, name)
    except _BROKEN:
        raise _broken(name) from None
    except RuntimeError:  # how zipfile says that a part is locked
        raise refusal("old-office-file", name) from None
    return kind


def _broken(name: str) -> FileRefused:
    """It is no sound archive; whether it would be Word or Excel, only its name says."""
    refused = refusal("broken-archive", name)
    is_office = extension_of(name) in {"", *DOCX.extensions, *XLSX.extensions}
    return refused if is_office else unknown(name, ARCHIVE)


def _check_end(content: mmap, name: str) -> None:
    """The end record stands at the very end; the index is small, so that reading it cannot fill memory."""
    record = content[-_END_SIZE:]
    if len(record) < _END_SIZE or not record.startswith(b"PK\x05\x06"):
        raise refusal("two-kinds-at-once", name) if content.rfind(b"PK\x05\x06") >= 0 else _broken(name)
    size = struct.unpack("<4s4H2LH", record)[5]
    place = len(content) - _END_SIZE - _LOCATOR_SIZE
    if size > _LARGEST_INDEX or content[max(0, place) : place + 4] == b"PK\x06\x07":
        raise refusal("zip-bomb", name)


def _check_parts(parts: list[ZipInfo], limits: Limits, name: str) -> None:
    """What the index says of the parts, before any is unfolded."""
    if len(parts) > limits.entries or sum(part.file_size for part in parts) > limits.unfolded_bytes:
        raise refusal("zip-bomb", name)
    names = [part.filename for part in parts]
    if len({one.casefold() for one in names}) < len(names) or any(_leads_out(part) for part in parts):
        raise refusal("zip-with-paths", name)
    for part in parts:
        if part.flag_bits & 0x1:
            raise refusal("old-office-file", name)
        if part.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise refusal("broken-archive", name)
        if _MACROS.search(part.filename):
            raise refusal("office-with-macros", name)


def _leads_out(part: ZipInfo) -> bool:
    raw = part.orig_filename
    return (
        raw.startswith("/")
        or "\\" in raw
        or "\x00" in raw
        or ":" in raw
        or ".." in raw.split("/")
        or stat.S_ISLNK(part.external_attr >> 16)
    )


def _check_gaps(content: mmap, index: int, parts: list[ZipInfo], name: str) -> None:
    """Parts neither overlap (a bomb) nor leave room for something else between them."""
    free = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        gap = part.header_offset - free
        if gap < 0:
            raise refusal("zip-bomb", name)
        if gap > _DESCRIPTOR:
            raise refusal("two-kinds-at-once", name)
        head = content[part.header_offset : part.header_offset + _HEAD_SIZE]
        if len(head) < _HEAD_SIZE:
            raise BadZipFile
        name_size, extra_size = struct.unpack("<2H", head[26:30])
        free = part.header_offset + _HEAD_SIZE + name_size + extra_size + part.compress_size
    if not 0 <= index - free <= _DESCRIPTOR:
        raise refusal("two-kinds-at-once", name)


def _kind(archive: ZipFile, parts: list[ZipInfo], name: str) -> FileKind:
    """Word or Excel, by the part that says what everything is. Then only what that needs may be in it."""
    names = {part.filename for part in parts}
    types = next((part for part in parts if part.filename == _TYPES), None)
    if types is None or types.file_size > MEGABYTE:
        raise unknown(name, ARCHIVE)
    said = archive.read(types)
    kind = next((kind for kind, main, word in _MAIN if main in names and word in said), None)
    if _MACRO_TYPES.search(said):
        raise refusal("office-with-macros", name)
    if kind is None:
        raise unknown(name, ARCHIVE)
    for part in parts:
        extension = part.filename.rpartition(".")[2].casefold()
        allowed = extension in _ALLOWED or part.is_dir() or _SETTINGS_OF_PRINTERS.search(part.filename)
        if not allowed:
            raise refusal("office-with-files", name)
    return kind


def _unfold(archive: ZipFile, parts: list[ZipInfo], limits: Limits, name: str) -> None:
    """Unfold every part to its end, counting what really comes out, and look at what is markup."""
    left = limits.unfolded_bytes
    for part in parts:
        is_markup = part.filename.rpartition(".")[2].casefold() in MARKUP
        markup, size = Markup(part.filename), 0
        for before, piece in _pieces(archive, part):
            size += len(piece)
            if size > left or (size > MEGABYTE and size > limits.ratio * max(1, part.compress_size)):
                raise refusal("zip-bomb", name)
            if is_markup:
                _look(before, piece, markup, name)
        if is_markup:
            _look(b"", b"", markup, name)
        left -= size


def _pieces(archive: ZipFile, part: ZipInfo) -> Iterator[tuple[bytes, bytes]]:
    """Pieces of a part, each with the end of the one before."""
    before = b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            yield before, piece
            before = piece[-_OVERLAP:]


def _look(before: bytes, piece: bytes, markup: Markup, name: str) -> None:
    """Look at a piece of markup; without any, at its end."""
    seen = before + piece
    if _ENTITIES.search(seen):
        raise refusal("office-with-entities", name)
    if _ACTS.search(seen):
        raise refusal("office-with-macros", name)
    try:
        if piece:
            markup.feed(piece)
        else:
            markup.close()
    except FoundWrong as found:
        raise refusal(found.code, name) from None
