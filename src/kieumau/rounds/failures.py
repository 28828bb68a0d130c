"""Why something about a dossier could not be done. Every failure is said in both languages."""

from collections.abc import Iterable

from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.rounds.models import Evidence, StageFinding


class NotAllowed(Refused):
    """The dossier is not in a place, or not at a time, in which that may be done."""


class OtherSide(Refused):
    """The person has worked on this dossier for another side: nobody marks his own homework."""

    def __init__(self) -> None:
        reason = Text(
            vi="Bạn đã tham gia hồ sơ này ở vai trò khác, nên không làm được việc này.",
            en="You have worked on this dossier in another role, so you cannot do this.",
        )
        hint = Text(vi="Cần một người khác.", en="Somebody else must do it.")
        super().__init__([Problem("other-side", reason, hint)])


class SeenBefore(Refused):
    """The dossier has moved since the person saw it. `current` is its version now."""

    def __init__(self, current: int) -> None:
        self.current = current
        reason = Text(
            vi="Hồ sơ đã thay đổi sau khi bạn mở trang này.",
            en="The dossier has changed since you opened it.",
        )
        hint = Text(vi="Hãy xem lại rồi làm lại.", en="Look at it again, then try again.")
        super().__init__([Problem("changed-meanwhile", reason, hint)])


class SaidMeanwhile(Refused):
    """Somebody else answered first: `theirs` is what stands now, for the person to choose."""

    def __init__(self, theirs: StageFinding) -> None:
        self.theirs = theirs
        reason = Text(
            vi="Người khác vừa lưu kết quả của tiêu chí này.",
            en="Somebody else has just saved the result of this criterion.",
        )
        hint = Text(vi="Chọn giữ kết quả nào.", en="Choose which one to keep.")
        super().__init__([Problem("said-meanwhile", reason, hint)])


class JudgedMeanwhile(Refused):
    """Somebody else judged the document first: `theirs` is what stands now, for the person to choose."""

    def __init__(self, theirs: Evidence) -> None:
        self.theirs = theirs
        reason = Text(
            vi="Người khác vừa xem xét minh chứng này.",
            en="Somebody else has just judged this evidence.",
        )
        hint = Text(vi="Chọn giữ ý kiến nào.", en="Choose which one to keep.")
        super().__init__([Problem("judged-meanwhile", reason, hint)])


class NotComplete(Refused):
    """Some criteria are not answered, or lack what they need. `codes` names them."""

    def __init__(self, missing: Iterable[tuple[str, Problem]]) -> None:
        found = list(missing)
        self.codes = [code for code, _ in found]
        super().__init__([problem for _, problem in found])


def refuse(problems: Iterable[Problem]) -> None:
    """Raises `NotAllowed` if there are any problems."""
    if found := list(problems):
        raise NotAllowed(found)
