"""What formulas ask of a catalogue of indicators."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from kieumau.kernel.messages import Text


class Type(StrEnum):
    """What an expression is. RATIO is a bare ratio or literal: it goes with numbers and with shares.

    WORD is a verdict or a class of units, which can only be compared with a word.
    """

    NUMBER = "number"
    SHARE = "share"
    RATIO = "ratio"
    CONDITION = "condition"
    WORD = "word"

    @property
    def words(self) -> Text:
        """The type in words, for messages."""
        return _WORDS[self]


_WORDS = {
    Type.NUMBER: Text(vi="một số", en="a number"),
    Type.SHARE: Text(vi="một tỷ lệ", en="a share"),
    Type.RATIO: Text(vi="một số", en="a number"),
    Type.CONDITION: Text(vi="một điều kiện", en="a condition"),
    Type.WORD: Text(vi="một từ", en="a word"),
}


class Described(Protocol):
    """One indicator as formulas see it; `formula` is empty unless the indicator is derived."""

    @property
    def type(self) -> Type:
        """NUMBER or SHARE."""

    @property
    def name(self) -> Text:
        """Its name in both languages."""

    @property
    def measure(self) -> Text:
        """Its unit of measure in both languages (vụ, người); may be empty."""

    @property
    def decimals(self) -> int:
        """With how many decimals its values are shown."""

    @property
    def polarity(self) -> int:
        """1 where more is good, -1 where more is bad, 0 where it is neither."""

    @property
    def formula(self) -> str:
        """The text of its formula, or empty."""


Catalogue = Mapping[str, Described]


_NO_MEASURE = Text(vi="", en="")


@dataclass(frozen=True, slots=True)
class Entry:
    """A plain `Described`, for callers who have nothing of their own."""

    type: Type
    name: Text
    measure: Text = _NO_MEASURE
    decimals: int = 0
    formula: str = ""
    polarity: int = 0
