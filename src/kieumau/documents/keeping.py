"""Good files that wait a day while somebody puts right what is said of the document: nobody sends them twice.

A browser does not keep the files of a form that was refused. They lie among those that are on their way, are
in no store and belong to no row; a signed slip in the page says which file it is, whose, and for which unit.
What nobody comes back for is removed after a day, like everything that was forgotten there.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.core import signing

from kieumau.documents.intake import Taken
from kieumau.documents.intake.kinds import BY_CODE
from kieumau.documents.stores.folder import FORGOTTEN

_SALT = "documents.keeping"
_MOST = 200


@dataclass(frozen=True, slots=True)
class Slip:
    """A file that waits, as a page names it: `text` comes back with the form."""

    text: str
    name: str
    size: int


def keep_back(taken: Sequence[Taken], *, unit_id: int, person_id: int) -> list[Slip]:
    """Let files that were taken in wait beside where they lie now; the same content once."""
    slips: dict[str, Slip] = {}
    for one in taken:
        if one.sha256 in slips:
            continue
        path = one.path
        if path.suffix != ".kept":
            path = path.rename(path.with_name(f"{secrets.token_hex(16)}.kept"))
        words = [unit_id, person_id, path.name, one.sha256, one.kind.code, one.name]
        slips[one.sha256] = Slip(signing.dumps(words, salt=_SALT), one.name, one.size)
    return list(slips.values())


def waiting(texts: Iterable[str], *, unit_id: int, person_id: int, incoming: Path) -> list[Taken]:
    """The files of the slips, as they were taken in; none for one that is old, changed or somebody else's."""
    return [
        found
        for text in list(texts)[:_MOST]
        if (found := _waiting(text, (unit_id, person_id), incoming)) is not None
    ]


def let_go(taken: Iterable[Taken]) -> None:
    """They wait no longer: they are stored, or not wanted."""
    for one in taken:
        one.path.unlink(missing_ok=True)


def _waiting(text: str, whose: tuple[int, int], incoming: Path) -> Taken | None:
    with suppress(signing.BadSignature, OSError):
        unit_id, person_id, file, sha256, kind, name = signing.loads(text, salt=_SALT, max_age=FORGOTTEN)
        path = incoming / file
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        if (unit_id, person_id) == whose and digest == sha256:
            return Taken(path, sha256, path.stat().st_size, BY_CODE[kind], name)
    return None
