"""What is done to directives, visits and assignments, for the log."""

from kieumau.assignments.rules import Act
from kieumau.audit.verbs import verb

RECORD_DIRECTIVE = verb(
    "assignments.record_directive",
    vi="{actor} đã ghi chỉ đạo {object}",
    en="{actor} put down the directive {object}",
)
CHANGE_DIRECTIVE = verb(
    "assignments.change_directive",
    vi="{actor} đã sửa chỉ đạo {object}",
    en="{actor} changed the directive {object}",
)
RECORD_VISIT = verb(
    "assignments.record_visit",
    vi="{actor} đã ghi đợt kiểm tra {object}",
    en="{actor} put down the visit {object}",
)
CHANGE_VISIT = verb(
    "assignments.change_visit",
    vi="{actor} đã sửa đợt kiểm tra {object}",
    en="{actor} changed the visit {object}",
)
SETTLE = verb(
    "assignments.settle_conclusion",
    vi="{actor} đã ghi rằng một kết luận của {object} không cần giao nhiệm vụ",
    en="{actor} said that a conclusion of {object} needs no assignment",
)
REMIND = verb(
    "assignments.remind", vi="{actor} đã nhắc hạn các nhiệm vụ", en="{actor} reminded of assignments"
)
OF_ACT = {
    Act.GIVE: verb("assignments.give", vi="{actor} đã giao nhiệm vụ {object}", en="{actor} gave {object}"),
    Act.CHANGE: verb(
        "assignments.change", vi="{actor} đã sửa nhiệm vụ {object}", en="{actor} changed {object}"
    ),
    Act.PROGRESS: verb(
        "assignments.progress",
        vi="{actor} đã báo cáo tiến độ {object}",
        en="{actor} reported progress on {object}",
    ),
    Act.REPORT: verb(
        "assignments.report",
        vi="{actor} đã báo cáo hoàn thành {object}",
        en="{actor} reported {object} as done",
    ),
    Act.SEND_BACK: verb(
        "assignments.send_back", vi="{actor} đã trả lại {object}", en="{actor} sent {object} back"
    ),
    Act.CLOSE: verb("assignments.close", vi="{actor} đã kết thúc {object}", en="{actor} closed {object}"),
    Act.WITHDRAW: verb(
        "assignments.withdraw", vi="{actor} đã rút nhiệm vụ {object}", en="{actor} withdrew {object}"
    ),
    Act.ASK: verb(
        "assignments.ask_for_time",
        vi="{actor} đã xin gia hạn {object}",
        en="{actor} asked for more time for {object}",
    ),
    Act.GRANT: verb(
        "assignments.grant_time",
        vi="{actor} đã gia hạn {object}",
        en="{actor} granted more time for {object}",
    ),
    Act.REFUSE: verb(
        "assignments.refuse_time",
        vi="{actor} đã không gia hạn {object}",
        en="{actor} refused more time for {object}",
    ),
}
