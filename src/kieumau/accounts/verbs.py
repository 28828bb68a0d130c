"""What is done to accounts and tokens, for the log."""

from kieumau.audit.verbs import verb

ADD_USER = verb(
    "accounts.add_user", vi="{actor} đã thêm người dùng {object}", en="{actor} added user {object}"
)
GIVE_ROLE = verb(
    "accounts.give_role", vi="{actor} đã giao quyền cho {object}", en="{actor} gave {object} a role"
)
END_ROLE = verb(
    "accounts.end_role", vi="{actor} đã kết thúc quyền của {object}", en="{actor} ended a role of {object}"
)
# Written until roles came; the entries stay readable.
verb(
    "accounts.let_issue",
    vi="{actor} đã cho {object} quyền ban hành bộ tiêu chí",
    en="{actor} let {object} issue criteria sets",
)
MAKE_TOKEN = verb(
    "accounts.make_token", vi="{actor} đã tạo mã truy cập {object}", en="{actor} made token {object}"
)
REVOKE_TOKEN = verb(
    "accounts.revoke_token",
    vi="{actor} đã thu hồi mã truy cập {object}",
    en="{actor} revoked token {object}",
)
