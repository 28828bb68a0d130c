"""When a decision goes against what the dossier shows, and must say why. Plain Python, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kieumau.assessments.rules import Outcome
from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Problem, Text
from kieumau.kernel.text import search_key


class Against(StrEnum):
    """Trái với gì: what a decision goes against."""

    VERDICT = "verdict"  # what the set's own rule says of the findings
    VOTE = "vote"  # what a council voted
    EARLY = "early"  # the day on which the last stage was concluded: the decision is dated before it


_EARLY = Text(
    vi="Quyết định đề ngày trước ngày hồ sơ được kết luận.",
    en="The decision is dated before the day on which the dossier was concluded.",
)
# By what it goes against, and whether the title is given.
SENTENCES = {
    (Against.VERDICT, True): Text(
        vi="Công nhận dù theo quy tắc của bộ tiêu chí hồ sơ chưa đạt.",
        en="Recognized although the set's own rule does not find it met.",
    ),
    (Against.VOTE, True): Text(
        vi="Công nhận dù hội đồng không biểu quyết tán thành.",
        en="Recognized although a council did not vote for it.",
    ),
    (Against.VERDICT, False): Text(
        vi="Không công nhận dù theo quy tắc của bộ tiêu chí hồ sơ đạt.",
        en="Not recognized although the set's own rule finds it met.",
    ),
    (Against.VOTE, False): Text(
        vi="Không công nhận dù hội đồng đã biểu quyết tán thành.",
        en="Not recognized although a council voted for it.",
    ),
    (Against.EARLY, True): _EARLY,
    (Against.EARLY, False): _EARLY,
}


@dataclass(frozen=True, slots=True)
class Ballot:
    """How a council voted on a day; `members` are those present, the rest abstained."""

    council: str
    held_on: date
    members: int
    in_favor: int
    against: int

    @property
    def is_carried(self) -> bool:
        """Did more than half of those present vote for it? Abstaining is not voting for it."""
        return 2 * self.in_favor > self.members


def latest(ballots: Sequence[Ballot]) -> list[Ballot]:
    """The last ballot of every council, in the order of their days.

    A council is the same however its name is typed: case, marks and spaces do not count.
    """
    last: dict[str, Ballot] = {}
    for one in sorted(ballots, key=lambda one: one.held_on):
        key = search_key(one.council)
        last.pop(key, None)
        last[key] = one
    return list(last.values())


def against(*, is_met: bool, verdict: Outcome, ballots: Sequence[Ballot]) -> list[Against]:
    """What a decision goes against: to find it met (the title is given), or not.

    `verdict` is what the set's own rule makes of the latest findings: everything but MET speaks against
    giving the title, MET alone against refusing it. Of each council its last vote counts.
    """
    found = []
    if is_met is not (verdict is Outcome.MET):
        found.append(Against.VERDICT)
    if any(one.is_carried is not is_met for one in latest(ballots)):
        found.append(Against.VOTE)
    return found


def unexplained(found: Sequence[Against], *, is_met: bool, why: str) -> list[Problem]:
    """What is refused where a decision goes against something and does not say why."""
    if why.strip():
        return []
    hint = Text(vi="Nêu lý do.", en="Say why.")
    return [Problem(f"against-{one}", SENTENCES[one, is_met], hint) for one in found]


def both(why: str, why_early: str) -> str:
    """The reasons of a decision that gives two, as they are kept."""
    return "; ".join(filter(None, (why.strip(), why_early.strip())))


def unexplained_day(decided_on: date, concluded_on: date, why: str) -> list[Problem]:
    """What is refused where a decision is dated before its dossier was concluded and does not say why."""
    if decided_on >= concluded_on or why.strip():
        return []
    reason = Text(
        vi=f"Quyết định đề ngày {decided_on:%d/%m/%Y}, trước ngày hồ sơ được kết luận "
        f"({concluded_on:%d/%m/%Y}).",
        en=f"The decision is dated {in_words(decided_on).en}, before the dossier was concluded "
        f"({in_words(concluded_on).en}).",
    )
    hint = Text(vi="Sửa ngày quyết định, hoặc nêu lý do.", en="Correct the day of the decision, or say why.")
    return [Problem("decided-too-early", reason, hint)]
