"""Files in a folder of this machine: `ab/cd/abcd…`, readable by the application's own account only."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from kieumau.documents.stores.contract import Damaged, Missing, named

_FOLDER, _FILE = 0o700, 0o400
FORGOTTEN = 24 * 60 * 60  # seconds after which what lies in `incoming` belongs to nobody any more


class FolderStore:
    """A store in a folder. `incoming` lies in it, so that storing is one link within a file system."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "incoming"

    def keep(self, path: Path, sha256: str) -> None:
        """Link the file to its name; the link either is there or is not, and cannot replace another."""
        target = self._place(sha256)
        target.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        path.chmod(_FILE)
        _sync(path)
        try:
            target.hardlink_to(path)
        except FileExistsError:
            if target.stat().st_size != path.stat().st_size:
                raise Damaged(sha256) from None
        _sync(target.parent)

    def open(self, sha256: str) -> BinaryIO:
        """The stored file. Raises `Missing`."""
        try:
            return self._place(sha256).open("rb")
        except FileNotFoundError:
            raise Missing(sha256) from None

    def discard(self, sha256: str) -> None:
        """Unlink it, if it is there."""
        self._place(sha256).unlink(missing_ok=True)

    def _place(self, sha256: str) -> Path:
        name = named(sha256)
        return self.root / name[:2] / name[2:4] / name


def clear_forgotten(incoming: Path) -> None:
    """Remove what a process that was killed left behind a day ago, and make the folder if it is not there."""
    incoming.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    oldest = time.time() - FORGOTTEN
    for path in incoming.iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def _sync(path: Path) -> None:
    """Wait until the disk has it."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
