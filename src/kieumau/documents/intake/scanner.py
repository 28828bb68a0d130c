"""Asking a virus scanner (clamd) about a file, over its socket: `unix:/path` or `tcp:host:port`.

Fail closed: where a scanner is named, a file passes only if it answers “OK”.
"""

import socket
import struct
from pathlib import Path

from kieumau.documents.intake.refusals import refusal

_PIECE = 64 * 1024
_LONGEST_ANSWER = 4096


class BadAddress(ValueError):
    """The address of the scanner is neither `unix:/path` nor `tcp:host:port`."""


def scan(path: Path, address: str, seconds: int, name: str = "") -> None:
    """Send the file to the scanner. Raises `FileRefused` unless it says that the file is clean."""
    try:
        answer = _ask(path, address, seconds)
    except OSError:
        raise refusal("scanner-silent", name) from None
    if answer.endswith("FOUND"):
        raise refusal("virus-found", name)
    if answer != "stream: OK":
        raise refusal("scanner-silent", name)


def _ask(path: Path, address: str, seconds: int) -> str:
    with _connect(address, seconds) as talk, path.open("rb") as file:
        talk.sendall(b"zINSTREAM\0")
        while piece := file.read(_PIECE):
            talk.sendall(struct.pack(">I", len(piece)) + piece)
        talk.sendall(struct.pack(">I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            piece = talk.recv(_LONGEST_ANSWER)
            if not piece:
                break
            answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connect(address: str, seconds: int) -> socket.socket:
    kind, _, rest = address.partition(":")
    if kind == "unix" and rest:
        talk = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        talk.settimeout(seconds)
        try:
            talk.connect(rest)
        except BaseException:
            talk.close()
            raise
        return talk
    host, _, port = rest.rpartition(":")
    if kind == "tcp" and host and port.isdecimal():
        return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)
    raise BadAddress(address)
