"""What is done to criteria sets and drafts, for the log."""

from kieumau.audit.verbs import verb

PUBLISH = verb(
    "criteria.publish",
    vi="{actor} đã ban hành bộ tiêu chí {object}",
    en="{actor} issued criteria set {object}",
)
MAKE_DRAFT = verb(
    "criteria.make_draft", vi="{actor} đã tạo bản thảo {object}", en="{actor} made draft {object}"
)
SAVE_DRAFT = verb(
    "criteria.save_draft", vi="{actor} đã sửa bản thảo {object}", en="{actor} changed draft {object}"
)
DELETE_DRAFT = verb(
    "criteria.delete_draft", vi="{actor} đã xóa bản thảo {object}", en="{actor} deleted draft {object}"
)
RESTORE_DRAFT = verb(
    "criteria.restore_draft",
    vi="{actor} đã khôi phục bản thảo {object}",
    en="{actor} brought draft {object} back",
)
ISSUE_DRAFT = verb(
    "criteria.issue_draft",
    vi="{actor} đã ban hành từ bản thảo {object}",
    en="{actor} issued from draft {object}",
)
