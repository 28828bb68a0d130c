"""How far the dossiers of a round are at each of its steps. Plain Python, no clock.

The steps are the stages of the round and, where something is decided, the decision. At every step a dossier
is at one point of `Progress`; that its last day there has passed (`LATE`) is said beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kieumau.rounds.rules import Place, Stage, State

Step = Stage | None  # None: the decision


class Progress(StrEnum):
    """Tiến độ ở một bước: not there yet, not begun, being worked on, sent back, through."""

    TO_COME = "to-come"
    NOT_BEGUN = "not-begun"
    UNDER_WAY = "under-way"
    SENT_BACK = "sent-back"
    THROUGH = "through"


DECISION, LATE = "decision", "overdue"
_PAST = frozenset({State.CONCLUDED, State.DECIDED})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a dossier stands; whether somebody has begun there, and whether its last day there has passed."""

    place: Place
    is_begun: bool = False
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """How many dossiers are at one point of a step; `key` asks for them, empty where there are never any."""

    count: int
    key: str


def steps_of(stages: Sequence[int], *, is_decided: bool) -> list[Step]:
    """The steps of a round, in order."""
    found: list[Step] = [Stage(one) for one in sorted(stages)]
    return [*found, None] if is_decided else found


def progress(standing: Standing, step: Step) -> Progress:
    """How far a dossier is at a step."""
    place = standing.place
    if step is None:
        if place.state not in _PAST:
            return Progress.TO_COME
        return Progress.THROUGH if place.state is State.DECIDED else Progress.NOT_BEGUN
    if place.stage != step:
        return Progress.THROUGH if place.stage > step else Progress.TO_COME
    if place.state in _PAST:
        return Progress.THROUGH
    if place.state is State.SENT_BACK:
        return Progress.SENT_BACK
    return Progress.UNDER_WAY if standing.is_begun else Progress.NOT_BEGUN


def key_of(step: Step, point: str) -> str:
    """What a list is asked for to have the dossiers at a point of a step: `verification.not-begun`."""
    return f"{DECISION if step is None else step.key}.{point}"


def points_of(step: Step) -> list[str]:
    """The points of a step at which there can be dossiers, in order; last of all LATE, where it is a stage.

    Dossiers are sent back to self-assessment alone; a decision is taken at once, and knows no deadline.
    """
    if step is None:
        return [Progress.TO_COME, Progress.NOT_BEGUN, Progress.THROUGH]
    left = () if step is Stage.SELF else (Progress.SENT_BACK,)
    return [*(one for one in Progress if one not in left), LATE]


def table(counts: Mapping[Standing, int], steps: Sequence[Step]) -> list[tuple[str, list[Cell]]]:
    """Point by point how many dossiers are there at each step; but for LATE every column adds up to all."""
    at: dict[str, int] = {}
    for standing, count in counts.items():
        for step in steps:
            key = key_of(step, progress(standing, step))
            at[key] = at.get(key, 0) + count
        if standing.is_late:
            key = key_of(standing.place.stage, LATE)
            at[key] = at.get(key, 0) + count
    return [(point, [_cell(at, step, point) for step in steps]) for point in (*Progress, LATE)]


def _cell(at: Mapping[str, int], step: Step, point: str) -> Cell:
    key = key_of(step, point)
    return Cell(at.get(key, 0), key if point in points_of(step) else "")
