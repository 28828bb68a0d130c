"""The guard of conftest.py: loopback and Unix sockets pass, the rest does not."""

import socket
from pathlib import Path

import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 80), ("10.0.0.1", 5432)])
def test_outside_is_refused(address: tuple[str, int]) -> None:
    with socket.socket() as line, pytest.raises(RuntimeError, match="stay on this machine"):
        line.connect(address)


def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as line:
        line.connect(server.getsockname())


def test_unix_sockets_are_reached(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as line:
        server.bind(path)
        server.listen()
        line.connect(path)
