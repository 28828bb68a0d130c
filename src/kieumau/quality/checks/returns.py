"""Checks of returns: accepted without figures, left lying, and of the ways between maps."""

from kieumau.kernel.messages import Text
from kieumau.quality.rules import Check, Severity

ACCEPTED_EMPTY = Check(
    "accepted-but-empty",
    Severity.BROKEN,
    Text(vi="Báo cáo đã nhận mà không có số liệu", en="A return accepted without figures"),
    Text(
        vi="Báo cáo được tính là đầy đủ nhưng kho không có số nào của đơn vị trong kỳ.",
        en="It counts as complete, and the store has no figure of the unit for the period.",
    ),
    Text(
        vi="Trả lại báo cáo để đơn vị nhập lại; báo người quản trị vì sao số liệu mất.",
        en="Send the return back to be entered again; tell the administrator that figures are gone.",
    ),
    Text(vi="Biểu “{0}”.", en="Form “{0}”."),
    """
    SELECT r.unit_id AS unit, r.period_id AS period, ARRAY[r.form_code] AS said
    FROM figure_return r
    WHERE r.state = 'accepted' AND NOT EXISTS (
        SELECT FROM figure f JOIN return_form_item i ON i.form_id = r.form_id AND i.indicator_id = f.indicator
        WHERE f.period = r.period_id AND f.unit = r.unit_id)
    """,
)
STANDING_INCOMPLETE = Check(
    "submitted-but-incomplete",
    Severity.DOUBTFUL,
    Text(vi="Báo cáo đã trình còn ô chưa trả lời", en="A submitted return with unanswered lines"),
    Text(
        vi="Có số liệu bị rút sau khi trình, hoặc biểu có thêm dòng.",
        en="Figures were taken back after it was submitted, or the form has grown.",
    ),
    Text(vi="Trả lại để bổ sung.", en="Send it back to be completed."),
    Text(vi="Biểu “{0}”: {1} trên {2} ô.", en="Form “{0}”: {1} of {2} lines."),
    """
    SELECT r.unit_id AS unit, r.period_id AS period,
        ARRAY[r.form_code, count(f.indicator)::text, count(*)::text] AS said
    FROM figure_return r JOIN return_form_item i ON i.form_id = r.form_id
    LEFT JOIN figure f ON (f.period, f.unit, f.indicator) = (r.period_id, r.unit_id, i.indicator_id)
    WHERE r.state IN ('submitted', 'accepted')
    GROUP BY r.id, r.unit_id, r.period_id, r.form_code
    HAVING count(f.indicator) BETWEEN 1 AND count(*) - 1
    """,
)
LEFT_LYING = Check(
    "left-lying",
    Severity.NOTE,
    Text(vi="Báo cáo trình đã lâu chưa ai nhận", en="A return that nobody has accepted for long"),
    Text(vi="Đã trình quá 15 ngày.", en="It was submitted more than 15 days ago."),
    Text(vi="Nhận, hoặc trả lại kèm lý do.", en="Accept it, or send it back with a reason."),
    Text(vi="Biểu “{0}”, trình ngày {1}.", en="Form “{0}”, submitted on {1}."),
    """
    SELECT r.unit_id AS unit, r.period_id AS period,
        ARRAY[r.form_code, (r.submitted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date::text] AS said
    FROM figure_return r
    WHERE r.state = 'submitted'
        AND (r.submitted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date < %(today)s::date - 15
    """,
)
PARTS_NOT_ONE = Check(
    "parts-on-a-map-not-one",
    Severity.BROKEN,
    Text(vi="Các phần quy đổi của một đơn vị không bằng 1", en="The parts of a unit on a map are not one"),
    Text(
        vi="Số liệu trên bản đồ khác sẽ mất đi hoặc thừa ra.",
        en="Figures shown on another map would be lost or doubled.",
    ),
    Text(vi="Chạy `kieumau rebuild` rồi rà soát lại.", en="Run `kieumau rebuild`, then check again."),
    Text(vi="Bản đồ {0}: tổng các phần {1}.", en="Map {0}: the parts add up to {1}."),
    """
    WITH marks AS (
        SELECT DISTINCT from_unit, reported, lower(on_map) AS day FROM unit_mapping)
    SELECT m.from_unit AS unit,
        ARRAY[coalesce(k.day::text, '…'), round(sum(m.numerator / m.denominator), 12)::text] AS said
    FROM marks k JOIN unit_mapping m ON m.from_unit = k.from_unit AND m.reported = k.reported
        AND (m.on_map @> k.day OR (k.day IS NULL AND lower_inf(m.on_map)))
    GROUP BY m.from_unit, m.reported, k.day
    HAVING round(sum(m.numerator / m.denominator), 12) <> 1
    """,
)
CHECKS = (ACCEPTED_EMPTY, STANDING_INCOMPLETE, LEFT_LYING, PARTS_NOT_ONE)
