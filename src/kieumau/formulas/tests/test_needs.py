"""What is still needed, as a person reads it in both languages."""

import pytest

from kieumau.formulas.needs import needs
from kieumau.formulas.tests.test_distance import KNOWN, Figures, found

SAID = [
    ("areas.recognised / areas.total >= 70%", {"areas.recognised": 16, "areas.total": 25},
     "cần thêm 2 khu dân cư đã công nhận",
     "2 more areas (recognised) are needed"),
    ("areas.registered = areas.total", {"areas.registered": 24, "areas.total": 25},
     "cần thêm 1 khu dân cư đăng ký",
     "1 more (areas registered) is needed"),
    ("change(crime.total) <= -5%", {"crime.total": 1106, "crime.total@2024-10": 100},
     "cần giảm 1.011 vụ phạm tội",
     "1,011 fewer crimes are needed"),
    ("crime.solved / crime.total >= 80%", {"crime.solved": 7, "crime.total": 10},
     "cần một trong các thay đổi: thêm 1 vụ phá được; hoặc giảm 2 vụ phạm tội",
     "one of these is needed: 1 more (cases solved); or 2 fewer crimes"),
    ("land >= 3.55", {"land": "2.3"}, "cần thêm 1,3 ha diện tích", "1.3 more ha (land area) are needed"),
    ("satisfaction >= 90%", {"satisfaction": "0.8834"},
     "cần tăng tỷ lệ hài lòng thêm 2 điểm phần trăm",
     "2 percentage points more of satisfaction are needed"),
    ("areas.registered = areas.total and fires = 0",
     {"areas.registered": 22, "areas.total": 25, "fires": 2},
     "cần tất cả: thêm 3 khu dân cư đăng ký; giảm 2 vụ cháy",
     "all of these are needed: 3 more areas registered; 2 fewer fires"),
    ("areas.recognised / areas.total > 100%", {"areas.recognised": 16, "areas.total": 25},
     "không thể đạt chỉ bằng thay đổi một số liệu của kỳ này; đã công nhận không thể vượt khu dân cư",
     "cannot be reached by changing one figure of this period; recognised cannot exceed residential areas"),
    ("fires = 0", {},
     "cần có đủ số liệu trước khi tính được còn thiếu bao nhiêu",
     "figures are missing, so how far it is cannot be told"),
    ("fires = 0", {"fires": 0}, "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "figures", "vi", "en"), SAID)
def test_what_is_needed_in_both_languages(formula: str, figures: Figures, vi: str, en: str) -> None:
    away = found(formula, figures)[2]
    assert (needs(away, KNOWN, "vi"), needs(away, KNOWN, "en")) == (vi, en)
