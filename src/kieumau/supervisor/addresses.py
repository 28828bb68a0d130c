"""Which database this installation uses, as one address."""

import os
from pathlib import Path

from kieumau.supervisor.cluster import Cluster

_CHECKOUT = Path(__file__).resolve().parents[3]


def home_dir() -> Path:
    """Where a trial keeps what it makes.

    `KIEUMAU_HOME`, else `.kieumau` in the checkout, else the user's folder for such things.
    """
    if home := os.environ.get("KIEUMAU_HOME"):
        return Path(home).absolute()
    if (_CHECKOUT / "pyproject.toml").is_file():
        return _CHECKOUT / ".kieumau"
    share = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(share) / "kieumau"


def default_data_dir(*, durable: bool = True) -> Path:
    """The folder of the cluster; the one for tests, which forgets on power loss, is another."""
    return home_dir() / ("postgres" if durable else "postgres-test")


def database_url(name: str = "kieumau", data_dir: Path | None = None, *, durable: bool = True) -> str:
    """The libpq address of the database `name`, ready for connections.

    `DATABASE_URL` is returned as it is, unexamined. Otherwise the cluster in `data_dir` is started
    unless it runs (cold about a second, warm a few milliseconds), and the database made unless it is
    there. `durable=False` gives up crash safety for speed. Raises `DatabaseUnavailable`.
    """
    if url := os.environ.get("DATABASE_URL"):
        return url
    cluster = Cluster(data_dir or default_data_dir(durable=durable), durable=durable)
    running = cluster.start()
    cluster.ensure_database(name)
    return running.url(name)
