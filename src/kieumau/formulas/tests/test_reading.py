"""What a formula asks for, in words."""

import pytest

from kieumau.formulas.catalogue import Entry, Type
from kieumau.formulas.parse import parse
from kieumau.formulas.reading import reading
from kieumau.kernel.messages import Text


def _entry(vi: str, en: str, measure: tuple[str, str] = ("", ""), kind: Type = Type.NUMBER) -> Entry:
    return Entry(kind, Text(vi=vi, en=en), Text(vi=measure[0], en=measure[1]))


CATALOGUE = {
    "good": _entry("Đã công nhận", "Recognized"),
    "all": _entry("khu dân cư", "areas"),
    "crime": _entry("Tội phạm", "Crimes", ("vụ", "cases")),
    "fire": _entry("Cháy", "Fires", ("vụ", "fires")),
}

READINGS = [
    ("good / all >= 70%", "Đã công nhận / khu dân cư: ít nhất 70 %", "Recognized / areas: at least 70%"),
    ("crime <= 3_000", "Tội phạm: không quá 3.000 vụ", "Crimes: at most 3,000 cases"),
    ("0 = crime", "Tội phạm: đúng bằng 0 vụ", "Crimes: exactly 0 cases"),
    ("12.5% < good / all", "Đã công nhận / khu dân cư: trên 12,5 %", "Recognized / areas: more than 12.5%"),
    (
        "change(crime) <= -5%",
        "Tội phạm: giảm từ 5 % trở lên so với cùng kỳ năm trước",
        "Crimes: a fall of at least 5% on the same period last year",
    ),
    (
        "change(crime, since: 2019) <= 0",
        "Tội phạm: không tăng so với cùng kỳ năm 2019",
        "Crimes: no rise on the same period of 2019",
    ),
    (
        "crime < in_year(crime, 2019)",
        "Tội phạm: dưới Tội phạm (cùng kỳ năm 2019)",
        "Crimes: less than Crimes (same period of 2019)",
    ),
    (
        "total(fire, last: 3) = 0",
        "Cháy (cộng 3 kỳ gần nhất): đúng bằng 0",
        "Fires (last 3 periods): exactly 0",
    ),
    (
        "criterion(4) = met and not fire > 1",
        "Tiêu chí 4: đạt và Không phải là (Cháy: trên 1 vụ)",
        "Criterion 4: met and Not (Fires: more than 1 fires)",
    ),
    (
        "(good - 1) * 2 >= all",
        "(Đã công nhận − 1) × 2: ít nhất khu dân cư",
        "(Recognized − 1) × 2: at least areas",
    ),
    (
        "at_least(1, fire = 0, crime < 9)",
        "ít nhất 1 trong 2 điều kiện: Cháy: đúng bằng 0 vụ; Tội phạm: dưới 9 vụ",
        "at least 1 of 2 conditions: Fires: exactly 0 fires; Crimes: less than 9 cases",
    ),
    (
        "bands(good / all, 90%: 1, 70%: 0.5, else: 0)",
        "theo (Đã công nhận / khu dân cư): từ 90 % được 1; từ 70 % được 0,5; còn lại 0",
        "by (Recognized / areas): from 90% it is 1; from 70% it is 0.5; else 0",
    ),
    (
        "all >= by(unit.class, rural: 350, else: 400)",
        "khu dân cư: ít nhất theo loại đơn vị (rural: 350; còn lại 400)",
        "areas: at least by the class of the unit (rural: 350; else 400)",
    ),
    (
        "share_of_children(result(other) != met) > 0.5",
        "tỷ lệ đơn vị cấp dưới đạt (Kết quả theo other: không phải “đạt”): trên 0,5",
        "share of the units below with (Result under other: not “met”): more than 0.5",
    ),
    (
        "24 - 6 * count(fire > 0, crime > 0)",
        "24 − (6 × số điều kiện đạt trong (Cháy: trên 0 vụ; Tội phạm: trên 0 vụ))",
        "24 − (6 × how many are met of (Fires: more than 0 fires; Crimes: more than 0 cases))",
    ),
    (
        "if(all >= 9, coalesce(good, 0), -1)",
        "nếu (khu dân cư: ít nhất 9) thì số đầu tiên có trong (Đã công nhận; 0), nếu không thì -1",
        "if (areas: at least 9) then the first known of (Recognized; 0), else -1",
    ),
    ("round(unknown.one, 1)", "làm tròn (unknown.one)", "rounded (unknown.one)"),
    (
        "floor(year_ago(good))",
        "làm tròn xuống (Đã công nhận (cùng kỳ năm trước))",
        "rounded down (Recognized (same period last year))",
    ),
]


@pytest.mark.parametrize(("formula", "vietnamese", "english"), READINGS)
def test_a_formula_in_words(formula: str, vietnamese: str, english: str) -> None:
    tree = parse(formula)
    assert reading(tree, CATALOGUE, "vi") == vietnamese
    assert reading(tree, CATALOGUE, "en") == english
