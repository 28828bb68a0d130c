"""What happens to how people sign in, for the log. No addresses, no names of devices."""

from kieumau.audit.verbs import verb

SIGNED_IN = verb("signing.signed_in", vi="{actor} đã đăng nhập", en="{actor} signed in")
FAILED = verb(
    "signing.failed",
    vi="{actor} ghi nhận nhiều lần đăng nhập sai vào {object}",
    en="{actor} noted repeated failures to sign in to {object}",
)
CHANGE_PASSWORD = verb(
    "signing.change_password", vi="{actor} đã đổi mật khẩu", en="{actor} changed the password"
)
RESET_PASSWORD = verb(
    "signing.reset_password",
    vi="{actor} đã đặt lại mật khẩu qua thư",
    en="{actor} set a new password by mail",
)
ADD_FACTOR = verb(
    "signing.add_factor", vi="{actor} đã thêm bước xác thực {object}", en="{actor} added the factor {object}"
)
REMOVE_FACTOR = verb(
    "signing.remove_factor",
    vi="{actor} đã bỏ bước xác thực {object}",
    en="{actor} removed the factor {object}",
)
MAKE_CODES = verb("signing.make_codes", vi="{actor} đã tạo mã dự phòng", en="{actor} made recovery codes")
END_SESSION = verb(
    "signing.end_session", vi="{actor} đã kết thúc một phiên đăng nhập", en="{actor} ended a session"
)
END_OTHERS = verb(
    "signing.end_others",
    vi="{actor} đã kết thúc mọi phiên đăng nhập khác",
    en="{actor} ended all other sessions",
)
INVITE = verb("signing.invite", vi="{actor} đã mời {object}", en="{actor} invited {object}")
TAKE_BACK = verb(
    "signing.take_back",
    vi="{actor} đã thu hồi lời mời {object}",
    en="{actor} took back the invitation of {object}",
)
ACCEPT = verb("signing.accept", vi="{actor} đã nhận lời mời", en="{actor} accepted an invitation")
CLOSE_ACCOUNT = verb(
    "signing.close_account",
    vi="{actor} đã đóng tài khoản {object}",
    en="{actor} closed the account {object}",
)
LINK = verb(
    "signing.link",
    vi="{actor} đã gắn tài khoản với cổng đăng nhập của cơ quan",
    en="{actor} linked the account to the agency's sign-on",
)
FORGET = verb(
    "signing.forget",
    vi="{actor} đã xóa địa chỉ thư và phiên đăng nhập hết hạn giữ",
    en="{actor} forgot mail addresses and sessions whose time was over",
)
