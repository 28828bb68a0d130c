"""For every test: nobody talks to the outside world, and pages are drawn without collected files.

Worlds that many tests look at are loaded once and kept: each test works in a savepoint on top of one. A test
says which by the name of a fixture below; one that names none finds an empty database.
"""

import gc
import ipaddress
import os
import socket
import threading
from collections.abc import Callable, Iterator
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from shutil import copytree
from socketserver import BaseServer
from typing import Any

import pytest
from django.conf import settings as installation
from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase, override_settings
from django.test.testcases import LiveServerThread
from hypothesis import HealthCheck
from hypothesis import settings as properties
from playwright.sync_api import expect
from tests import one_browser
from tests.answering import AnsweringServer
from tests.as_migrated import AsMigrated, may_restore
from tests.made_once import MadeOnce
from tests.order import for_workers

from kieumau.kernel.tests.quiet import is_asked

_SERVING = "kieumau_serving"  # accounts.row_security.ROLE, which cannot be imported before Django is set up
# Where a property does not say with how many examples it is tried. The few are the same ones in every run, so
# that a run fails for what was changed; new ones, and more, are what make properties looks for. How long one
# takes says something of the machine alone.
_ASKED = int(os.environ.get("KIEUMAU_EXAMPLES", "0"))
properties.register_profile(
    "few",
    max_examples=max(25, _ASKED),
    derandomize=not _ASKED,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
properties.load_profile("few")

# How often a server in a thread looks whether it is to end: every test with one waits for that.
BaseServer.serve_forever.__defaults__ = (0.02,)

# How long a page may take until what is expected stands there; never spent unless a test fails.
expect.set_options(timeout=60_000)

LiveServerThread.server_class = AnsweringServer

_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex


class OutsideConnection(RuntimeError):
    """A test tried to reach something beyond this machine."""


def _refuse_outside(family: int, address: Any) -> None:
    if family not in {socket.AF_INET, socket.AF_INET6}:
        return
    host = str(address[0])
    if host == "localhost":
        return
    try:
        is_here = ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        is_here = False
    if not is_here:
        raise OutsideConnection(f"tests stay on this machine; something connects to {address}")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _refuse_outside(self.family, address)
    _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _refuse_outside(self.family, address)
    return _connect_ex(self, address)


@pytest.fixture(autouse=True)
def _stay_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", _guarded_connect_ex)


@pytest.fixture(autouse=True)
def _static_files_as_they_are(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="session", autouse=True)
def hashers_in_use() -> Iterator[list[str]]:
    """Those of the installation; a test that does not set them back keeps passwords cheaply."""
    in_use: list[str] = installation.PASSWORD_HASHERS
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield in_use


@pytest.fixture
def grant(db: None) -> Callable[..., Any]:
    """`grant(user, "officer", unit_id)`: somebody holds a role; without a unit, over the whole country."""
    action: Callable[..., Any] = import_module("kieumau.accounts.tests.granting").grant
    return action


@pytest.fixture(autouse=True)
def served_as(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """A browser is served by the role that owns nothing, as by `kieumau serve`: as whom, for each connection.

    A request of Django's test server has a thread, and so a connection, of its own; what a test does beside
    it, in its own threads, it does as the owner.
    """
    roles: list[str] = []

    def assume(connection: Any, **_: Any) -> None:
        if "process_request_thread" in threading.current_thread().name:
            connection.connection.execute(f"SET ROLE {_SERVING}")
            roles.append(connection.connection.execute("SELECT current_user").fetchone()[0])

    if request.node.get_closest_marker("browser"):
        connection_created.connect(assume)
    yield roles
    connection_created.disconnect(assume)


# Fixture: where the world is loaded, by what, and whether it writes files of its own into a folder.
KEPT = {
    "kept_country": ("kieumau.indicators.tests.cast", "load_country", True),
    "kept_judged": ("kieumau.assessments.tests.cast", "load_world", False),
    "kept_world": ("kieumau.assessments.tests.world", "World", True),
    "kept_checked": ("kieumau.quality.tests.country", "load", True),
    "kept_owing": ("kieumau.returns.tests.cast", "load_world", True),
    "kept_owing_now": ("kieumau.returns.tests.cast", "load_world_of_today", True),
    "kept_merged": ("kieumau.indicators.tests.cast", "load_merged", True),
    "kept_programme": ("kieumau.programmes.tests.cast", "load_cast", False),
    "kept_places": ("kieumau.indicators.imports.tests.cast", "make_places", False),
    "kept_assigned": ("kieumau.assignments.tests.conftest", "people", False),
    "kept_stored": ("tests.test_nothing_half_stored", "load_stored", True),
    "kept_shipped": ("kieumau.indicators.tests.cast", "load_shipped", False),
    "kept_can_tho": ("kieumau.indicators.maps.tests.test_can_tho", "load_can_tho", False),
}


class Kept:
    """The one world that lies in the database beneath the tests, in a transaction that stays open."""

    def __init__(self, blocker: Any, folders: pytest.TempPathFactory) -> None:
        self._blocker, self._folders = blocker, folders
        self._name, self._atomic, self._folder, self._world = "", transaction.atomic(), Path(), None

    def lay(self, name: str) -> None:
        """Have that world, and no other, beneath the tests; none for an empty name."""
        if name == self._name and not (name and (is_asked() or connection.needs_rollback)):
            return
        self.clear()
        if name and not is_asked():
            self._folder = self._folders.mktemp(name)
            with self._blocker.unblock():
                self._atomic.__enter__()
                self._name = name
                try:
                    self._world = load(name, self._folder)
                except BaseException:
                    self.clear()
                    raise

    def clear(self) -> None:
        """Have none."""
        if self._name:
            self._name, self._world = "", None
            with self._blocker.unblock():
                transaction.set_rollback(True)
                self._atomic.__exit__(None, None, None)

    def sweep(self) -> None:
        """Have none, and no dead rows either."""
        self.clear()
        with self._blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM")

    def copy(self, name: str, folder: Path) -> Any:
        """The world as it was loaded, whatever other tests did to theirs; its files lie in the test's folder.

        Loaded now where none is kept, beneath tests that commit.
        """
        if name != self._name:
            return load(name, folder)
        copytree(self._folder, folder, dirs_exist_ok=True)
        return deepcopy(self._world, {id(self._folder): folder})


def load(name: str, folder: Path) -> Any:
    """A world of the table above, loaded."""
    module, loader, in_folder = KEPT[name]
    return getattr(import_module(module), loader)(*([folder] if in_folder else []))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """After Django's own order, and after some were left out."""
    if hasattr(config, "workerinput"):
        items[:] = for_workers(items)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the search for garbage need not walk through it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def pytest_sessionfinish() -> None:
    """What was started once for all tests ends with them."""
    one_browser.end()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> MadeOnce | None:
    """Each worker has a database of its own, but the migrations run once."""
    worker = getattr(request.config, "workerinput", {}).get("workerid")
    return MadeOnce(tmp_path_factory.getbasetemp().parent, worker) if worker else None


@pytest.fixture(scope="session")
def _made(
    django_db_modify_db_settings: MadeOnce | None, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    if made := django_db_modify_db_settings:
        with django_db_blocker.unblock():
            made.end()
    yield
    if made:
        with django_db_blocker.unblock():
            made.drop()


@pytest.fixture(scope="session")
def _restored_after_commits(_made: None, django_db_blocker: Any) -> Iterator[None]:
    """Where the database allows it, which that of the tests does."""
    with pytest.MonkeyPatch.context() as patch:
        with django_db_blocker.unblock():
            if may_restore():
                migrated = AsMigrated()
                patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: migrated.restore())
        yield


@pytest.fixture(scope="session")
def _kept(
    _restored_after_commits: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kept]:
    kept = Kept(django_db_blocker, tmp_path_factory)
    _of_session.append(kept)
    yield kept
    kept.clear()


_of_session: list[Kept] = []


@pytest.fixture(autouse=True)
def _gives_way() -> None:
    """Also before a test without a database."""
    if _of_session and is_asked() and not connection.savepoint_ids:
        _of_session[0].clear()


@pytest.fixture(scope="class", autouse=True)
def _classes_find_nothing(request: pytest.FixtureRequest) -> None:
    """Django's own test cases load what they look at themselves, and close the connection behind them."""
    if request.cls and issubclass(request.cls, TransactionTestCase):
        request.getfixturevalue("_kept").clear()


@pytest.fixture(scope="module")
def beneath_a_module(_kept: Kept) -> None:
    """For what opens a transaction for a whole module: what other modules laid is taken away first.

    Whichever test comes before: another worker may have taken over a module in its middle.
    """
    _kept.clear()


@pytest.fixture
def _laid(request: pytest.FixtureRequest, _kept: Kept) -> Iterator[None]:
    """Before the savepoint of the test; tests that commit have nothing beneath them.

    Slow ones may leave a million dead rows, through which all that come later would look.
    """
    marker = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or "live_server" in request.fixturenames
    if commits or (marker and marker.kwargs.get("transaction")):
        _kept.clear()
    elif not (request.cls and issubclass(request.cls, TransactionTestCase)):
        _kept.lay(next((name for name in request.fixturenames if name in KEPT), ""))
    yield
    if request.node.get_closest_marker("slow"):
        _kept.sweep()


@pytest.fixture
def _django_db_helper(_laid: None, _django_db_helper: None) -> None:
    """What pytest-django does for a test with a database, done on top of what is kept."""


def _named(name: str) -> Any:
    @pytest.fixture(name=name)
    def world(db: None, _kept: Kept, tmp_path: Path) -> Any:
        return _kept.copy(name, tmp_path)

    return world


kept_country = _named("kept_country")
kept_judged = _named("kept_judged")
kept_world = _named("kept_world")
kept_checked = _named("kept_checked")
kept_owing = _named("kept_owing")
kept_owing_now = _named("kept_owing_now")
kept_merged = _named("kept_merged")
kept_programme = _named("kept_programme")
kept_places = _named("kept_places")
kept_assigned = _named("kept_assigned")
kept_stored = _named("kept_stored")
kept_shipped = _named("kept_shipped")
kept_can_tho = _named("kept_can_tho")
