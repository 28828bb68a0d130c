"""As whom the server runs. PostgreSQL refuses to be root, so root needs a way around.

An ordinary user serves its own data. As root, data that belong to an ordinary user are served as
that user. Data of root's own are served inside a user namespace in which root goes by another
number: nothing changes hands, whatever the permissions of the folders above. Where namespaces are
forbidden (many containers) the data go to `nobody`, who keeps the one capability needed to walk
through root's folders.

`initdb` also refuses a user without a name, as containers like to have; such a user goes by a
number that has one.
"""

import functools
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from kieumau.supervisor.problems import nameless_cannot, root_cannot

NOBODY = 65534
_USUAL_FIRST_USER = 1000
_WALK_EVERYWHERE = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")


class NamespaceForbidden(Exception):
    """This machine does not let us make a user namespace."""


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
    """Who serves `data_dir`, which need not exist yet. Raises `DatabaseUnavailable` if there is no way."""
    user = os.geteuid()
    if has_name(user) and user != 0:
        return Identity(user, os.getegid())
    if user == 0 and data_dir.exists():
        owner = data_dir.stat()
        if owner.st_uid != 0:
            return as_user(owner.st_uid, owner.st_gid)
    try:
        return in_namespace()
    except NamespaceForbidden:
        if user != 0:
            raise nameless_cannot(user) from None
        return as_user(NOBODY, NOBODY)


def in_namespace() -> Identity:
    """This user under another number, in a user namespace. Raises `NamespaceForbidden`."""
    others = [_USUAL_FIRST_USER, NOBODY, *(entry.pw_uid for entry in pwd.getpwall())]
    alias = next((uid for uid in others if uid != 0 and has_name(uid)), NOBODY)
    prefix = ("unshare", "--user", f"--map-user={alias}", f"--map-group={alias}")
    if not _works((*prefix, "true")):
        raise NamespaceForbidden
    return Identity(os.geteuid(), os.getegid(), prefix)


def as_user(uid: int, gid: int) -> Identity:
    """Root steps down to `uid`; `nobody` may still walk through folders that only root may enter."""
    reach = _WALK_EVERYWHERE if uid == NOBODY else ()
    prefix = ("setpriv", "--clear-groups", f"--reuid={uid}", f"--regid={gid}", *reach)
    if not _works((*prefix, "true")):
        raise root_cannot()
    return Identity(uid, gid, prefix)


def has_name(uid: int) -> bool:
    """Does the system know a name for this user number?"""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


@functools.cache
def _works(command: tuple[str, ...]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
