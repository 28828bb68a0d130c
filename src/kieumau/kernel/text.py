"""Vietnamese text: one form of every letter, the order of the alphabet, search without accents.

The same letter can reach us composed (`ầ`), decomposed (`a` + two marks) or half and half; names are
stored composed. Sorting must not depend on the locale of the machine or of the database, so the
order is made here, and an identical SQL function `kieumau_sort_key` is made by a migration of
`units`; a property test holds the two together.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher

# The five tones in the order of Vietnamese dictionaries: huyền, hỏi, ngã, sắc, nặng.
TONES = "\u0300\u0309\u0303\u0301\u0323"
# Breve, circumflex, horn. They make letters of their own, which follow the plain letter: the
# characters they become sort after every letter, so `ă` ("a{") stands after "az" and before "b".
_MARKS = str.maketrans("\u0306\u0302\u031b", "{|}")
_WITHOUT_TONES = str.maketrans("", "", TONES)
_WITHOUT_MARKS = str.maketrans("", "", "\u0306\u0302\u031b")
# Not str.lower: the database must do the same whatever its locale.
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZĐ", "abcdefghijklmnopqrstuvwxyzđ")
_NUMBERED_TONES = str.maketrans(TONES, "12345")

_SPACES = re.compile(r"[\s\u200b\u2060\ufeff]+")
_NOT_WORD = re.compile(r"[\W_]+")
_ONE_DIGIT = re.compile(r"(?<![0-9])([0-9])(?![0-9])")
_TWO_DIGITS = re.compile(r"(?<![0-9])([0-9]{2})(?![0-9])")
_NOT_TONE = re.compile(f"[^{TONES}]", re.DOTALL)


def nfc(text: str) -> str:
    """`text` with every letter composed; nothing else changes."""
    return unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """`text` composed, with invisible and repeated spaces made one and none at the ends."""
    return _SPACES.sub(" ", nfc(text)).strip()


def search_key(text: str) -> str:
    """What people type without accents: lower case, no marks, words apart by one space.

    “Cần Thơ”, “CAN-THO” and the decomposed spelling all give “can tho”.
    """
    bare = "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
    )
    return _NOT_WORD.sub(" ", bare.casefold().replace("đ", "d")).strip()


def slug(text: str) -> str:
    """A name for addresses and keys: “Đồng Nai” gives “dong-nai”."""
    return search_key(text).replace(" ", "-")


def sort_key(text: str) -> str:
    """A string whose order by code points is the Vietnamese order of `text`.

    Letters first (a ă â b c d đ e ê … u ư v), tones only where all letters are equal, whole numbers
    of up to three digits by their value (“Phường 2” before “Phường 10”); case does not count.
    """
    lowered = unicodedata.normalize("NFD", text).translate(_LOWER)
    padded = _ONE_DIGIT.sub(r"00\1", _TWO_DIGITS.sub(r"0\1", lowered))
    letters = padded.translate(_WITHOUT_TONES).translate(_MARKS).replace("đ", "d{")
    tones = _NOT_TONE.sub("0", padded.translate(_WITHOUT_MARKS)).translate(_NUMBERED_TONES)
    return f"{letters}\x01{tones}"


class Speller:
    """Finds the known words nearest to a mistyped one, in a few milliseconds among ten thousand.

    Words are compared without accents. An index of letter pairs chooses the few that are worth the
    slow comparison.
    """

    _WORTH_COMPARING = 25
    _NEAR_ENOUGH = 0.6

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(dict.fromkeys(words))
        self._keys = [search_key(word) for word in self._words]
        self._with_pair: dict[str, list[int]] = defaultdict(list)
        for number, key in enumerate(self._keys):
            for pair in _pairs(key):
                self._with_pair[pair].append(number)

    def nearest(self, word: str, n: int = 1) -> list[str]:
        """At most `n` known words like `word`, best first; empty when none is near."""
        key = search_key(word)
        shared = Counter(number for pair in _pairs(key) for number in self._with_pair.get(pair, ()))
        likely = sorted(
            shared,
            key=lambda i: (-2 * shared[i] / (len(key) + len(self._keys[i]) + 2), i),
        )
        matcher = SequenceMatcher(b=key, autojunk=False)
        scored = []
        for number in likely[: self._WORTH_COMPARING]:
            matcher.set_seq1(self._keys[number])
            if (ratio := matcher.ratio()) >= self._NEAR_ENOUGH:
                scored.append((-ratio, number))
        return [self._words[number] for _, number in sorted(scored)[:n]]


def _pairs(key: str) -> set[str]:
    edged = f" {key} "
    return {edged[i : i + 2] for i in range(len(edged) - 1)}


def nearest(word: str, candidates: Iterable[str], n: int = 1) -> list[str]:
    """The did-you-mean of one word; for many words against the same candidates keep a `Speller`."""
    return Speller(candidates).nearest(word, n)
