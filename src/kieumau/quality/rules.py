"""What a check over the store is: a question in SQL, and what its answers mean to a person.

Plain Python. A check never repairs anything: it says where to look, why, and what to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kieumau.kernel.messages import Text


class Severity(StrEnum):
    """How bad it is that a check finds something."""

    BROKEN = "broken"  # the store contradicts itself: a fault of the program or of a hand in the database
    DOUBTFUL = "doubtful"  # it may be true, and somebody should look
    NOTE = "note"  # good to know

    @property
    def word(self) -> Text:
        """The heading under which such checks stand."""
        return _WORDS[self]


_WORDS = {
    Severity.BROKEN: Text(vi="Sai lệch trong kho dữ liệu", en="Contradictions in the store"),
    Severity.DOUBTFUL: Text(vi="Số liệu cần xem lại", en="Figures to look at"),
    Severity.NOTE: Text(vi="Điều nên biết", en="Good to know"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the whole store.

    `sql` gives a row for everything found: `unit`, `period`, `indicator` (each may be null, or left out
    where the check is about none) and `said`, an array of texts that fill `sentence` (`{0}`, `{1}` …).
    It may use `%(today)s` and the tables of `checks.preparing`; a percent sign of its own is written
    twice. `order` says which rows to show first where there are many.
    """

    code: str
    severity: Severity
    title: Text
    meaning: Text
    remedy: Text
    sentence: Text
    sql: str
    order: str = "period DESC NULLS LAST, unit, indicator"

    def says(self, said: Sequence[str | None]) -> Text:
        """What was found in one place, as a sentence."""
        words = [word if word is not None else "–" for word in said]
        return Text(vi=self.sentence.vi.format(*words), en=self.sentence.en.format(*words))


# What to do about what no screen and no file can have brought about.
TELL = Text(
    vi="Báo người quản trị: cơ sở dữ liệu đã bị sửa bên ngoài chương trình.",
    en="Tell the administrator: the database was changed outside of the program.",
)
