"""Checks of what is added up: totals against facts, a parent's own figure against its children."""

from kieumau.indicators.actions.totals import FACTS, MEASURES
from kieumau.kernel.messages import Text
from kieumau.quality.rules import Check, Severity

_KEPT = ", ".join(f"t.{name.strip()}" for name in MEASURES.split(","))
_TRUE = ", ".join(f"f.{name.strip()}" for name in MEASURES.split(","))
_BOTH = Text(vi="Tự báo {0}, tổng cấp dưới {1}.", en="{0} reported, {1} added up.")
# A unit above others: what it reported itself, beside the sum of those below it.
_OWN_BESIDE_SUM = """SELECT t.unit, t.period, t.indicator,
        ARRAY[trim_scale(f.value)::text, trim_scale(t.value)::text] AS said
    FROM figure_total t JOIN figure f USING (period, unit, indicator)
    JOIN unit_position p ON p.unit_id = t.unit AND p.level < 3
    JOIN period q ON q.id = t.period AND p.valid @> (q.ends_before - 1)"""

TOTAL_DIFFERS = Check(
    "total-differs-from-facts",
    Severity.BROKEN,
    Text(vi="Tổng không bằng các số thành phần", en="A total that is not the sum of its figures"),
    Text(
        vi="Tổng được giữ bằng cơ chế tự động; nếu lệch, trang tỉnh và cả nước đang sai.",
        en="Totals are kept by the database; if one is off, pages of provinces and the nation are wrong.",
    ),
    Text(
        vi="Chạy `kieumau rebuild` để tính lại, rồi báo người quản trị.",
        en="Run `kieumau rebuild`, then tell the administrator.",
    ),
    Text(vi="Đang giữ {0}, đúng ra là {1}.", en="{0} is kept, {1} is right."),
    f"""
    SELECT unit, period, indicator, ARRAY[trim_scale(t.value)::text, trim_scale(f.value)::text] AS said
    FROM figure_total t FULL JOIN ({FACTS}) f USING (period, unit, indicator)
    WHERE ({_KEPT}) IS DISTINCT FROM ({_TRUE})
    """,
)
OWN_BELOW_SUM = Check(
    "own-figure-below-sum",
    Severity.DOUBTFUL,
    Text(vi="Số cấp trên tự báo nhỏ hơn tổng cấp dưới", en="A parent reports less than its units together"),
    Text(
        vi="Cấp trên có thể có thêm việc không thuộc xã nào, nhưng không thể ít hơn.",
        en="A parent may have cases that belong to no commune, but not fewer than they have.",
    ),
    Text(vi="Đối chiếu với từng đơn vị cấp dưới.", en="Compare with the units below one by one."),
    _BOTH,
    f"""
    {_OWN_BESIDE_SUM}
    WHERE f.state = 0 AND f.value < t.value
    """,
)
OWN_FAR_ABOVE = Check(
    "own-figure-far-above-sum",
    Severity.DOUBTFUL,
    Text(vi="Số cấp trên tự báo gấp đôi tổng cấp dưới", en="A parent reports twice its units together"),
    Text(
        vi="Có thể nhiều đơn vị chưa báo cáo, hoặc cấp trên ghi lũy kế.",
        en="Many units may not have reported, or the parent sent a running total.",
    ),
    Text(
        vi="Xem đơn vị nào chưa gửi; hỏi cách tính của cấp trên.",
        en="See who is missing; ask how it was counted.",
    ),
    _BOTH,
    f"""
    {_OWN_BESIDE_SUM}
    WHERE f.state = 0 AND t.value_count > 0 AND f.value > 2 * t.value AND f.value - t.value >= 20
    """,
)
THIN_PROVINCE = Check(
    "thin-province",
    Severity.DOUBTFUL,
    Text(vi="Tỉnh có dưới một nửa số xã báo cáo", en="Less than half of a province has reported"),
    Text(
        vi="Tổng của tỉnh trong kỳ này không so sánh được.",
        en="The province's totals of the period cannot be compared.",
    ),
    Text(vi="Nhắc các đơn vị còn thiếu.", en="Remind the units that are missing."),
    Text(vi="{0} trên {1} đơn vị.", en="{0} of {1} units."),
    """
    WITH there AS (
        SELECT e.province_id, e.period, count(*) AS units, count(r.unit) AS reported
        FROM expected e LEFT JOIN reported r USING (period, unit)
        WHERE e.province_id IS NOT NULL AND e.ends_before <= %(today)s::date
        GROUP BY e.province_id, e.period),
    nation AS (SELECT period, sum(reported) AS reported, sum(units) AS units FROM there GROUP BY period)
    SELECT there.province_id AS unit, period,
        ARRAY[there.reported::text, there.units::text] AS said
    FROM there JOIN nation USING (period)
    WHERE 2 * there.reported < there.units AND 2 * nation.reported >= nation.units
    """,
)
CHECKS = (TOTAL_DIFFERS, OWN_BELOW_SUM, OWN_FAR_ABOVE, THIN_PROVINCE)
