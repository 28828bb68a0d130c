"""The words sentences are made of, side by side in both languages."""

from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Text

# What a true or a false comparison says about the measured side; {} is the other side.
VERDICTS: dict[tuple[str, bool], Text] = {
    (">=", True): Text(vi="đạt mức {}", en="reaching {}"),
    (">=", False): Text(vi="dưới mức {}", en="below {}"),
    (">", True): Text(vi="trên mức {}", en="above {}"),
    (">", False): Text(vi="không vượt mức {}", en="not above {}"),
    ("<=", True): Text(vi="không quá mức {}", en="not above {}"),
    ("<=", False): Text(vi="vượt mức {}", en="above {}"),
    ("<", True): Text(vi="dưới mức {}", en="below {}"),
    ("<", False): Text(vi="không dưới mức {}", en="not below {}"),
    ("=", True): Text(vi="đúng bằng {}", en="equal to {}"),
    ("=", False): Text(vi="không bằng {}", en="not equal to {}"),
    ("!=", True): Text(vi="khác {}", en="other than {}"),
    ("!=", False): Text(vi="bằng {}", en="equal to {}"),
}

# What a comparison of `change(…)` asks for, by the sign of the threshold; {} is its size.
NEEDS: dict[tuple[str, int], Text] = {
    ("<=", -1): Text(vi="giảm từ {} trở lên", en="a fall of at least {}"),
    ("<=", 0): Text(vi="không tăng", en="no rise"),
    ("<=", 1): Text(vi="tăng không quá {}", en="a rise of at most {}"),
    ("<", -1): Text(vi="giảm trên {}", en="a fall of more than {}"),
    ("<", 0): Text(vi="giảm", en="a fall"),
    ("<", 1): Text(vi="tăng dưới {}", en="a rise of less than {}"),
    (">=", -1): Text(vi="giảm không quá {}", en="a fall of at most {}"),
    (">=", 0): Text(vi="không giảm", en="no fall"),
    (">=", 1): Text(vi="tăng từ {} trở lên", en="a rise of at least {}"),
    (">", -1): Text(vi="giảm dưới {}", en="a fall of less than {}"),
    (">", 0): Text(vi="tăng", en="a rise"),
    (">", 1): Text(vi="tăng trên {}", en="a rise of more than {}"),
    ("=", -1): Text(vi="giảm đúng {}", en="a fall of exactly {}"),
    ("=", 0): Text(vi="không đổi", en="no change"),
    ("=", 1): Text(vi="tăng đúng {}", en="a rise of exactly {}"),
    ("!=", -1): Text(vi="thay đổi khác mức giảm {}", en="anything but a fall of {}"),
    ("!=", 0): Text(vi="có thay đổi", en="a change"),
    ("!=", 1): Text(vi="thay đổi khác mức tăng {}", en="anything but a rise of {}"),
}

CHANGED: dict[int, Text] = {
    -1: Text(
        vi="{name} giảm {by}: {now} so với {base} {then}",
        en="{name} fell {by}: {now} against {base} in {then}",
    ),
    0: Text(vi="{name} không đổi: {now}, bằng {then}", en="{name} unchanged: {now}, as in {then}"),
    1: Text(
        vi="{name} tăng {by}: {now} so với {base} {then}",
        en="{name} rose {by}: {now} against {base} in {then}",
    ),
}
NEED_MET: dict[bool, Text] = {
    True: Text(vi="đạt yêu cầu {}", en="as required ({})"),
    False: Text(vi="chưa đạt yêu cầu {}", en="short of the requirement ({})"),
}

# Functions over the rendering of their argument.
FUNCTIONS: dict[str, Text] = {
    "previous": Text(vi="{} (kỳ trước)", en="{} (period before)"),
    "year_ago": Text(vi="{} (cùng kỳ năm trước)", en="{} (same period last year)"),
    "in_year": Text(vi="{} (cùng kỳ năm {})", en="{} (same period of {})"),
    "to_date": Text(vi="{} (lũy kế từ đầu năm)", en="{} (year to date)"),
    "total": Text(vi="{} (cộng {} kỳ gần nhất)", en="{} (last {} periods)"),
    "min": Text(vi="số nhỏ nhất trong ({})", en="the least of ({})"),
    "max": Text(vi="số lớn nhất trong ({})", en="the greatest of ({})"),
    "abs": Text(vi="trị tuyệt đối của ({})", en="the size of ({})"),
    "floor": Text(vi="làm tròn xuống ({})", en="rounded down ({})"),
    "ceil": Text(vi="làm tròn lên ({})", en="rounded up ({})"),
    "round": Text(vi="làm tròn ({})", en="rounded ({})"),
    "coalesce": Text(vi="số đầu tiên có trong ({})", en="the first known of ({})"),
    "change": Text(vi="thay đổi của {} so với {}", en="change of {} on {}"),
    "bands": Text(vi="mức ứng với ({})", en="the band of ({})"),
}
COALESCED = Text(vi="{} (thay cho {} chưa có số liệu)", en="{} (in place of {}, which has no figure)")
CHOSEN = Text(vi="{} (vì: {})", en="{} (because: {})")

# Another verdict, and what it can be; {} is the criterion or the set.
ASKED: dict[str, Text] = {
    "criterion": Text(vi="Tiêu chí {}", en="Criterion {}"),
    "result": Text(vi="Kết quả theo {}", en="Result under {}"),
    "points": Text(vi="Điểm theo {}", en="Points under {}"),
    "unit": Text(vi="Loại đơn vị", en="Class of the unit"),
}
WORDS: dict[str, Text] = {
    "met": Text(vi="đạt", en="met"),
    "not_met": Text(vi="chưa đạt", en="not met"),
    "not_applicable": Text(vi="không áp dụng", en="not applicable"),
    "no_data": Text(vi="thiếu số liệu", en="no data"),
    "not_judged": Text(vi="chưa kết luận", en="not yet judged"),
    "not_due": Text(vi="chưa đến hạn", en="not yet due"),
}
WORD_ASKED: dict[bool, Text] = {
    True: Text(vi="{}: {}, đúng yêu cầu ({})", en="{}: {}, as required ({})"),
    False: Text(vi="{}: {}, yêu cầu là {}", en="{}: {}, required: {}"),
}
OTHER_THAN = Text(vi="khác “{}”", en="other than “{}”")
BY_CLASS = Text(vi="{} (loại đơn vị: {})", en="{} (class of the unit: {})")

# Units one level down; {} are how many of them, of how many, and the condition.
BELOW = Text(vi="{} / {} đơn vị cấp dưới đạt ({})", en="{} of {} units below with ({})")
BELOW_BETWEEN = Text(
    vi="từ {} đến {} / {} đơn vị cấp dưới đạt ({})", en="{} to {} of {} units below with ({})"
)
BELOW_SHARE = Text(vi="tỷ lệ đơn vị cấp dưới đạt ({})", en="share of the units below with ({})")
BELOW_ALL = Text(vi="mọi đơn vị cấp dưới đạt ({})", en="all units below with ({})")
JOINED: dict[str, Text] = {"and": Text(vi=" và ", en=" and "), "or": Text(vi=" hoặc ", en=" or ")}

COUNTED = Text(vi="{} / {} điều kiện đạt ({})", en="{} of {} conditions met ({})")
COUNTED_BETWEEN = Text(vi="từ {} đến {} / {} điều kiện đạt ({})", en="{} to {} of {} conditions met ({})")
ALL_MET = Text(vi="Đạt cả {} điều kiện: {}", en="All {} conditions met: {}")
NONE_MET = Text(vi="Không đạt điều kiện nào trong {}: {}", en="None of {} conditions met: {}")
MET_OF = Text(vi="Đạt {} / {} điều kiện, cần ít nhất {}", en="{} of {} conditions met, {} needed")
MET = Text(vi="Đạt: {}", en="Met: {}")
NOT_MET = Text(vi="Chưa đạt: {}", en="Not met: {}")
UNKNOWN = Text(vi="Chưa xác định: {}", en="Unknown: {}")
NOT = Text(vi="Không phải là ({})", en="Not ({})")

NOT_ENOUGH = Text(vi="Chưa đủ số liệu: {}", en="Not enough data: {}")
NOT_COMPUTABLE = Text(vi="Không tính được: {}", en="Cannot be computed: {}")
NOT_APPLICABLE = Text(vi="Không áp dụng: {}", en="Not applicable: {}")
AND_MORE = Text(vi=" và {} số liệu khác", en=" and {} more")
LACKS_MISSING = Text(vi="thiếu {}", en="no figure for {}")
LACKS_REFUSED = Text(vi="từ chối cung cấp {}", en="refused: {}")
LACKS_APPLICABLE = Text(vi="không áp dụng {}", en="not applicable: {}")
LACKS_WINDOW = Text(vi="không có kỳ để so sánh cho {}", en="no such period for {}")
LACKS_FACT = Text(vi="chưa có {}", en="nothing known of {}")
LACKS_BELOW = Text(vi="{} đơn vị cấp dưới chưa rõ", en="{} units below not known")
LACKS_CHILDREN = Text(vi="không có đơn vị cấp dưới", en="there are no units below")
ZERO_DIVISOR = Text(vi="mẫu số của {} bằng 0", en="the divisor of {} is zero")
ZERO_BASE = Text(vi="{1} của {0} bằng 0", en="{0} was zero in {1}")


def base_words(year: int | None) -> Text:
    """The window that a change compares with: of `year`, or of the year before where that is None."""
    if year is None:
        return Text(vi="cùng kỳ năm trước", en="the same period last year")
    return Text(vi=f"cùng kỳ năm {year}", en=f"the same period of {year}")


MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def window_label(window: Window) -> Text:
    """A window in words, the same in every sentence and on every page, as people write it.

    Tháng 10 năm 2025, October 2025; tháng 8 – tháng 10 năm 2025, August – October 2025.
    """
    (year, number), (last_year, _) = window.first, window.last
    last = _period_label(window.kind, *window.last)
    if window.first == window.last:
        return last
    part = _part_of_year(window.kind, number) if year == last_year else None
    first = part or _period_label(window.kind, year, number)
    return Text(vi=f"{first.vi} – {last.vi}", en=f"{first.en} – {last.en}")


def _period_label(kind: str, year: int, number: int) -> Text:
    if part := _part_of_year(kind, number):
        return Text(vi=f"{part.vi} năm {year}", en=f"{part.en} {year}")
    match kind:
        case "half" if 1 <= number <= 2:
            half_vi, half_en = (("đầu", "first"), ("cuối", "second"))[number - 1]
            return Text(vi=f"6 tháng {half_vi} năm {year}", en=f"{half_en} half of {year}")
        case "nine_months":
            return Text(vi=f"9 tháng đầu năm {year}", en=f"first nine months of {year}")
        case "year":
            return Text(vi=f"năm {year}", en=str(year))
        case _:
            return Text(vi=f"{kind} {number}/{year}", en=f"{kind} {number}/{year}")


def _part_of_year(kind: str, number: int) -> Text | None:
    """What is said once where a window begins and ends in one year; None for kinds said with their year."""
    match kind:
        case "month" if 1 <= number <= 12:
            return Text(vi=f"tháng {number}", en=MONTHS_EN[number - 1])
        case "quarter" if 1 <= number <= 4:
            return Text(vi=f"quý {('I', 'II', 'III', 'IV')[number - 1]}", en=f"Q{number}")
        case _:
            return None
