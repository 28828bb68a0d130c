"""What is done about notices, for the log."""

from kieumau.audit.verbs import verb

CHOOSE = verb(
    "notices.choose", vi="{actor} đã chọn cách nhận thông báo", en="{actor} chose how to be told of things"
)
