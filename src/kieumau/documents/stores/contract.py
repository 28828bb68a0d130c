"""What every store promises, and what is read out of one checked against its name."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

_PIECE = 64 * 1024
_NAME = re.compile(r"[0-9a-f]{64}")


class StoreFails(Exception):
    """The store did not do what it was asked; nothing is known to be stored."""


class Missing(StoreFails):
    """The store has no file of that name, though somebody thinks it has."""


class Damaged(StoreFails):
    """What the store has under a name is not what the name says."""


class Store(Protocol):
    """A place for files."""

    @property
    def incoming(self) -> Path:
        """Where files lie until they are looked at."""

    def keep(self, path: Path, sha256: str) -> None:
        """Store the file at `path`, whose digest is `sha256`; one that is there already stays as it is."""

    def open(self, sha256: str) -> BinaryIO:
        """The stored bytes, to be read once and closed. Raises `Missing`."""

    def discard(self, sha256: str) -> None:
        """Take the file away, if it is there."""


def named(sha256: str) -> str:
    """The name, if it is one. A name never leads anywhere: it is 64 hexadecimal digits."""
    if not _NAME.fullmatch(sha256):
        raise ValueError("not a SHA-256")
    return sha256


class Checked:
    """The bytes of an open file, piece by piece; closes it, also if nobody goes through it to its end.

    The last piece is held back until all of them agree with the name: raises `Damaged` where they do not,
    so that a damaged file never arrives whole.
    """

    def __init__(self, file: BinaryIO, sha256: str) -> None:
        self._file, self._sha256 = file, sha256

    def __iter__(self) -> Iterator[bytes]:
        digest, waiting = hashlib.sha256(), b""
        with self._file as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                if waiting:
                    yield waiting
                waiting = piece
        if digest.hexdigest() != self._sha256:
            raise Damaged(self._sha256)
        if waiting:
            yield waiting

    def close(self) -> None:
        """Let the file go."""
        self._file.close()
