"""Sentences, as an officer reads them."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.formulas.evaluate import evaluate
from kieumau.formulas.expanding import expand
from kieumau.formulas.parse import parse
from kieumau.formulas.placing import operands
from kieumau.formulas.sentences import sentence
from kieumau.formulas.tests import written
from kieumau.formulas.tests.civil import CATALOGUE, CIVIL, OCTOBER
from kieumau.formulas.tests.test_meaning import Figures, judge
from kieumau.formulas.values import NOT_APPLICABLE, REFUSED

AREAS: Figures = {"areas.recognised": 16, "areas.total": 25, "areas.registered": 24}
CRIME: Figures = {"crime.total": 9398, "crime.total@2024-10": 12407}

SENTENCES = [
    ("areas.recognised / areas.total >= 70%", AREAS,
     "Đã công nhận 16 / 25 khu dân cư = 64 %, dưới mức 70 %",
     "Recognised 16 / 25 areas = 64%, below 70%"),
    ("70% <= areas.recognised / areas.total", AREAS,
     "Đã công nhận 16 / 25 khu dân cư = 64 %, dưới mức 70 %",
     "Recognised 16 / 25 areas = 64%, below 70%"),
    ("change(crime.total) <= -5%", CRIME,
     "Số vụ phạm tội giảm 24,25 %: 9.398 so với 12.407 cùng kỳ năm trước, đạt yêu cầu giảm từ 5 % trở lên",
     "Crimes fell 24.25%: 9,398 against 12,407 in the same period last year, "
     "as required (a fall of at least 5%)"),
    ("change(crime.total) <= -30%", CRIME,
     "Số vụ phạm tội giảm 24,25 %: 9.398 so với 12.407 cùng kỳ năm trước, "
     "chưa đạt yêu cầu giảm từ 30 % trở lên",
     "Crimes fell 24.25%: 9,398 against 12,407 in the same period last year, "
     "short of the requirement (a fall of at least 30%)"),
    ("change(crime.total, since: 2019) <= -30%", {"crime.total": 9398, "crime.total@2019-10": 12407},
     "Số vụ phạm tội giảm 24,25 %: 9.398 so với 12.407 cùng kỳ năm 2019, "
     "chưa đạt yêu cầu giảm từ 30 % trở lên",
     "Crimes fell 24.25%: 9,398 against 12,407 in the same period of 2019, "
     "short of the requirement (a fall of at least 30%)"),
    ("change(fires, since: 2019) <= 0", {"fires": 3, "fires@2019-10": 0},
     "Không tính được: cùng kỳ năm 2019 của Số vụ cháy bằng 0",
     "Cannot be computed: Fires was zero in the same period of 2019"),
    ("fires < in_year(fires, 2019)", {"fires": 2, "fires@2019-10": 4},
     "Số vụ cháy: 2 vụ, dưới mức 4 (cùng kỳ năm 2019)",
     "Fires: 2 fires, below 4 (same period of 2019)"),
    ("change(fires) <= 0", {"fires": 3, "fires@2024-10": 3},
     "Số vụ cháy không đổi: 3, bằng cùng kỳ năm trước, đạt yêu cầu không tăng",
     "Fires unchanged: 3, as in the same period last year, as required (no rise)"),
    ("fires = 0", {"fires": 2}, "Số vụ cháy: 2 vụ, không bằng 0", "Fires: 2 fires, not equal to 0"),
    ("land > 1_000", {"land": "1061.5"},
     "Diện tích: 1.061,5 ha, trên mức 1.000", "Land area: 1,061.5 ha, above 1,000"),
    ("areas.registered = areas.total", AREAS,
     "Khu dân cư đăng ký: 24 khu dân cư, không bằng 25 (Khu dân cư)",
     "Areas registered: 24 areas, not equal to 25 (Residential areas)"),
    ("clearance >= 70%", {"crime.solved": 51, "crime.total": 61},
     "Tỷ lệ điều tra, khám phá (Số vụ phá được 51 / 61 vụ) = 83,61 %, đạt mức 70 %",
     "Clearance (Cases solved 51 / 61 cases) = 83.61%, reaching 70%"),
    # Rounding never moves a figure over or onto its threshold.
    ("areas.recognised / areas.total >= 70%", {"areas.recognised": 69_999, "areas.total": 100_000},
     "Đã công nhận 69.999 / 100.000 khu dân cư = 69,999 %, dưới mức 70 %",
     "Recognised 69,999 / 100,000 areas = 69.999%, below 70%"),
    ("areas.recognised / areas.total >= 64.001%", AREAS,
     "Đã công nhận 16 / 25 khu dân cư = 64 %, dưới mức 64,001 %",
     "Recognised 16 / 25 areas = 64%, below 64.001%"),
    # Several conditions: what failed comes first.
    ("areas.total > 3 and areas.recognised / areas.total >= 70% and fires = 0", AREAS,
     "Chưa đạt: Đã công nhận 16 / 25 khu dân cư = 64 %, dưới mức 70 %. "
     "Chưa xác định: thiếu Số vụ cháy (tháng 10 năm 2025). Đạt: Khu dân cư: 25 khu dân cư, trên mức 3",
     "Not met: Recognised 16 / 25 areas = 64%, below 70%. Unknown: no figure for Fires (October 2025). "
     "Met: Residential areas: 25 areas, above 3"),
    ("areas.total > 3 and areas.recognised > 3", AREAS,
     "Đạt cả 2 điều kiện: Khu dân cư: 25 khu dân cư, trên mức 3; Đã công nhận: 16 khu dân cư, trên mức 3",
     "All 2 conditions met: Residential areas: 25 areas, above 3; Recognised: 16 areas, above 3"),
    ("areas.total < 3 or areas.recognised < 3", AREAS,
     "Không đạt điều kiện nào trong 2: Khu dân cư: 25 khu dân cư, không dưới mức 3; "
     "Đã công nhận: 16 khu dân cư, không dưới mức 3",
     "None of 2 conditions met: Residential areas: 25 areas, not below 3; Recognised: 16 areas, not below 3"),
    ("at_least(2, areas.total < 3, areas.recognised > 3)", AREAS,
     "Đạt 1 / 2 điều kiện, cần ít nhất 2. Chưa đạt: Khu dân cư: 25 khu dân cư, không dưới mức 3. "
     "Đạt: Đã công nhận: 16 khu dân cư, trên mức 3",
     "1 of 2 conditions met, 2 needed. Not met: Residential areas: 25 areas, not below 3. "
     "Met: Recognised: 16 areas, above 3"),
    # What is missing is named, with its period.
    ("change(fires) <= 0", {"fires": 2},
     "Chưa đủ số liệu: thiếu Số vụ cháy (tháng 10 năm 2024)",
     "Not enough data: no figure for Fires (October 2024)"),
    ("total(fires, last: 3) = 0", {},
     "Chưa đủ số liệu: thiếu Số vụ cháy (tháng 8 – tháng 10 năm 2025)",
     "Not enough data: no figure for Fires (August – October 2025)"),
    ("fires = 0", {"fires": REFUSED},
     "Chưa đủ số liệu: từ chối cung cấp Số vụ cháy (tháng 10 năm 2025)",
     "Not enough data: refused: Fires (October 2025)"),
    ("fires = 0", {"fires": NOT_APPLICABLE},
     "Không áp dụng: Số vụ cháy (tháng 10 năm 2025)", "Not applicable: Fires (October 2025)"),
    ("tips.resolved / tips.received > 95%", {"tips.resolved": 0, "tips.received": 0},
     "Không tính được: mẫu số của Tin báo giải quyết / Tin báo tiếp nhận bằng 0",
     "Cannot be computed: the divisor of Tips resolved / Tips received is zero"),
    ("change(fires) <= 0", {"fires": 2, "fires@2024-10": 0},
     "Không tính được: cùng kỳ năm trước của Số vụ cháy bằng 0",
     "Cannot be computed: Fires was zero in the same period last year"),
    # A figure that was put in the place of a missing one is said.
    ("coalesce(fires, 0) <= 2", {},
     "0 (thay cho Số vụ cháy chưa có số liệu), không quá mức 2",
     "0 (in place of Fires, which has no figure), not above 2"),
    # Numbers.
    ("4 + floor((population - 3_600) / 900)", {"population": 4500},
     "4 + làm tròn xuống ((Dân số 4.500 - 3.600) / 900) = 5",
     "4 + rounded down ((Population 4,500 - 3,600) / 900) = 5"),
    ("if(population <= 2_700, 3, 4)", {"population": 4500},
     "4 (vì: Dân số: 4.500 người, vượt mức 2.700)", "4 (because: Population: 4,500 people, above 2,700)"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "figures", "vi", "en"), SENTENCES)
def test_sentences(formula: str, figures: Figures, vi: str, en: str) -> None:
    trace = judge(formula, figures)
    assert sentence(trace, CATALOGUE, "vi") == vi
    assert sentence(trace, CATALOGUE, "en") == en


@given(written.formulas, st.integers(0, 2**32))
def test_every_formula_has_its_sentence(formula: str, seed: int) -> None:
    tree = expand(parse(formula), written.CATALOGUE)
    chance = random.Random(seed)
    figures = {each: written.figure(chance) for each in operands(tree, OCTOBER, CIVIL)}
    trace = evaluate(tree, OCTOBER, CIVIL, figures)
    assert json.dumps(trace.as_dict())
    assert sentence(trace, written.CATALOGUE, "vi") != ""
    assert sentence(trace, written.CATALOGUE, "en") != ""
    assert trace.is_unknown is bool(trace.causes())


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_below_its_threshold_never_looks_as_if_it_reached_it(part: int, whole: int) -> None:
    trace = judge("areas.recognised / areas.total >= 70%", {"areas.recognised": part, "areas.total": whole})
    shown = sentence(trace, CATALOGUE, "en").partition("= ")[2].partition("%")[0].replace(",", "")
    assert (float(shown) >= 70) is trace.outcome
