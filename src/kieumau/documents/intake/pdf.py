"""PDF: is it whole, is it open to be read, and is there anything in it that acts or is a file of its own?

Names are looked for in the whole file, escaped spellings too (`/J#61vaScript`), and in its compressed
object streams, where everything but pictures and page texts may stand. A signed document stays byte for
byte what was signed. What is packed in a way that cannot be looked through is refused.
"""

import re
import zlib
from mmap import mmap

from kieumau.documents.intake.limits import Limits
from kieumau.documents.intake.pdf_objects import NotFollowed, Packed, stream_around
from kieumau.documents.intake.refusals import refusal

_HEAD = re.compile(rb"%PDF-[12]\.[0-9]")
_END = re.compile(rb"startxref\s{1,8}[0-9]{1,12}\s{1,8}%%EOF[\s\x00]*\Z")
_TAIL = 2048


def _escaped(name: str) -> bytes:
    """A pattern of a PDF name in which any letter may be written as its number."""
    letters = []
    for letter in name:
        number = "".join(f"[{digit}{digit.upper()}]" for digit in f"{ord(letter):02x}")
        letters.append(f"(?:{letter}|#{number})")
    return "".join(letters).encode()


def _names(*names: str) -> bytes:
    return b"|".join(_escaped(name) for name in names)


_ACTS = _names("JavaScript", "Launch", "RichMedia", "SubmitForm", "ImportData", "GoToE", "Rendition")
_FILES = _names("EmbeddedFile", "FileAttachment", "Collection")
# Scripts of XFA forms; short, so that what follows is asked for too.
_FORMS = _escaped("XFA") + rb"(?=[\s\[(<]*[0-9])"
_SUSPECT = re.compile(
    rb"/(?:(?P<locked>%b)|(?P<acts>%b|%b)|(?P<files>%b))" % (_escaped("Encrypt"), _ACTS, _FORMS, _FILES)
)
_LONGEST_NAME = 64
# A packed part has a /First whatever it says its type is; outlines have one too, and no stream.
_OBJECTS = re.compile(
    rb"/(?:%s|%s)(?![^\x00\t\n\x0c\r ()<>\[\]{}/%%])" % (_escaped("ObjStm"), _escaped("First"))
)
_FLATE = ((b"/FlateDecode",), (b"[", b"/FlateDecode", b"]"))
# What makes other bytes of those that come out, or takes them from elsewhere.
_OTHERWISE = {b"/DecodeParms", b"/DP", b"/F", b"/FFilter", b"/FDecodeParms"}
_PIECE = 64 * 1024
_MOST_NAMES = 20_000
_CODES = {"locked": "encrypted-pdf", "acts": "pdf-that-acts", "files": "pdf-with-files"}


def check_pdf(content: mmap, limits: Limits, name: str = "") -> None:
    """Raises `FileRefused` where the file is no sound and harmless PDF. Memory: one piece of 64 kB."""
    if not _HEAD.match(content) or not _END.search(content[max(0, len(content) - _TAIL) :]):
        raise refusal("broken-pdf", name)
    _look(content, name)
    left, seen = limits.unfolded_bytes, 0
    for count, found in enumerate(_OBJECTS.finditer(content)):
        if count >= _MOST_NAMES:
            raise refusal("pdf-not-seen-through", name)
        try:
            part = stream_around(content, found.start())
        except NotFollowed:
            raise refusal("pdf-not-seen-through", name) from None
        if part and part.begins > seen:
            seen = part.begins
            left -= _look_into(content, part, left, name)


def _look(piece: bytes | mmap, name: str) -> None:
    """Refuse what is found; what is locked is said first, because nothing else can be trusted then."""
    kinds = {found.lastgroup for found in _SUSPECT.finditer(piece)}
    for kind, code in _CODES.items():
        if kind in kinds:
            raise refusal(code, name)


def _look_into(content: mmap, part: Packed, left: int, name: str) -> int:
    """Unfold an object stream and look at it; how many bytes it was."""
    said = part.dictionary
    filters = [place for place, token in enumerate(said) if token == b"/Filter"]
    if not filters and not _OTHERWISE & set(said):
        return 0  # not packed: the look over the whole file has seen it
    after = said[filters[0] + 1 : filters[0] + 4] if len(filters) == 1 else ()
    if not any(after[: len(way)] == way for way in _FLATE) or _OTHERWISE & set(said):
        raise refusal("pdf-not-seen-through", name)
    return _unfold(content, part.begins, left, name)


def _unfold(content: mmap, place: int, left: int, name: str) -> int:
    inflater, before, total = zlib.decompressobj(), b"", 0
    waiting = b""
    while not inflater.eof:
        if not waiting:
            waiting = content[place : place + _PIECE]
            place += len(waiting)
            if not waiting:
                break
        try:
            piece = inflater.decompress(waiting, _PIECE)
        except zlib.error:
            raise refusal("pdf-not-seen-through", name) from None
        waiting = inflater.unconsumed_tail
        total += len(piece)
        if total > left:
            raise refusal("zip-bomb", name)
        _look(before + piece, name)
        before = piece[-_LONGEST_NAME:]
    return total
