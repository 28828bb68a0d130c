"""A small agency on this machine that says who somebody is, by OpenID Connect."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

CLIENT, SECRET = "kieumau", "a secret of thirty-two bytes or more, for tests"


@dataclass
class Agency:
    """Its address, who signs in there next, and what was asked of it."""

    address: str
    subject: str = "cb-0012"
    audience: str = CLIENT
    challenge: str = ""
    refuses: bool = False
    asked: list[str] = field(default_factory=list)

    def authorize(self, location: str) -> str:
        """What its page does with somebody who was sent there: back with a code, or called off."""
        parts = urlsplit(location)
        assert location.startswith(f"{self.address}/authorize?")
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        self.challenge = query["code_challenge"]
        back = urlsplit(query["redirect_uri"]).path
        answer = "error=access_denied" if self.refuses else "code=the-code"
        return f"{back}?{answer}&state={query['state']}"

    def token(self, typed: dict[str, str]) -> dict[str, Any]:
        """The token for a code, for whoever sent the person there."""
        made = base64.urlsafe_b64encode(sha256(typed["code_verifier"].encode()).digest())
        assert made.rstrip(b"=").decode() == self.challenge, "another browser's code"
        said = {"iss": self.address, "sub": self.subject, "aud": self.audience, "exp": int(time()) + 60}
        return {
            "access_token": "a-token",
            "token_type": "Bearer",
            "id_token": jwt.encode(said, SECRET, algorithm="HS256"),
        }

    def person(self) -> dict[str, Any]:
        """More than anybody needs to know."""
        return {
            "sub": self.subject,
            "name": "Nguyễn Văn A",
            "email": "nva@agency.example",
            "email_verified": True,
            "preferred_username": "office",
        }


@contextmanager
def agency() -> Iterator[Agency]:
    """The agency, answering on a free port of loopback."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there.asked.append(self.path)
            base = there.address
            if self.path == "/.well-known/openid-configuration":
                self.say(
                    {
                        "issuer": base,
                        "authorization_endpoint": f"{base}/authorize",
                        "token_endpoint": f"{base}/token",
                        "userinfo_endpoint": f"{base}/userinfo",
                        "jwks_uri": f"{base}/keys",
                        "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    }
                )
            else:
                self.say(there.person())

        def do_POST(self) -> None:
            there.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.say(there.token({key: values[0] for key, values in parse_qs(body).items()}))

        def say(self, what: dict[str, Any]) -> None:
            written = json.dumps(what).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    there = Agency(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield there
    server.shutdown()
    thread.join()
    server.server_close()
