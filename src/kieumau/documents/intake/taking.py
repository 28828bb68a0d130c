"""From a file that came to one that may be stored: one road, every check on it."""

import hashlib
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kieumau.documents.intake.archives import check_archive
from kieumau.documents.intake.disguise import refuse_hidden_archive, refuse_hidden_page, refuse_hidden_pdf
from kieumau.documents.intake.kinds import PDF, FileKind
from kieumau.documents.intake.limits import Limits
from kieumau.documents.intake.names import clean_name, shown_name
from kieumau.documents.intake.pdf import check_pdf
from kieumau.documents.intake.pictures import redraw
from kieumau.documents.intake.refusals import too_large
from kieumau.documents.intake.scanner import scan
from kieumau.documents.intake.sniffing import HEAD, sniff


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that may be stored: where it lies for now, what it is, what it is called.

    `sha256` is of the bytes at `path`, which are what was sent for a document and a new drawing for a
    picture.
    """

    path: Path
    sha256: str
    size: int
    kind: FileKind
    name: str


@contextmanager
def take_in(came: Path, name: str, *, limits: Limits, scanner: str = "") -> Iterator[Taken]:
    """Look at the file that lies at `came` under the name it was sent with; the file that may be stored.

    Owns `came`: nothing of it is left when the block ends, whatever happened; who wants to keep the result
    moves it away inside the block. Raises `FileRefused`.
    """
    drawn = came.with_name(f"{came.name}.drawn")
    try:
        kind = _look(came, name, limits)
        cleaned = clean_name(name, kind)
        if scanner:
            scan(came, scanner, limits.scan_seconds, cleaned)
        if kind.is_picture:
            redraw(came, drawn, kind, limits, cleaned)
        path = drawn if kind.is_picture else came
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        yield Taken(path, digest, path.stat().st_size, kind, cleaned)
    finally:
        came.unlink(missing_ok=True)
        drawn.unlink(missing_ok=True)


def _look(came: Path, name: str, limits: Limits) -> FileKind:
    """What kind the file is. Raises `FileRefused` for what is not taken."""
    shown = shown_name(name)
    with came.open("rb") as file:
        if os.fstat(file.fileno()).st_size > limits.file_bytes:
            raise too_large(limits.file_bytes, shown)
        kind = sniff(file.read(HEAD), shown)
        file.seek(0)
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if kind is None:
                refuse_hidden_pdf(content, shown)
                return check_archive(file, content, limits, shown)
            # The name is asked first: the file may be sound, and only misnamed.
            clean_name(name, kind)
            refuse_hidden_archive(content, shown)
            if kind is PDF:
                check_pdf(content, limits, shown)
            else:
                refuse_hidden_page(content, shown)
    return kind
