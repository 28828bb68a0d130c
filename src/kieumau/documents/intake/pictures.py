"""Pictures: drawn anew in a process of their own, then looked at once more before anything is kept."""

import json
import re
import struct
import subprocess
import sys
from pathlib import Path

from kieumau.documents.intake.kinds import JPEG, PNG, FileKind
from kieumau.documents.intake.limits import Limits
from kieumau.documents.intake.refusals import FileRefused, refusal, too_many_pixels

SCRIPT = Path(__file__).with_name("redraw.py")
REFUSED = 3
_PATIENCE = 10  # seconds beyond those of the processor: the machine may be busy
_SAID = re.compile(rb"\{.*\}")
_CODES = {"moving-picture", "broken-picture", "picture-not-drawn"}

_JFIF = 0xE0
# Segments of a JPEG without which there is no picture: tables, frames, scans, restarts.
_NEEDED = {0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, 0xDA}
_PNG_NEEDED = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_WEBP_NEEDED = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
_JFIF_SIZE = 16  # with no thumbnail in it


def redraw(source: Path, target: Path, kind: FileKind, limits: Limits, name: str = "") -> None:
    """Draw the picture at `source` anew into `target`. Raises `FileRefused` and leaves no `target` then."""
    # Only a JPEG can be decoded smaller than it is.
    pixels = limits.pixels if kind is JPEG else limits.pixels // 2
    numbers = (pixels, limits.longest_side, limits.side, limits.drawing_bytes, limits.drawing_seconds)
    words = [kind.code.upper(), *map(str, numbers), str(2 * limits.file_bytes)]
    try:
        with source.open("rb") as came, target.open("xb") as drawn:
            done = subprocess.run(
                [sys.executable, "-I", "-B", str(SCRIPT), *words],
                stdin=came,
                stdout=drawn,
                stderr=subprocess.PIPE,
                env={"LC_ALL": "C.UTF-8"},
                cwd="/",
                timeout=limits.drawing_seconds + _PATIENCE,
                check=False,
            )
        if done.returncode:
            raise _why(done.returncode, done.stderr, name)
        if metadata_bytes(target.read_bytes(), kind):
            raise refusal("picture-not-drawn", name)
    except subprocess.TimeoutExpired:
        target.unlink(missing_ok=True)
        raise refusal("picture-not-drawn", name) from None
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _why(code: int, said: bytes, name: str) -> FileRefused:
    found = _SAID.search(said)
    told = json.loads(found[0]) if code == REFUSED and found else {}
    if told.get("code") == "too-many-pixels":
        return too_many_pixels(int(told["width"]), int(told["height"]), name)
    return refusal(told["code"] if told.get("code") in _CODES else "picture-not-drawn", name)


def metadata_bytes(content: bytes, kind: FileKind) -> int:
    """How many bytes of a picture are neither its dots nor what a decoder needs to draw them.

    What cannot be read counts as a whole: a caller that wants 0 gets no surprise.
    """
    try:
        if kind is JPEG:
            return _beside_jpeg(content)
        return _beside_png(content) if kind is PNG else _beside_webp(content)
    except (IndexError, struct.error):
        return len(content)


def _beside_jpeg(content: bytes) -> int:
    place, beside = 2, 0
    if not content.startswith(b"\xff\xd8"):
        return len(content)
    while True:
        if content[place] != 0xFF:
            return len(content)
        marker = content[place + 1]
        if marker == 0xD9:
            return beside + len(content) - place - 2
        size = struct.unpack(">H", content[place + 2 : place + 4])[0]
        if marker not in _NEEDED and not (marker == _JFIF and size == _JFIF_SIZE):
            beside += size + 2
        place += 2 + size
        if marker == 0xDA:
            place = _after_scan(content, place)


def _after_scan(content: bytes, place: int) -> int:
    """Where the next marker stands; in a scan, FF is followed by 00 or by the number of a restart."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0:
            raise IndexError
        if content[place + 1] != 0 and not 0xD0 <= content[place + 1] <= 0xD7:
            return place
        place += 2


def _beside_png(content: bytes) -> int:
    place, beside = 8, 0
    while place < len(content):
        size, name = struct.unpack(">I4s", content[place : place + 8])
        if name not in _PNG_NEEDED:
            beside += size + 12
        place += size + 12
        if name == b"IEND":
            break
    return beside + len(content) - place


def _beside_webp(content: bytes) -> int:
    place, beside = 12, 0
    end = 8 + int(struct.unpack("<I", content[4:8])[0])
    while place < end:
        name, size = struct.unpack("<4sI", content[place : place + 8])
        size += size % 2 + 8
        if name not in _WEBP_NEEDED:
            beside += size
        place += size
    return beside + len(content) - place
