"""Is the server of a data folder alive? The pid file alone is no proof.

It stays behind after a crash; its number may meanwhile belong to another program; and a killed
server whose parent never asks for it remains as a zombie that still answers `kill -0`, so that
PostgreSQL itself would refuse to start beside it.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PORT = 5432
SOCKET_NAME = f".s.PGSQL.{PORT}"
_PROC = Path("/proc")
_GONE_STATES = {"Z", "X"}
_PID_FILE = "postmaster.pid"
# Lines of postmaster.pid, counted from nought: pid, data, start time, port, socket, address, memory, status.
_SOCKET_LINE, _STATUS_LINE = 4, 7


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What `postmaster.pid` says of a server that was seen alive."""

    pid: int
    socket_dir: Path
    status: str

    @property
    def is_ready(self) -> bool:
        """Does it take connections, at a socket that is still there?"""
        return self.status == "ready" and (self.socket_dir / SOCKET_NAME).exists()


def living_postmaster(data_dir: Path) -> Postmaster | None:
    """The server that serves `data_dir` (absolute, resolved) now. Raises PermissionError if not ours."""
    try:
        lines = (data_dir / _PID_FILE).read_text(errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    if not _serves(pid, data_dir):
        return None
    lines += [""] * 8
    return Postmaster(pid, Path(lines[_SOCKET_LINE].strip()), lines[_STATUS_LINE].strip())


def is_alive(pid: int) -> bool:
    """Does process `pid` exist and still run? A zombie does not."""
    if _PROC.joinpath("self").exists():
        return _state(pid) not in {None, *_GONE_STATES}
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except ProcessLookupError:
        return False
    return True


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask every few milliseconds until `condition` holds or time is up; says whether it holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def sweep(data_dir: Path, socket_dir: Path) -> None:
    """Remove what a dead server left: processes still in its memory, then its pid and socket files.

    Call only under the lock and when no postmaster lives. Committed rows are not touched.
    """
    for deadly in (signal.SIGQUIT, signal.SIGKILL):
        if wait_until(lambda: not any(_left_behind(data_dir)), 5):
            break
        for pid in _left_behind(data_dir):
            with suppress(ProcessLookupError):
                os.kill(pid, deadly)
    for path in (data_dir / _PID_FILE, socket_dir / SOCKET_NAME, socket_dir / f"{SOCKET_NAME}.lock"):
        path.unlink(missing_ok=True)


def _serves(pid: int, data_dir: Path) -> bool:
    """Is `pid` alive and at work in `data_dir`? A postmaster's working folder is its data folder."""
    if not is_alive(pid):
        return False
    if not _PROC.joinpath("self").exists():
        return True
    try:
        return _PROC.joinpath(str(pid), "cwd").readlink() == data_dir
    except PermissionError:
        words = _PROC.joinpath(str(pid), "cmdline").read_bytes().split(b"\0")
        return os.fsencode(data_dir) in words
    except FileNotFoundError:
        return False


def _left_behind(data_dir: Path) -> Iterator[int]:
    """Server processes whose working folder is `data_dir`."""
    for entry in _PROC.glob("[0-9]*"):
        try:
            inside = entry.joinpath("cwd").readlink() == data_dir
            name = entry.joinpath("comm").read_text().strip()
        except OSError:
            continue
        if inside and name == "postgres" and is_alive(int(entry.name)):
            yield int(entry.name)


def _state(pid: int) -> str | None:
    """One letter for the state of a process; the name before it is in brackets and may hold any character."""
    try:
        stat = _PROC.joinpath(str(pid), "stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return stat[stat.rindex(")") + 2]
