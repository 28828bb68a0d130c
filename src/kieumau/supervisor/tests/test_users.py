"""Root, ordinary users, users without a name: whoever asks gets a server or a plain answer."""

import os
import pwd
import shutil
import sys
from pathlib import Path

import pytest

from kieumau.supervisor import Cluster
from kieumau.supervisor.identity import (
    NOBODY,
    NamespaceForbidden,
    as_user,
    has_name,
    identity_for,
    in_namespace,
)
from kieumau.supervisor.problems import DatabaseUnavailable
from kieumau.supervisor.sockets import private_dir
from kieumau.supervisor.tests.scene import (
    Ordinary,
    needs_root,
    one,
    ordinary_user,
    owner_of_process,
    run,
)


def private_folder_of(ordinary: Ordinary, folder: Path) -> Path:
    theirs = folder / "theirs"
    theirs.mkdir(mode=0o700)
    if ordinary.prefix:
        os.chown(theirs, ordinary.uid, -1)
    return theirs


def test_an_ordinary_user_serves_its_own_data(folder: Path) -> None:
    ordinary = ordinary_user(folder)
    data_dir = private_folder_of(ordinary, folder) / "data"
    done = ordinary.run("start", "--data-dir", data_dir, "--for-tests")
    assert (done.returncode, done.stderr) == (0, "")
    running = Cluster(data_dir).status().running
    assert running is not None
    assert owner_of_process(running.pid) == ordinary.uid
    assert ordinary.run("stop", "--data-dir", data_dir).stdout == f"{data_dir}: stopped\n"


def test_a_folder_one_may_not_write_is_said_plainly(folder: Path) -> None:
    ordinary = ordinary_user(folder)
    closed = folder / "closed"
    closed.mkdir()
    closed.chmod(0o555)
    done = ordinary.run("start", "--data-dir", closed / "data")
    assert done.returncode == 1
    assert done.stderr.startswith("No permission to use ")
    assert "KIEUMAU_HOME" in done.stderr


@needs_root
def test_root_serves_its_own_data_in_a_namespace(cluster: Cluster, folder: Path) -> None:
    folder.chmod(0o700)
    try:
        in_namespace()
    except NamespaceForbidden:
        pytest.skip("user namespaces are forbidden here")
    running = cluster.start()
    assert owner_of_process(running.pid) == 0
    assert cluster.data_dir.stat().st_uid == 0
    assert one(cluster, "SELECT 1") == "1"


@needs_root
def test_where_namespaces_are_forbidden_root_steps_down_to_nobody(folder: Path) -> None:
    folder.chmod(0o700)  # as /root is: nobody could not walk through it without help
    cluster = Cluster(folder / "data", durable=False, identity=as_user(NOBODY, NOBODY))
    running = cluster.start()
    assert owner_of_process(running.pid) == NOBODY
    assert cluster.stop()
    again = Cluster(folder / "data", durable=False)
    assert owner_of_process(again.start().pid) == NOBODY, "found by the owner of the data"


@needs_root
def test_without_unshare_root_finds_the_other_way_by_itself(folder: Path) -> None:
    programs = folder / "programs"
    programs.mkdir()
    for name in ("sh", "true", "setpriv"):
        (programs / name).symlink_to(shutil.which(name) or "/nonexistent")
    words = [sys.executable, "-m", "kieumau.supervisor", "start", "--data-dir", str(folder / "data")]
    done = run(["env", f"PATH={programs}", *words])
    assert (done.returncode, done.stderr) == (0, "")
    running = Cluster(folder / "data").status().running
    assert running is not None
    assert owner_of_process(running.pid) == NOBODY


@needs_root
def test_without_either_way_root_is_told_what_to_do(folder: Path) -> None:
    words = [sys.executable, "-m", "kieumau.supervisor", "start", "--data-dir", str(folder / "data")]
    done = run(["env", f"PATH={folder}", *words, "--lang=vi"])
    assert done.returncode == 1
    assert done.stderr.startswith("PostgreSQL không chạy dưới quyền root")
    assert "DATABASE_URL" in done.stderr


@needs_root
def test_roots_data_can_change_hands_when_namespaces_are_gone(cluster: Cluster, folder: Path) -> None:
    cluster.start()
    cluster.stop()
    later = Cluster(folder / "data", durable=False, identity=as_user(NOBODY, NOBODY))
    assert owner_of_process(later.start().pid) == NOBODY
    assert one(later, "SELECT 1") == "1"


@needs_root
def test_root_serves_an_ordinary_users_data_as_that_user(folder: Path) -> None:
    ordinary = ordinary_user(folder)
    data_dir = private_folder_of(ordinary, folder) / "data"
    assert ordinary.run("start", "--data-dir", data_dir, "--for-tests").returncode == 0
    assert ordinary.run("stop", "--data-dir", data_dir).returncode == 0
    running = Cluster(data_dir, durable=False).start()
    assert owner_of_process(running.pid) == ordinary.uid


@needs_root
def test_an_ordinary_user_is_told_that_the_data_are_roots(cluster: Cluster, folder: Path) -> None:
    cluster.start()
    ordinary = ordinary_user(folder)
    for word in ("start", "status", "stop"):
        done = ordinary.run(word, "--data-dir", cluster.data_dir)
        assert done.returncode == 1
        assert done.stderr.startswith("No permission to use ")
    assert cluster.status().running is not None


@needs_root
def test_a_user_without_a_name_gets_a_server_too(folder: Path) -> None:
    ordinary = ordinary_user(folder)
    nameless = next(uid for uid in range(54_321, 60_000) if not has_name(uid))
    prefix = ("setpriv", "--clear-groups", f"--reuid={nameless}", f"--regid={nameless}")
    if run([*prefix, "unshare", "--user", "--map-user=1000", "true"]).returncode:
        pytest.skip("user namespaces are forbidden here")
    stranger = Ordinary(nameless, ordinary.python, ordinary.source, prefix)
    data_dir = private_folder_of(stranger, folder) / "data"
    done = stranger.run("start", "--data-dir", data_dir, "--for-tests")
    assert (done.returncode, done.stderr) == (0, "")
    assert stranger.run("stop", "--data-dir", data_dir).stdout == f"{data_dir}: stopped\n"


def test_a_socket_folder_that_somebody_else_prepared_is_refused(folder: Path) -> None:
    identity = identity_for(folder / "data")
    assert private_dir(folder / "fresh", identity) == private_dir(folder / "fresh", identity)
    (folder / "open").mkdir()
    (folder / "open").chmod(0o777)
    (folder / "link").symlink_to(folder / "fresh")
    for planted in ("open", "link"):
        with pytest.raises(DatabaseUnavailable) as refused:
            private_dir(folder / planted, identity)
        assert refused.value.problems[0].code == "unsafe-socket-dir"


def test_the_system_knows_names() -> None:
    assert has_name(pwd.getpwall()[0].pw_uid)
