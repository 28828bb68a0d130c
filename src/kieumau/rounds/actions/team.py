"""Teams: people who verify, guide and urge some criteria in an area of a round; made, changed, ended."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from kieumau.accounts.models import User
from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor
from kieumau.audit.verbs import Verb
from kieumau.criteria.models import Criterion
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.text import tidy
from kieumau.rounds import verbs
from kieumau.rounds.actions.close import name_of
from kieumau.rounds.models import Round, Team


class CannotAssign(Refused):
    """The team is not one: no name, nobody in it, criteria that the set has not, a name in use; or it ended.

    Or the round is not open. Or somebody changed it since it was seen: the problem says what stands now.
    """


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
    _hold_open(made.pk)
    rows, name = _checked(made, name, criteria, people), tidy(name)
    with _name_in_use():
        team = Team.objects.create(round=made, area_id=area_id, name=name)
    team.criteria.set(rows)
    team.people.set(people)
    _tell(verbs.ASSIGN_TEAM, team, actor, now, new=_facts(name, rows, people))
    return team


@transaction.atomic
def change_team(
    team: Team,
    *,
    name: str,
    criteria: Collection[str],
    people: Sequence[User],
    seen: int,
    actor: Actor,
    now: datetime,
) -> Team:
    """Give a team another name, other criteria or people. Raises `CannotAssign` with all faults."""
    found = _held(team)
    before = _facts(found.name, found.criteria.order_by("position"), found.people.order_by("username"))
    if found.version != seen:
        raise _changed_meanwhile(before)
    rows, name = _checked(found.round, name, criteria, people), tidy(name)
    found.name, found.version, found.binds = name, found.version + 1, True
    with _name_in_use():
        found.save(update_fields=["name", "version", "binds"])
    found.criteria.set(rows)
    found.people.set(people)
    _tell(verbs.CHANGE_TEAM, found, actor, now, old=before, new=_facts(name, rows, people))
    return found


@transaction.atomic
def end_team(team: Team, *, reason: str, seen: int, actor: Actor, now: datetime) -> Team:
    """End a team: from now on it binds nobody. Raises `CannotAssign` without a reason, or when changed."""
    found = _held(team)
    if found.version != seen:
        raise _changed_meanwhile(
            _facts(found.name, found.criteria.order_by("position"), found.people.order_by("username"))
        )
    if not reason.strip():
        raise CannotAssign([_problem("no-reason", "Nêu lý do kết thúc tổ.", "Say why the team ends.")])
    found.ended_at, found.ended_by, found.ended_reason = now, name_of(actor), reason.strip()
    found.version += 1
    found.save(update_fields=["ended_at", "ended_by", "ended_reason", "version"])
    _tell(verbs.END_TEAM, found, actor, now, old={"team": found.name}, new={"ended": True}, why=reason)
    return found


def _held(team: Team) -> Team:
    """The team alone, in a round that stays open meanwhile. Raises `CannotAssign` for one that ended."""
    _hold_open(team.round_id)
    found = Team.objects.select_for_update(of=("self",)).select_related("round").get(pk=team.pk)
    if found.ended_at is not None:
        raise CannotAssign([_problem("ended", "Tổ này đã kết thúc.", "This team has ended.")])
    return found


def _hold_open(round_id: int) -> None:
    """Whoever would close the round waits. Raises `CannotAssign` where it is not open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM round WHERE id = %s FOR SHARE", [round_id])
        (state,) = cursor.fetchone()
    if state != Round.State.OPEN:
        raise CannotAssign(
            [
                _problem(
                    "round-is-not-open",
                    "Đợt đánh giá không mở, nên không sửa được tổ.",
                    "The round is not open, so its teams cannot change.",
                )
            ]
        )


def _changed_meanwhile(stands: dict[str, str | list[str]]) -> CannotAssign:
    said = "; ".join(value if isinstance(value, str) else ", ".join(value) for value in stands.values())
    return CannotAssign(
        [
            _problem(
                "changed-meanwhile",
                f"Người khác vừa sửa tổ này. Nay là: {said}. Gửi lần nữa nếu vẫn muốn vậy.",
                f"Somebody has changed this team: {said}. Send it again if you still want to.",
            )
        ]
    )


def _checked(made: Round, name: str, criteria: Collection[str], people: Sequence[User]) -> list[Criterion]:
    """The criteria meant. Raises `CannotAssign` with all faults."""
    rows = list(Criterion.objects.filter(criteria_set=made.criteria_set_id, code__in=criteria))
    problems = []
    if not tidy(name) or not people or not criteria:
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
    return rows


@contextmanager
def _name_in_use() -> Iterator[None]:
    """Says in words that a team of that name is there already."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "round_team_name_once" not in str(error):
            raise
        raise CannotAssign(
            [_problem("already-there", "Đã có tổ mang tên này.", "There is a team of that name already.")]
        ) from None


def _facts(name: str, criteria: Iterable[Criterion], people: Iterable[User]) -> dict[str, str | list[str]]:
    return {
        "team": name,
        "criteria": [one.code for one in criteria],
        "people": [one.get_username() for one in people],
    }


def _tell(verb: Verb, team: Team, actor: Actor, now: datetime, **said: Any) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        object=("round", team.round_id),
        name=f"{team.round.name}: {team.name}"[:200],
        unit_id=team.area_id,
        now=now,
        **said,
    )


def _problem(code: str, vi: str, en: str) -> Problem:
    return Problem(code, Text(vi=vi, en=en))
