"""Files in a request: streamed to a private folder within limits, before anything looks at the body.

Django's own parser cuts paths off the names; here they stay, so that the intake can refuse them in words.
"""

import html
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import IO, Any

from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponseBase
from django.http.multipartparser import MultiPartParser
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from kieumau.documents.installation import limits, store
from kieumau.documents.stores.folder import clear_forgotten

_PIECE = 64 * 1024
_LONGEST_NAME = 500
View = Callable[..., HttpResponseBase]
Door = Callable[..., Any]


@dataclass(slots=True)
class Received:
    """One file as it came: where it lies until it is looked at, and the name that it was sent with.

    One that is too large is cut off at the limit and one byte more, so that the intake sees it is.
    """

    path: Path
    name: str
    size: int = 0
    out: IO[bytes] | None = field(default=None, repr=False)

    def close(self) -> None:
        """Nothing of it stays. Called by Django at the end of the request, too."""
        if self.out is not None:
            self.out.close()
        self.path.unlink(missing_ok=True)


class Reception(FileUploadHandler):
    """Takes the whole body over: every file goes to `folder`, no byte beyond `file_bytes` each."""

    chunk_size = _PIECE

    def __init__(self, request: HttpRequest, folder: Path, file_bytes: int) -> None:
        super().__init__(request)
        self.folder, self.file_bytes = folder, file_bytes
        self.received: list[Received] = []

    def handle_raw_input(
        self,
        input_data: Any,
        META: Mapping[str, str],  # noqa: N803 (Django's name)
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> tuple[Any, Any] | None:
        """Parse with a parser that leaves the names alone."""
        return _NamesAsSent(dict(META), input_data, [_ToFolder(self)], encoding).parse()

    def close(self) -> None:
        """Remove whatever is still there."""
        for one in self.received:
            one.close()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Never called: this handler parses the body itself."""
        raise NotImplementedError

    def file_complete(self, file_size: int) -> None:
        """Never called, either."""
        raise NotImplementedError


class _NamesAsSent(MultiPartParser):
    def sanitize_file_name(self, file_name: str) -> str | None:
        """The whole name, path and all."""
        return html.unescape(file_name)[:_LONGEST_NAME] or None


class _ToFolder(FileUploadHandler):
    """Writes one file after the other."""

    chunk_size = _PIECE

    def __init__(self, reception: Reception) -> None:
        super().__init__()
        self.reception = reception
        self.current: Received | None = None

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        """Open a file that only this account may read."""
        number, path = tempfile.mkstemp(dir=self.reception.folder)
        self.current = Received(Path(path), file_name, out=open(number, "wb"))  # noqa: PTH123, SIM115 (a number; closed in `file_complete`)
        self.reception.received.append(self.current)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write what still fits, let the rest go."""
        one = self.current
        if one is not None and one.out is not None:
            left = self.reception.file_bytes + 1 - one.size
            one.size += one.out.write(raw_data[: max(0, left)])

    def file_complete(self, file_size: int) -> Any:
        """The file, closed."""
        one = self.current
        if one is not None and one.out is not None:
            one.out.close()
            one.out = None
        return one


def takes_files(door: Door) -> Callable[[View], View]:
    """A view whose files come as `Received`; whatever it leaves of them is removed after it.

    `door` is asked first, with the request and what its address names, whatever the method; it raises, or
    gives what the view works on, which comes to it after the request. Until it has let somebody pass not a
    byte of the body is read: the token against forged requests stands in the body, so it is checked after.
    """

    def with_files(view: View) -> View:
        checked = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def receiving(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            found = door(request, *args, **kwargs)
            if request.method != "POST":
                return checked(request, found, *args, **kwargs)
            folder = store().incoming
            clear_forgotten(folder)
            reception = Reception(request, folder, limits().file_bytes)
            request.upload_handlers = [reception]
            try:
                return checked(request, found, *args, **kwargs)
            finally:
                with suppress(OSError):
                    reception.close()

        return receiving

    return with_files


def files_of(request: HttpRequest, name: str = "files") -> list[Received]:
    """The files that came under a name, in their order."""
    sent: list[object] = list(request.FILES.getlist(name))
    return [one for one in sent if isinstance(one, Received)]
