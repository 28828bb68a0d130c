"""PDF: is it whole, is it open to be read, and is there anything in it that acts or is a file of its own?

Names are looked for in the whole file, escaped spellings too (`/J#61vaScript`), and in its compressed
object streams, where everything but pictures and page texts may stand. A signed document stays byte for
byte what was signed. What is packed in a way that cannot be looked through is refused.
"""

import re
import zlib
from mmap import mmap

from kieumau.documents.intake.limits import Limits
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
_OBJECTS = re.compile(rb"/" + _escaped("ObjStm"))
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_DICTIONARY = 4096
_FLATE = re.compile(rb"/Filter\s*\[?\s*/(?:FlateDecode|Fl)\s*\]?\s*(?:/|>>)")
_PIECE = 64 * 1024
_MOST_OBJECT_STREAMS = 20_000
_CODES = {"locked": "encrypted-pdf", "acts": "pdf-that-acts", "files": "pdf-with-files"}


def check_pdf(content: mmap, limits: Limits, name: str = "") -> None:
    """Raises `FileRefused` where the file is no sound and harmless PDF. Memory: one piece of 64 kB."""
    if not _HEAD.match(content) or not _END.search(content[max(0, len(content) - _TAIL) :]):
        raise refusal("broken-pdf", name)
    _look(content, name)
    left = limits.unfolded_bytes
    for count, found in enumerate(_OBJECTS.finditer(content)):
        if count >= _MOST_OBJECT_STREAMS:
            raise refusal("pdf-not-seen-through", name)
        left -= _look_into(content, found.start(), left, name)


def _look(piece: bytes | mmap, name: str) -> None:
    """Refuse what is found; what is locked is said first, because nothing else can be trusted then."""
    kinds = {found.lastgroup for found in _SUSPECT.finditer(piece)}
    for kind, code in _CODES.items():
        if kind in kinds:
            raise refusal(code, name)


def _look_into(content: mmap, place: int, left: int, name: str) -> int:
    """Unfold the object stream whose dictionary holds `place` and look at it; how many bytes it was."""
    begins = _STREAM.search(content, place, place + _DICTIONARY)
    if begins is None:
        return 0  # a name in a text or a comment
    opens = content.rfind(b"obj", max(0, place - _DICTIONARY), place)
    dictionary = content[max(0, opens) : begins.start()]
    if b"/Filter" not in dictionary and b"#" not in dictionary:
        return 0  # not packed: the look over the whole file has seen it
    if not _FLATE.search(dictionary) or b"Predictor" in dictionary or b"#" in dictionary:
        raise refusal("pdf-not-seen-through", name)
    return _unfold(content, begins.end(), left, name)


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
