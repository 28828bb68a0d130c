"""Real folders, users and processes for the supervisor's tests."""

import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from kieumau.supervisor import Cluster
from kieumau.supervisor.postmaster import SOCKET_NAME
from kieumau.supervisor.wire import ask

SOURCE = Path(__file__).resolve().parents[3]
IS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root can play two users")


@dataclass(frozen=True)
class Ordinary:
    """A user who is not root, with a Python that reaches a copy of the supervisor."""

    uid: int
    python: str
    source: Path
    prefix: tuple[str, ...] = ()

    def run(self, *words: object) -> subprocess.CompletedProcess[str]:
        """`python -m kieumau.supervisor WORDS` as this user."""
        command = [*self.prefix, self.python, "-m", "kieumau.supervisor", *map(str, words), "--lang", "en"]
        return run(command, self.source)


def ordinary_user(folder: Path) -> Ordinary:
    """Ourselves, or somebody to whom root steps down; skips where no Python can be reached by them."""
    if not IS_ROOT:
        return Ordinary(os.geteuid(), sys.executable, SOURCE)
    user = pwd.getpwnam("nobody")
    prefix = ("setpriv", "--clear-groups", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}")
    source = folder / "source"
    for package in ("", "kernel", "supervisor"):
        (source / "kieumau" / package).mkdir(parents=True, exist_ok=True)
        for module in (SOURCE / "kieumau" / package).glob("*.py"):
            shutil.copy(module, source / "kieumau" / package)
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        ordinary = Ordinary(user.pw_uid, python, source, prefix)
        if Path(python).exists() and "stop" in ordinary.run("--help").stdout:
            return ordinary
    pytest.skip("no Python that an ordinary user can reach")


def run(command: list[str], source: Path = SOURCE) -> subprocess.CompletedProcess[str]:
    """Run a command with the supervisor's source on Python's path, without our database's address."""
    return subprocess.run(
        command, capture_output=True, text=True, env=environment(source), timeout=180, check=False, cwd="/"
    )


def environment(source: Path = SOURCE) -> dict[str, str]:
    """Ours without a database address, so that the supervisor has work to do."""
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return kept | {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}


def sql(cluster: Cluster, text: str, database: str = "postgres") -> list[tuple[str | None, ...]]:
    """Ask the running cluster."""
    return ask(cluster.start().socket_dir / SOCKET_NAME, database, text)


def one(cluster: Cluster, text: str) -> str | None:
    """The first column of the first row."""
    return sql(cluster, text)[0][0]


def owner_of_process(pid: int) -> int:
    """Real user number of a process, as seen from outside."""
    return Path(f"/proc/{pid}").stat().st_uid
