"""What entries speak of, in words: the parts that changed, and the kinds of objects.

A part that packages name by their own codes (an indicator, a check) is asked of `registry.part_names`; one
without any name is shown as it is. `tests/test_every_action_is_logged.py` fails on such a one.
"""

import re
from collections.abc import Mapping

from kieumau.kernel.messages import Text

_WORDS: dict[str, Text] = {
    name: Text(vi=vi, en=en)
    for name, vi, en in (
        ("about", "về việc", "about"),
        ("about_text", "về việc", "about"),
        ("acts", "quyết định", "acts"),
        ("added", "thêm", "added"),
        ("addresses", "số địa chỉ thư", "mail addresses"),
        ("against", "không tán thành", "against"),
        ("approved", "kinh phí được duyệt", "money approved"),
        ("area_id", "địa bàn", "area"),
        ("as_of", "xét tại ngày", "as of"),
        ("body", "ban", "body"),
        ("ceremony_on", "ngày trao", "awarded on"),
        ("certificate", "số giấy chứng nhận", "number of the certificate"),
        ("changed", "sửa", "changed"),
        ("checks", "phép kiểm tra", "checks"),
        ("conclusions", "kết luận", "conclusions"),
        ("corrected_by", "văn bản đính chính", "corrected by"),
        ("council", "hội đồng", "council"),
        ("criteria", "tiêu chí", "criteria"),
        ("criteria_set_id", "số của bộ tiêu chí", "number of the criteria set"),
        ("currency", "đơn vị tiền", "currency"),
        ("days", "các ngày", "days"),
        ("deadlines", "số kỳ đã mở", "periods opened"),
        ("decided_on", "ngày quyết định", "decided on"),
        ("digest", "mã kiểm chứng (SHA-256) của nội dung", "fingerprint (SHA-256) of the content"),
        ("document", "số của văn bản", "number of the document"),
        ("document_id", "số của văn bản", "number of the document"),
        ("documents", "văn bản", "documents"),
        ("done_on", "hoàn thành ngày", "done on"),
        ("dossiers", "số hồ sơ", "dossiers"),
        ("draws", "cách rút mẫu", "how samples are drawn"),
        ("dropped", "đã bỏ", "dropped"),
        ("due_on", "hạn", "due on"),
        ("due_until", "hạn đến", "due until"),
        ("ended", "đã kết thúc", "ended"),
        ("ends_before", "hết hiệu lực trước ngày", "ends before"),
        ("ends_on", "kết thúc ngày", "ends on"),
        ("expected", "số đơn vị dự kiến", "units expected"),
        ("expires_at", "hết hạn lúc", "expires at"),
        ("extensions", "số lần gia hạn", "extensions"),
        ("faults", "số lỗi", "faults"),
        ("files", "tệp", "files"),
        ("findings", "nhận xét", "findings"),
        ("first_day", "ngày đầu", "first day"),
        ("first_year", "năm đầu", "first year"),
        (
            "frame",
            "mã kiểm chứng (SHA-256) của danh sách để rút",
            "fingerprint (SHA-256) of the list drawn from",
        ),
        ("from", "từ ngày", "from"),
        ("from_year", "từ năm", "from the year"),
        ("giver", "đơn vị giao", "given by"),
        ("grant", "số của lần cấp vai trò", "number of the grant"),
        ("ground", "căn cứ thu hồi", "ground"),
        ("held_on", "ngày họp", "held on"),
        ("in_favor", "tán thành", "in favor"),
        ("indicators", "số chỉ tiêu", "indicators"),
        ("inserted", "số liệu mới", "new figures"),
        ("is_met", "đạt", "met"),
        ("is_working", "là ngày làm việc", "is worked"),
        ("issued_as", "ban hành thành", "issued as"),
        ("issued_on", "ngày ban hành", "issued on"),
        ("issuer", "cơ quan ban hành", "issuer"),
        ("judged", "số đơn vị đã xét", "units judged"),
        ("kept", "giữ nguyên", "left alone"),
        ("kind", "loại", "kind"),
        ("kinds", "loại đơn vị", "kinds of units"),
        ("language", "ngôn ngữ", "language"),
        ("last_day", "ngày cuối", "last day"),
        ("last_year", "năm cuối", "last year"),
        ("lasts_months", "số tháng có hiệu lực", "months it lasts"),
        ("leader", "đơn vị chủ trì", "led by"),
        ("left_out", "số đơn vị không đưa vào", "units left out"),
        ("legal_basis", "căn cứ pháp lý", "legal basis"),
        ("level", "cấp", "level"),
        ("lineage", "kế thừa", "lineage"),
        ("locks_at", "khóa lúc", "locks at"),
        ("lot", "mã lô", "lot"),
        ("mail", "nhận thư", "mail"),
        ("members", "số thành viên", "members"),
        ("minutes", "số của biên bản", "number of the minutes"),
        ("muted", "loại thông báo đã tắt", "kinds of notices turned off"),
        ("name", "tên", "name"),
        ("name_en", "tên tiếng Anh", "name in English"),
        ("name_vi", "tên tiếng Việt", "name in Vietnamese"),
        ("number", "số", "number"),
        ("of_unit_id", "thuộc đơn vị", "of the unit"),
        ("outcome", "kết quả", "outcome"),
        ("owner_id", "đơn vị thực hiện", "done by"),
        ("participants", "thành phần", "participants"),
        ("partners", "đơn vị phối hợp", "partners"),
        ("people", "người", "people"),
        ("percent", "phần trăm hoàn thành", "percent done"),
        ("period", "kỳ", "period"),
        ("phase", "giai đoạn", "phase"),
        ("planned", "kinh phí dự kiến", "money planned"),
        ("points", "điểm", "points"),
        ("positions", "vị trí trong cây", "positions in the tree"),
        ("post", "chức vụ", "post"),
        ("programme", "chương trình", "programme"),
        ("proves_from", "minh chứng từ ngày", "proves from"),
        ("proves_until", "minh chứng đến ngày", "proves until"),
        ("purpose", "mục đích", "purpose"),
        ("quiet_from", "không gửi từ giờ", "quiet from"),
        ("quiet_until", "không gửi đến giờ", "quiet until"),
        ("reference", "số ký hiệu", "reference"),
        ("remark", "nhận xét", "remark"),
        ("reminders", "số nhắc báo cáo", "reminders"),
        ("removed", "đã gỡ", "removed"),
        ("returns", "số báo cáo", "returns"),
        ("revised", "số liệu sửa", "revised figures"),
        ("role", "vai trò", "role"),
        ("roles", "vai trò", "roles"),
        ("seed", "số để rút", "seed"),
        ("sessions", "số phiên đăng nhập", "sessions"),
        ("set", "bộ tiêu chí", "criteria set"),
        ("sha256", "mã kiểm chứng (SHA-256)", "fingerprint (SHA-256)"),
        ("share", "tỷ lệ", "share"),
        ("size", "dung lượng (byte)", "size in bytes"),
        ("source", "căn cứ", "source"),
        ("spent", "đã chi", "money spent"),
        ("stage", "bước", "stage"),
        ("stages", "các bước", "stages"),
        ("starts_on", "bắt đầu ngày", "starts on"),
        ("state", "trạng thái", "state"),
        ("summary", "trích yếu", "summary"),
        ("takes_effect_on", "hiệu lực từ", "takes effect on"),
        ("task", "nhiệm vụ", "task"),
        ("team", "tổ", "team"),
        ("terms_added", "thời gian hiệu lực thêm", "terms added"),
        ("terms_removed", "thời gian hiệu lực bỏ", "terms removed"),
        ("text", "nội dung", "text"),
        ("title", "tiêu đề", "title"),
        ("title_en", "danh hiệu bằng tiếng Anh", "title in English"),
        ("title_vi", "danh hiệu bằng tiếng Việt", "title in Vietnamese"),
        ("unit_id", "đơn vị", "unit"),
        ("units", "đơn vị", "units"),
        ("units_after", "các đơn vị sau đó", "units afterwards"),
        ("units_before", "các đơn vị trước đó", "units before"),
        ("until", "đến ngày", "until"),
        ("verdict", "kết luận", "verdict"),
        ("version", "lần lưu", "version"),
        ("within", "trong phạm vi", "within"),
        ("written", "kết quả ghi mới", "verdicts written"),
        ("year", "năm", "year"),
    )
}
KINDS: dict[str, Text] = {
    name: Text(vi=vi, en=en)
    for name, vi, en in (
        ("assignment", "Nhiệm vụ", "Assignment"),
        ("catalogue", "Danh mục chỉ tiêu", "Catalogue of indicators"),
        ("change", "Quyết định thay đổi đơn vị", "Act that changed units"),
        ("criteria_set", "Bộ tiêu chí", "Criteria set"),
        ("day", "Ngày", "Day"),
        ("days_off", "Ngày nghỉ của năm", "Days off of a year"),
        ("directive", "Chỉ đạo", "Directive"),
        ("document", "Văn bản", "Document"),
        ("dossier", "Hồ sơ", "Dossier"),
        ("draft", "Bản thảo bộ tiêu chí", "Draft of a criteria set"),
        ("draw", "Lần rút mẫu", "Draw"),
        ("factor", "Bước xác thực", "Second factor"),
        ("figure_source", "Lần nhập số liệu", "Source of figures"),
        ("form", "Biểu mẫu", "Form"),
        ("invitation", "Lời mời", "Invitation"),
        ("programme", "Chương trình", "Programme"),
        ("programme_budget_line", "Dòng kinh phí", "Budget line"),
        ("programme_member", "Đơn vị trong chương trình", "Unit of a programme"),
        ("programme_plan_stage", "Giai đoạn của kế hoạch", "Stage of a plan"),
        ("programme_seat", "Thành viên của ban", "Seat in a body"),
        ("programme_set", "Bộ tiêu chí của chương trình", "Criteria set of a programme"),
        ("programme_target", "Chỉ tiêu của chương trình", "Target of a programme"),
        ("return", "Báo cáo", "Return"),
        ("round", "Đợt đánh giá", "Round"),
        ("session", "Phiên đăng nhập", "Session"),
        ("sweep", "Lần rà soát", "Sweep of checks"),
        ("title", "Danh hiệu", "Title"),
        ("token", "Khóa truy cập", "Access token"),
        ("units", "Đơn vị từ tệp", "Units from a file"),
        ("user", "Người dùng", "Person"),
        ("visit", "Đợt kiểm tra", "Visit"),
    )
}
# Which parts hold ids or codes of something with a name.
UNIT, ROLE, PROGRAMME = "unit", "role", "programme"
HOLDS: Mapping[str, str] = {
    **dict.fromkeys(
        ("area_id", "giver", "leader", "of_unit_id", "owner_id", "partners", "unit_id", "units"), UNIT
    ),
    **dict.fromkeys(("role", "roles"), ROLE),
    "programme": PROGRAMME,
}
# A lone number here is how many there are, not which.
COUNTED = {"units"}
# One line of many: what was said to a criterion, what was made of a document.
_OF_MANY = re.compile(r"(?:document\.(?P<document>\d+)|(?P<criterion>.+))\.(?P<part>\w+)")
_SAID_TO_CRITERIA = {"outcome", "points", "remark", "stage"}


def name_of(part: str, coded: Mapping[str, Text] | None = None) -> Text | None:
    """What a part is called; None where nobody knows. `coded` are names that packages gave for codes."""
    if found := _WORDS.get(part) or (coded or {}).get(part):
        return Text(vi=_capital(found.vi), en=_capital(found.en))
    parts = _OF_MANY.fullmatch(part)
    if parts is None or (words := _WORDS.get(parts["part"])) is None:
        return None
    if number := parts["document"]:
        return Text(vi=f"Văn bản {number}: {words.vi}", en=f"Document {number}: {words.en}")
    if parts["part"] in _SAID_TO_CRITERIA:
        code = parts["criterion"]
        return Text(vi=f"Tiêu chí {code}: {words.vi}", en=f"Criterion {code}: {words.en}")
    return None


def kind_of(kind: str) -> Text:
    """What a kind of object is called; one that no package knows any more, its code."""
    return KINDS.get(kind) or Text(vi=kind, en=kind)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
