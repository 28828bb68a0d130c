"""How many examples a property is tried with: few in `make test`, as many as asked in `make properties`."""

import os

ASKED = int(os.environ.get("KIEUMAU_EXAMPLES", "0"))


def examples(few: int) -> int:
    """That many, or more where more are asked for."""
    return max(few, ASKED)
