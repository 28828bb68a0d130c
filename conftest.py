"""For every test: nobody talks to the outside world, and pages are drawn without collected files."""

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.signals import connection_created

_SERVING = "kieumau_serving"  # accounts.row_security.ROLE, which cannot be imported before Django is set up
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
