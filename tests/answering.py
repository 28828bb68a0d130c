"""A server of the tests that is stopped first answers what it was asked: nothing writes into what is cleared.

Django's own leaves the threads of its requests behind, of which one may be at work when the next test begins.
"""

from socket import SHUT_RD, socket
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer


class AnsweringServer(ThreadedWSGIServer):
    """Its end waits for requests under way; connections that only wait for the next one end at once."""

    daemon_threads = False  # so that `server_close` waits for them

    def __init__(self, *args: Any, **more: Any) -> None:
        self._open: set[socket] = set()
        super().__init__(*args, **more)

    def process_request(self, request: Any, client_address: Any) -> None:
        """In a thread of its own."""
        self._open.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: Any) -> None:
        """Nothing more comes."""
        self._open.discard(request)
        super().close_request(request)

    def server_close(self) -> None:
        """Nobody is heard any more; whoever was is answered."""
        for one in tuple(self._open):
            try:
                one.shutdown(SHUT_RD)
            except OSError:
                continue  # closed meanwhile
        super().server_close()
