"""What the columns of an export mean, in both languages: the second sheet of a workbook."""

from collections.abc import Iterator, Sequence

from kieumau.exports.rows import Column
from kieumau.kernel.messages import Text

SHEET = "Giải thích · Columns"
ABOUT = {
    "unit": Text(vi="Mã đơn vị vào ngày của bản đồ", en="Code of the unit on the day of the map"),
    "unit_name": Text(vi="Tên đơn vị", en="Name of the unit"),
    "level": Text(
        vi="Cấp: nation, province, district, commune", en="Level: nation, province, district, commune"
    ),
    "indicator": Text(vi="Mã chỉ tiêu", en="Code of the indicator"),
    "indicator_name": Text(vi="Tên chỉ tiêu", en="Name of the indicator"),
    "measure": Text(vi="Đơn vị tính", en="Unit of measure"),
    "calendar": Text(vi="Lịch báo cáo", en="Reporting calendar"),
    "period": Text(vi="Kỳ theo lịch đó", en="Period of that calendar"),
    "period_start": Text(vi="Ngày đầu kỳ", en="First day of the period"),
    "period_end": Text(vi="Ngày cuối kỳ", en="Last day of the period"),
    "value": Text(
        vi="Giá trị; tỷ lệ là số từ 0 đến 1. Tổng tính trên phần đã có: so reported với expected",
        en="Value; a share is a number from 0 to 1. A total is of what there is: compare reported, expected",
    ),
    "fraction": Text(
        vi="Giá trị chính xác khi số thập phân không ghi hết", en="The exact value where no decimal says it"
    ),
    "state": Text(
        vi="value: có; missing: chưa có; not_applicable: không áp dụng; refused: từ chối",
        en="value; missing; not_applicable; refused",
    ),
    "map": Text(
        vi="Bản đồ: reported (như báo cáo), today (hiện nay) hoặc một ngày",
        en="Map: reported, today or a day",
    ),
    "comparability": Text(vi="Dấu so sánh dọc theo cột", en="How far the figure compares along its column"),
    "comparability_note": Text(vi="Dấu so sánh bằng lời", en="The same in words"),
    "reported": Text(vi="Số báo cáo đã có", en="Figures that are there"),
    "expected": Text(vi="Số báo cáo phải có", en="Figures that are expected"),
    "source": Text(vi="Nguồn: tệp hoặc biểu", en="Source: files or forms"),
    "year_ago": Text(vi="Giá trị cùng kỳ năm trước", en="Value a year ago"),
    "year_ago_fraction": Text(vi="Giá trị chính xác cùng kỳ", en="Exact value a year ago"),
    "year_ago_state": Text(vi="Tình trạng cùng kỳ", en="State a year ago"),
    "change": Text(
        vi="Tăng, giảm so với cùng kỳ (0,1 = 10 %); của tỷ lệ là hiệu số. Trống khi cùng kỳ bằng 0"
        " mà nay khác 0, hoặc không so sánh được",
        en="Change from a year ago (0.1 = 10%); of a share the difference. Empty where it was 0 and is"
        " not now, or where the two do not compare",
    ),
    "year_ago_reported": Text(vi="Số báo cáo đã có cùng kỳ", en="Figures that are there a year ago"),
    "year_ago_expected": Text(vi="Số báo cáo phải có cùng kỳ", en="Figures that are expected a year ago"),
    "year_ago_comparability": Text(
        vi="Mức so sánh được với cùng kỳ", en="How far the two figures compare"
    ),
    "year_ago_note": Text(vi="Vì sao", en="Why"),
    "judged_unit": Text(vi="Mã đơn vị đã được xét", en="Code of the unit that was judged"),
    "share": Text(
        vi="Phần của đơn vị đó nay thuộc đơn vị này", en="The part of it that belongs to the unit of the map"
    ),
    "criteria_set": Text(vi="Bộ tiêu chí", en="Criteria set"),
    "criterion": Text(vi="Mã tiêu chí", en="Code of the criterion"),
    "outcome": Text(
        vi="Kết quả của tiêu chí; trống: chưa xét", en="What the criterion came out as; empty: not judged"
    ),
    "unit_outcome": Text(vi="Kết quả của đơn vị", en="What the unit came out as"),
    "judged_on": Text(vi="Ngày xét", en="The day on which it was judged"),
    "known_on": Text(
        vi="Như đã biết đến hết ngày này; trống: hiện nay", en="As known at the end of this day; empty: now"
    ),
}  # fmt: skip


def explanations(columns: Sequence[Column]) -> Iterator[dict[str, str]]:
    """A row for every column of which there is more to say than its name."""
    for column in columns:
        if about := ABOUT.get(column.name):
            yield {"Cột · Column": column.name, "Tiếng Việt": about.vi, "English": about.en}
