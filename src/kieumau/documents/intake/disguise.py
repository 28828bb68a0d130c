"""Files that are two kinds at once: one for whoever looks, another for whoever is to be harmed."""

import re
import struct
from mmap import mmap

from kieumau.documents.intake.refusals import refusal

_END = b"PK\x05\x06"
_END_SIZE = 22
_LONGEST_COMMENT = 65_535
_MARKUP = re.compile(rb"(?i)<(?:script|html|iframe|!doctype html)[\s>/]|<\?php\s")
# Readers look for the head of a PDF in the first kilobyte.
_PDF_HEAD = 1024
_MOST_ENDS = 100


def refuse_hidden_archive(content: mmap, name: str = "") -> None:
    """Refuse what some program would open as a ZIP archive: its end record is near the end of the file."""
    start = max(0, len(content) - _END_SIZE - _LONGEST_COMMENT)
    place = len(content)
    for _ in range(_MOST_ENDS):
        place = content.rfind(_END, start, place)
        if place < 0:
            return
        if _is_end_record(content, place):
            raise refusal("two-kinds-at-once", name)
    raise refusal("two-kinds-at-once", name)


def _is_end_record(content: mmap, place: int) -> bool:
    record = content[place : place + _END_SIZE]
    if len(record) < _END_SIZE:
        return False
    _, disk, first, here, total, size, offset, _ = struct.unpack("<4s4H2LH", record)
    return bool(disk == first == 0 and here == total and offset + size <= place)


def refuse_hidden_page(content: mmap, name: str = "") -> None:
    """Refuse a picture with a web page, a script or the head of a PDF in it."""
    if _MARKUP.search(content) or content.find(b"%PDF-", 0, _PDF_HEAD) >= 0:
        raise refusal("two-kinds-at-once", name)


def refuse_hidden_pdf(content: mmap, name: str = "") -> None:
    """Refuse an archive that a reader of PDF would open."""
    if content.find(b"%PDF-", 0, _PDF_HEAD) >= 0:
        raise refusal("two-kinds-at-once", name)
