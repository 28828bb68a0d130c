"""Checks of figures beside each other: jumps, repetitions, round numbers, holes, neighbours.

None of them proves anything: real events make jumps, small places repeat themselves. Each says what to
ask. The bounds are our own, chosen so that a sound monthly series of a commune passes.
"""

from kieumau.kernel.messages import Text
from kieumau.quality.rules import Check, Severity

_ASK = Text(
    vi="Hỏi đơn vị: đúng thì ghi chú, sai thì gửi lại.",
    en="Ask the unit: if it is right, leave a remark; if not, it sends it again.",
)

JUMP_UP = Check(
    "impossible-jump-up",
    Severity.DOUBTFUL,
    Text(vi="Tăng vọt bất thường", en="A jump upwards"),
    Text(
        vi="Gấp hơn năm lần mức cao nhất của ba kỳ trước và hơn ít nhất 20.",
        en="More than five times the highest of the three periods before, and at least 20 more.",
    ),
    _ASK,
    Text(
        vi="{0} → {1} (ba kỳ trước cao nhất {0}).",
        en="{0} → {1} ({0} is the highest of three periods before).",
    ),
    """
    SELECT unit, period, indicator,
        ARRAY[trim_scale(greatest(before1, before2, before3))::text, trim_scale(value)::text] AS said
    FROM spotted
    WHERE before3 IS NOT NULL AND value > 5 * greatest(before1, before2, before3)
        AND value - greatest(before1, before2, before3) >= 20
    """,
)
JUMP_DOWN = Check(
    "impossible-jump-down",
    Severity.DOUBTFUL,
    Text(vi="Tụt giảm bất thường", en="A fall"),
    Text(
        vi="Chưa bằng một phần năm mức thấp nhất của ba kỳ trước và kém ít nhất 20.",
        en="Less than a fifth of the lowest of the three periods before, and at least 20 less.",
    ),
    _ASK,
    Text(
        vi="{0} → {1} (ba kỳ trước thấp nhất {0}).",
        en="{0} → {1} ({0} is the lowest of three periods before).",
    ),
    """
    SELECT unit, period, indicator,
        ARRAY[trim_scale(least(before1, before2, before3))::text, trim_scale(value)::text] AS said
    FROM spotted
    WHERE before3 IS NOT NULL AND 5 * value < least(before1, before2, before3)
        AND least(before1, before2, before3) - value >= 20
    """,
)
REPEATED = Check(
    "repeated-value",
    Severity.DOUBTFUL,
    Text(vi="Bốn kỳ liền cùng một số", en="The same number four periods in a row"),
    Text(
        vi="Số phát sinh từ 20 trở lên hiếm khi lặp lại y nguyên; có thể chép từ kỳ trước.",
        en="Events of 20 and more rarely repeat exactly; it may have been copied.",
    ),
    _ASK,
    Text(vi="{0}, bốn kỳ liền.", en="{0}, four times in a row."),
    """
    SELECT s.unit, s.period, s.indicator, ARRAY[trim_scale(s.value)::text] AS said
    FROM spotted s JOIN indicator i ON i.id = s.indicator AND i.nature = 'flow'
    WHERE s.value >= 20 AND s.value = s.before1 AND s.value = s.before2 AND s.value = s.before3
    """,
)
COPIED_RETURN = Check(
    "copied-return",
    Severity.DOUBTFUL,
    Text(vi="Cả kỳ báo cáo giống hệt kỳ trước", en="A whole return like the one before"),
    Text(
        vi="Mọi số phát sinh (ít nhất năm số khác 0) bằng kỳ trước.",
        en="Every count of events (five or more that are not zero) equals the period before.",
    ),
    _ASK,
    Text(vi="{0} số liệu giống hệt.", en="{0} figures are the same."),
    """
    SELECT s.unit, s.period, ARRAY[count(*)::text] AS said
    FROM spotted s JOIN indicator i ON i.id = s.indicator AND i.nature = 'flow'
    WHERE s.follows
    GROUP BY s.unit, s.period
    HAVING bool_and(s.value = s.before1) AND count(*) FILTER (WHERE s.value > 0) >= 5
    """,
)
TOO_ROUND = Check(
    "too-round",
    Severity.DOUBTFUL,
    Text(vi="Quá nhiều số tròn chục", en="Too many round numbers"),
    Text(
        vi="Trong số đếm được, cứ mười số thì khoảng một số tận cùng 0; ở đây hơn một nửa.",
        en="Of true counts about one in ten ends in 0; here more than half do.",
    ),
    _ASK,
    Text(vi="{0} trên {1} số từ 20 trở lên trong năm {2}.", en="{0} of {1} numbers of 20 and more in {2}."),
    """
    SELECT s.unit, max(s.period) AS period,
        ARRAY[(count(*) FILTER (WHERE s.value %% 10 = 0))::text, count(*)::text, s.year::text] AS said
    FROM spotted s JOIN indicator i ON i.id = s.indicator AND i.nature = 'flow'
    WHERE s.value >= 20
    GROUP BY s.unit, s.year
    HAVING count(*) >= 12 AND 2 * count(*) FILTER (WHERE s.value %% 10 = 0) > count(*)
    """,
)
FAR_FROM_PEERS = Check(
    "far-from-peers",
    Severity.DOUBTFUL,
    Text(vi="Cách xa các đơn vị cùng loại", en="Far from units of its kind"),
    Text(
        vi="Cả năm gấp hơn 20 lần mức giữa của các đơn vị cùng loại trong tỉnh.",
        en="Over a year more than 20 times the median of units of its kind in the province.",
    ),
    _ASK,
    Text(vi="{0}; mức giữa của {2} đơn vị là {1}.", en="{0}; the median of {2} units is {1}."),
    """
    WITH yearly AS (
        SELECT s.unit, s.indicator, s.calendar_id, s.year, max(s.period) AS period, sum(s.value) AS value
        FROM spotted s JOIN indicator i ON i.id = s.indicator AND i.nature = 'flow' AND i.is_main
        GROUP BY s.unit, s.indicator, s.calendar_id, s.year),
    placed AS (SELECT y.*, e.province_id, e.unit_kind FROM yearly y JOIN expected e USING (period, unit)),
    usual AS (
        SELECT province_id, unit_kind, indicator, calendar_id, year, count(*) AS units,
            percentile_disc(0.5) WITHIN GROUP (ORDER BY value) AS middle
        FROM placed GROUP BY province_id, unit_kind, indicator, calendar_id, year HAVING count(*) >= 10)
    SELECT d.unit, d.period, d.indicator,
        ARRAY[trim_scale(d.value)::text, trim_scale(u.middle)::text, u.units::text] AS said
    FROM placed d JOIN usual u USING (province_id, unit_kind, indicator, calendar_id, year)
    WHERE u.middle >= 5 AND d.value > 20 * u.middle
    """,
)
ALL_ZERO = Check(
    "all-zero-return",
    Severity.DOUBTFUL,
    Text(vi="Cả kỳ toàn số 0", en="A return of nothing but zeros"),
    Text(
        vi="Kỳ trước có ít nhất 20 việc, kỳ này không có việc nào; có thể đã nộp mẫu trắng.",
        en="There were at least 20 events in the period before and none now; perhaps a blank form.",
    ),
    _ASK,
    Text(vi="Kỳ trước cộng lại {0}.", en="{0} in all in the period before."),
    """
    SELECT s.unit, s.period, ARRAY[trim_scale(sum(s.before1))::text] AS said
    FROM spotted s JOIN indicator i ON i.id = s.indicator AND i.nature = 'flow'
    WHERE s.follows
    GROUP BY s.unit, s.period
    HAVING count(*) >= 5 AND bool_and(s.value = 0) AND sum(s.before1) >= 20
    """,
)
HOLE = Check(
    "hole-in-the-series",
    Severity.DOUBTFUL,
    Text(vi="Thiếu một kỳ giữa hai kỳ có báo cáo", en="A period missing between two that are there"),
    Text(
        vi="Tổng cả năm của đơn vị vì thế là “thiếu số liệu”.",
        en="Yearly totals of the unit are “no data” because of it.",
    ),
    Text(vi="Nhắc đơn vị gửi kỳ còn thiếu.", en="Remind the unit to send the missing period."),
    Text(vi="Không có số liệu nào.", en="There are no figures."),
    """
    WITH series AS (
        SELECT e.unit, e.period, r.unit IS NOT NULL AS is_there,
            lag(r.unit) OVER w IS NOT NULL AND lead(r.unit) OVER w IS NOT NULL AS is_between
        FROM expected e LEFT JOIN reported r USING (period, unit)
        WINDOW w AS (PARTITION BY e.unit, e.calendar_id, e.kind ORDER BY e.starts_on))
    SELECT unit, period, ARRAY[]::text[] AS said
    FROM series WHERE NOT is_there AND is_between
    """,
)
FELL_SILENT = Check(
    "fell-silent",
    Severity.DOUBTFUL,
    Text(vi="Ngừng báo cáo", en="Fell silent"),
    Text(
        vi="Ba kỳ gần nhất không có gì trong khi quá nửa đơn vị khác đã gửi.",
        en="Nothing for the last three periods, while more than half of the others reported.",
    ),
    Text(vi="Liên hệ đơn vị.", en="Get in touch with the unit."),
    Text(vi="Kỳ cuối có số liệu: {0}.", en="Last period with figures: {0}."),
    """
    WITH usual AS (
        SELECT e.period, e.calendar_id, e.kind, e.starts_on
        FROM expected e LEFT JOIN reported r USING (period, unit) WHERE e.ends_before <= %(today)s::date
        GROUP BY e.period, e.calendar_id, e.kind, e.starts_on HAVING 2 * count(r.unit) > count(*)),
    latest AS (
        SELECT *, row_number() OVER (PARTITION BY calendar_id, kind ORDER BY starts_on DESC) AS back
        FROM usual),
    silent AS (
        SELECT e.unit, max(l.period) AS period, l.calendar_id, l.kind
        FROM latest l JOIN expected e USING (period) LEFT JOIN reported r USING (period, unit)
        WHERE l.back <= 3 GROUP BY e.unit, l.calendar_id, l.kind
        HAVING count(*) = 3 AND count(r.unit) = 0)
    SELECT s.unit, s.period, ARRAY[(
        SELECT q.code FROM reported r JOIN period q ON q.id = r.period
        WHERE r.unit = s.unit AND (q.calendar_id, q.kind) = (s.calendar_id, s.kind)
        ORDER BY q.starts_on DESC LIMIT 1)] AS said
    FROM silent s
    """,
)
OFTEN_MISSING = Check(
    "often-missing",
    Severity.DOUBTFUL,
    Text(vi="Hay ghi “không có số liệu”", en="Often said to be missing"),
    Text(
        vi="Trên một phần năm số liệu của kỳ được ghi là không có.",
        en="More than a fifth of the return is said to be missing.",
    ),
    _ASK,
    Text(vi="{0} trên {1} số liệu.", en="{0} of {1} figures."),
    """
    SELECT unit, period, ARRAY[missing_count::text, all_count::text] AS said
    FROM reported WHERE all_count >= 5 AND 5 * missing_count > all_count
    """,
)
OFTEN_REFUSED = Check(
    "often-refused",
    Severity.NOTE,
    Text(vi="Nhiều số liệu bị từ chối cung cấp", en="Much of a return was refused"),
    Text(
        vi="Trên một phần mười số liệu của kỳ bị từ chối.",
        en="More than a tenth of the return was refused.",
    ),
    Text(
        vi="Hỏi lý do; có thể thiếu căn cứ yêu cầu.", en="Ask why; perhaps the basis for asking is missing."
    ),
    Text(vi="{0} trên {1} số liệu.", en="{0} of {1} figures."),
    """
    SELECT unit, period, ARRAY[refused_count::text, all_count::text] AS said
    FROM reported WHERE all_count >= 5 AND 10 * refused_count > all_count
    """,
)
CHECKS = (
    JUMP_UP,
    JUMP_DOWN,
    REPEATED,
    COPIED_RETURN,
    TOO_ROUND,
    FAR_FROM_PEERS,
    ALL_ZERO,
    HOLE,
    FELL_SILENT,
    OFTEN_MISSING,
    OFTEN_REFUSED,
)
