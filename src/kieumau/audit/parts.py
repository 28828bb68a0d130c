"""What changed, in words: names of the parts that entries tell of. One without a name is shown as it is."""

from kieumau.kernel.messages import Text

PARTS: dict[str, Text] = {
    name: Text(vi=vi[0].upper() + vi[1:], en=en[0].upper() + en[1:])
    for name, vi, en in (
        ("acts", "quyết định", "acts"),
        ("added", "thêm", "added"),
        ("as_of", "xét tại ngày", "as of"),
        ("changed", "sửa", "changed"),
        ("checks", "phép kiểm tra", "checks"),
        ("criteria", "số tiêu chí", "criteria"),
        ("deadlines", "số kỳ đã mở", "periods opened"),
        ("digest", "mã băm của nội dung", "digest of the content"),
        ("dropped", "đã bỏ", "dropped"),
        ("expires_at", "hết hạn lúc", "expires at"),
        ("faults", "số lỗi", "faults"),
        ("indicators", "số chỉ tiêu", "indicators"),
        ("inserted", "số liệu mới", "new figures"),
        ("is_working", "là ngày làm việc", "is worked"),
        ("issued_as", "ban hành thành", "issued as"),
        ("judged", "số đơn vị đã xét", "units judged"),
        ("kept", "giữ nguyên", "left alone"),
        ("lineage", "kế thừa", "lineage"),
        ("locks_at", "khóa lúc", "locks at"),
        ("name_en", "tên tiếng Anh", "name in English"),
        ("name_vi", "tên tiếng Việt", "name in Vietnamese"),
        ("period", "kỳ", "period"),
        ("positions", "vị trí trong cây", "positions in the tree"),
        ("reference", "số ký hiệu", "reference"),
        ("reminders", "số nhắc báo cáo", "reminders"),
        ("removed", "đã gỡ", "removed"),
        ("returns", "số báo cáo", "returns"),
        ("revised", "số liệu sửa", "revised figures"),
        ("sha256", "SHA-256", "SHA-256"),
        ("source", "căn cứ", "source"),
        ("state", "trạng thái", "state"),
        ("takes_effect_on", "hiệu lực từ", "takes effect on"),
        ("terms_added", "thời gian hiệu lực thêm", "terms added"),
        ("terms_removed", "thời gian hiệu lực bỏ", "terms removed"),
        ("units", "đơn vị", "units"),
        ("version", "lần lưu", "version"),
        ("within", "trong phạm vi", "within"),
        ("written", "kết quả ghi mới", "verdicts written"),
    )
}


def name_of(part: str) -> Text:
    """What a part is called."""
    return PARTS.get(part) or Text(vi=part, en=part)
