"""A folder and a cluster for each test; what still runs is stopped."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kieumau.kernel.messages import Refused
from kieumau.supervisor import Cluster


@pytest.fixture(autouse=True)
def _no_server_of_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short name; every cluster in it is stopped afterwards."""
    path = Path(tempfile.mkdtemp(prefix="km-"))
    path.chmod(0o755)
    yield path
    for pid_file in path.rglob("postmaster.pid"):
        with suppress(Refused):
            Cluster(pid_file.parent).stop()
    shutil.rmtree(path)


@pytest.fixture
def cluster(folder: Path) -> Cluster:
    """A cluster that is not there yet."""
    return Cluster(folder / "data", durable=False)
