"""How much of anything is taken: of bytes, of pixels, of what unfolds out of an archive."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, pixels, seconds. The defaults suit a phone's photographs and scanned papers.

    `pixels` is for JPEG; of kinds that can only be decoded whole, half as many are taken.
    `side` is the longest side of a picture that is kept: larger ones are made smaller, which still prints
    an A4 page at 350 dots per inch. `drawing_bytes` is the address space of the process that draws.
    """

    file_bytes: int = 25 * MEGABYTE
    pixels: int = 50_000_000
    longest_side: int = 20_000
    side: int = 4096
    drawing_bytes: int = 700 * MEGABYTE
    drawing_seconds: int = 20
    entries: int = 3_000
    unfolded_bytes: int = 150 * MEGABYTE
    ratio: int = 200
    scan_seconds: int = 30
