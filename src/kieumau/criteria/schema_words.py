"""What every key of a set's YAML means, in both languages: shown by editors that know the schema.

A key that means the same everywhere stands once; one that means something else in a certain shape
stands as `Shape.key`.
"""

from kieumau.kernel.messages import Text

SHAPES: dict[str, Text] = {
    "Definition": Text(vi="Một bộ tiêu chí.", en="A criteria set."),
    "Addition": Text(
        vi="Phần bổ sung của địa phương cho một bộ tiêu chí đã công bố.",
        en="A local addition to a published set.",
    ),
    "Name": Text(vi="Tên hoặc câu bằng hai thứ tiếng.", en="A name or sentence in both languages."),
    "MonthDay": Text(vi="Một ngày trong năm.", en="A day of the year."),
    "Due": Text(
        vi="Hạn: một ngày trong kỳ, hoặc số ngày sau khi hết kỳ.",
        en="A due day: within the period, or so many days after its end.",
    ),
    "Basis": Text(
        vi="Căn cứ: số hiệu văn bản và điều khoản.", en="Legal basis: the document and the place in it."
    ),
    "Effective": Text(vi="Thời gian có hiệu lực.", en="When the set is in force."),
    "PeriodKind": Text(
        vi="Kỳ đánh giá: lịch và loại kỳ.", en="The periods judged: a calendar and a kind of period."
    ),
    "AppliesTo": Text(vi="Đơn vị được xét.", en="Which units are judged."),
    "AppliesWithin": Text(vi="Nơi áp dụng phần bổ sung.", en="Where an addition applies."),
    "AllOf": Text(vi="Phải đạt mọi tiêu chí.", en="Every criterion must be met."),
    "AtLeast": Text(vi="Phải đạt ít nhất k tiêu chí.", en="At least k criteria must be met."),
    "Points": Text(vi="Chấm điểm và xếp loại.", en="Points are added up and give a class."),
    "PointClass": Text(vi="Một loại, từ bao nhiêu điểm.", en="A class, reached from so many points."),
    "CriterionPoints": Text(vi="Điểm của một tiêu chí.", en="The points of one criterion."),
    "DocumentKind": Text(vi="Loại văn bản cần có.", en="The kind of document asked for."),
    "DateWindow": Text(vi="Từ ngày đến ngày, trong kỳ.", en="From one day to another within the period."),
    "Measured": Text(vi="Tiêu chí tính bằng công thức.", en="A criterion measured by a formula."),
    "Documented": Text(
        vi="Tiêu chí xác định bằng văn bản được ký trong thời gian quy định.",
        en="A criterion shown by a document dated within a window.",
    ),
    "Judged": Text(vi="Tiêu chí do người có trách nhiệm kết luận.", en="A criterion that a person judges."),
    "UnitClass": Text(
        vi="Một loại đơn vị mà công thức phân biệt.", en="A class of units that formulas tell apart."
    ),
    "Group": Text(vi="Nhóm tiêu chí.", en="A heading over criteria."),
    "Cap": Text(
        vi="Mức trần của một loại trong tổng số đơn vị của một địa bàn.",
        en="The largest share of an area's units that may be in a class.",
    ),
}

KEYS: dict[str, Text] = {
    "code": Text(
        vi="Mã: chữ thường, số, gạch nối và dấu chấm.", en="Code: small letters, digits, hyphens, dots."
    ),
    "title": Text(vi="Tên.", en="Title."),
    "name": Text(vi="Tên.", en="Name."),
    "vi": Text(vi="Tiếng Việt.", en="In Vietnamese."),
    "en": Text(vi="Tiếng Anh.", en="In English."),
    "summary": Text(vi="Nói ngắn gọn bộ này là gì.", en="What the set is, in a sentence or two."),
    "verification": Text(
        vi="verified: đã đọc trong văn bản; reported: theo báo cáo đã công bố; unverified: chưa kiểm chứng.",
        en="verified: read in the named text; reported: in a published report; unverified: neither.",
    ),
    "basis": Text(vi="Căn cứ pháp lý.", en="Legal basis."),
    "document": Text(vi="Số hiệu văn bản.", en="The document by its number."),
    "article": Text(vi="Điều, khoản.", en="Article, clause."),
    "catalogue": Text(
        vi="Danh mục chỉ tiêu được nạp trước: tên có sẵn, hoặc tệp đặt cạnh tệp này.",
        en="The catalogue loaded first: a shipped name, or a file beside this one.",
    ),
    "effective": Text(
        vi="Ngày có hiệu lực và ngày hết hiệu lực.", en="The first and the last day it is in force."
    ),
    "period": Text(vi="Lịch và loại kỳ đánh giá.", en="The calendar and the kind of period judged."),
    "calendar": Text(
        vi="Lịch: civil, nd09, tt124-area, tt124-commune, teams …", en="A calendar: civil, nd09, teams …"
    ),
    "PeriodKind.kind": Text(
        vi="Loại kỳ: month, quarter, half, nine_months, year.",
        en="Kind of period: month, quarter, half, nine_months, year.",
    ),
    "figures_slack_days": Text(
        vi="Kỳ báo cáo số liệu được lệch bao nhiêu ngày so với kỳ đánh giá.",
        en="By how many days the figures' reporting periods may lie off.",
    ),
    "applies_to": Text(vi="Đơn vị được xét.", en="Which units are judged."),
    "level": Text(vi="Cấp: nation, province, district, commune.", en="Level of the units."),
    "kinds": Text(
        vi="Loại đơn vị: xa, phuong, dac-khu …; không ghi: mọi loại.", en="Kinds of units; none: every kind."
    ),
    "registers": Text(vi="Danh mục mã: vn, gss …; không ghi: mọi danh mục.", en="Whose codes; none: any."),
    "AppliesTo.within": Text(
        vi="Chỉ trong các địa bàn này, ví dụ vn:92.", en="Only within these areas, such as vn:92."
    ),
    "AppliesWithin.within": Text(
        vi="Các địa bàn áp dụng, ví dụ vn:92, theo mã vào ngày bắt đầu có hiệu lực.",
        en="The areas it applies within, such as vn:92, by their codes on the first day.",
    ),
    "Cap.within": Text(vi="Tính theo từng đơn vị của cấp này.", en="Counted in every unit of this level."),
    "unit_classes": Text(
        vi="Các loại đơn vị mà công thức gọi bằng by(unit.class, …).",
        en="Classes of units that formulas name in by(unit.class, …).",
    ),
    "rule": Text(
        vi="Các tiêu chí cộng lại thế nào: all, at_least hoặc points.",
        en="How criteria add up: all, at_least or points.",
    ),
    "kind": Text(vi="Loại.", en="Which kind this is."),
    "k": Text(vi="Số tiêu chí phải đạt.", en="How many criteria must be met."),
    "classes": Text(vi="Các loại, từ cao xuống thấp.", en="The classes, from the highest."),
    "meets_from": Text(vi="Đạt từ bao nhiêu điểm.", en="From how many points the set is met."),
    "not_applicable": Text(
        vi="Tiêu chí không áp dụng được tính điểm tối đa (maximum) hay 0 (zero).",
        en="Points of a criterion that does not apply: its maximum, or zero.",
    ),
    "groups": Text(vi="Các nhóm tiêu chí.", en="Headings over the criteria."),
    "group": Text(vi="Mã nhóm.", en="Code of its heading."),
    "criteria": Text(vi="Các tiêu chí, theo thứ tự.", en="The criteria, in their order."),
    "formula": Text(
        vi="Công thức. Trong YAML, công thức có “: ” phải đặt trong dấu nháy.",
        en="A formula; one with “: ” in it needs quotes in YAML.",
    ),
    "CriterionPoints.formula": Text(
        vi="Công thức cho số điểm, giữ trong khoảng 0 đến max.",
        en="A formula that gives the points, kept between 0 and max.",
    ),
    "max": Text(vi="Điểm tối đa.", en="The most points."),
    "applies_if": Text(
        vi="Điều kiện để tiêu chí áp dụng; sai thì “không áp dụng”.",
        en="A condition; where it is false the criterion does not apply.",
    ),
    "points": Text(vi="Điểm, khi bộ chấm điểm.", en="Points, where the set counts them."),
    "due": Text(vi="Hạn phải đạt; trước đó là “chưa đến hạn”.", en="By when it must be met."),
    "on": Text(vi="Một ngày trong kỳ.", en="A day within the period."),
    "days_after_end": Text(vi="Số ngày sau khi hết kỳ.", en="So many days after the period's end."),
    "month": Text(vi="Tháng.", en="Month."),
    "day": Text(vi="Ngày.", en="Day."),
    "window": Text(
        vi="Văn bản phải được ký trong khoảng này; không ghi: cả kỳ.",
        en="When the document must be dated; none: the whole period.",
    ),
    "Documented.document": Text(vi="Loại văn bản cần có.", en="The kind of document asked for."),
    "question": Text(vi="Câu hỏi mà người kết luận trả lời.", en="The question a person answers."),
    "from": Text(vi="Từ.", en="From."),
    "PointClass.from": Text(vi="Từ bao nhiêu điểm.", en="From so many points."),
    "Effective.from": Text(vi="Ngày bắt đầu có hiệu lực.", en="The first day in force."),
    "Effective.to": Text(vi="Ngày cuối còn hiệu lực.", en="The last day in force."),
    "to": Text(vi="Đến hết.", en="Up to and including."),
    "caps": Text(vi="Mức trần của các loại.", en="Caps on classes."),
    "class": Text(vi="Loại bị giới hạn.", en="The class that is capped."),
    "at_most": Text(vi="Không quá tỷ lệ này, ví dụ 20%.", en="At most this share, such as 20%."),
    "of": Text(
        vi="Tính trên số đơn vị thuộc các loại này; không ghi: mọi đơn vị được xếp loại.",
        en="Of the units in these classes; none named: of all units rated.",
    ),
    "left_out": Text(
        vi="Nội dung nào của văn bản không đưa vào, vì sao.", en="What of the text is left out, and why."
    ),
    "notes": Text(vi="Ghi chú.", en="Notes."),
    "extends": Text(vi="Mã của bộ tiêu chí gốc.", en="Code of the set that is added to."),
    "extends_version": Text(
        vi="Phiên bản của bộ gốc; không ghi: bản có hiệu lực vào ngày đầu.",
        en="Version of the base; none: the one in force on the first day.",
    ),
}
