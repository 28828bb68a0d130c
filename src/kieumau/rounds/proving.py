"""When a document proves a criterion: its kind, its day, the time it stands for, and a file to look at.

Plain Python, no clock; ADR 38. It says what is needed, not what suffices: that a verifier accepts it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kieumau.criteria.rules import CriterionDefinition, Documented
from kieumau.kernel.messages import Text
from kieumau.rounds.rules import SIDE_OF, Side, Stage


class Lack(StrEnum):
    """Thiếu gì: why a document does not prove a criterion."""

    KIND = "kind"
    DATE = "date"
    TIME = "time"
    FILE = "file"


LACKS = {
    Lack.KIND: Text(vi="không đúng loại văn bản được hỏi", en="not of the kind asked for"),
    Lack.DATE: Text(
        vi="ngày ban hành nằm ngoài thời gian được hỏi", en="not dated within the time asked for"
    ),
    Lack.TIME: Text(
        vi="minh chứng cho thời gian ngoài kỳ đánh giá", en="proves a time outside the period assessed"
    ),
    Lack.FILE: Text(vi="chưa có tệp nào để xem", en="no file to look at yet"),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """What counts of a document: `proves_before` is the first day that it no longer proves, as stored."""

    kind: str
    issued_on: date
    proves_from: date | None
    proves_before: date | None
    has_file: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a criterion asks of a document in a period: `starts_on` up to, not including, `ends_before`."""

    criterion: CriterionDefinition
    starts_on: date
    ends_before: date

    @property
    def has_window(self) -> bool:
        """Does the set say from when to when the document must be dated?"""
        return isinstance(self.criterion, Documented) and self.criterion.window is not None

    @property
    def window(self) -> tuple[date, date]:
        """First and last day on which it may be dated: those that the set says, else the period's."""
        window = self.criterion.window if isinstance(self.criterion, Documented) else None
        if window is None:
            return self.starts_on, date.fromordinal(self.ends_before.toordinal() - 1)
        return (
            window.starts.within(self.starts_on, self.ends_before),
            window.ends.within(self.starts_on, self.ends_before),
        )

    def lacks(self, paper: Paper) -> tuple[Lack, ...]:
        """Why the document does not prove it; nothing where it does, or where no document is asked for.

        A window of the set is about the day on which a document was issued: a plan of May is no plan of the
        first quarter, whatever it is about. Where the set says none, what the document proves counts, and its
        date only where it says nothing of that: a report is written after the time that it reports on. The
        time a document proves must touch the period in either case; how much of it suffices is for a
        verifier to say.
        """
        return tuple(self._lacks(paper))

    def _lacks(self, paper: Paper) -> Iterator[Lack]:
        if not isinstance(self.criterion, Documented):
            return
        if paper.kind != self.criterion.document.code:
            yield Lack.KIND
        if self.has_window or paper.proves_from is None:
            first, last = self.window
            if not first <= paper.issued_on <= last:
                yield Lack.DATE
        if not self._touches(paper):
            yield Lack.TIME
        if not paper.has_file:
            yield Lack.FILE

    def _touches(self, paper: Paper) -> bool:
        """Does the time that it proves share a day with the period? One that says nothing of it does."""
        if paper.proves_from is None or paper.proves_before is None:
            return True
        return paper.proves_from < self.ends_before and paper.proves_before > self.starts_on


@dataclass(frozen=True, slots=True)
class Proof:
    """How many documents prove a criterion: not refused, accepted; and what the others lack, by name."""

    named: int = 0
    accepted: int = 0
    lacking: tuple[Text, ...] = ()

    def suffices(self, stage: Stage) -> bool:
        """Does it bear a finding of that stage: by any at the unit's own stages, by an accepted one later?"""
        return bool(self.named if SIDE_OF[stage] is Side.UNIT else self.accepted)

    @property
    def hint(self) -> Text | None:
        """What the documents lack that are there and do not prove it."""
        if not self.lacking:
            return None
        vi, en = (". ".join(one.in_(speaks) for one in self.lacking) for speaks in ("vi", "en"))
        return Text(vi=f"{vi}.", en=f"{en}.")


NO_PROOF = Proof()


def proof_by(asking: Asking, papers: Iterable[tuple[Paper, bool]]) -> Proof:
    """What documents that nobody refused make of a criterion; with each, whether it was accepted."""
    named, accepted, lacking = 0, 0, []
    for paper, is_accepted in papers:
        if lacks := asking.lacks(paper):
            lacking.append(said_of(lacks, paper.name))
        else:
            named += 1
            accepted += is_accepted
    return Proof(named, accepted, tuple(lacking))


def said_of(lacks: Iterable[Lack], name: str = "") -> Text:
    """What a document lacks, with its name where it has one: “05-NQ/ĐU: no file to look at yet”."""
    said = [LACKS[lack] for lack in lacks]
    vi, en = (", ".join(one.in_(speaks) for one in said) for speaks in ("vi", "en"))
    begins = f"{name}: " if name else ""
    return Text(vi=f"{begins}{vi}", en=f"{begins}{en}")
