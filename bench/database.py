"""The local database: first start, later starts, finding it running, stopping it."""

import os
import shutil
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kieumau.config.settings")
django.setup()

from bench.measure import Report  # noqa: E402 (needs Django set up)
from kieumau.supervisor import Cluster  # noqa: E402


def main() -> None:
    """Measure a cluster in a folder of its own."""
    report = Report("Local database")
    folder = Path(tempfile.mkdtemp(prefix="km-"))

    def make() -> None:
        cluster = Cluster(folder / str(time.monotonic_ns()))
        cluster.start()
        cluster.ensure_database("kieumau")
        cluster.stop()

    def find() -> None:
        cluster = Cluster(folder / "kept")
        cluster.start()
        cluster.ensure_database("kieumau")

    def stop_and_start() -> None:
        Cluster(folder / "kept").stop()
        find()

    try:
        report.time("make, start, create a database, stop", make, runs=3, warm=0)
        report.time("stop and start again", stop_and_start, runs=5)
        report.time("find it running, its database there", find, runs=50, target="≤ 50 ms")
    finally:
        Cluster(folder / "kept").stop()
        shutil.rmtree(folder)
    report.show()


if __name__ == "__main__":
    main()
