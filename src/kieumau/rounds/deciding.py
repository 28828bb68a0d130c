"""When a decision goes against what the dossier shows, and must say why. Plain Python, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kieumau.assessments.rules import Outcome
from kieumau.kernel.messages import Problem, Text
from kieumau.kernel.text import search_key


class Against(StrEnum):
    """Trái với gì: what a decision goes against."""

    VERDICT = "verdict"  # what the set's own rule says of the findings
    VOTE = "vote"  # what a council voted


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
