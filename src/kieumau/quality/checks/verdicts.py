"""Checks of verdicts against the sets, units and periods they are about."""

from kieumau.kernel.messages import Text
from kieumau.quality.rules import Check, Severity

_JUDGE = Text(vi="Đánh giá lại kỳ này (`kieumau assess`).", en="Judge the period again (`kieumau assess`).")

WRONG_LENGTH = Check(
    "verdict-of-other-length",
    Severity.BROKEN,
    Text(vi="Kết quả không khớp số tiêu chí", en="A verdict with another number of criteria than its set"),
    Text(vi="Kết quả từng tiêu chí sẽ hiện lệch dòng.", en="Outcomes would show beside the wrong criteria."),
    _JUDGE,
    Text(vi="Bộ “{0}”: {1} kết quả, {2} tiêu chí.", en="Set “{0}”: {1} outcomes, {2} criteria."),
    """
    SELECT a.unit, a.period,
        ARRAY[s.code || ' v' || s.version, cardinality(a.outcomes)::text, n.criteria::text] AS said
    FROM assessment a JOIN criteria_set s ON s.id = a.criteria_set_id
    JOIN (SELECT criteria_set_id, count(*) AS criteria FROM criterion GROUP BY criteria_set_id) n
        ON n.criteria_set_id = s.id
    WHERE cardinality(a.outcomes) <> n.criteria
    """,
)
OF_ABSENT_UNIT = Check(
    "verdict-of-absent-unit",
    Severity.DOUBTFUL,
    Text(vi="Kết quả của đơn vị không có trong kỳ", en="A verdict on a unit that was not there"),
    Text(
        vi="Đơn vị chưa có hoặc đã hết vào ngày cuối kỳ; kết quả không được đếm ở tỉnh nào.",
        en="The unit was not there on the period's last day; no province counts it.",
    ),
    _JUDGE,
    Text(vi="Bộ “{0}”.", en="Set “{0}”."),
    """
    SELECT a.unit, a.period, ARRAY[s.code || ' v' || s.version] AS said
    FROM assessment a JOIN criteria_set s ON s.id = a.criteria_set_id JOIN period q ON q.id = a.period
    WHERE NOT EXISTS (
        SELECT FROM unit_position p WHERE p.unit_id = a.unit AND p.valid @> (q.ends_before - 1))
    """,
)
SET_NOT_IN_FORCE = Check(
    "set-not-in-force",
    Severity.DOUBTFUL,
    Text(vi="Đánh giá bằng bộ không có hiệu lực trong kỳ", en="Judged by a set that was not in force"),
    Text(
        vi="Ngày cuối kỳ nằm ngoài thời gian hiệu lực của phiên bản.",
        en="The period's last day lies outside of the version's time.",
    ),
    Text(
        vi="Xem phiên bản nào có hiệu lực rồi đánh giá lại.",
        en="See which version is in force and judge again.",
    ),
    Text(vi="Bộ “{0}”: {1} kết quả.", en="Set “{0}”: {1} verdicts."),
    """
    SELECT a.period,
        ARRAY[s.code || ' v' || s.version, count(*)::text] AS said
    FROM assessment a JOIN criteria_set s ON s.id = a.criteria_set_id JOIN period q ON q.id = a.period
    WHERE NOT s.in_force @> (q.ends_before - 1)
    GROUP BY a.period, s.code, s.version
    """,
)
JUDGED_TOO_EARLY = Check(
    "judged-before-the-end",
    Severity.NOTE,
    Text(vi="Đánh giá khi kỳ chưa kết thúc", en="Judged before the period ended"),
    Text(
        vi="Tiêu chí chưa đến hạn ghi “chưa đến hạn”; cần đánh giá lại sau khi kỳ kết thúc.",
        en="Criteria not yet due say so; judge again after the end.",
    ),
    _JUDGE,
    Text(vi="Bộ “{0}”: {1} kết quả, tính đến {2}.", en="Set “{0}”: {1} verdicts, as of {2}."),
    """
    SELECT a.period,
        ARRAY[s.code || ' v' || s.version, count(*)::text, max(a.judged_on)::text] AS said
    FROM assessment a JOIN criteria_set s ON s.id = a.criteria_set_id JOIN period q ON q.id = a.period
    WHERE a.judged_on < q.ends_before - 1 AND q.ends_before <= %(today)s::date
    GROUP BY a.period, s.code, s.version
    """,
)
CHECKS = (WRONG_LENGTH, OF_ABSENT_UNIT, SET_NOT_IN_FORCE, JUDGED_TOO_EARLY)
