"""What publishing a version changes, told on the command line."""

from collections.abc import Sequence

from rich.markup import escape

from kieumau.assessments.rules import Outcome
from kieumau.assessments.sentences import outcome_word
from kieumau.calendars.library import calendar as calendar_of
from kieumau.cli.say import out, tell
from kieumau.cli.trying import UnitNames, show_changes
from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import format_number
from kieumau.trials.previewing import Line, Preview
from kieumau.trials.trying import PeriodTrial

ADDED = Text(vi="Thêm", en="Added")
REMOVED = Text(vi="Bỏ", en="Removed")
CHANGED = Text(vi="Sửa", en="Changed")


def show_preview(found: Preview, chosen: str) -> None:
    """Criteria added, removed, changed; the units whose outcome changes; what becomes of verdicts."""
    if found.newest is None or found.changes is None:
        tell("Đây là phiên bản đầu tiên.", "This is the first version.", chosen)
    elif not found.changes:
        tell(
            f"Nội dung như {found.newest}; chỉ khác chỉ tiêu dẫn xuất.",
            f"It says the same as {found.newest}; only derived indicators differ.",
            chosen,
        )
    else:
        tell(f"So với {found.newest}:", f"Against {found.newest}:", chosen)
        _show_lines(ADDED, found.added, chosen)
        _show_lines(REMOVED, found.removed, chosen)
        _show_lines(CHANGED, found.changed, chosen)
        if found.of_the_set:
            tell(
                f"  Về cả bộ: {_joined(found.of_the_set, 'vi')}.",
                f"  Of the set itself: {_joined(found.of_the_set, 'en')}.",
                chosen,
            )
        if found.changes.are_reordered:
            tell("  Thứ tự tiêu chí thay đổi.", "  The criteria stand in another order.", chosen)
    if found.asked_by:
        codes = ", ".join(one.code for one in found.asked_by)
        tell(
            f"Các bộ hỏi kết quả của bộ này: {codes}. Xét theo bản mới rồi xét lại các bộ ấy.",
            f"Sets that ask for its verdicts: {codes}. Judge by the new version, then judge them again.",
            chosen,
        )
    _show_trial(found, chosen)


def _show_trial(found: Preview, chosen: str) -> None:
    tried = found.trial
    if tried is None:
        tell(
            "Chưa có số liệu của kỳ nào để thử.",
            "There are no figures of any period to try it on.",
            chosen,
        )
        return
    label = calendar_of(tried.window.calendar).label(tried.window)
    count = format_number(len(tried.units), 0, chosen)
    tell(f"Thử trên {label.vi}, {count} đơn vị:", f"Tried on {label.en}, {count} units:", chosen)
    if tried.against is None:
        out.print(escape(f"  {_counts(tried, chosen)}"))
        return
    show_changes(tried, UnitNames(tried), chosen)
    tell(
        f"Kết quả đã xét theo {tried.against} giữ nguyên.",
        f"Verdicts given under {tried.against} stay as they are.",
        chosen,
    )


def _show_lines(word: Text, lines: Sequence[Line], chosen: str) -> None:
    for line in lines:
        fields = f" ({_joined(line.fields, chosen)})" if line.fields else ""
        out.print(escape(f"  {word.in_(chosen)}: {line.code} {line.title.in_(chosen)}{fields}"))


def _counts(tried: PeriodTrial, chosen: str) -> str:
    """“đạt: 12, chưa đạt: 3”."""
    found = (
        f"{outcome_word(outcome, chosen)}: {format_number(tried.counts[outcome], 0, chosen)}"
        for outcome in Outcome
        if tried.counts[outcome]
    )
    return ", ".join(found)


def _joined(words: Sequence[Text], chosen: str) -> str:
    return ", ".join(word.in_(chosen) for word in words)
