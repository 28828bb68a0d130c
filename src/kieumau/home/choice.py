"""Which criteria set and period a page shows: what its address asks for, else the set at home there."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kieumau.assessments.page_judged import Judged, period_of
from kieumau.criteria.queries import codes
from kieumau.criteria.rules import nearest_hint
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.web.days import KNOWN

SET, PERIOD = "bo", "ky"


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown, and what else could be; `problems` say what was asked for and is not there.

    `known` is the day whose knowledge is shown, as the address writes it; empty for now.
    """

    chosen: Judged | None
    offered: Sequence[Judged] = ()
    problems: list[Problem] = field(default_factory=list)
    known: str = ""

    @property
    def sets(self) -> list[Judged]:
        """One of each version of each set, the latest judged period of each, in order of the sets."""
        first: dict[tuple[str, int], Judged] = {}
        for one in self.offered:
            first.setdefault((one.code, one.version), one)
        return sorted(first.values(), key=lambda one: (one.code, -one.version))

    @property
    def periods(self) -> list[Judged]:
        """The judged periods of the chosen set, the latest first."""
        return [one for one in self.offered if self.chosen and one.set_id == self.chosen.set_id]

    @property
    def now(self) -> str:
        """What an address needs to show the same set and period, as known now."""
        return f"{SET}={self.chosen.set_code}&{PERIOD}={self.chosen.period_code}" if self.chosen else ""

    @property
    def query(self) -> str:
        """What an address needs to show the same set and period, as known when they are shown."""
        known = f"{KNOWN}={self.known}" if self.known else ""
        return "&".join(part for part in (self.now, known) if part)


def choose(asked: Mapping[str, str], offered: Sequence[Judged], known: str = "") -> Choice:
    """What `bo` (`code` or `code:version`) and `ky` ask for among what is offered, the latest first.

    `known` is the day whose knowledge is shown, as the address writes it. What is not there is told in
    `problems`, and the nearest thing that is there is shown.
    """
    try:
        of_set = _of_set(asked.get(SET, ""), offered)
    except Refused as refused:
        return Choice(offered[0] if offered else None, offered, refused.problems, known)
    try:
        return Choice(period_of(asked.get(PERIOD, ""), of_set), offered, known=known)
    except Refused as refused:
        return Choice(of_set[0] if of_set else None, offered, refused.problems, known)


def _of_set(asked: str, offered: Sequence[Judged]) -> list[Judged]:
    """What is offered of the set that is asked for; of the one that is at home here if none is."""
    if not asked:
        return _at_home(offered)
    code, _, version = asked.partition(":")
    found = [one for one in offered if one.code == code and version in {"", str(one.version)}]
    if not found:
        raise Refused([_no_such_set(asked, code)])
    newest = max(one.version for one in found)
    return [one for one in found if one.version == newest]


def _at_home(offered: Sequence[Judged]) -> list[Judged]:
    """The set judged for most periods, of several the one issued first: a new one takes nobody's first page.

    Of its versions the one of the latest period.
    """
    periods: dict[str, set[int]] = defaultdict(set)
    issued: dict[str, int] = {}
    for one in offered:
        periods[one.code].add(one.period_id)
        issued[one.code] = min(one.set_id, issued.get(one.code, one.set_id))
    if not issued:
        return []
    code = min(issued, key=lambda code: (-len(periods[code]), issued[code]))
    newest = next(one for one in offered if one.code == code)
    return [one for one in offered if one.set_id == newest.set_id]


def _no_such_set(asked: str, code: str) -> Problem:
    known = codes()
    shown = asked[:60]
    if code in known:
        reason = Text(
            vi=f"Bộ tiêu chí “{shown}” chưa được xét cho đơn vị nào ở đây.",
            en=f"The criteria set “{shown}” has not been judged for any unit here.",
        )
        return Problem("set-not-judged", reason)
    reason = Text(vi=f"Không có bộ tiêu chí “{shown}”.", en=f"There is no criteria set “{shown}”.")
    return Problem("no-such-set", reason, nearest_hint(code, known))
