"""Server time and query count of every page, and the memory of a serving worker.

Run with `KIEUMAU_BENCH_SCOPE=cantho` and `national` to compare 103 units with 3,321: counts must be equal.
"""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from bench import world
from bench.measure import Report

from django.conf import settings  # isort: skip (world sets Django up)
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kieumau.demo import vietnam
from kieumau.units.queries import term

PORT = 8391
ROUNDS = 40


def main() -> None:
    """Measure pages in this process, then the memory of a worker that served them."""
    figures = world.ready()
    settings.KIEUMAU_OPEN_READING = True
    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client(headers={"host": "localhost"})
    addresses = pages(client)
    report = Report(f"Pages, {figures:,} figures")
    for name, address in addresses.items():
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        size = len(answer.content) / 1000
        report.time(
            f"{name}: {len(queries)} queries, {size:,.0f} kB",
            lambda address=address: client.get(address),  # type: ignore[misc]
            runs=15,
            warm=2,
            target="≤ 50 ms, ≤ 12 queries",
        )
    report.note("memory of a worker after serving them", f"{worker_memory(addresses):,.0f} MB", "≤ 200 MB")
    report.show()


def pages(client: Client) -> dict[str, str]:
    """A page of every kind, for Cái Khế ward in Cần Thơ."""
    day = vietnam.JUDGED_ON
    nation, province, ward = term("VN", day), term("92", day), term("31120", day)
    version = "/bo-tieu-chi/tt124-commune/1/"
    criterion = f"{version}4.2/?ky=2026"
    # With a single province the first page only leads on to it.
    first = {"first page": "/"} if client.get("/").status_code == 200 else {}
    return first | {
        "nation": f"/don-vi/{nation.unit_id}/",
        "province": f"/don-vi/{province.unit_id}/",
        "commune": f"/don-vi/{ward.unit_id}/",
        "nation, as reported": f"/don-vi/{nation.unit_id}/?ban-do=bao-cao",
        "province, as reported": f"/don-vi/{province.unit_id}/?ban-do=bao-cao",
        "province, map of 30 June 2025": f"/don-vi/{province.unit_id}/?ban-do=2025-06-30",
        "commune, as reported": f"/don-vi/{ward.unit_id}/?ban-do=bao-cao",
        "commune, as known a year ago": f"/don-vi/{ward.unit_id}/?biet-ngay=2025-11-22",
        "figure of a commune": f"/don-vi/{ward.unit_id}/so-lieu/crime.total/?ky=2025-09",
        "figure of a nation": f"/don-vi/{nation.unit_id}/so-lieu/traffic.accidents/?ky=2025-09",
        "acts": "/don-vi/thay-doi/",
        "one verdict": f"/don-vi/{ward.unit_id}/tieu-chi/tt124-commune/1/4.2/?ky=2026",
        "criteria sets": "/bo-tieu-chi/",
        "criteria set": version,
        "one criterion": criterion,
        "one criterion, last page": f"{criterion}&trang={last_page(client, criterion)}",
        "search": "/tim/?q=can+tho",
    }


def last_page(client: Client, address: str) -> int:
    """The highest number in the pager below a list; 1 where the list needs none."""
    html = client.get(address).content.decode()
    return max(map(int, re.findall(r"[?&;]trang=(\d+)", html)), default=1)


def worker_memory(addresses: dict[str, str]) -> float:
    """Proportional memory in MB of the largest process of a server with one worker."""
    environment = os.environ | {"KIEUMAU_OPEN_READING": "1"}
    words = [sys.executable, "-c", "from kieumau.cli import main; main()"]
    server = subprocess.Popen(
        [*words, "serve", "--port", str(PORT), "--workers", "1"],
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait()
        for _ in range(ROUNDS):
            for address in addresses.values():
                _get(address)
        return max(_memory(pid) for pid in _family(server.pid))
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


def _get(address: str) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{address}", timeout=30) as answer:
        answer.read()


def _wait() -> None:
    for _ in range(100):
        try:
            _get("/bo-tieu-chi/")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server did not start")


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _memory(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1000
    return 0.0


if __name__ == "__main__":
    main()
