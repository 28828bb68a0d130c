"""Pictures drawn small, to be looked at beside what is asked about them."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from kieumau.documents.installation import limits, store
from kieumau.documents.intake.pictures import redraw
from kieumau.documents.models import File
from kieumau.documents.stores import Checked

SIDE = 480  # dots; pages show them half as large, so that they are sharp on a phone


def small(found: File) -> bytes:
    """A stored picture, of its own kind, no longer than `SIDE`; drawn in a process of its own, kept nowhere.

    Raises `StoreFails` where the picture is not to be had, `FileRefused` where it cannot be drawn.
    """
    kept = store()
    kept.incoming.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=kept.incoming) as folder:
        whole, drawn = Path(folder, "whole"), Path(folder, "small")
        with whole.open("xb") as file:
            for piece in Checked(kept.open(found.sha256), found.sha256):
                file.write(piece)
        redraw(whole, drawn, found.file_kind, replace(limits(), side=SIDE), found.name)
        return drawn.read_bytes()
