"""`kieumau serve`: the application server."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from types import FrameType
from typing import Annotated

import typer
from django.core.management import call_command
from django.urls import reverse

from kieumau.cli.say import Lang, fail, tell
from kieumau.kernel.messages import Problem, Text

SECONDS_TO_STOP = 4
SECONDS_TO_ANSWER = 60
COMMAND = [sys.executable, "-c", "from kieumau.cli import main; main()"]


def serve(
    host: Annotated[str, typer.Option(help="Địa chỉ · address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Cổng · port", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Số tiến trình · worker processes", min=1, max=64)] = 2,
    background: Annotated[
        bool, typer.Option(help="Chạy kèm một `kieumau worker` · run one `kieumau worker` along")
    ] = True,
    lang: Lang = "",
) -> None:
    """Chạy máy chủ web và việc nền · Serve the pages, and work in the background."""
    if problem := listening_problem(host, port):
        fail([problem], lang)
    call_command("collectstatic", interactive=False, verbosity=0)
    raise typer.Exit(_run(host, port, workers, background=background, lang=lang))


def answers(host: str, port: int, child: "subprocess.Popen[bytes]") -> bool:
    """Wait until the server answers; False where it ended, or is silent for a minute. Any answer will do."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (nothing listens here)
    until = time.monotonic() + SECONDS_TO_ANSWER
    while child.poll() is None and time.monotonic() < until:
        asked = http.client.HTTPConnection(here, port, timeout=SECONDS_TO_STOP)
        try:
            asked.request("HEAD", reverse("login"))
            asked.getresponse()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return True
        finally:
            asked.close()
    return False


def _run(host: str, port: int, workers: int, *, background: bool, lang: str) -> int:
    """The server as a child in a session of its own, stopped with one SIGTERM; a background worker beside it.

    A Ctrl-C reaches every process of the terminal; workers that get it beside their parent do not end.
    One that is told to stop while it is still starting may not end either: after some seconds it must.
    """
    words = ["granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    words += ["--workers", str(workers), "--blocking-threads", "2", "--log-level", "warning"]
    child = subprocess.Popen(
        [sys.executable, "-m", *words, "--respawn-failed-workers", "kieumau.config.wsgi:application"],
        start_new_session=True,
        # The workers own nothing, and see the rows of those who ask (`accounts.row_security`).
        env={**os.environ, "KIEUMAU_SERVING": "1"},
    )
    beside = [_background()] if background else []
    is_ending = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        is_ending.set()
        for one in (child, *beside):
            if one.poll() is None:
                one.terminate()
                insist = threading.Timer(SECONDS_TO_STOP, _kill, [one])
                insist.daemon = True
                insist.start()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    if answers(host, port, child):
        tell(
            f"Kiểu Mẫu: http://{host}:{port}/ (Ctrl-C để dừng)",
            f"Kiểu Mẫu: http://{host}:{port}/ (Ctrl-C to stop)",
            lang,
        )
    code = _wait(child, beside, is_ending)
    stop(signal.SIGTERM, None)
    for one in beside:
        one.wait()
    return 0 if code in (0, -signal.SIGTERM, -signal.SIGKILL) else 1


def _background() -> "subprocess.Popen[bytes]":
    """`kieumau worker` as the owner of the tables; it ends with whoever holds its pipe."""
    return subprocess.Popen(
        [*COMMAND, "worker", "--beside"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        env={key: value for key, value in os.environ.items() if key != "KIEUMAU_SERVING"},
    )


def _wait(
    child: "subprocess.Popen[bytes]", beside: "list[subprocess.Popen[bytes]]", is_ending: threading.Event
) -> int:
    """How the server ended. A background worker that died meanwhile is started anew, not in a hurry."""
    while True:
        try:
            return child.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            for place, one in enumerate(beside):
                if one.poll() is not None and not is_ending.is_set():
                    beside[place] = _background()


def _kill(child: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def listening_problem(host: str, port: int) -> Problem | None:
    """Why no server can listen there now; None if one can."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        return Problem(
            "unknown-host",
            Text(vi=f"Không có địa chỉ “{host}” trên máy này.", en=f"There is no address “{host}” here."),
            Text(vi="Dùng 127.0.0.1 hoặc 0.0.0.0.", en="Use 127.0.0.1 or 0.0.0.0."),
        )
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            return Problem(
                "cannot-listen",
                Text(
                    vi=f"Không mở được cổng {port} tại {host} ({error.strerror}).",
                    en=f"Port {port} at {host} cannot be opened ({error.strerror}).",
                ),
                Text(vi="Chọn cổng khác: --port 8001.", en="Choose another: --port 8001."),
            )
    return None
