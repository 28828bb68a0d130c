"""A province's own figure beside its sum, on other maps: those of whole predecessors add up.

Until the reform of 2025 there was Hậu Giang beside Cần Thơ, and joined it.
"""

from datetime import date
from decimal import Decimal

from kieumau.assessments.tests.cast import BEGIN, REFORM, names
from kieumau.formulas.values import State
from kieumau.home.tests.pages import PagesOfTheCast
from kieumau.indicators.actions import open_source, record_figures
from kieumau.indicators.models import Indicator
from kieumau.units.actions import load_rows

DECEMBER_2024 = 2_124_112
KEYS = ("code", "name", "kind", "parent", "valid_from", "valid_to")
HAU_GIANG = [
    ("93", "Hậu Giang", "tinh", "VN", BEGIN, REFORM),
    ("31321", "Ngã Bảy", "xa", "93", BEGIN, REFORM),
]


class OwnFigures(PagesOfTheCast):
    """Traffic accidents of December 2024, a time when the two stood side by side."""

    def setUp(self) -> None:
        acts = [
            {"act": "provinces", "takes_effect_on": REFORM, "predecessor": before, "successor": after,
             "share": "1", "basis": "whole", "reference": "Nghị quyết 202"}
            for before, after in (("93", "92"), ("31321", "31150"))
        ]  # fmt: skip
        load_rows([dict(zip(KEYS, row, strict=True)) for row in HAU_GIANG], acts, actor=None, register="vn")
        self.old = names(date(2025, 1, 1))

    def record(self, **values: int) -> None:
        indicator = Indicator.objects.get(code="traffic.accidents").id
        named = {"can_tho": "Cần Thơ", "hau_giang": "Hậu Giang", "nga_bay": "Ngã Bảy", "an_hoa": "An Hòa"}
        rows = [
            (DECEMBER_2024, self.old[named[key]], indicator, State.VALUE, Decimal(value))
            for key, value in values.items()
        ]
        record_figures(rows, source=open_source(name="Báo cáo tỉnh"))

    def says(self, on: str, language: str = "vi", unit: str = "Cần Thơ") -> str:
        address = f"/don-vi/{self.old[unit]}/so-lieu/traffic.accidents/?ky=2024-12&ban-do={on}"
        return self.page(address, language)

    def test_own_figures_of_whole_predecessors_add_up(self) -> None:
        self.record(can_tho=30, hau_giang=12, nga_bay=10, an_hoa=25)
        assert "Đơn vị tự báo cáo 42 + cộng trọn các đơn vị cũ" in self.says("hom-nay")
        assert "42 + whole predecessors added" in self.says("hom-nay", "en")
        for on in ("bao-cao", "2025-06-30"):
            assert "Đơn vị tự báo cáo 30 = cùng địa bàn" in self.says(on), on

    def test_a_predecessor_without_one_leaves_no_sum(self) -> None:
        self.record(can_tho=30, nga_bay=10, an_hoa=25)
        said = self.says("hom-nay")
        assert "không có số tự báo cáo của tỉnh Hậu Giang" in said
        assert "no own figure of Hậu Giang Province" in self.says("hom-nay", "en")
        assert "Đơn vị tự báo cáo 30" not in said
        assert "Đơn vị tự báo cáo 30" in self.says("bao-cao")

    def test_where_nobody_reported_its_own_nothing_is_said(self) -> None:
        self.record(nga_bay=10, an_hoa=25)
        assert "tự báo cáo" not in self.says("hom-nay")
