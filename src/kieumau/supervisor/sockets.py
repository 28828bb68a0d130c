"""Where the server's Unix socket lives: a private folder with a short name."""

import hashlib
import os
import re
import stat
from pathlib import Path

from kieumau.supervisor.identity import Identity
from kieumau.supervisor.postmaster import SOCKET_NAME
from kieumau.supervisor.problems import unsafe_socket_dir

# Linux allows 107 bytes for the path of a socket, others 103.
_LONGEST_PATH = 100
# The server's setting is a comma-separated list with quotes; plain names need neither.
_PLAIN = re.compile(r"[A-Za-z0-9_/.+@-]+")


def socket_dir_for(data_dir: Path, identity: Identity) -> Path:
    """The data folder itself (already private), or a short folder made for it where that is too long."""
    if len(os.fsencode(data_dir / SOCKET_NAME)) <= _LONGEST_PATH and _PLAIN.fullmatch(str(data_dir)):
        return data_dir
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    # Only an ordinary user's: below root's, the user that root steps down to could not reach it.
    is_usable = (
        os.geteuid() != 0 and 0 < len(runtime) < 50 and _PLAIN.fullmatch(runtime) and Path(runtime).is_dir()
    )
    base = Path(runtime if is_usable else "/tmp")
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return private_dir(base / f"kieumau-{identity.uid}-{name}", identity)


def private_dir(path: Path, identity: Identity) -> Path:
    """`path` as a folder that only `identity` may enter; refused if somebody else got there first."""
    try:
        path.mkdir(mode=0o700)
        if identity.uid != os.geteuid():
            os.chown(path, identity.uid, identity.gid)
    except FileExistsError:
        pass
    found = path.lstat()
    is_private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    if not is_private or found.st_uid != identity.uid:
        raise unsafe_socket_dir(path)
    return path
