"""The dictionary of a PDF's packed part, read token by token, so that nothing said in passing misleads.

A string, a comment or blanks may hold any word, also `obj`, `endobj` and `stream`: they are stepped over as a
reader does. What cannot be followed is not waved through.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from mmap import mmap

LONGEST = 64 * 1024  # bytes of a dictionary; real ones have some hundred
_MOST = (
    300  # tokens of a dictionary, and brackets within a text in it, so that nobody makes us count for hours
)
_BLANK = rb"\x00\t\n\x0c\r "
_WORD = rb"[^" + _BLANK + rb"()<>\[\]{}/%]"
_TOKEN = re.compile(
    rb"(?P<skip>[" + _BLANK + rb"]+|%[^\r\n]*)"
    rb"|(?P<name>/" + _WORD + rb"*)"
    rb"|(?P<open><<)|(?P<close>>>)"
    rb"|(?P<text><[0-9A-Fa-f" + _BLANK + rb"]*>|\((?:[^()\\]++|\\[\s\S])*+\)|\()"
    rb"|(?P<list>[\[\]])"
    rb"|(?P<word>" + _WORD + rb"+)"
)
_IN_STRING = re.compile(rb"[()]|\\.", re.DOTALL)
_HEADER = re.compile(
    rb"(?:^|[" + _BLANK + rb"])[0-9]{1,10}[" + _BLANK + rb"]+[0-9]{1,5}[" + _BLANK + rb"]+obj$"
)
_LONGEST_HEADER = 40
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_LINE = re.compile(rb"\r\n|\n|\r")
_ENDS = {b"endobj", b"endstream", b"obj", b"xref", b"trailer", b"startxref"}
_VALUES = re.compile(rb"true|false|null|R|[-+0-9.]+")


class NotFollowed(Exception):
    """The dictionary is written so that a reader could take it for another than we do."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A stream: the tokens of its dictionary, names without escapes, and where its bytes begin."""

    dictionary: tuple[bytes, ...]
    begins: int


def stream_around(content: mmap | bytes, place: int) -> Packed | None:
    """The stream in whose dictionary the name at `place` stands; None where its object has no stream.

    Raises `NotFollowed`.
    """
    begins = _stream_after(content, place)
    if begins is None:
        return None
    opens = content.rfind(b"obj", max(0, place - LONGEST), place)
    _check_header(content, opens)
    tokens: list[bytes] = []
    depth = 0
    for kind, token, end in _tokens(content, opens + 3, begins):
        if token == b"stream" and depth == 0 and tokens:
            if end != begins:
                raise NotFollowed
            return Packed(tuple(tokens), _after_line(content, end))
        depth += {"open": 1, "close": -1}.get(kind, 0)
        is_value = kind != "word" or _VALUES.fullmatch(token)
        if not kind or not is_value or (depth <= 0 and kind != "close") or depth < 0:
            raise NotFollowed
        tokens.append(
            _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), token) if kind == "name" else token
        )
    raise NotFollowed


def _stream_after(content: mmap | bytes, place: int) -> int | None:
    """Where the word `stream` ends that follows; None where the object ends before one does."""
    for kind, token, end in _tokens(content, place, min(len(content), place + LONGEST)):
        if kind == "word" and token == b"stream":
            return end
        if kind == "word" and token in _ENDS:
            return None
    raise NotFollowed


def _check_header(content: mmap | bytes, opens: int) -> None:
    """The object begins there with its two numbers, and not in a comment."""
    end = opens + 3
    if opens < 0 or not _HEADER.search(content[max(0, end - _LONGEST_HEADER) : end]):
        raise NotFollowed
    before = content[max(0, end - LONGEST) : end]
    if b"%" in before[max(before.rfind(b"\n"), before.rfind(b"\r")) + 1 :]:
        raise NotFollowed


def _tokens(content: mmap | bytes, place: int, end: int) -> Iterator[tuple[str, bytes, int]]:
    """Kind, bytes and end of each token up to `end`; of no kind is what belongs to none."""
    for _ in range(_MOST):
        if place >= end:
            return
        found = _TOKEN.match(content, place, end)
        if found is None:
            place += 1
            yield "", b"", place
            continue
        place = found.end()
        if found[0] == b"(":
            place = _after_string(content, place, end)
        if found.lastgroup != "skip":
            yield found.lastgroup or "", found[0], place
    raise NotFollowed


def _after_string(content: mmap | bytes, place: int, end: int) -> int:
    depth = 1
    for found in islice(_IN_STRING.finditer(content, place, end), _MOST):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    raise NotFollowed


def _after_line(content: mmap | bytes, place: int) -> int:
    line = _LINE.match(content, place)
    if line is None:
        raise NotFollowed
    return line.end()
