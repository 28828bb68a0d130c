"""What hostile and honest uploads cost: the product is served, sent files over the line, and its memory read.

A database of its own with a small country and a dossier, files in a folder that is removed; sent are the
page of the shelf and that of a criterion's evidence in turn. The memory is the highest that the
serving process ever had (VmHWM), and the highest that any process drawing a picture had when looked at.
"""

import io
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import django

from kieumau.supervisor import database_url

FILES = tempfile.TemporaryDirectory(prefix="km-uploads")
os.environ["DATABASE_URL"] = os.environ.get("KIEUMAU_BENCH_URL") or database_url("kieumau_bench_uploads")
os.environ["KIEUMAU_FILES"] = FILES.name
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kieumau.config.settings")
django.setup()

from django.conf import settings  # noqa: E402 (needs Django set up, as all below)
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils.timezone import localdate  # noqa: E402
from PIL import Image  # noqa: E402

from bench.measure import Report  # noqa: E402
from kieumau.accounts.models import User  # noqa: E402
from kieumau.accounts.tests.granting import grant  # noqa: E402
from kieumau.assessments.tests.cast import load_world  # noqa: E402
from kieumau.documents.intake.kinds import BY_CODE  # noqa: E402
from kieumau.documents.intake.pictures import metadata_bytes  # noqa: E402
from kieumau.documents.models import File  # noqa: E402
from kieumau.documents.tests import hostile  # noqa: E402
from kieumau.rounds.models import Dossier  # noqa: E402
from kieumau.rounds.rules import Stage  # noqa: E402
from kieumau.rounds.tests.cast import open_round  # noqa: E402

PORT = 8397
MEGABYTE = 1024 * 1024
EDGE = "kieumau-bench-uploads"
FORM = f"multipart/form-data; boundary={EDGE}"
FIELD = f'--{EDGE}\r\nContent-Disposition: form-data; name="{{}}"\r\n\r\n{{}}\r\n'
FILE = f'--{EDGE}\r\nContent-Disposition: form-data; name="files"; filename="{{}}"\r\n\r\n'


class Peak:
    """The highest memory of the server's processes, in megabytes: serving, and drawing."""

    def __init__(self, pid: int) -> None:
        self.pid, self.serving, self.drawing = pid, 0, 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """No more looking."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.005):
            for worker in _children(self.pid):
                self.serving = max(self.serving, _high(worker))
                for drawer in _children(worker):
                    self.drawing = max(self.drawing, _high(drawer))


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        found = Path(f"/proc/{pid}/task").glob("*/children")
        return [int(word) for path in found for word in path.read_text().split()]
    return []


def _high(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) // 1024
    return 0


def main() -> None:
    """Measure one kind of upload after the other, against the same worker."""
    call_command("migrate", verbosity=0)
    cookie, addresses = _somebody()
    report = Report("Uploads")
    with _served() as pid:
        peak = Peak(pid)
        for name, file, content, runs in _uploads():

            def send(file: str = file, content: bytes = content) -> None:
                for address in addresses:
                    _send(cookie, address, [(file, content)])

            report.time(f"{name}, to both pages", send, runs=runs, warm=0)
        photos = [(f"{seed}.jpg", hostile.photo(seed, (1600, 1200))) for seed in range(200)]
        for begin in range(0, 200, 20):
            _send(cookie, addresses[begin // 20 % 2], photos[begin : begin + 20])
        report.time(
            "20 photographs of 2 MP at once", lambda: _send(cookie, addresses[1], photos[:20]), runs=3
        )
        for address in addresses:
            report.time("5 GB announced", partial(_send_huge, cookie, address), runs=3, warm=0)
            report.time("5 GB unannounced", partial(_send_endless, cookie, address), runs=1, warm=0)
        served = _served_photographs(cookie)
        peak.stop()
    report.note("memory of the worker", f"{peak.serving} MB", "< 250 MB")
    report.note("memory of a process that draws", f"{peak.drawing} MB")
    beside = sum(metadata_bytes(content, BY_CODE["jpeg"]) for content in served)
    report.note(f"metadata in {len(served)} photographs served", f"{beside} bytes", "0 bytes")
    left = list((Path(FILES.name) / "incoming").iterdir())
    report.note("files left on their way", str(len(left)), "0")
    rows = set(File.objects.values_list("sha256", flat=True))
    lost = [one.name for one in Path(FILES.name).rglob("*") if one.is_file() and one.name not in rows]
    report.note("files in the store that no row names", str(len(lost)), "0")
    report.show()
    FILES.cleanup()


def _served_photographs(cookie: str) -> list[bytes]:
    """Every photograph that lies in the store now, as it comes over the line."""
    found = []
    for one in File.objects.filter(kind="jpeg").order_by("pk").values_list("pk", flat=True):
        connection = HTTPConnection("127.0.0.1", PORT, timeout=30)
        connection.request("GET", f"/tep/{one}/", headers={"Cookie": cookie})
        found.append(connection.getresponse().read())
        connection.close()
    return found


def _uploads() -> Iterator[tuple[str, str, bytes, int]]:
    noise = Image.effect_noise((4080, 3060), 60).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=70)
    yield f"a photograph of 12 MP, {len(out.getvalue()) // MEGABYTE} MB", "a.jpg", out.getvalue(), 5
    big = hostile.picture("JPEG", "RGB", (8000, 6200))
    yield "a photograph of 50 MP", "a.jpg", big, 3
    yield "a PNG of 24 MP", "a.png", hostile.picture("PNG", "RGBA", (6000, 4000)), 3
    yield (
        "a PDF of 24 MB",
        "a.pdf",
        hostile.pdf(b"%" + os.urandom(24 * MEGABYTE).replace(b"\n", b"") + b"\n"),
        3,
    )
    yield "a PDF that unfolds to 160 MB", "a.pdf", hostile.pdf(hostile.packed(bytes(160 * MEGABYTE))), 3
    yield "a DOCX that unfolds to 120 MB", "a.docx", hostile.zip_bomb(), 3
    yield "a DOCX that lies about its size", "a.docx", hostile.lying_bomb(), 3
    yield "900 million pixels", "a.png", hostile.pixel_bomb(), 3
    yield "150 MB, six times the limit", "a.pdf", bytes(150 * MEGABYTE), 1


def _somebody() -> tuple[str, list[str]]:
    """A session of an officer, and the addresses of two forms: of a shelf, of the evidence of a dossier."""
    if not Dossier.objects.exists():
        world = load_world()
        open_round(world, stages=(Stage.SELF, Stage.VERIFICATION), due_on=localdate() + timedelta(days=30))
    found = Dossier.objects.order_by("pk")[0]
    user = User.objects.get_or_create(username="bench")[0]
    grant(user, "officer", found.unit_id)
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={'a' * 32}"
    return cookie, [
        f"/don-vi/{found.unit_id}/van-ban/moi/",
        f"/ho-so/{found.pk}/tieu-chi/1.1/minh-chung/moi/",
    ]


@contextmanager
def _served() -> Iterator[int]:
    """`kieumau serve` with one worker; the number of the process whose child that is."""
    words = ["serve", "--port", str(PORT), "--workers", "1", "--no-background"]
    command = [sys.executable, "-c", "from kieumau.cli import main; main()", *words]
    serve = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with suppress(OSError):
                HTTPConnection("127.0.0.1", PORT, timeout=1).connect()
                break
            time.sleep(0.1)
        yield _children(serve.pid)[0]
    finally:
        serve.terminate()
        serve.wait()


def _send(cookie: str, address: str, files: list[tuple[str, bytes]]) -> None:
    facts = {
        "kind": "resolution",
        "summary": "Đo",
        "issued_on": "2026-02-10",
        "csrfmiddlewaretoken": "a" * 32,
    }
    body = b"".join(FIELD.format(name, value).encode() for name, value in facts.items())
    body += (
        b"".join(FILE.format(name).encode() + content + b"\r\n" for name, content in files)
        + f"--{EDGE}--\r\n".encode()
    )
    connection = HTTPConnection("127.0.0.1", PORT, timeout=120)
    headers = {"Cookie": cookie, "Content-Type": FORM}
    connection.request("POST", address, body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status not in {302, 422}:
        raise RuntimeError(f"the server answered {answer.status}")


def _send_huge(cookie: str, address: str) -> None:
    """Announce 5 GB and begin to send them, as a program would that does not listen."""
    connection = HTTPConnection("127.0.0.1", PORT, timeout=30)
    connection.putrequest("POST", address)
    for name, value in (("Cookie", cookie), ("Content-Type", FORM)):
        connection.putheader(name, value)
    connection.putheader("Content-Length", str(5 * 1024 * MEGABYTE))
    connection.endheaders()
    with suppress(OSError):
        for _ in range(64):
            connection.send(bytes(MEGABYTE))
    with suppress(OSError):
        answer = connection.getresponse()
        if answer.status != 413:
            raise RuntimeError(f"the server answered {answer.status}")
    connection.close()


def _send_endless(cookie: str, address: str) -> None:
    """Send 5 GB in pieces, without a word on how many: nothing of it is taken for a body."""
    connection = HTTPConnection("127.0.0.1", PORT, timeout=60)
    connection.putrequest("POST", address)
    headers = (("Cookie", cookie), ("Content-Type", FORM), ("Transfer-Encoding", "chunked"))
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders()
    piece = bytes(MEGABYTE)
    with suppress(OSError):
        connection.send(_chunk(FILE.format("a.pdf").encode()))
        for _ in range(5 * 1024):
            connection.send(_chunk(piece))
        connection.send(b"0\r\n\r\n")
    with suppress(OSError, HTTPException):
        if connection.getresponse().status < 400:
            raise RuntimeError("5 GB were taken")
    connection.close()


def _chunk(content: bytes) -> bytes:
    return f"{len(content):x}\r\n".encode() + content + b"\r\n"


if __name__ == "__main__":
    main()
