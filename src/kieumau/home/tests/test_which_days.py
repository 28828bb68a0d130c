"""A page says which days its period has, offers others, and says so where a unit was not there."""

from datetime import date

from kieumau.assessments.tests.cast import names
from kieumau.home.tests.pages import PagesOfTheCast

OLD = date(2025, 1, 1)


class WhichDays(PagesOfTheCast):
    """Cái Khế of today came from an older Cái Khế, An Hòa and a part of Thới Bình."""

    def test_a_figure_says_its_days_and_offers_other_periods(self) -> None:
        address = f"/don-vi/{self.cast.unit('Sài Gòn')}/so-lieu/traffic.accidents/?ky=2026-10"
        said = self.page(address)
        assert "Tháng 10 năm 2026 (15/09 – 14/10/2026)" in said
        assert "← Tháng 9 năm 2026 Tháng 11 năm 2026 →" in said
        html = self.client.get(address).content.decode()
        assert 'name="ky"' in html
        assert 'value="2026-10" selected' in " ".join(html.split())
        assert "October 2026 (15 Sep – 14 Oct 2026)" in self.page(address, "en")

    def test_main_figures_say_their_days(self) -> None:
        assert "– 14/1" in self.page(f"/don-vi/{self.cast.unit('Sài Gòn')}/").partition("Số liệu chính")[2]

    def test_a_map_on_which_the_unit_was_not_names_those_that_were(self) -> None:
        ward = self.cast.unit("Cái Khế")
        for where in (f"/don-vi/{ward}/", f"/don-vi/{ward}/so-lieu/traffic.accidents/"):
            said = self.page(f"{where}?ban-do=2025-01-01")
            assert "Chưa có đơn vị này vào ngày 1/1/2025" in said.replace("01/01", "1/1")
            assert "Phường An Hòa" in said
            assert "This unit did not exist yet" in self.page(f"{where}?ban-do=2025-01-01", "en")
            assert "Chưa có đơn vị này" not in self.page(where)

    def test_a_map_after_its_end_names_where_it_went(self) -> None:
        said = self.page(f"/don-vi/{names(OLD)['An Hòa']}/?ban-do=hom-nay")
        assert "Không còn đơn vị này vào ngày" in said
        assert "Phường Cái Khế" in said.partition("Không còn đơn vị này")[2][:120]
