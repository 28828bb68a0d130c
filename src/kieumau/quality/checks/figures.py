"""Checks of single figures: what they refer to, and whether the number can be."""

from kieumau.kernel.messages import Text
from kieumau.quality.rules import TELL, Check, Severity

_SEND_AGAIN = Text(
    vi="Hỏi đơn vị rồi gửi lại số đúng; số cũ vẫn được lưu.",
    en="Ask the unit and send the right figure; the old one is kept.",
)
_COUNT = Text(vi="{0} số liệu.", en="{0} figures.")
_VALUE = Text(vi="Giá trị {0}.", en="The value is {0}.")

UNKNOWN_UNIT = Check(
    "figure-of-unknown-unit",
    Severity.BROKEN,
    Text(vi="Số liệu của đơn vị không tồn tại", en="Figures of a unit that does not exist"),
    Text(vi="Số liệu ấy không hiện ở đâu và không vào tổng nào.", en="They show nowhere and enter no total."),
    TELL,
    _COUNT,
    """
    SELECT r.unit, r.period, ARRAY[r.all_count::text] AS said
    FROM reported r WHERE NOT EXISTS (SELECT FROM unit u WHERE u.id = r.unit)
    """,
)
UNKNOWN_INDICATOR = Check(
    "figure-of-unknown-indicator",
    Severity.BROKEN,
    Text(vi="Số liệu của chỉ tiêu không tồn tại", en="Figures of an indicator that does not exist"),
    Text(vi="Không ai biết con số ấy đếm cái gì.", en="Nobody knows what the numbers count."),
    TELL,
    _COUNT,
    """
    SELECT f.indicator, ARRAY[count(*)::text] AS said
    FROM figure f WHERE NOT EXISTS (SELECT FROM indicator i WHERE i.id = f.indicator) GROUP BY f.indicator
    """,
)
UNKNOWN_PERIOD = Check(
    "figure-of-unknown-period",
    Severity.BROKEN,
    Text(vi="Số liệu của kỳ không tồn tại", en="Figures of a period that does not exist"),
    Text(vi="Số liệu ấy không vào kỳ nào.", en="They belong to no period."),
    TELL,
    _COUNT,
    """
    SELECT r.period, ARRAY[sum(r.all_count)::text] AS said
    FROM reported r WHERE NOT EXISTS (SELECT FROM period q WHERE q.id = r.period) GROUP BY r.period
    """,
)
UNKNOWN_SOURCE = Check(
    "figure-without-source",
    Severity.BROKEN,
    Text(vi="Số liệu không rõ nguồn", en="Figures without a source"),
    Text(vi="Không truy được ai gửi, tệp nào.", en="Nobody can tell who sent them, in which file."),
    TELL,
    _COUNT,
    """
    SELECT f.period, ARRAY[count(*)::text] AS said
    FROM figure f WHERE NOT EXISTS (SELECT FROM figure_source s WHERE s.id = f.source) GROUP BY f.period
    """,
)
OTHER_PERIOD = Check(
    "figure-of-another-kind-of-period",
    Severity.BROKEN,
    Text(vi="Số liệu sai loại kỳ", en="Figures for another kind of period than the indicator's"),
    Text(
        vi="Chỉ tiêu báo cáo theo lịch khác; số này không được cộng vào đâu.",
        en="The indicator is reported by another calendar; these add to nothing.",
    ),
    Text(vi="Gửi lại theo kỳ của chỉ tiêu.", en="Send them again for the indicator's own periods."),
    _COUNT,
    """
    SELECT x.period, x.indicator, ARRAY[x.figures::text] AS said
    FROM (SELECT period, indicator, count(*) AS figures FROM figure GROUP BY period, indicator) x
    JOIN indicator i ON i.id = x.indicator
    JOIN period q ON q.id = x.period
    JOIN calendar c ON c.id = q.calendar_id
    WHERE (c.code, q.kind) <> (i.calendar, i.period_kind)
    """,
)
OF_DERIVED = Check(
    "figure-of-derived-indicator",
    Severity.BROKEN,
    Text(vi="Số liệu gõ vào chỉ tiêu tính toán", en="Figures typed into a derived indicator"),
    Text(
        vi="Chỉ tiêu này được tính từ công thức; con số gõ vào bị bỏ qua.",
        en="The indicator is worked out by a formula; a typed number is ignored.",
    ),
    Text(vi="Xóa các số ấy; gửi các thành phần của nó.", en="Remove them; send the parts instead."),
    _COUNT,
    """
    SELECT f.indicator, ARRAY[count(*)::text] AS said
    FROM figure f JOIN indicator i ON i.id = f.indicator AND i.formula <> '' GROUP BY f.indicator
    """,
)
UNIT_WAS_NOT_THERE = Check(
    "unit-was-not-there",
    Severity.DOUBTFUL,
    Text(
        vi="Số liệu của đơn vị cho kỳ mà đơn vị chưa có hoặc đã hết",
        en="Figures for a time a unit was not there",
    ),
    Text(
        vi="Thường do gửi theo mã: mã ấy khi đó là của đơn vị khác.",
        en="Often sent by code, which was another unit's then.",
    ),
    Text(
        vi="Gửi lại cho đơn vị có mặt trong kỳ (đơn vị cũ trước khi sáp nhập).",
        en="Send them for the unit of that time (the one before the merger).",
    ),
    _COUNT,
    """
    SELECT r.unit, r.period, ARRAY[r.all_count::text] AS said
    FROM reported r JOIN period q ON q.id = r.period
    WHERE NOT EXISTS (
        SELECT FROM unit_counted p WHERE p.unit_id = r.unit AND p.valid @> (q.ends_before - 1))
    """,
)
FROM_THE_FUTURE = Check(
    "figure-before-the-period-ends",
    Severity.DOUBTFUL,
    Text(vi="Số liệu của kỳ chưa kết thúc", en="Figures of a period that has not ended"),
    Text(
        vi="Con số còn thay đổi, hoặc ghi nhầm kỳ.", en="They will still change, or the period is mistaken."
    ),
    Text(
        vi="Kiểm tra kỳ trong tệp; gửi lại sau khi kỳ kết thúc.", en="Check the period; send again after it."
    ),
    _COUNT,
    """
    SELECT r.period, ARRAY[sum(r.all_count)::text] AS said
    FROM reported r JOIN period q ON q.id = r.period WHERE q.ends_before > %(today)s::date GROUP BY r.period
    """,
)
NEGATIVE = Check(
    "negative-count",
    Severity.DOUBTFUL,
    Text(vi="Số âm", en="A negative number"),
    Text(vi="Số đếm không thể nhỏ hơn không.", en="Nothing can be counted below zero."),
    _SEND_AGAIN,
    _VALUE,
    """
    SELECT f.unit, f.period, f.indicator, ARRAY[trim_scale(f.value)::text] AS said
    FROM figure f JOIN indicator i ON i.id = f.indicator AND NOT i.is_share WHERE f.value < 0
    """,
)
FRACTION = Check(
    "fraction-of-a-count",
    Severity.DOUBTFUL,
    Text(vi="Số lẻ ở chỉ tiêu đếm", en="A fraction where things are counted"),
    Text(
        vi="Chỉ tiêu này ghi ít chữ số thập phân hơn; có thể nhầm dấu chấm, dấu phẩy.",
        en="The indicator has fewer decimals; a point and a comma may have been confused.",
    ),
    _SEND_AGAIN,
    _VALUE,
    """
    SELECT f.unit, f.period, f.indicator, ARRAY[trim_scale(f.value)::text] AS said
    FROM figure f JOIN indicator i ON i.id = f.indicator AND NOT i.is_share
    WHERE f.value <> round(f.value, i.decimals)
    """,
)
SHARE_OUT_OF_RANGE = Check(
    "share-out-of-range",
    Severity.DOUBTFUL,
    Text(vi="Tỷ lệ ngoài 0–100 %", en="A share outside of 0–100 %"),
    Text(vi="Có thể đã gửi 70 thay vì 0,7.", en="Perhaps 70 was sent instead of 0.7."),
    _SEND_AGAIN,
    _VALUE,
    """
    SELECT f.unit, f.period, f.indicator, ARRAY[trim_scale(f.value)::text] AS said
    FROM figure f JOIN indicator i ON i.id = f.indicator AND i.is_share WHERE f.value < 0 OR f.value > 1
    """,
)
HUGE = Check(
    "beyond-all-measure",
    Severity.DOUBTFUL,
    Text(vi="Số quá lớn", en="A number beyond all measure"),
    Text(
        vi="Lớn hơn nghìn lần mức của mọi đơn vị khác cùng loại kỳ.",
        en="More than a thousand times what nearly all units report.",
    ),
    _SEND_AGAIN,
    Text(
        vi="Giá trị {0}; 99 % đơn vị không quá {1}.", en="The value is {0}; 99 % of units report {1} at most."
    ),
    """
    WITH large AS MATERIALIZED (  -- nothing smaller is a thousand times anything
        SELECT unit, period, indicator, value FROM spotted WHERE value > 1000),
    usual AS (
        SELECT indicator, percentile_disc(0.99) WITHIN GROUP (ORDER BY value) AS most FROM spotted
        WHERE indicator IN (SELECT indicator FROM large) GROUP BY indicator HAVING count(*) >= 100)
    SELECT s.unit, s.period, s.indicator, ARRAY[trim_scale(s.value)::text, trim_scale(u.most)::text] AS said
    FROM large s JOIN usual u USING (indicator)
    WHERE s.value > 1000 * greatest(u.most, 1)
        AND s.unit IN (SELECT unit FROM expected)
    """,
)
CHECKS = (
    UNKNOWN_UNIT,
    UNKNOWN_INDICATOR,
    UNKNOWN_PERIOD,
    UNKNOWN_SOURCE,
    OTHER_PERIOD,
    OF_DERIVED,
    UNIT_WAS_NOT_THERE,
    FROM_THE_FUTURE,
    NEGATIVE,
    FRACTION,
    SHARE_OUT_OF_RANGE,
    HUGE,
)
