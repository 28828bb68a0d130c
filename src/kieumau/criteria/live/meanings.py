"""What each word of the formula language means, in a few words."""

from kieumau.kernel.messages import Text

FUNCTION_WORDS: dict[str, Text] = {
    "if": Text(vi="nếu … thì …, nếu không thì …", en="one or the other, by a condition"),
    "min": Text(vi="số nhỏ nhất", en="the least"),
    "max": Text(vi="số lớn nhất", en="the greatest"),
    "abs": Text(vi="trị tuyệt đối", en="the size without its sign"),
    "floor": Text(vi="làm tròn xuống", en="rounded down"),
    "ceil": Text(vi="làm tròn lên", en="rounded up"),
    "round": Text(vi="làm tròn đến số chữ số", en="rounded to so many decimals"),
    "coalesce": Text(vi="số đầu tiên có, thay cho số thiếu", en="the first known, in place of a missing one"),
    "previous": Text(vi="kỳ trước", en="the period before"),
    "year_ago": Text(vi="cùng kỳ năm trước", en="the same period last year"),
    "in_year": Text(vi="cùng kỳ của một năm", en="the same period of a given year"),
    "change": Text(vi="tăng, giảm so với cùng kỳ hoặc năm gốc", en="change on last year or a base year"),
    "total": Text(vi="cộng nhiều kỳ gần nhất", en="over the last so many periods"),
    "to_date": Text(vi="lũy kế từ đầu năm", en="since the year began"),
    "count": Text(vi="đếm số điều kiện đạt", en="how many conditions are met"),
    "at_least": Text(vi="đạt ít nhất k điều kiện", en="at least k conditions are met"),
    "by": Text(vi="mức theo loại đơn vị", en="a value by the class of the unit"),
    "all_children": Text(vi="mọi đơn vị cấp dưới đạt", en="all units one level down"),
    "share_of_children": Text(vi="tỷ lệ đơn vị cấp dưới đạt", en="share of the units one level down"),
    "bands": Text(vi="giá trị theo ngưỡng", en="a value by the threshold reached"),
    "criterion": Text(vi="kết quả một tiêu chí khác của bộ", en="how another criterion of the set came out"),
    "result": Text(vi="kết quả theo bộ tiêu chí khác", en="the result under another set"),
    "points": Text(vi="điểm theo bộ tiêu chí khác", en="the points under another set"),
}

OPERATORS: dict[str, Text] = {
    "and": Text(vi="và: cả hai đều đạt", en="both hold"),
    "or": Text(vi="hoặc: một trong hai đạt", en="either holds"),
    "not": Text(vi="không phải", en="does not hold"),
}

ATOMS: dict[str, Text] = {
    "met": Text(vi="đạt", en="met"),
    "not_met": Text(vi="chưa đạt", en="not met"),
    "not_applicable": Text(vi="không áp dụng", en="not applicable"),
    "unit.class": Text(vi="loại đơn vị", en="class of the unit"),
}
