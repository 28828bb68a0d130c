"""What the values of closed sets are called in the log: stages, states, outcomes, grounds, posts in a body.

They belong to higher packages, of which the log knows the codes alone; one without a word is shown as it is.
Days, moments and spans of days stand in entries as ISO 8601 writes them, and are shown as people do.
"""

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kieumau.kernel.days import in_words, span_in_words
from kieumau.kernel.messages import Text

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_DAY = r"\d{4}-\d\d-\d\d"
_SPAN = re.compile(rf"({_DAY})(?:/|\.\.)({_DAY})")
_MOMENT = re.compile(rf"{_DAY}[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)")


def _words(*rows: tuple[str, str, str]) -> dict[str, Text]:
    return {code: Text(vi=vi, en=en) for code, vi, en in rows}


_STAGES = _words(
    ("baseline", "khảo sát ban đầu", "baseline survey"),
    ("self", "tự đánh giá", "self-assessment"),
    ("verification", "thẩm định", "verification"),
    ("appraisal", "phúc tra", "appraisal"),
)
_OUTCOMES = _words(
    ("met", "đạt", "met"),
    ("not_met", "chưa đạt", "not met"),
    ("not_due", "chưa đến hạn", "not due"),
    ("not_applicable", "không áp dụng", "not applicable"),
    ("no_data", "thiếu số liệu", "no data"),
    ("not_judged", "chưa kết luận", "not judged"),
    ("1", "đạt", "met"),
    ("2", "chưa đạt", "not met"),
    ("3", "chưa đến hạn", "not due"),
    ("4", "không áp dụng", "not applicable"),
    ("5", "thiếu số liệu", "no data"),
    ("6", "chưa kết luận", "not judged"),
)
_STATES = _words(
    ("accepted", "được chấp nhận", "accepted"),
    ("cancelled", "đã hủy", "cancelled"),
    ("closed", "đã đóng", "closed"),
    ("concluded", "đã kết luận", "concluded"),
    ("decided", "đã có quyết định", "decided"),
    ("draft", "đang nhập", "draft"),
    ("locked", "đã khóa", "locked"),
    ("open", "đang mở", "open"),
    ("pending", "chưa đánh giá", "not judged yet"),
    ("preparing", "đang chuẩn bị", "being prepared"),
    ("refused", "không chấp nhận", "not accepted"),
    ("sent_back", "bị trả lại", "sent back"),
    ("submitted", "đã nộp", "submitted"),
)
_OF: dict[str, dict[str, Text]] = {
    **dict.fromkeys(("stage", "stages"), _STAGES),
    **dict.fromkeys(("outcome", "verdict"), _OUTCOMES),
    "state": _STATES,
    "phase": _words(("pilot", "thí điểm", "pilot"), ("roll_out", "nhân rộng", "roll-out")),
    "ground": _words(
        ("false_declaration", "kê khai gian dối", "false declaration"),
        ("forged_dossier", "hồ sơ giả", "forged dossier"),
        ("unlawful_appraisal", "xét duyệt trái quy định", "unlawful appraisal"),
        ("standard_not_met", "không còn đạt tiêu chuẩn", "standard no longer met"),
    ),
    "body": _words(
        ("steering", "ban chỉ đạo", "steering committee"), ("helpers", "tổ giúp việc", "helper team")
    ),
    "language": _words(("vi", "tiếng Việt", "Vietnamese"), ("en", "tiếng Anh", "English")),
}
CLOSED = frozenset(_OF)  # parts whose every value has a word


def word_of(part: str, value: Any) -> Text | None:
    """What a value of a part (or of one line of many: `3.1.outcome`) is called; None where it has no word."""
    known = _OF.get(part.rpartition(".")[2], {})
    return known.get(str(value)) if isinstance(value, str | int) else None


def time_in_words(value: Any) -> Text | None:
    """A day, a span of days or a moment (in Vietnam's time) as people write it; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        if re.fullmatch(_DAY, value):
            return in_words(date.fromisoformat(value))
        if span := _SPAN.fullmatch(value):
            return span_in_words(date.fromisoformat(span[1]), date.fromisoformat(span[2]))
        if _MOMENT.fullmatch(value):
            moment = datetime.fromisoformat(value).astimezone(_ZONE)
            day = in_words(moment.date())
            return Text(vi=f"{moment:%H:%M} {day.vi}", en=f"{moment:%H:%M}, {day.en}")
    except (ValueError, OverflowError):
        return None
    return None
