"""Checks of what changed after it was reported, and of where figures came from."""

from kieumau.kernel.messages import Text
from kieumau.quality.rules import Check, Severity

REVISED_OFTEN = Check(
    "revised-often",
    Severity.DOUBTFUL,
    Text(vi="Sửa đi sửa lại", en="Revised again and again"),
    Text(vi="Một số liệu đã thay ba lần trở lên.", en="One figure was replaced three times or more."),
    Text(vi="Xem lịch sử của số liệu và hỏi đơn vị.", en="Look at its history and ask the unit."),
    Text(vi="Đã thay {0} lần.", en="Replaced {0} times."),
    """
    SELECT unit, period, indicator, ARRAY[count(*)::text] AS said
    FROM figure_superseded GROUP BY unit, period, indicator HAVING count(*) >= 3
    """,
)
RESTATED = Check(
    "large-restatement",
    Severity.DOUBTFUL,
    Text(vi="Điều chỉnh lớn sau khi đã báo cáo", en="A large restatement"),
    Text(
        vi="Số mới khác số cũ trên một nửa và ít nhất 20.",
        en="The new figure differs by more than half, and by 20 at least.",
    ),
    Text(
        vi="Xem ai sửa, vì sao; kết quả đã công bố có thể thay đổi.",
        en="See who changed it and why; published results may have changed.",
    ),
    Text(vi="{0} → {1}.", en="{0} → {1}."),
    """
    SELECT s.unit, s.period, s.indicator, ARRAY[trim_scale(s.value)::text, trim_scale(f.value)::text] AS said
    FROM figure_superseded s JOIN figure f USING (period, unit, indicator)
    WHERE s.state = 0 AND f.state = 0 AND abs(f.value - s.value) >= 20
        AND 2 * abs(f.value - s.value) > greatest(abs(f.value), abs(s.value))
    """,
)
REMOVED = Check(
    "removed-figure",
    Severity.NOTE,
    Text(vi="Số liệu đã bị rút", en="Figures that were taken back"),
    Text(vi="Từng có số, nay không còn.", en="There was a figure; there is none now."),
    Text(vi="Nếu rút nhầm, gửi lại tệp.", en="If that was a mistake, send the file again."),
    Text(vi="Số đã rút: {0}.", en="It was {0}."),
    """
    SELECT s.unit, s.period, s.indicator,
        ARRAY[(array_agg(trim_scale(s.value)::text ORDER BY s.id DESC))[1]] AS said
    FROM figure_superseded s
    WHERE NOT EXISTS (
        SELECT FROM figure f WHERE (f.period, f.unit, f.indicator) = (s.period, s.unit, s.indicator))
    GROUP BY s.unit, s.period, s.indicator
    """,
)
SAME_FILE = Check(
    "same-file-again",
    Severity.NOTE,
    Text(vi="Cùng một tệp nạp hai lần", en="The same file twice"),
    Text(
        vi="Không gây sai, nhưng có thể đã chọn nhầm tệp.",
        en="It does no harm, but the wrong file may be meant.",
    ),
    Text(
        vi="Kiểm tra tệp của kỳ mới đã được nạp chưa.", en="Check that the file of the new period was loaded."
    ),
    Text(vi="“{0}” và “{1}”.", en="“{0}” and “{1}”."),
    """
    SELECT ARRAY[a.name, b.name] AS said
    FROM figure_source a JOIN figure_source b ON b.sha256 = a.sha256 AND a.id < b.id WHERE a.sha256 <> ''
    """,
)
MIXED = Check(
    "made-up-beside-real",
    Severity.DOUBTFUL,
    Text(vi="Số liệu minh họa lẫn với số liệu thật", en="Made-up figures beside real ones"),
    Text(
        vi="Cùng kỳ có cả số minh họa và số thật; mọi tổng đều vô nghĩa.",
        en="One period has made-up and real figures; its totals mean nothing.",
    ),
    Text(vi="Xóa số liệu minh họa trước khi dùng thật.", en="Remove the demo's figures before real use."),
    Text(vi="{0} số minh họa, {1} số thật.", en="{0} made up, {1} real."),
    """
    WITH by_source AS (
        SELECT f.period, f.source, p.root_id, count(*) AS figures
        FROM figure f JOIN period q ON q.id = f.period
        JOIN unit_counted p ON p.unit_id = f.unit AND p.valid @> (q.ends_before - 1)
        GROUP BY f.period, f.source, p.root_id)
    SELECT b.root_id AS unit, b.period,
        ARRAY[(sum(b.figures) FILTER (WHERE s.is_synthetic))::text,
            (sum(b.figures) FILTER (WHERE NOT s.is_synthetic))::text] AS said
    FROM by_source b JOIN figure_source s ON s.id = b.source
    GROUP BY b.root_id, b.period HAVING bool_or(s.is_synthetic) AND NOT bool_and(s.is_synthetic)
    """,
)
CHECKS = (REVISED_OFTEN, RESTATED, REMOVED, SAME_FILE, MIXED)
