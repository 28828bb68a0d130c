"""What a dossier shows to whoever decides: what the set's own rule makes of it, and how councils voted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kieumau.assessments.rules import Outcome
from kieumau.calendars.working_days import day_of
from kieumau.rounds.deciding import Against, Ballot, against, latest
from kieumau.rounds.dossier_page import page_of
from kieumau.rounds.models import Dossier, Vote


@dataclass(frozen=True, slots=True)
class Shown:
    """The outcome by the set's own rule, and the last ballot of every council, as corrected.

    `concluded_on` is the day on which the dossier came where it stands; null where nothing was done to it.
    """

    verdict: Outcome
    ballots: Sequence[Ballot]
    concluded_on: date | None

    def against(self, *, is_met: bool) -> list[Against]:
        """What a decision would go against."""
        return against(is_met=is_met, verdict=self.verdict, ballots=self.ballots)


def shown_by(dossier: Dossier, now: datetime) -> Shown:
    """What a dossier shows now. Five queries beside its round, period, set and last day."""
    votes = Vote.objects.filter(dossier=dossier, correction=None).order_by("held_on", "pk")
    ballots = [Ballot(one.council, one.held_on, one.members, one.in_favor, one.against) for one in votes]
    page = page_of(dossier, now)
    concluded_on = day_of(page.moves[-1].at) if page.moves else None
    return Shown(page.result.outcome, latest(ballots), concluded_on)
