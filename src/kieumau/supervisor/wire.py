"""Just enough of PostgreSQL's wire protocol to ask a question over a Unix socket.

The supervisor must create a database before any driver is set up, and `psql` is not part of every
server package. Protocol 3.0, trusted local socket, one simple query at a time.
"""

import socket
import struct
from collections.abc import Iterator
from pathlib import Path

SUPERUSER = "kieumau"
_PROTOCOL = 196608  # 3.0


class ServerError(Exception):
    """The server refused: `code` is the five-letter SQLSTATE, for example 3D000 for no such database."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


def ask(socket_path: Path, database: str, sql: str) -> list[tuple[str | None, ...]]:
    """Run `sql` in `database`; the rows of its answer as text. Raises `ServerError` or OSError."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(60)
        line.connect(str(socket_path))
        words = ("user", SUPERUSER, "database", database)
        body = struct.pack("!i", _PROTOCOL) + b"".join(word.encode() + b"\0" for word in words) + b"\0"
        line.sendall(struct.pack("!i", len(body) + 4) + body)
        _rows(line)
        query = sql.encode() + b"\0"
        line.sendall(b"Q" + struct.pack("!i", len(query) + 4) + query)
        rows = _rows(line)
        line.sendall(b"X" + struct.pack("!i", 4))
        return rows


def _rows(line: socket.socket) -> list[tuple[str | None, ...]]:
    """Read up to “ready for query”."""
    rows, refused = [], None
    while True:
        kind, body = _message(line)
        if kind == b"D":
            rows.append(tuple(_fields(body)))
        elif kind == b"E":
            parts = {part[:1]: part[1:].decode(errors="replace") for part in body.split(b"\0") if part}
            refused = ServerError(parts.get(b"C", ""), parts.get(b"M", ""))
            if parts.get(b"S") in {"FATAL", "PANIC"}:
                raise refused
        elif kind == b"Z":
            if refused:
                raise refused
            return rows


def _message(line: socket.socket) -> tuple[bytes, bytes]:
    head = _exactly(line, 5)
    return head[:1], _exactly(line, struct.unpack("!i", head[1:])[0] - 4)


def _exactly(line: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = line.recv(size - len(parts))
        if not part:
            raise ConnectionResetError("the server closed the connection")
        parts += part
    return bytes(parts)


def _fields(body: bytes) -> Iterator[str | None]:
    """The columns of one row: a count, then for each its length (-1 for NULL) and its bytes."""
    (count,) = struct.unpack_from("!h", body)
    at = 2
    for _ in range(count):
        (size,) = struct.unpack_from("!i", body, at)
        at += 4
        yield None if size < 0 else body[at : at + size].decode()
        at += max(size, 0)
