"""As whom the server runs. PostgreSQL refuses to be root, so root needs a way around.

As an ordinary user there is nothing to do. As root, data that belong to an ordinary user are served
as that user. Data of root's own are served inside a user namespace in which root is called 1000:
nothing needs to change hands, whatever the permissions of the folders above. Where namespaces are
forbidden (many containers) the data go to `nobody`, who keeps the one capability needed to walk
through root's folders.
"""

import functools
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from kieumau.supervisor.problems import root_cannot

NOBODY = 65534
_UNSHARE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
_SETPRIV = ("setpriv", "--clear-groups")
_WALK_EVERYWHERE = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")


@dataclass(frozen=True, slots=True)
class Identity:
    """Owner of the data as seen from outside, and the words to put before a server command."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def take(self, path: Path) -> None:
        """Give `path` and all below it to this identity, where it belongs to another (root only)."""
        if path.lstat().st_uid == self.uid:
            return
        for folder, folders, files in os.walk(path):
            for name in (*folders, *files):
                os.chown(Path(folder) / name, self.uid, self.gid, follow_symlinks=False)
        os.chown(path, self.uid, self.gid)


def identity_for(data_dir: Path) -> Identity:
    """Who serves `data_dir`, which need not exist yet. Raises `DatabaseUnavailable` if root has no way."""
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid())
    if data_dir.exists():
        owner = data_dir.stat()
        if owner.st_uid != 0:
            return as_user(owner.st_uid, owner.st_gid)
    if _works((*_UNSHARE, "true")):
        return in_namespace()
    return as_user(NOBODY, NOBODY)


def in_namespace() -> Identity:
    """Root, called 1000 in a user namespace of its own."""
    return Identity(0, 0, _UNSHARE)


def as_user(uid: int, gid: int) -> Identity:
    """Root steps down to `uid`; `nobody` may still walk through folders that only root may enter."""
    reach = _WALK_EVERYWHERE if uid == NOBODY else ()
    prefix = (*_SETPRIV, f"--reuid={uid}", f"--regid={gid}", *reach)
    if not _works((*prefix, "true")):
        raise root_cannot()
    return Identity(uid, gid, prefix)


@functools.cache
def _works(command: tuple[str, ...]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
