"""Why something about an assignment or a visit could not be done. Every failure is said in both languages."""

from collections.abc import Iterable

from kieumau.assignments.models import Assignment, Directive, Visit
from kieumau.kernel.messages import Problem, Refused, Text


class CannotGive(Refused):
    """What was to be given is not complete, or due in the past."""


class NotAllowed(Refused):
    """The assignment is not in a state in which that may be done, or a reason is lacking."""


class OwnWork(Refused):
    """The person reported on the assignment: nobody closes what he reported himself."""

    def __init__(self) -> None:
        reason = Text(
            vi="Bạn đã báo cáo nhiệm vụ này nên không tự kết thúc được.",
            en="You reported on this assignment, so you cannot close it.",
        )
        hint = Text(vi="Cần một người khác.", en="Somebody else must do it.")
        super().__init__([Problem("own-work", reason, hint)])


class ChangedMeanwhile(Refused):
    """Somebody else has changed it since it was seen: `theirs` is what stands now."""

    def __init__(self, theirs: Assignment | Directive | Visit) -> None:
        self.theirs = theirs
        who = theirs.changed_by
        reason = Text(
            vi=f"{who} đã thay đổi mục này trong lúc bạn đang sửa.",
            en=f"{who} changed this while you were at it.",
        )
        hint = Text(
            vi="Nội dung bạn nhập vẫn còn. Hãy so sánh rồi gửi lại.",
            en="What you typed is still there. Compare, then send it again.",
        )
        super().__init__([Problem("changed-meanwhile", reason, hint)])


def refuse(problems: Iterable[Problem]) -> None:
    """Raises `NotAllowed` if there are any problems."""
    if found := list(problems):
        raise NotAllowed(found)
