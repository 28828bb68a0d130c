"""What goes wrong on real machines: crashes, left-behind files, reused numbers, full disks."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kieumau.supervisor import Cluster
from kieumau.supervisor.identity import identity_for
from kieumau.supervisor.installations import find_installations
from kieumau.supervisor.postmaster import SOCKET_NAME, is_alive, wait_until
from kieumau.supervisor.problems import DatabaseUnavailable
from kieumau.supervisor.tests.scene import environment, needs_root, one, sql
from kieumau.supervisor.wire import ServerError, ask


def state_of(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_after_kill_9_every_committed_row_is_back(folder: Path) -> None:
    cluster = Cluster(folder / "data")
    running = cluster.start()
    sql(cluster, "CREATE TABLE report (n integer PRIMARY KEY)")
    committed: list[int] = []

    def write() -> None:
        socket_path = running.socket_dir / SOCKET_NAME
        try:
            for n in range(100_000):
                ask(socket_path, "postgres", f"INSERT INTO report VALUES ({n})")
                committed.append(n)
        except (OSError, ServerError):
            pass  # the server was killed under us, as planned

    writer = threading.Thread(target=write)
    writer.start()
    assert wait_until(lambda: len(committed) >= 50, 60)
    os.kill(running.pid, signal.SIGKILL)
    writer.join(timeout=60)
    assert cluster.start().pid != running.pid
    kept = {int(row[0] or -1) for row in sql(cluster, "SELECT n FROM report")}
    assert set(committed) <= kept <= set(range(len(committed) + 1))


def test_a_zombie_is_not_a_server(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    identity = identity_for(cluster.data_dir)
    words = [*identity.prefix, str(find_installations()[0].bindir / "postgres"), "-D", str(cluster.data_dir)]
    words += ["-c", "listen_addresses=", "-c", f"unix_socket_directories={cluster.data_dir}"]
    log = subprocess.DEVNULL
    with subprocess.Popen(words, stdout=log, stderr=log) as ours:  # our own child, so that we can neglect it
        assert wait_until(lambda: cluster.status().running is not None, 60)
        ours.send_signal(signal.SIGKILL)
        assert wait_until(lambda: state_of(ours.pid) == "Z", 10)
        os.kill(ours.pid, 0)  # a zombie still answers
        assert (cluster.data_dir / "postmaster.pid").exists()
        assert not is_alive(ours.pid)
        assert cluster.status().running is None
        assert cluster.start().pid != ours.pid
    assert one(cluster, "SELECT 1") == "1"


def test_a_pid_file_of_a_dead_server_is_no_obstacle(cluster: Cluster) -> None:
    pid = cluster.start().pid
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not is_alive(pid), 10)
    assert (cluster.data_dir / "postmaster.pid").exists()
    assert cluster.status().running is None
    assert not cluster.stop()
    assert cluster.start().pid != pid


def test_a_pid_that_now_belongs_to_another_program_is_not_touched(cluster: Cluster) -> None:
    pid = cluster.start().pid
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not is_alive(pid), 10)
    with subprocess.Popen(["sleep", "60"]) as other:
        for name in ("postmaster.pid", f"{SOCKET_NAME}.lock"):
            path = cluster.data_dir / name
            lines = path.read_text().splitlines(keepends=True)
            path.write_text("".join([f"{other.pid}\n", *lines[1:]]))
        assert cluster.status().running is None
        assert not cluster.stop()
        assert cluster.start().pid != other.pid
        assert other.poll() is None, "the other program lives on"
        other.terminate()


def test_a_server_that_lost_its_socket_is_started_afresh(cluster: Cluster) -> None:
    running = cluster.start()
    (running.socket_dir / SOCKET_NAME).unlink()
    assert cluster.start().pid != running.pid
    assert one(cluster, "SELECT 1") == "1"


def test_an_interrupted_creation_is_begun_again(folder: Path) -> None:
    data_dir = folder / "data"
    words = [sys.executable, "-m", "kieumau.supervisor", "start", "--data-dir", str(data_dir)]
    with subprocess.Popen(words, env=environment(), start_new_session=True) as starter:
        assert wait_until(lambda: any(folder.glob("data.new-*/global/*")), 60)
        os.killpg(starter.pid, signal.SIGKILL)
    assert not data_dir.exists()
    assert any(folder.glob("data.new-*"))
    assert one(Cluster(data_dir), "SELECT 1") == "1"
    assert not any(folder.glob("data.new-*"))


def test_data_of_another_major_version_are_left_alone(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    (cluster.data_dir / "PG_VERSION").write_text("12\n")
    with pytest.raises(DatabaseUnavailable) as refused:
        cluster.start()
    (problem,) = refused.value.problems
    assert problem.code == "other-version"
    assert "do PostgreSQL 12 tạo" in problem.in_("vi")
    assert "made by PostgreSQL 12" in problem.in_("en")


@pytest.mark.parametrize("strange", [{"notes.txt": "mine"}, {"PG_VERSION": "15"}])
def test_a_folder_that_is_not_a_cluster_is_left_alone(folder: Path, strange: dict[str, str]) -> None:
    (folder / "data").mkdir()
    for name, text in strange.items():
        (folder / "data" / name).write_text(text)
    with pytest.raises(DatabaseUnavailable) as refused:
        Cluster(folder / "data").start()
    assert refused.value.problems[0].code == "not-a-cluster"
    assert {path.name for path in (folder / "data").iterdir()} == set(strange)


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Path]:
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@needs_root
def test_a_full_disk_is_said_plainly(small_disk: Path) -> None:
    with pytest.raises(DatabaseUnavailable) as refused:
        Cluster(small_disk / "data").start()
    (problem,) = refused.value.problems
    assert problem.code == "disk-full"
    assert not (small_disk / "data").exists()
    assert not any(small_disk.glob("data.new-*")), "nothing half-made takes up the rest"
