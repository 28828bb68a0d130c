"""Checks of units: their terms, the acts that changed them, the shares, the tree made of them."""

from kieumau.kernel.messages import Text
from kieumau.quality.rules import TELL, Check, Severity

_RECORD = Text(
    vi="Ghi nhận việc sáp nhập, chia tách còn thiếu (`kieumau units change`).",
    en="Record the act that is missing (`kieumau units change`).",
)

OVERLAPPING_TERMS = Check(
    "overlapping-terms",
    Severity.BROKEN,
    Text(vi="Một đơn vị có hai thời đoạn chồng nhau", en="A unit has two terms at one time"),
    Text(
        vi="Cùng một ngày, đơn vị có hai tên, hai mã hoặc hai cấp trên; số liệu sẽ tính hai lần.",
        en="On one day the unit has two names, codes or parents; figures would count twice.",
    ),
    TELL,
    Text(vi="“{0}” và “{1}” cùng có hiệu lực từ {2}.", en="“{0}” and “{1}” are both in force from {2}."),
    """
    SELECT a.unit_id AS unit,
        ARRAY[a.name, b.name, lower(a.valid * b.valid)::text] AS said
    FROM unit_term a JOIN unit_term b ON b.unit_id = a.unit_id AND a.id < b.id AND a.valid && b.valid
    """,
)
CODE_MEANS_TWO = Check(
    "code-means-two-units",
    Severity.BROKEN,
    Text(vi="Một mã chỉ hai đơn vị cùng lúc", en="One code means two units at one time"),
    Text(
        vi="Tệp gửi theo mã này không biết vào đơn vị nào.",
        en="A file that comes with this code cannot tell which unit it is of.",
    ),
    TELL,
    Text(vi="Mã {0}: “{1}” và “{2}”.", en="Code {0}: “{1}” and “{2}”."),
    """
    SELECT a.unit_id AS unit,
        ARRAY[a.code, a.name, b.name] AS said
    FROM unit_term a JOIN unit_term b
        ON (b.register, b.code) = (a.register, a.code) AND a.unit_id < b.unit_id AND a.valid && b.valid
    """,
)
PARENT_NOT_THERE = Check(
    "parent-not-there",
    Severity.BROKEN,
    Text(vi="Cấp trên không tồn tại trong thời gian đó", en="The parent was not there at that time"),
    Text(
        vi="Trong những ngày ấy số liệu của đơn vị không vào tổng nào.",
        en="On those days the figures of the unit enter no total.",
    ),
    TELL,
    Text(vi="“{0}” ({1}) thuộc đơn vị không có mặt đủ thời gian.", en="“{0}” ({1}) outlives its parent."),
    """
    SELECT t.unit_id AS unit,
        ARRAY[t.name, t.valid::text] AS said
    FROM unit_term t
    WHERE t.parent_id IS NOT NULL AND NOT coalesce(
        (SELECT range_agg(p.valid) FROM unit_term p WHERE p.unit_id = t.parent_id) @> t.valid, false)
    """,
)
SHARES_NOT_ONE = Check(
    "shares-not-one",
    Severity.BROKEN,
    Text(vi="Tỷ lệ chia của một đơn vị không bằng 1", en="The shares of a unit do not add up to one"),
    Text(
        vi="Khi chuyển số liệu sang bản đồ mới sẽ mất đi hoặc thừa ra.",
        en="Figures moved to another map would be lost or doubled.",
    ),
    Text(
        vi="Hoàn tác việc thay đổi ấy rồi ghi lại với tỷ lệ đúng.",
        en="Undo the act and record it again with the right shares.",
    ),
    Text(vi="Việc “{0}”: tổng tỷ lệ {1}.", en="Act “{0}”: the shares add up to {1}."),
    """
    SELECT l.predecessor_id AS unit,
        ARRAY[c.key, trim_scale(sum(l.share))::text] AS said
    FROM unit_lineage l JOIN unit_change c ON c.id = l.change_id
    GROUP BY l.predecessor_id, c.key HAVING sum(l.share) <> 1
    """,
)
SUCCESSOR_NOT_THERE = Check(
    "successor-not-there",
    Severity.BROKEN,
    Text(vi="Đơn vị kế thừa không có vào ngày thay đổi", en="A successor is not there on the day of the act"),
    Text(
        vi="Số liệu của đơn vị cũ không có nơi để chuyển đến.",
        en="The figures of the predecessor have nowhere to go.",
    ),
    _RECORD,
    Text(vi="Việc “{0}”, ngày {1}.", en="Act “{0}” of {1}."),
    """
    SELECT l.successor_id AS unit,
        ARRAY[c.key, c.takes_effect_on::text] AS said
    FROM unit_lineage l JOIN unit_change c ON c.id = l.change_id
    WHERE NOT EXISTS (
        SELECT FROM unit_term t WHERE t.unit_id = l.successor_id AND t.valid @> c.takes_effect_on)
    """,
)
PREDECESSOR_NOT_THERE = Check(
    "predecessor-not-there",
    Severity.BROKEN,
    Text(vi="Đơn vị cũ không có trước ngày thay đổi", en="A predecessor was not there before the act"),
    Text(
        vi="Việc thay đổi dựa trên một đơn vị chưa có hoặc đã hết.",
        en="The act rests on a unit that had not begun or had ended.",
    ),
    _RECORD,
    Text(vi="Việc “{0}”, ngày {1}.", en="Act “{0}” of {1}."),
    """
    SELECT l.predecessor_id AS unit,
        ARRAY[c.key, c.takes_effect_on::text] AS said
    FROM unit_lineage l JOIN unit_change c ON c.id = l.change_id
    WHERE NOT EXISTS (
        SELECT FROM unit_term t WHERE t.unit_id = l.predecessor_id AND t.valid @> (c.takes_effect_on - 1))
    """,
)
STANDS_ELSEWHERE = Check(
    "stands-elsewhere",
    Severity.BROKEN,
    Text(vi="Vị trí trong cây khác với thời đoạn", en="The place in the tree is not what the terms say"),
    Text(
        vi="Cây đơn vị được dựng từ thời đoạn; nếu khác nhau, phạm vi và tổng hợp sai.",
        en="The tree is made from the terms; where they differ, scopes and totals are wrong.",
    ),
    Text(
        vi="Chạy `kieumau rebuild` để dựng lại cây, rồi rà soát lại.",
        en="Run `kieumau rebuild`, which makes the tree anew, then check again.",
    ),
    Text(vi="“{0}” từ {1}: đường dẫn {2}.", en="“{0}” from {1}: path {2}."),
    """
    SELECT t.unit_id AS unit,
        ARRAY[t.name, lower(t.valid)::text, p.path] AS said
    FROM unit_term t LEFT JOIN unit_position p ON p.unit_id = t.unit_id AND p.valid && t.valid
    WHERE p.path IS NULL OR p.path NOT LIKE '%%' || coalesce(t.parent_id || '.', '') || t.unit_id || '.'
        OR (t.parent_id IS NULL AND p.path <> t.unit_id || '.')
    """,
)
ENDED_WITHOUT_HEIR = Check(
    "ended-without-heir",
    Severity.DOUBTFUL,
    Text(vi="Đơn vị kết thúc mà không có đơn vị kế thừa", en="A unit ended and nobody took it over"),
    Text(
        vi="Số liệu trước ngày ấy không hiện trên bản đồ hiện nay.",
        en="Its earlier figures do not show on today's map.",
    ),
    _RECORD,
    Text(vi="“{0}” hết ngày {1}.", en="“{0}” ended on {1}."),
    """
    SELECT t.unit_id AS unit,
        ARRAY[t.name, upper(t.valid)::text] AS said
    FROM unit_term t JOIN unit_kind k ON k.code = t.kind_id AND k.level = 3
    WHERE NOT upper_inf(t.valid)
        AND NOT EXISTS (
            SELECT FROM unit_term n WHERE n.unit_id = t.unit_id AND lower(n.valid) = upper(t.valid))
        AND NOT EXISTS (
            SELECT FROM unit_lineage l JOIN unit_change c ON c.id = l.change_id
            WHERE l.predecessor_id = t.unit_id AND c.takes_effect_on = upper(t.valid))
    """,
)
BEGUN_WITHOUT_ORIGIN = Check(
    "begun-without-origin",
    Severity.DOUBTFUL,
    Text(vi="Đơn vị xuất hiện mà không rõ từ đâu", en="A unit began and came out of nothing"),
    Text(
        vi="So với cùng kỳ năm trước sẽ không có gì để so.",
        en="There will be nothing to compare with a year ago.",
    ),
    _RECORD,
    Text(vi="“{0}” có từ {1}.", en="“{0}” began on {1}."),
    """
    WITH first AS (SELECT register, min(lower(valid)) AS day FROM unit_term GROUP BY register)
    SELECT t.unit_id AS unit,
        ARRAY[t.name, lower(t.valid)::text] AS said
    FROM unit_term t JOIN unit_kind k ON k.code = t.kind_id AND k.level = 3
    JOIN first USING (register)
    WHERE lower(t.valid) > first.day
        AND NOT EXISTS (
            SELECT FROM unit_term b WHERE b.unit_id = t.unit_id AND upper(b.valid) = lower(t.valid))
        AND NOT EXISTS (
            SELECT FROM unit_lineage l JOIN unit_change c ON c.id = l.change_id
            WHERE l.successor_id = t.unit_id AND c.takes_effect_on = lower(t.valid))
    """,
)
IN_NO_PROVINCE = Check(
    "in-no-province",
    Severity.DOUBTFUL,
    Text(vi="Xã, phường không thuộc tỉnh nào", en="A commune stands in no province"),
    Text(
        vi="Số liệu vẫn vào tổng cả nước nhưng không vào tổng tỉnh nào.",
        en="Its figures count in the nation, but in no province.",
    ),
    Text(vi="Kiểm tra cấp trên của đơn vị trong tệp đơn vị.", en="Check its parent in the file of units."),
    Text(vi="“{0}” (mã {1}).", en="“{0}” (code {1})."),
    """
    SELECT p.unit_id AS unit, ARRAY[t.name, t.code] AS said
    FROM unit_position p
    JOIN unit_term t ON t.unit_id = p.unit_id AND t.valid @> %(today)s::date
    WHERE p.level = 3 AND p.province_id IS NULL AND p.valid @> %(today)s::date
    """,
)
NAMESAKES = Check(
    "namesakes",
    Severity.NOTE,
    Text(vi="Hai đơn vị cùng tên dưới một cấp trên", en="Two units of one name below one parent"),
    Text(vi="Dễ nhập nhầm số liệu của nhau.", en="Their figures are easily mistaken for each other's."),
    Text(vi="Luôn dùng mã khi gửi số liệu.", en="Always send figures by code."),
    Text(vi="“{0}”: mã {1} và {2}.", en="“{0}”: codes {1} and {2}."),
    """
    SELECT a.unit_id AS unit,
        ARRAY[a.name, a.code, b.code] AS said
    FROM unit_term a JOIN unit_term b
        ON (b.parent_id, b.kind_id, b.search_key) = (a.parent_id, a.kind_id, a.search_key)
        AND a.unit_id < b.unit_id AND a.valid && b.valid AND a.name = b.name
    WHERE upper_inf(a.valid * b.valid)
    """,
)
NAME_NOT_NORMAL = Check(
    "name-not-normal",
    Severity.NOTE,
    Text(vi="Tên gõ dấu rời hoặc thừa khoảng trắng", en="A name with loose accents or stray spaces"),
    Text(
        vi="Trông giống nhau nhưng máy coi là khác, tìm không thấy.",
        en="It looks the same to a person and different to a machine.",
    ),
    Text(vi="Nạp lại đơn vị: tên được chuẩn hóa khi nạp.", en="Load the units again: loading mends names."),
    Text(vi="“{0}”.", en="“{0}”."),
    """
    SELECT t.unit_id AS unit, ARRAY[t.name] AS said
    FROM unit_term t
    WHERE t.name IS NOT NFC NORMALIZED OR t.name <> regexp_replace(btrim(t.name), '\\s+', ' ', 'g')
    """,
)
EVEN_SHARES = Check(
    "even-shares",
    Severity.NOTE,
    Text(vi="Tỷ lệ chia đều vì chưa có căn cứ", en="Shares in even parts, for want of better"),
    Text(
        vi="Số liệu quy đổi qua việc chia tách này là ước tính thô.",
        en="Figures carried across this split are rough estimates.",
    ),
    Text(
        vi="Thay bằng tỷ lệ theo diện tích hoặc dân số trong bảng hiệu chỉnh.",
        en="Replace them by shares of area or people in the corrections.",
    ),
    Text(vi="Việc “{0}”: tỷ lệ {1}.", en="Act “{0}”: share {1}."),
    """
    SELECT l.predecessor_id AS unit,
        ARRAY[c.key, round(l.share, 4)::text] AS said
    FROM unit_lineage l JOIN unit_change c ON c.id = l.change_id WHERE l.basis = 'even'
    """,
)
REUSED_CODE = Check(
    "reused-code",
    Severity.NOTE,
    Text(vi="Mã đã từng là của đơn vị khác", en="A code that was another unit's before"),
    Text(
        vi="So sánh hai năm theo mã là so hai địa bàn khác nhau; chương trình so theo đơn vị.",
        en="Two years compared by code are two territories; the program compares by unit.",
    ),
    Text(
        vi="Không cần làm gì; đừng so theo mã ngoài chương trình.",
        en="Nothing; do not join by code elsewhere.",
    ),
    Text(vi="Mã {0}: trước là “{1}”, nay là “{2}”.", en="Code {0}: “{1}” before, “{2}” now."),
    """
    SELECT n.unit_id AS unit,
        ARRAY[n.code, o.name, n.name] AS said
    FROM unit_term n JOIN unit_term o
        ON (o.register, o.code) = (n.register, n.code) AND o.unit_id <> n.unit_id
        AND upper(o.valid) <= lower(n.valid)
    WHERE upper_inf(n.valid)
    """,
)
CHECKS = (
    OVERLAPPING_TERMS,
    CODE_MEANS_TWO,
    PARENT_NOT_THERE,
    SHARES_NOT_ONE,
    SUCCESSOR_NOT_THERE,
    PREDECESSOR_NOT_THERE,
    STANDS_ELSEWHERE,
    ENDED_WITHOUT_HEIR,
    BEGUN_WITHOUT_ORIGIN,
    IN_NO_PROVINCE,
    NAMESAKES,
    NAME_NOT_NORMAL,
    EVEN_SHARES,
    REUSED_CODE,
)
