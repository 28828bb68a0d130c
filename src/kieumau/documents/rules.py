"""What a document on a shelf must say of itself. Plain Python."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from kieumau.kernel.messages import Problem, Text

# Kinds that every office knows. Criteria ask for kinds of their own, which are offered beside them.
GENERAL: dict[str, Text] = {
    "resolution": Text(vi="Nghị quyết", en="Resolution"),
    "decision": Text(vi="Quyết định", en="Decision"),
    "plan": Text(vi="Kế hoạch", en="Plan"),
    "program": Text(vi="Chương trình", en="Program"),
    "report": Text(vi="Báo cáo", en="Report"),
    "minutes": Text(vi="Biên bản", en="Minutes"),
    "letter": Text(vi="Công văn", en="Official letter"),
    "notice": Text(vi="Thông báo", en="Notice"),
    "list": Text(vi="Danh sách, bảng kê", en="List or table"),
    "certificate": Text(vi="Giấy chứng nhận, giấy khen", en="Certificate"),
    "registration": Text(vi="Bản đăng ký, cam kết", en="Registration or pledge"),
    "photographs": Text(vi="Ảnh tư liệu", en="Photographs"),
    "other": Text(vi="Văn bản khác", en="Other document"),
}
FIRST_DAY = date(1945, 9, 2)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document says of itself. `proves_from` to `proves_until`, both inclusive, is what it proves."""

    kind: str
    issued_on: date
    summary: str
    reference: str = ""
    issuer: str = ""
    proves_from: date | None = None
    proves_until: date | None = None


def faults(facts: Facts, kinds: Collection[str], today: date) -> list[Problem]:
    """Everything that is wrong with the facts, in one pass."""
    found = []
    if facts.kind not in kinds:
        reason = Text(
            vi=f"Không có loại văn bản “{facts.kind}”.", en=f"There is no kind of document “{facts.kind}”."
        )
        found.append(Problem("unknown-kind-of-document", reason))
    if not facts.summary:
        found.append(Problem("no-summary", Text(vi="Hãy ghi trích yếu.", en="Say what it is about.")))
    if not FIRST_DAY <= facts.issued_on <= today:
        reason = Text(
            vi="Ngày ban hành phải từ 02/09/1945 đến hôm nay.",
            en="The date must lie between 2 September 1945 and today.",
        )
        found.append(Problem("impossible-date", reason))
    if (facts.proves_from is None) != (facts.proves_until is None):
        reason = Text(
            vi="Thời gian được minh chứng cần cả ngày đầu và ngày cuối.",
            en="The time that it proves needs its first and its last day.",
        )
        found.append(Problem("half-a-period", reason))
    elif facts.proves_from and facts.proves_until and facts.proves_from > facts.proves_until:
        reason = Text(
            vi="Thời gian được minh chứng kết thúc trước khi bắt đầu.",
            en="The time that it proves ends before it begins.",
        )
        found.append(Problem("period-backwards", reason))
    return found
