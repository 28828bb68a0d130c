"""What a dossier shows to whoever decides: what the set's own rule makes of it, and how councils voted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kieumau.assessments.rules import Outcome
from kieumau.calendars.working_days import day_of
from kieumau.rounds.deciding import Against, Ballot, against, latest
from kieumau.rounds.dossier_page import page_of
from kieumau.rounds.models import Dossier, Move, Vote
from kieumau.rounds.rules import Act


@dataclass(frozen=True, slots=True)
class Shown:
    """The outcome by the set's own rule, and the last ballot of every council on the dossier as it is now.

    `concluded_on` is the day on which the dossier came where it stands; null where nothing was done to it.
    `met` of `total` criteria that apply were found met.
    """

    verdict: Outcome
    ballots: Sequence[Ballot]
    concluded_on: date | None
    met: int
    total: int

    def against(self, *, is_met: bool) -> list[Against]:
        """What a decision would go against."""
        return against(is_met=is_met, verdict=self.verdict, ballots=self.ballots)


def shown_by(dossier: Dossier, now: datetime) -> Shown:
    """What a dossier shows now. Five queries beside its round, period, set and last day."""
    page = page_of(dossier, now)
    votes = Vote.objects.filter(dossier=dossier, correction=None).order_by("held_on", "pk")
    ballots = [
        Ballot(one.council, one.held_on, one.members, one.in_favor, one.against)
        for one in votes
        if not is_on_another(one, changed_at(dossier, page.moves))
    ]
    concluded_on = day_of(page.moves[-1].at) if page.moves else None
    counts = page.result.counts
    total = counts.total - counts.not_applicable
    return Shown(page.result.outcome, latest(ballots), concluded_on, counts.met, total)


def changed_at(dossier: Dossier, moves: Sequence[Move]) -> datetime | None:
    """When the dossier was submitted again, changed since; null where it was never sent back."""
    was_sent_back = any(one.act == Act.SEND_BACK for one in moves)
    return dossier.submitted_at if was_sent_back else None


def is_on_another(vote: Vote, changed: datetime | None) -> bool:
    """Did the council vote on an earlier version of the dossier? It stays and counts no more.

    It met before the day on which the dossier came again, or its vote was put down before it did.
    """
    return changed is not None and (vote.at < changed or vote.held_on < day_of(changed))
