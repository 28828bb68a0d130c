"""The demo as a newcomer meets it: a page without an account, and one Ctrl-C to end it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from kieumau.cli.serve import listening_problem

MAIN = [sys.executable, "-c", "from kieumau.cli import main; main()"]


@pytest.fixture
def address() -> Iterator[str]:
    """A new database beside the one of the tests."""
    parts = dict(connection.settings_dict)
    name = f"{parts['NAME']}_demo_{os.getpid()}"
    base = {
        "user": parts["USER"],
        "password": parts["PASSWORD"],
        "host": parts["HOST"],
        "port": parts["PORT"],
    }
    words = " ".join(f"{key}={value}" for key, value in base.items() if value)
    with psycopg.connect(f"{words} dbname=postgres", autocommit=True) as server:
        server.execute(f'drop database if exists "{name}"')
        server.execute(f'create database "{name}"')
        yield f"{words} dbname={name}"
        server.execute(f'drop database "{name}" with (force)')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: int = 300) -> str:
    """The address that finally answered, after redirects."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.url)
        except (OSError, HTTPException):
            time.sleep(0.2)
    raise AssertionError(f"nothing answers at {url}")


def wait_for_workers(there: psycopg.Connection, expected: int, seconds: int = 120) -> None:
    """So many workers are at work in that database."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        row = there.execute("select count(*) from procrastinate_workers").fetchone()
        if row == (expected,):
            return
        time.sleep(0.2)
    raise AssertionError(f"{row} workers instead of {expected}")


@pytest.mark.long
@pytest.mark.skipif(
    not (Path(__file__).parents[4] / "build" / "static").is_dir(), reason="the style sheet is not built"
)
def test_a_page_without_an_account_and_one_interrupt_to_end_it(address: str) -> None:
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if key != "KIEUMAU_OPEN_READING"}
    process = subprocess.Popen(
        [*MAIN, "demo", "--port", str(port)],
        env=environment | {"DATABASE_URL": address},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        found = wait_for(f"http://127.0.0.1:{port}/", process)
        assert found == f"http://127.0.0.1:{port}/"  # the whole country; nobody is asked to sign in
        with psycopg.connect(address, autocommit=True) as there:
            wait_for_workers(there, 2)  # mail beside all else
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the group
        assert process.wait(60) == 0
        assert listening_problem("127.0.0.1", port) is None
        with psycopg.connect(address, autocommit=True) as there:
            wait_for_workers(there, 0)  # it went with the server, and said so
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def test_a_port_in_use_and_an_unknown_host_are_told_apart() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        problem = listening_problem("127.0.0.1", taken.getsockname()[1])
    assert problem is not None
    assert problem.code == "cannot-listen"
    problem = listening_problem("no.such.host.invalid", 80)
    assert problem is not None
    assert problem.code == "unknown-host"
