"""One data folder and its server: make, start, ask, stop. Safe to call from many processes at once."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from kieumau.supervisor.identity import Identity, identity_for
from kieumau.supervisor.installations import Installation, find_installations, installation_for
from kieumau.supervisor.postmaster import (
    PORT,
    SOCKET_NAME,
    Postmaster,
    is_alive,
    living_postmaster,
    sweep,
    wait_until,
)
from kieumau.supervisor.problems import (
    bad_name,
    explain_failure,
    not_a_cluster,
    not_yours,
    will_not_stop,
)
from kieumau.supervisor.sockets import socket_dir_for
from kieumau.supervisor.tuning import server_options
from kieumau.supervisor.wire import SUPERUSER, ServerError, ask

_NO_SUCH_DATABASE = "3D000"
_ALREADY_THERE = {"42P04", "23505"}
_PASSING = {"57P01", "57P02", "57P03"}  # stopping, crashed, starting
_START_SECONDS = 300  # replaying the log of a killed server takes a while; a dead one is noticed at once
_LOG = "server.log"
_LOG_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Running:
    """A server that takes connections."""

    pid: int
    socket_dir: Path

    def url(self, name: str) -> str:
        """The libpq address of the database `name` on this server."""
        return f"postgresql://{SUPERUSER}@/{name}?host={quote(str(self.socket_dir), safe='')}&port={PORT}"


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of a cluster without touching it; `made_by` is the major version that made the data."""

    data_dir: Path
    made_by: int | None
    running: Running | None


class Cluster:
    """The PostgreSQL cluster in `data_dir`, which is made when first needed.

    `durable=False` trades crash safety for speed, for tests. `installations` and `identity` are
    found by themselves; give them to insist on some.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        durable: bool = True,
        installations: list[Installation] | None = None,
        identity: Identity | None = None,
    ) -> None:
        self.data_dir = Path(data_dir).resolve()
        self.durable = durable
        self._installations = installations
        self._identity = identity

    def status(self) -> Status:
        """Look, without starting anything. Raises `DatabaseUnavailable` if the folder may not be read."""
        return Status(self.data_dir, self._made_by(), self._running())

    def start(self) -> Running:
        """The server, started unless it runs; returns when it takes connections.

        Two starts at once give the same server. Raises `DatabaseUnavailable`.
        """
        if running := self._running():
            return running
        with self._lock():
            postmaster = self._living()
            if postmaster and not postmaster.is_ready:
                postmaster = self._settle(postmaster)
            if postmaster is None:
                identity = self._identity or identity_for(self.data_dir)
                installation = installation_for(self.data_dir, self._made_by(), self._found())
                if self._made_by() is None:
                    self._make(installation, identity)
                postmaster = self._launch(installation, identity)
            return Running(postmaster.pid, postmaster.socket_dir)

    def stop(self) -> bool:
        """End the server: politely, then firmly, then by force. False if it was not running."""
        if self._living() is None:
            return False
        with self._lock():
            postmaster = self._living()
            if postmaster is None:
                return False
            self._end(postmaster)
            return True

    def ensure_database(self, name: str) -> None:
        """Create the database `name` unless it is there; starts the server if needed."""
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
            raise bad_name(name)
        for patience in (0.1, 1.0, 0.0):
            socket_path = self.start().socket_dir / SOCKET_NAME
            try:
                return _create_if_absent(socket_path, name)
            except (OSError, ServerError) as error:
                # Between our look and our call somebody may have begun to stop the server.
                is_passing = isinstance(error, OSError) or error.code in _PASSING
                if not is_passing or not patience:
                    raise explain_failure(str(error), self.data_dir) from error
                time.sleep(patience)
        return None

    def _found(self) -> list[Installation]:
        if self._installations is None:
            self._installations = find_installations()
        return self._installations

    def _living(self) -> Postmaster | None:
        try:
            return living_postmaster(self.data_dir)
        except PermissionError:
            raise not_yours(self.data_dir) from None

    def _running(self) -> Running | None:
        postmaster = self._living()
        if postmaster is None or not postmaster.is_ready:
            return None
        return Running(postmaster.pid, postmaster.socket_dir)

    def _made_by(self) -> int | None:
        """Major version that made the data; None where there are none yet."""
        try:
            if not self.data_dir.exists() or not any(self.data_dir.iterdir()):
                return None
            version = (self.data_dir / "PG_VERSION").read_text().strip()
            whole = (self.data_dir / "global" / "pg_control").exists()
        except PermissionError:
            raise not_yours(self.data_dir) from None
        except (FileNotFoundError, NotADirectoryError):
            raise not_a_cluster(self.data_dir) from None
        if not whole or not version.isdigit():
            raise not_a_cluster(self.data_dir)
        return int(version)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """One process at a time per data folder; the kernel drops the lock of one that dies."""
        path = self.data_dir.with_name(f"{self.data_dir.name}.lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
        except PermissionError:
            raise not_yours(path) from None
        except OSError as error:
            raise explain_failure(str(error), self.data_dir) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _make(self, installation: Installation, identity: Identity) -> None:
        """Run `initdb` beside the final place and rename: a half-made folder is never taken for data."""
        for left in self.data_dir.parent.glob(f"{self.data_dir.name}.new-*"):
            shutil.rmtree(left, ignore_errors=True)
        fresh = self.data_dir.with_name(f"{self.data_dir.name}.new-{os.getpid()}")
        try:
            fresh.mkdir(mode=0o700)
            if identity.uid != os.geteuid():
                os.chown(fresh, identity.uid, identity.gid)
            output = self._initdb(installation, identity, fresh)
            if output is not None:
                raise explain_failure(output, self.data_dir)
            if self.data_dir.exists():
                self.data_dir.rmdir()
            fresh.rename(self.data_dir)
        except OSError as error:
            raise explain_failure(str(error), self.data_dir) from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def _initdb(self, installation: Installation, identity: Identity, folder: Path) -> str | None:
        """None when the cluster was made, else what `initdb` had to say.

        Sorting is by code point on every machine alike (Vietnamese order is a function of ours);
        letters of all scripts have their upper and lower case where the system knows C.UTF-8.
        """
        command = [*identity.prefix, str(installation.bindir / "initdb"), f"--pgdata={folder}"]
        command += [f"--username={SUPERUSER}", "--auth=trust", "--encoding=UTF8", "--no-instructions"]
        command += [] if self.durable else ["--no-sync"]
        for ctype in ("C.UTF-8", "C"):
            locale = ["--locale=C", f"--lc-ctype={ctype}"]
            done = subprocess.run(
                [*command, *locale],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                env=_environment(),
                check=False,
            )
            if done.returncode == 0:
                return None
            if "invalid locale" not in done.stderr:
                break
        return done.stdout + done.stderr

    def _launch(self, installation: Installation, identity: Identity) -> Postmaster:
        """Start the server in a session of its own, so that it outlives us and never sees our Ctrl-C."""
        socket_dir = socket_dir_for(self.data_dir, identity)
        sweep(self.data_dir, socket_dir)
        identity.take(self.data_dir)
        command = [*identity.prefix, str(installation.bindir / "postgres"), "-D", str(self.data_dir)]
        for name, value in server_options(socket_dir, durable=self.durable).items():
            command += ["-c", f"{name}={value}"]
        log_path = self.data_dir / _LOG
        if log_path.exists() and log_path.stat().st_size > _LOG_LIMIT:
            log_path.unlink()
        with log_path.open("ab") as log:
            begin = log.tell()
            # The shell ends at once, so that the server becomes a child of init and not ours to bury.
            shell = subprocess.run(
                ["sh", "-c", '"$@" >&2 </dev/null & echo $!', "sh", *command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                env=_environment(),
                cwd="/",
                start_new_session=True,
                check=True,
            )
        pid = int(shell.stdout)
        if not wait_until(lambda: self._is_up(pid) or not is_alive(pid), _START_SECONDS) or not self._is_up(
            pid
        ):
            said = log_path.read_bytes()[begin:].decode(errors="replace")
            raise explain_failure(said, self.data_dir)
        postmaster = self._living()
        if postmaster is None:
            raise explain_failure("the server ended as soon as it was up", self.data_dir)
        return postmaster

    def _is_up(self, pid: int) -> bool:
        postmaster = self._living()
        return postmaster is not None and postmaster.pid == pid and postmaster.is_ready

    def _settle(self, postmaster: Postmaster) -> Postmaster | None:
        """Wait for a server that is starting; end one that is stopping or has lost its socket."""
        if postmaster.status in {"", "starting"}:
            wait_until(lambda: self._is_up(postmaster.pid) or not is_alive(postmaster.pid), _START_SECONDS)
            if self._is_up(postmaster.pid):
                return self._living()
        if self._living():
            self._end(postmaster)
        return None

    def _end(self, postmaster: Postmaster) -> None:
        steps = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))
        for number, seconds in steps:
            try:
                os.kill(postmaster.pid, number)
            except ProcessLookupError:
                break
            except PermissionError:
                raise will_not_stop(postmaster.pid) from None
            if wait_until(lambda: not is_alive(postmaster.pid), seconds):
                break
        else:
            raise will_not_stop(postmaster.pid)
        sweep(self.data_dir, postmaster.socket_dir)
        if postmaster.socket_dir != self.data_dir:
            with suppress(OSError):
                postmaster.socket_dir.rmdir()


def _create_if_absent(socket_path: Path, name: str) -> None:
    try:
        ask(socket_path, name, "SELECT 1")
    except ServerError as error:
        if error.code != _NO_SUCH_DATABASE:
            raise
        try:
            ask(socket_path, "postgres", f'CREATE DATABASE "{name}" TEMPLATE template0')
        except ServerError as second:
            if second.code not in _ALREADY_THERE:
                raise


def _environment() -> dict[str, str]:
    """Ours without what would redirect a server or its messages (PGDATA, PGPORT, LC_ALL, …)."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_"))}
    return kept | {"LANG": "C"}
