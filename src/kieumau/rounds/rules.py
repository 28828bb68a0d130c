"""The life of a dossier: what may be done to it when, and what becomes of it. Plain Python, no clock.

A dossier goes through the stages of its round in order. The unit's own stages (baseline, self) end when it
submits; verification and appraisal end when they are concluded; then the dossier waits for a decision.
Whoever looks at it may send it back, as a whole or for single criteria: it then stands in the stage SELF
again until it is submitted once more, and every later stage follows anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from kieumau.kernel.messages import Problem, Text


class Stage(IntEnum):
    """Giai đoạn: baseline survey, self-assessment, verification, appraisal."""

    BASELINE = 1
    SELF = 2
    VERIFICATION = 3
    APPRAISAL = 4

    @property
    def key(self) -> str:
        """The word for programs and style sheets: `self`."""
        return self.name.lower()

    @classmethod
    def choices(cls) -> list[tuple[int, str]]:
        """Pairs for a Django field."""
        return [(stage.value, stage.key) for stage in cls]


class Side(IntEnum):
    """Bên: who works on a stage. One person is on one side of a dossier, for good."""

    UNIT = 1
    VERIFIERS = 2
    APPRAISERS = 3

    @classmethod
    def choices(cls) -> list[tuple[int, str]]:
        """Pairs for a Django field."""
        return [(side.value, side.name.lower()) for side in cls]


SIDE_OF = {
    Stage.BASELINE: Side.UNIT,
    Stage.SELF: Side.UNIT,
    Stage.VERIFICATION: Side.VERIFIERS,
    Stage.APPRAISAL: Side.APPRAISERS,
}


class State(StrEnum):
    """Tình trạng hồ sơ: being worked on, sent back, through all stages, decided."""

    OPEN = "open"
    SENT_BACK = "sent_back"
    CONCLUDED = "concluded"
    DECIDED = "decided"


class Act(StrEnum):
    """What is done to a dossier as a whole."""

    SUBMIT = "submit"
    SEND_BACK = "send_back"
    CONCLUDE = "conclude"  # the verifiers or appraisers are done
    DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dossier stands: its stage and state."""

    stage: Stage
    state: State


def first(stages: Sequence[Stage]) -> Place:
    """Where a dossier begins in a round of these stages (SELF is always one of them)."""
    return Place(min(stages), State.OPEN)


def allowed(place: Place) -> frozenset[Act]:
    """The acts that a dossier in this place knows."""
    if place.state is State.DECIDED:
        return frozenset()
    if place.state is State.CONCLUDED:
        return frozenset({Act.DECIDE, Act.SEND_BACK})
    if SIDE_OF[place.stage] is Side.UNIT:
        return frozenset({Act.SUBMIT})
    return frozenset({Act.CONCLUDE, Act.SEND_BACK})


def after(place: Place, act: Act, stages: Sequence[Stage]) -> Place:
    """Where the dossier stands after the act. Raises ValueError for one that its place does not know."""
    if act not in allowed(place):
        raise ValueError(f"{act} is not possible in {place}")
    if act is Act.DECIDE:
        return Place(place.stage, State.DECIDED)
    if act is Act.SEND_BACK:
        return Place(Stage.SELF, State.SENT_BACK)
    later = [stage for stage in sorted(stages) if stage > place.stage]
    return Place(later[0], State.OPEN) if later else Place(place.stage, State.CONCLUDED)


_WRONG = {
    Act.SUBMIT: Text(
        vi="Hồ sơ không ở bước tự đánh giá nên không trình được.",
        en="The dossier is not with the unit, so it cannot be submitted.",
    ),
    Act.SEND_BACK: Text(
        vi="Hồ sơ đang ở đơn vị hoặc đã có quyết định nên không trả lại được.",
        en="The dossier is with the unit, or decided, so it cannot be sent back.",
    ),
    Act.CONCLUDE: Text(
        vi="Hồ sơ không ở bước thẩm định hay phúc tra nên không kết luận được.",
        en="The dossier is not being verified or appraised, so that cannot be concluded.",
    ),
    Act.DECIDE: Text(
        vi="Hồ sơ chưa qua hết các giai đoạn nên chưa quyết định được.",
        en="The dossier has not been through all stages, so nothing can be decided yet.",
    ),
}

_DECIDED = Text(
    vi="Hồ sơ đã có quyết định nên không quyết định lần nữa được.",
    en="The dossier was decided before, so it cannot be decided again.",
)


def refusals(
    place: Place, act: Act, *, reason: str = "", is_in_time: bool = True, is_round_open: bool = True
) -> Iterator[Problem]:
    """Why the act may not be done; nothing where it may.

    A reason is needed to send back. The unit submits, and others conclude, only in time; sending back and
    deciding know no deadline. In a closed round nothing is done but deciding.
    """
    if not is_round_open and act is not Act.DECIDE:
        yield Problem(
            "round-is-closed", Text(vi="Đợt đánh giá đã đóng.", en="The round of assessment is closed.")
        )
    elif act not in allowed(place):
        is_decided = act is Act.DECIDE and place.state is State.DECIDED
        yield Problem(f"cannot-{act.value.replace('_', '-')}", _DECIDED if is_decided else _WRONG[act])
    elif act is Act.SEND_BACK and not reason.strip():
        yield Problem("no-reason", Text(vi="Cần nêu lý do trả lại.", en="Say why the dossier is sent back."))
    elif act in {Act.SUBMIT, Act.CONCLUDE} and not is_in_time:
        yield Problem(
            "past-the-deadline",
            Text(vi="Đã quá hạn của giai đoạn này.", en="The deadline of this stage has passed."),
            Text(vi="Đề nghị gia hạn, có lý do.", en="Ask for an extension, giving the reason."),
        )
