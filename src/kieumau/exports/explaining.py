"""What the columns of a workbook mean: its second sheet. By the fields of `workbook`."""

from kieumau.kernel.messages import Text

ABOUT = {
    "unit": Text(vi="Mã đơn vị vào ngày của bản đồ", en="Code of the unit on the day of the map"),
    "calendar": Text(
        vi="Lịch định ngày bắt đầu và kết thúc của kỳ", en="Says on which days a period begins and ends"
    ),
    "value": Text(
        vi="Tổng tính trên phần đã có: so số báo cáo đã có với số phải có. Tỷ lệ ở cột riêng",
        en="A total is of what there is: compare reported with expected. Shares have a column of their own",
    ),
    "fraction": Text(
        vi="Giá trị chính xác khi bảng tính không giữ hết: bảng tính chỉ giữ 15 chữ số",
        en="The exact value where a spreadsheet does not keep it all: it keeps fifteen digits",
    ),
    "state": Text(
        vi="Có số liệu, chưa có, không áp dụng hay từ chối cung cấp; chưa có không phải là 0",
        en="A figure, none yet, not applicable or refused; none yet is not zero",
    ),
    "map": Text(
        vi="Địa giới: như đơn vị đã báo cáo, hiện nay, hoặc của một ngày",
        en="Borders: as the units reported, of today, or of a day",
    ),
    "comparability_note": Text(
        vi="Số liệu so sánh được đến đâu với các số khác trong cùng cột",
        en="How far the figure compares with others of its column",
    ),
    "reported": Text(vi="Số báo cáo góp vào số liệu này đã có", en="Of the figures that make up this one"),
    "source": Text(
        vi="Tệp hoặc biểu mẫu mà số liệu đến từ đó", en="Files or forms that the figure came from"
    ),
    "change": Text(
        vi="(nay − cùng kỳ) / cùng kỳ. Trống khi cùng kỳ bằng 0 mà nay khác 0, hoặc không so sánh được",
        en="(now − a year ago) / a year ago. Empty where it was 0 and is not, or where they do not compare",
    ),
    "share": Text(
        vi="Phần lãnh thổ của đơn vị đã được xét nay thuộc đơn vị này",
        en="The part of the judged unit's territory that belongs to the unit",
    ),
    "outcome": Text(
        vi="Kết quả của tiêu chí; trống: chưa xét", en="What the criterion came out as; empty: not judged"
    ),
    "known_on": Text(
        vi="Số liệu như đã biết đến hết ngày này; trống: hiện nay",
        en="As known at the end of this day; empty: now",
    ),
}
