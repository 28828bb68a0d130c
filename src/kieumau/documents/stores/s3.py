"""Files in an S3-compatible store, with nothing but the standard library.

Requests are signed by AWS Signature Version 4. The digest that names a file is also the digest of the
request's body, so that the store itself refuses content that is not what its name says.
"""

import hashlib
import hmac
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import quote, urlsplit

from kieumau.documents.stores.contract import Missing, StoreFails, named

_EMPTY = hashlib.sha256(b"").hexdigest()
_SECONDS = 30
_IS_THERE = 412  # what a store says to `If-None-Match: *` where there is one
_BUSY = 409  # somebody else stores or deletes it at this moment: nothing is known to be there
_TRIES = 3


@dataclass(frozen=True, slots=True)
class S3Store:
    """A bucket of a store, addressed by path (`https://host/bucket/prefix/…`)."""

    endpoint: str
    bucket: str
    region: str
    key: str
    secret: str = field(repr=False)
    incoming: Path
    prefix: str = ""

    def keep(self, path: Path, sha256: str) -> None:
        """Send the file, unless one of that name is there."""
        headers = {"Content-Length": str(path.stat().st_size), "If-None-Match": "*"}
        status = _BUSY
        for _ in range(_TRIES):
            if status == _BUSY:
                with path.open("rb") as body:
                    status = self._done("PUT", named(sha256), sha256, headers, body)
        if status not in {200, _IS_THERE}:
            raise StoreFails(f"the store answered {status}")

    def open(self, sha256: str) -> BinaryIO:
        """The stored bytes as they come over the line. Raises `Missing`, `StoreFails`."""
        answer = self._ask("GET", named(sha256), _EMPTY, {}, None)
        if answer.status == 200:
            return cast(BinaryIO, answer)
        answer.close()
        raise Missing(sha256) if answer.status == 404 else StoreFails(f"the store answered {answer.status}")

    def discard(self, sha256: str) -> None:
        """Delete it; the store says the same whether it was there or not."""
        status = self._done("DELETE", named(sha256), _EMPTY, {}, None)
        if status not in {200, 204, 404}:
            raise StoreFails(f"the store answered {status}")

    def _done(
        self, method: str, name: str, digest: str, headers: Mapping[str, str], body: BinaryIO | None
    ) -> int:
        with closing(self._ask(method, name, digest, headers, body)) as answer:
            answer.read(64 * 1024)
            return int(answer.status)

    def _ask(
        self, method: str, name: str, digest: str, headers: Mapping[str, str], body: BinaryIO | None
    ) -> HTTPResponse:
        """One request; its answer keeps the connection as long as it is open."""
        at = urlsplit(self.endpoint)
        path = "/" + "/".join(
            quote(part, "~") for part in (self.bucket, *self.prefix.split("/"), name) if part
        )
        signed = sign(
            method,
            path,
            {"host": at.netloc, "x-amz-content-sha256": digest},
            now=datetime.now(UTC),
            region=self.region,
            key=self.key,
            secret=self.secret,
        )
        connection = (HTTPSConnection if at.scheme == "https" else HTTPConnection)(
            at.netloc, timeout=_SECONDS
        )
        try:
            connection.request(method, path, body=body, headers={**signed, **headers, "Connection": "close"})
            return connection.getresponse()
        except (OSError, HTTPException) as error:
            connection.close()
            raise StoreFails(f"the store did not answer: {error}") from error


def sign(
    method: str, path: str, headers: Mapping[str, str], *, now: datetime, region: str, key: str, secret: str
) -> dict[str, str]:
    """The headers with date and signature (AWS Signature Version 4); `path` is quoted already.

    `headers` are in small letters and hold `host` and `x-amz-content-sha256`.
    """
    moment, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    all_headers = {**headers, "x-amz-date": moment}
    names = ";".join(sorted(all_headers))
    lines = [f"{name}:{all_headers[name].strip()}" for name in sorted(all_headers)]
    request = "\n".join([method, path, "", *lines, "", names, headers["x-amz-content-sha256"]])
    scope = f"{day}/{region}/s3/aws4_request"
    digest = hashlib.sha256(request.encode()).hexdigest()
    to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}"
    signing = f"AWS4{secret}".encode()
    for part in (day, region, "s3", "aws4_request"):
        signing = hmac.digest(signing, part.encode(), "sha256")
    signature = hmac.digest(signing, to_sign.encode(), "sha256").hex()
    said = f"AWS4-HMAC-SHA256 Credential={key}/{scope},SignedHeaders={names},Signature={signature}"
    return {**all_headers, "authorization": said}
