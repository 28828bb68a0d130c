"""Which PostgreSQL is taken where there are several: the system's before the wheel's, the newest of the
system's, and for data that exist the one that made them."""

import os
from pathlib import Path

import pytest

from kieumau.supervisor import Cluster
from kieumau.supervisor.installations import (
    WHEEL_PACKAGE,
    find_installations,
    installation_for,
    wheel_installations,
)
from kieumau.supervisor.tests.scene import one

SYSTEM = [each for each in find_installations() if not each.is_wheel]
NEWER = 99  # than any there is


def programs(bindir: Path, major: int) -> Path:
    """A folder with what looks like a server of that version."""
    bindir.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (bindir / name).write_text(f'#!/bin/sh\necho "{name} (PostgreSQL) {major}.1"\n', encoding="ascii")
        (bindir / name).chmod(0o755)
    return bindir


@pytest.fixture
def wheel(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wheel newer than every PostgreSQL of the system stands where Python finds packages."""
    package = folder / "site" / WHEEL_PACKAGE
    bindir = programs(package / "pginstall" / "bin", NEWER)
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(folder / "site"))
    (found,) = wheel_installations()
    assert (found.bindir, found.major) == (bindir, NEWER)
    return bindir


def test_the_systems_is_preferred_to_a_newer_wheel(
    folder: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = programs(folder / "system" / "bin", NEWER - 1).resolve()
    monkeypatch.setenv("PATH", str(ours), prepend=os.pathsep)
    found = find_installations()
    assert [each.is_wheel for each in found] == [False] * (len(found) - 1) + [True]
    assert found[-1].bindir == wheel
    assert installation_for(folder / "data", None, found).bindir == ours
    assert installation_for(folder / "data", NEWER, found).bindir == wheel, "the one that made the data"


def test_a_system_too_old_leaves_the_wheel(
    folder: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = programs(folder / "system" / "bin", 14).resolve()
    monkeypatch.setenv("PATH", str(old), prepend=os.pathsep)
    found = find_installations()
    assert old not in [each.bindir for each in found]
    assert found[-1].bindir == wheel


@pytest.mark.skipif(not SYSTEM, reason="no system PostgreSQL 15 or newer")
def test_the_server_that_starts_is_the_systems(folder: Path, wheel: Path) -> None:
    cluster = Cluster(folder / "data", durable=False)
    bindir = one(cluster, "SELECT setting FROM pg_config WHERE name = 'BINDIR'")
    assert cluster.status().made_by == SYSTEM[0].major
    assert Path(bindir or "").resolve() == SYSTEM[0].bindir
    assert cluster.stop()
