"""Why something cannot be done to a programme."""

from kieumau.kernel.messages import Problem, Refused, Text


class ChangedMeanwhile(Refused):
    """Somebody else changed the row after it was read; `by` may be unknown."""

    def __init__(self, by: str) -> None:
        reason = Text(
            vi=f"{by or 'Người khác'} đã sửa mục này trong lúc bạn đang sửa.",
            en=f"{by or 'Somebody else'} changed this while you were at it.",
        )
        hint = Text(
            vi="Hãy so sánh với bản hiện có rồi lưu lại.", en="Compare with what it is now, then save again."
        )
        super().__init__([Problem("changed-meanwhile", reason, hint)])


class Gone(Refused):
    """Somebody else removed the row meanwhile."""

    def __init__(self) -> None:
        reason = Text(
            vi="Mục này đã bị bỏ trong lúc bạn đang sửa.", en="This was removed while you were at it."
        )
        hint = Text(vi="Hãy thêm mới nếu vẫn cần.", en="Add it anew if it is still needed.")
        super().__init__([Problem("gone", reason, hint)])


class AlreadyThere(Refused):
    """There is such a row already: a code, a set or target of that year, the unit at that time."""

    def __init__(self, reason: Text) -> None:
        super().__init__([Problem("already-there", reason)])


class CannotChoose(Refused):
    """Units cannot take part; every one of them is named."""
