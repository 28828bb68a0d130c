"""Both stores: what was stored is what comes out, nothing is overwritten, damage is noticed."""

import base64
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kieumau.documents.stores import Checked, Damaged, FolderStore, Missing, S3Store, Store, StoreFails
from kieumau.documents.stores.folder import clear_forgotten
from kieumau.documents.stores.s3 import sign
from kieumau.kernel.tests.examples import examples

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


class Bucket(BaseHTTPRequestHandler):
    """A small S3: it holds requests against their digest and their signature."""

    things: ClassVar[dict[str, bytes]] = {}
    busy: ClassVar[int] = 0  # how often it says 409 before it takes anything

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if hashlib.sha256(body).hexdigest() != self.headers["x-amz-content-sha256"]:
            return self._say(400)
        if Bucket.busy:
            Bucket.busy -= 1
            return self._say(409)
        if self.headers["If-None-Match"] == "*" and self.path in self.things:
            return self._say(412)
        self.things[self.path] = body
        return self._say(200)

    def do_GET(self) -> None:
        found = self.things.get(self.path)
        self._say(404) if found is None else self._say(200, found)

    def do_DELETE(self) -> None:
        self.things.pop(self.path, None)
        self._say(204)

    def _say(self, status: int, body: bytes = b"") -> None:
        now = datetime.strptime(self.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        headers = {name: self.headers[name] for name in ("host", "x-amz-content-sha256")}
        again = sign(self.command, self.path, headers, now=now, region="here", key=KEY, secret=SECRET)
        if again["authorization"] != self.headers["authorization"]:
            status, body = 403, b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """Its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Each of the two."""
    if request.param == "folder":
        return FolderStore(tmp_path / "files")
    Bucket.things.clear()
    return S3Store(
        endpoint=request.getfixturevalue("bucket"),
        bucket="minh-chung",
        prefix="a/b",
        region="here",
        key=KEY,
        secret=SECRET,
        incoming=tmp_path / "incoming",
    )


def put(store: Store, folder: Path, content: bytes) -> str:
    """Store some bytes; their name."""
    digest = hashlib.sha256(content).hexdigest()
    path = folder / "came"
    path.unlink(missing_ok=True)
    path.write_bytes(content)
    store.keep(path, digest)
    return digest


def test_what_was_stored_comes_out_and_stays_when_it_comes_again(store: Store, tmp_path: Path) -> None:
    content = base64.b64encode(bytes(range(256)) * 3000)
    digest = put(store, tmp_path, content)
    assert put(store, tmp_path, content) == digest
    assert b"".join(Checked(store.open(digest), digest)) == content
    store.discard(digest)
    store.discard(digest)
    with pytest.raises(Missing):
        store.open(digest)


@settings(max_examples=examples(25), deadline=None)
@given(content=st.binary(min_size=1, max_size=200_000))
def test_any_bytes_come_out_as_they_went_in(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        store = FolderStore(Path(folder) / "files")
        digest = put(store, Path(folder), content)
        assert b"".join(Checked(store.open(digest), digest)) == content


def test_a_name_leads_nowhere(store: Store, tmp_path: Path) -> None:
    (tmp_path / "came").write_bytes(b"x")
    for name in ("../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 64 + "\n"):
        with pytest.raises(ValueError, match="SHA-256"):
            store.open(name)
        with pytest.raises(ValueError, match="SHA-256"):
            store.keep(tmp_path / "came", name)


def test_a_damaged_file_never_arrives_whole(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "files")
    content = bytes(200_000)
    digest = put(store, tmp_path, content)
    stored = store.root / digest[:2] / digest[2:4] / digest
    assert stored.stat().st_mode & 0o777 == 0o400
    assert stored.parent.stat().st_mode & 0o777 == 0o700
    stored.chmod(0o600)
    stored.write_bytes(b"\x01" + content[1:])
    arrived: list[bytes] = []
    with pytest.raises(Damaged):
        arrived.extend(Checked(store.open(digest), digest))
    assert sum(map(len, arrived)) < len(content)
    stored.write_bytes(b"short")
    with pytest.raises(Damaged):
        put(store, tmp_path, content)


def test_what_a_killed_process_left_is_cleared_after_a_day(tmp_path: Path) -> None:
    incoming = tmp_path / "incoming"
    clear_forgotten(incoming)
    (incoming / "old").write_bytes(b"x")
    os.utime(incoming / "old", (0, 0))
    (incoming / "new").write_bytes(b"x")
    clear_forgotten(incoming)
    assert [path.name for path in incoming.iterdir()] == ["new"]


@pytest.mark.parametrize(("busy", "is_kept"), [(2, True), (3, False)])
def test_a_store_that_is_busy_is_asked_again_and_not_taken_at_its_word(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, busy: int, is_kept: bool
) -> None:
    store = S3Store(endpoint=bucket, bucket="b", region="here", key=KEY, secret=SECRET, incoming=tmp_path)
    monkeypatch.setattr(Bucket, "busy", busy)
    Bucket.things.clear()
    with nullcontext() if is_kept else pytest.raises(StoreFails):
        put(store, tmp_path, b"busy")
    digest = hashlib.sha256(b"busy").hexdigest()
    assert any(digest in name for name in Bucket.things) is is_kept


def test_a_store_that_is_away_or_does_not_know_us_fails(bucket: str, tmp_path: Path) -> None:
    (tmp_path / "came").write_bytes(b"x")
    digest = hashlib.sha256(b"x").hexdigest()
    for endpoint, secret in (("http://127.0.0.1:1", SECRET), (bucket, "wrong")):
        store = S3Store(
            endpoint=endpoint, bucket="b", region="here", key=KEY, secret=secret, incoming=tmp_path
        )
        assert secret not in repr(store)
        asks: list[Callable[[], object]] = [
            partial(store.keep, tmp_path / "came", digest),
            partial(store.open, digest),
            partial(store.discard, digest),
        ]
        for ask in asks:
            with pytest.raises(StoreFails):
                ask()


def test_the_signature_is_the_one_of_the_published_example() -> None:
    """Example “GET Object” of AWS Signature Version 4."""
    empty = hashlib.sha256(b"").hexdigest()
    headers = {"host": "examplebucket.s3.amazonaws.com", "range": "bytes=0-9", "x-amz-content-sha256": empty}
    signed = sign(
        "GET",
        "/test.txt",
        headers,
        now=datetime(2013, 5, 24, tzinfo=UTC),
        region="us-east-1",
        key=KEY,
        secret=SECRET,
    )
    assert signed["authorization"].endswith(
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )
