"""Cursors: what a page ends behind, and the question it belongs to.

A cursor is `key~digest`. The key names the last thing given (an id, a code), never how many rows were passed,
so that a page costs the same wherever it is. The digest is of key and question, keyed by the installation: a
cursor that is sent with another question, on another day's map, or made up, is refused instead of giving rows
that belong to neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.crypto import constant_time_compare, salted_hmac

from kieumau.kernel.messages import Problem, Refused, Text

_DIGITS = 20  # of the digest


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for, page after page: the name of the list, and all that decides what stands in it."""

    text: str

    @classmethod
    def of(cls, name: str, words: Mapping[str, object]) -> "Question":
        """From the words of an address; what is not given counts as not given."""
        return cls("\n".join([name, *(f"{key}={value!r}" for key, value in sorted(words.items()))]))

    def cursor(self, key: str | int | None) -> str | None:
        """The cursor behind a key; None behind the last page."""
        return None if key is None else f"{key}~{self._digest(str(key))}"

    def key(self, after: str) -> str:
        """The key of a cursor; empty for none. Raises `Refused` for one of another question."""
        if not after:
            return ""
        key, _, digest = after.rpartition("~")
        if not key or not constant_time_compare(digest, self._digest(key)):
            raise Refused([stale()])
        return key

    def number(self, after: str) -> int:
        """The same where keys are numbers; 0 for none."""
        return int(self.key(after) or 0)

    def _digest(self, key: str) -> str:
        return salted_hmac("kieumau.api", f"{self.text}\n{key}", algorithm="sha256").hexdigest()[:_DIGITS]


def stale() -> Problem:
    """A cursor that is none, of another question, or whose unit or indicator is gone."""
    return Problem(
        "stale-cursor",
        Text(
            vi="Vị trí trang (after) không thuộc câu hỏi này.",
            en="That place among the pages (after) does not belong to this question.",
        ),
        Text(vi="Bắt đầu lại, không có after.", en="Begin again, without after."),
    )
