"""`python -m kieumau.supervisor start|stop|status|url`: the local database by hand."""

import argparse
import os
import sys
from pathlib import Path

from kieumau.kernel.messages import Refused
from kieumau.supervisor.addresses import database_url, default_data_dir
from kieumau.supervisor.cluster import Cluster


def main(words: list[str] | None = None) -> int:
    """Run one command; 0 if it did what was asked, 1 with the reason on the error stream otherwise."""
    parser = argparse.ArgumentParser(prog="python -m kieumau.supervisor", description=__doc__)
    parser.add_argument("command", choices=("start", "stop", "status", "url"))
    parser.add_argument("--name", default="kieumau", help="the database (default: %(default)s)")
    parser.add_argument("--data-dir", type=Path, help="the data folder (default: .kieumau/postgres)")
    parser.add_argument("--for-tests", action="store_true", help="the fast cluster that may forget")
    parser.add_argument("--lang", choices=("vi", "en"), default=_language())
    asked = parser.parse_args(words)
    try:
        return _run(asked)
    except Refused as refused:
        for problem in refused.problems:
            print(problem.in_(asked.lang), file=sys.stderr)
        return 1


def _run(asked: argparse.Namespace) -> int:
    durable = not asked.for_tests
    if asked.command in {"start", "url"}:
        print(database_url(asked.name, asked.data_dir, durable=durable))
        return 0
    cluster = Cluster(asked.data_dir or default_data_dir(durable=durable), durable=durable)
    if asked.command == "stop":
        print(f"{cluster.data_dir}: {'stopped' if cluster.stop() else 'was not running'}")
        return 0
    status = cluster.status()
    version = f"PostgreSQL {status.made_by}" if status.made_by else "no data yet"
    state = f"running (pid {status.running.pid})" if status.running else "not running"
    print(f"{status.data_dir}: {version}, {state}")
    return 0 if status.running else 1


def _language() -> str:
    return "vi" if os.environ.get("LANG", "").startswith("vi") else "en"


if __name__ == "__main__":
    sys.exit(main())
