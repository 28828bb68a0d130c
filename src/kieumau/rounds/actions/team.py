"""Teams: people who verify, guide and urge some criteria in an area of a round."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from kieumau.accounts.models import User
from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor
from kieumau.criteria.models import Criterion
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.text import tidy
from kieumau.rounds import verbs
from kieumau.rounds.models import Round, Team


class CannotAssign(Refused):
    """The team is not one: no name, nobody in it, criteria that the set has not, a name in use."""


@transaction.atomic
def assign_team(
    made: Round,
    *,
    area_id: int,
    name: str,
    criteria: Collection[str],
    people: Sequence[User],
    actor: Actor,
    now: datetime,
) -> Team:
    """Give criteria of a round, in an area, to a team of people. Raises `CannotAssign` with all faults."""
    rows = list(Criterion.objects.filter(criteria_set=made.criteria_set_id, code__in=criteria))
    name = tidy(name)
    problems = []
    if not name or not people or not criteria:
        problems.append(
            _problem(
                "no-team",
                "Tổ cần có tên, có người và có tiêu chí.",
                "A team needs a name, people and criteria.",
            )
        )
    if unknown := sorted(set(criteria) - {one.code for one in rows}):
        codes = ", ".join(unknown)
        problems.append(
            _problem(
                "no-such-criterion", f"Bộ tiêu chí không có: {codes}.", f"The set has no criteria {codes}."
            )
        )
    if problems:
        raise CannotAssign(problems)
    try:
        with transaction.atomic():
            team = Team.objects.create(round=made, area_id=area_id, name=name)
    except IntegrityError as error:
        if "round_team_name_once" not in str(error):
            raise
        raise CannotAssign(
            [_problem("already-there", "Đã có tổ mang tên này.", "There is a team of that name already.")]
        ) from None
    team.criteria.set(rows)
    team.people.set(people)
    audit.record(
        actor=actor,
        verb=verbs.ASSIGN_TEAM,
        object=("round", made.pk),
        name=f"{made.name}: {name}"[:200],
        unit_id=area_id,
        new={
            "team": name,
            "criteria": [one.code for one in rows],
            "people": [one.get_username() for one in people],
        },
        now=now,
    )
    return team


def _problem(code: str, vi: str, en: str) -> Problem:
    return Problem(code, Text(vi=vi, en=en))
