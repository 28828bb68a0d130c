"""The tree under “why?”: what a verdict was made of, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a sentence, what came out of it, where it comes from, and the steps below it.

    `outcome` is the key of an outcome or empty; all texts are in the language of the page.
    """

    sentence: str
    result: str = ""
    source: str = ""
    outcome: str = ""
    steps: Sequence["Step"] = ()
