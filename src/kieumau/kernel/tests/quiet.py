"""Some tests wait until nobody else on the server is in a transaction: whoever keeps one open then ends it.

Between processes, also those of other runs on the same server: a file that was touched a moment ago.
"""

import os
import time
from pathlib import Path
from tempfile import gettempdir

_FILE = Path(gettempdir()) / f"kieumau-tests-quiet-{os.getuid()}"  # nobody touches that of another user
_SECONDS = 20


def ask_for_quiet() -> None:
    """For the next moments."""
    _FILE.touch()


def is_asked() -> bool:
    """Did anybody, a moment ago?"""
    try:
        return time.time() - _FILE.stat().st_mtime < _SECONDS
    except FileNotFoundError:
        return False
