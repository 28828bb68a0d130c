"""Teams bind: where there is one for a criterion, only its people verify it."""

from collections import defaultdict

from kieumau.accounts.models import User
from kieumau.accounts.scopes import holders
from kieumau.kernel.messages import Problem, Text
from kieumau.rounds.access import VERIFY
from kieumau.rounds.holding import Held
from kieumau.rounds.models import Hand, Team
from kieumau.rounds.rules import Side, Stage


def bound(held: Held, criterion_id: int, actor: User) -> list[Problem]:
    """Why the actor does not verify a criterion of a held dossier: it is somebody else's, by teams.

    Nothing at other stages, for a criterion without a team in the dossier's area, and for the people of one.
    A team of which nobody may verify it any more (accounts closed, roles ended, worked on it for others)
    binds nobody. One query, at verification alone.
    """
    if held.place.stage is not Stage.VERIFICATION:
        return []
    above = [int(part) for part in held.path.rstrip(".").split(".")]
    teams = Team.objects.filter(
        round=held.round_id, ended_at=None, binds=True, criteria=criterion_id, area__in=above
    )
    members = Team.people.through.objects.filter(
        team__in=teams.order_by().values("pk"), user__in=holders(VERIFY, held.unit_id, held.programme)
    )
    others = Hand.objects.filter(dossier=held.id).exclude(side=Side.VERIFIERS)
    able = members.exclude(user__in=others.order_by().values("person"))
    people: dict[str, list[str]] = defaultdict(list)
    for name, person, username in able.order_by("team__name", "user__username").values_list(
        "team__name", "user", "user__username"
    ):
        if person == actor.pk:
            return []
        people[name].append(username)
    if not people:
        return []
    named = "; ".join(f"{name} ({', '.join(each)})" for name, each in people.items())
    reason = Text(
        vi=f"Tiêu chí này do tổ khác thẩm định: {named}.", en=f"Others verify this criterion: {named}."
    )
    hint = Text(
        vi="Cơ quan mở đợt có thể đổi thành viên của tổ.",
        en="The office that opened the round can change the people of the team.",
    )
    return [Problem("of-another-team", reason, hint)]
