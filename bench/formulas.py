"""Fuzzing the formula language: no crash, no disagreement of the back ends, no evaluation above a second.

    python -m bench.formulas            one minute
    python -m bench.formulas 600        ten minutes

Formulas of every shape, over figures, verdicts, classes and units below, are evaluated exactly and by
one query; every second text is broken by a sign that does not belong there, and must be read or refused.
Needs the database of the settings; writes nothing to it but temporary tables.
"""

import os
import random
import sys
import time
import warnings

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kieumau.config.settings")
django.setup()

from hypothesis.errors import HypothesisWarning  # noqa: E402

from kieumau.formulas.catalogue import Catalogue  # noqa: E402
from kieumau.formulas.expanding import expand, read  # noqa: E402
from kieumau.formulas.parse import parse  # noqa: E402
from kieumau.formulas.placing import place  # noqa: E402
from kieumau.formulas.sentences import sentence  # noqa: E402
from kieumau.formulas.tests import written  # noqa: E402
from kieumau.formulas.tests.both import set_based, traced  # noqa: E402
from kieumau.formulas.tests.civil import CIVIL, OCTOBER  # noqa: E402
from kieumau.kernel.messages import Refused  # noqa: E402

SIGNS = ("(", ")", ",", ":", "<", "=", "+", "-", "%", "\x00", "é", "met", "criterion(", "by(", "\n", "9" * 40)
SLOW = 1.0
BATCH = 8
UNITS = 12


def main(seconds: float, seed: int) -> int:
    """Fuzz for so long; returns how many failures there were, and prints what was done."""
    chance = random.Random(seed)
    until = time.monotonic() + seconds
    formulas = outcomes = broken = failures = 0
    slowest = 0.0
    while time.monotonic() < until:
        texts = [written.formulas.example() for _ in range(BATCH)]
        trees = [place(expand(parse(text), written.CATALOGUE), OCTOBER, CIVIL) for text in texts]
        units = [written.unit(trees, chance) for _ in range(UNITS)]
        rows = set_based(trees, units)
        for unit, row in zip(units, rows, strict=True):
            for text, tree, found in zip(texts, trees, row, strict=True):
                began = time.perf_counter()
                trace = traced(tree, unit)
                sentence(trace, written.CATALOGUE, "vi")
                slowest = max(slowest, time.perf_counter() - began)
                outcomes += 1
                if (found, type(found)) != (trace.outcome, type(trace.outcome)):
                    failures += 1
                    print(f"DISAGREE {text!r}: {trace.outcome} / {found}: {unit}")
        formulas += len(texts)
        for text in texts:
            failures += _broken(text, chance, written.CATALOGUE)
            broken += 1
    failures += slowest > SLOW
    print(f"seed {seed}: {formulas:,} formulas, {outcomes:,} outcomes compared, {broken:,} broken texts read")
    print(f"slowest evaluation with its sentence {slowest * 1000:.0f} ms; failures: {failures}")
    return failures


def _broken(text: str, chance: random.Random, catalogue: Catalogue) -> int:
    """One text with a sign too many or a piece too few: read or refused, within a second."""
    at, to = sorted(chance.randrange(len(text) + 1) for _ in range(2))
    piece = chance.choice(SIGNS)
    text = text[:at] + piece + text[at if chance.random() < 0.5 else to :]
    began = time.perf_counter()
    try:
        read(text, catalogue, scope=written.SCOPE)
    except Refused:
        pass
    except Exception as error:  # noqa: BLE001  whatever it is, it is what is looked for
        print(f"CRASH {text!r}: {error!r}")
        return 1
    return int(time.perf_counter() - began > SLOW)


if __name__ == "__main__":
    warnings.simplefilter("ignore", HypothesisWarning)
    length = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    start = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    sys.exit(1 if main(length, start) else 0)
