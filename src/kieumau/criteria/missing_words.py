"""What is said where a key is missing: in the words of the builder's forms, not in those of YAML.

A key may be named with the one above it (`title.en`), which is looked for first.
"""

from collections.abc import Mapping

from kieumau.kernel.messages import Text

MISSING: Mapping[str, Text] = {
    "title": Text(vi="Chưa ghi tên tiếng Việt.", en="The Vietnamese title is missing."),
    "title.vi": Text(vi="Chưa ghi tên tiếng Việt.", en="The Vietnamese title is missing."),
    "title.en": Text(vi="Chưa ghi tên tiếng Anh.", en="The English title is missing."),
    "summary.vi": Text(vi="Chưa ghi tóm tắt tiếng Việt.", en="The Vietnamese summary is missing."),
    "summary.en": Text(vi="Chưa ghi tóm tắt tiếng Anh.", en="The English summary is missing."),
    "question": Text(vi="Chưa ghi câu hỏi.", en="The question is missing."),
    "question.vi": Text(vi="Chưa ghi câu hỏi tiếng Việt.", en="The question in Vietnamese is missing."),
    "question.en": Text(vi="Chưa ghi câu hỏi tiếng Anh.", en="The question in English is missing."),
    "formula": Text(vi="Chưa ghi công thức.", en="The formula is missing."),
    "document": Text(vi="Chưa ghi văn bản nào.", en="It does not say which document."),
    "code": Text(vi="Chưa ghi mã.", en="The code is missing."),
    "kind": Text(vi="Chưa chọn cách xác định.", en="It does not say how it is determined."),
    "criteria": Text(vi="Chưa có tiêu chí nào.", en="There are no criteria yet."),
    "verification": Text(
        vi="Chưa chọn tình trạng kiểm chứng.", en="It does not say whether the wording was checked."
    ),
    "effective": Text(vi="Chưa ghi ngày có hiệu lực.", en="It does not say from which day it is in force."),
    "effective.from": Text(
        vi="Chưa ghi ngày có hiệu lực.", en="It does not say from which day it is in force."
    ),
    "period": Text(vi="Chưa chọn kỳ đánh giá.", en="The period judged is missing."),
    "applies_to": Text(vi="Chưa chọn áp dụng cho cấp nào.", en="It does not say to which level it applies."),
    "applies_to.level": Text(
        vi="Chưa chọn áp dụng cho cấp nào.", en="It does not say to which level it applies."
    ),
    "rule": Text(vi="Chưa chọn khi nào bộ đạt.", en="It does not say when the set is met."),
    "k": Text(
        vi="Chưa ghi cần ít nhất mấy tiêu chí.", en="It does not say how many criteria must be met at least."
    ),
    "meets_from": Text(
        vi="Chưa ghi đạt từ bao nhiêu điểm.", en="It does not say from how many points the set is met."
    ),
    "classes": Text(vi="Chưa có mức xếp loại nào.", en="There are no classes of results yet."),
    "points.max": Text(vi="Chưa ghi điểm tối đa.", en="The most points there can be are missing."),
    "window.from": Text(vi="Chưa ghi ngày đầu.", en="The first day is missing."),
    "window.to": Text(vi="Chưa ghi ngày cuối.", en="The last day is missing."),
}
