"""What is done to titles, for the log."""

from kieumau.audit.verbs import verb

RECOGNIZE = verb("awards.recognize", vi="{actor} đã công nhận {object}", en="{actor} recognized {object}")
DECLINE = verb(
    "awards.decline",
    vi="{actor} đã ghi quyết định không công nhận {object}",
    en="{actor} recorded that {object} was not recognized",
)
RECORD_EARLIER = verb(
    "awards.record_earlier",
    vi="{actor} đã ghi danh hiệu trước đây {object}",
    en="{actor} recorded an earlier title {object}",
)
ATTACH = verb(
    "awards.attach", vi="{actor} đã gắn văn bản vào {object}", en="{actor} put a document to {object}"
)
PUT_RIGHT = verb(
    "awards.put_right",
    vi="{actor} đã đính chính danh hiệu {object}",
    en="{actor} put the title {object} right",
)
WITHDRAW = verb("awards.withdraw", vi="{actor} đã thu hồi {object}", en="{actor} withdrew {object}")
