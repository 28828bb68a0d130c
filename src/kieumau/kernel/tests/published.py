"""Published data that tests and benchmarks use where this machine has them: one folder, found one way."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[4]
# Why a test is skipped; a benchmark leaves out what needs them.
ABSENT = "the published data are not on this machine (KIEUMAU_PUBLISHED_DATA names their folder)"

LONDON = "london/mps-ward-crime-2023-07-to-2025-06.csv"
OFFICE = "vn-units/nso-conversion-2025-07.csv"


def published(name: str) -> Path | None:
    """The file `name` (`london/….csv`) of the folder with published data; None where it is not there.

    The folder is the one that KIEUMAU_PUBLISHED_DATA names, else `shared/data` beside the repository.
    """
    folder = os.environ.get("KIEUMAU_PUBLISHED_DATA") or REPOSITORY.parent / "shared" / "data"
    path = Path(folder) / name
    return path if path.is_file() else None
