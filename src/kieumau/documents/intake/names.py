"""The names that files came with: shown to people, never used as a path."""

import re
import unicodedata

from kieumau.documents.intake.kinds import FileKind
from kieumau.documents.intake.refusals import refusal, wrong_extension
from kieumau.kernel.text import tidy

LONGEST = 120
_NOT_IN_NAMES = re.compile(r'[<>:"|?*/\\]')
_DRIVE = re.compile(r"^[A-Za-z]:")


def clean_name(raw: str, kind: FileKind) -> str:
    """A name to show and to download under: composed, without signs that steer, with the kind's extension.

    Raises `FileRefused` where the name holds a path, or an extension that is not the kind's.
    """
    shown = shown_name(raw)
    if "/" in raw or "\\" in raw or "\x00" in raw or _DRIVE.match(raw) or raw.strip() in {".", ".."}:
        raise refusal("path-in-name", shown)
    stem, dot, extension = shown.rpartition(".")
    if not dot:
        stem, extension = extension, kind.extensions[0]
    if extension.casefold() not in kind.extensions:
        raise wrong_extension(extension[:20], kind.name, shown)
    stem = stem.strip(". ") or kind.code
    return f"{stem[: LONGEST - len(extension) - 1].rstrip('. ')}.{extension.casefold()}"


def extension_of(name: str) -> str:
    """What stands behind the last point of a shown name, in small letters; empty where nothing does."""
    return name.rpartition(".")[2].casefold()[:20] if "." in name else ""


def shown_name(raw: str) -> str:
    """A name without what no eye sees: controls, marks that turn the direction of reading, odd spaces.

    Shortened in its middle where it is long, so that its end is what it was.
    """
    seen = "".join(sign for sign in raw if unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cs", "Cn"})
    name = _NOT_IN_NAMES.sub("_", tidy(seen))
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 21]}…{name[-20:]}"
