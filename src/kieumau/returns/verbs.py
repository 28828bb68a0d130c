"""What is done to forms and returns, for the log."""

from kieumau.audit.verbs import verb
from kieumau.returns.rules import Act

LOAD_FORM = verb(
    "returns.load_form", vi="{actor} đã nạp biểu mẫu {object}", en="{actor} loaded form {object}"
)
OPEN_PERIODS = verb(
    "returns.open_periods", vi="{actor} đã mở các kỳ báo cáo", en="{actor} opened periods for returns"
)
REMIND = verb("returns.remind", vi="{actor} đã ghi nhắc báo cáo", en="{actor} noted reminders of returns")
ACTS = {
    Act.SUBMIT: verb(
        "returns.submit", vi="{actor} đã trình báo cáo {object}", en="{actor} submitted return {object}"
    ),
    Act.ACCEPT: verb(
        "returns.accept", vi="{actor} đã nhận báo cáo {object}", en="{actor} accepted return {object}"
    ),
    Act.SEND_BACK: verb(
        "returns.send_back",
        vi="{actor} đã trả lại báo cáo {object}",
        en="{actor} sent back return {object}",
    ),
    Act.UNLOCK: verb(
        "returns.unlock", vi="{actor} đã mở khóa báo cáo {object}", en="{actor} unlocked return {object}"
    ),
}
