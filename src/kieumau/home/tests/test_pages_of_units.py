"""What the pages of units say: nation, province, district, commune, those that ended."""

import re

from kieumau.assessments.tests.cast import REFORM
from kieumau.home.tests.pages import PagesOfTheCast
from kieumau.units.actions import load_rows

KEYS = ("code", "name", "kind", "parent", "valid_from", "valid_to")
HUNG = [
    ("31901", "Thuận Hưng", "phuong", "92", REFORM, ""),
    ("31902", "Tân An Hưng", "phuong", "92", REFORM, ""),
    ("31903", "An Hưng Tây", "phuong", "92", REFORM, ""),
    ("31904", "An Hưng", "phuong", "92", REFORM, ""),
]


class UnitPages(PagesOfTheCast):
    """Read as a visitor reads them."""

    def address(self, name: str) -> str:
        return f"/don-vi/{self.cast.unit(name)}/"

    def test_the_first_page_is_the_nations(self) -> None:
        said = self.page("/")
        assert "Thành phố trực thuộc trung ương: 2 · Phường: 3" in said
        assert "năm 2026" in said
        assert said == self.page(self.address("Việt Nam"))

    def test_the_nation_counts_its_units_by_province(self) -> None:
        said = self.page(f"{self.address('Việt Nam')}?ky=2026", "en")
        assert "Units judged 3 of 3" in said
        assert "0 of 3 met, 1 not met, 2 without data" in said
        assert "Cần Thơ City 2 0 0 0 2 0" in said
        assert "Hồ Chí Minh City 1 0 1 0 0 0" in said

    def test_the_table_of_provinces_is_sorted_as_asked(self) -> None:
        by_name = self.page(self.address("Việt Nam"))
        assert by_name.index("Thành phố Cần Thơ") < by_name.index("Thành phố Hồ Chí Minh")
        most_failing = self.page(f"{self.address('Việt Nam')}?xep=-not_met")
        assert most_failing.index("Thành phố Hồ Chí Minh") < most_failing.index("Thành phố Cần Thơ")

    def test_a_province_shows_units_by_criteria(self) -> None:
        html = self.client.get(self.address("Cần Thơ")).content.decode()
        assert html.count('<th scope="row"><a href="/don-vi/') == 2
        assert "o-not_judged" in html
        assert 'href="/bo-tieu-chi/model-ward/1/2.3/?ky=2026"' in html
        assert "#tc-2.3" in html

    def test_a_province_shows_only_units_that_came_out_as_asked(self) -> None:
        saigon = self.address("Hồ Chí Minh")
        assert "Phường Sài Gòn" in self.page(f"{saigon}?kq=not_met")
        said = self.page(f"{saigon}?kq=met")
        assert "Phường Sài Gòn" not in said
        assert "Không có đơn vị nào có kết quả này" in said

    def test_a_total_that_is_not_whole_says_so(self) -> None:
        said = self.page(self.address("Cần Thơ"))
        assert re.search(r"Tội phạm về trật tự xã hội xảy ra \(vụ\) 30 [^(]*\(1/2\)", said)
        assert "≈" in said

    def test_a_commune_explains_every_verdict(self) -> None:
        said = self.page(self.address("Sài Gòn"))
        assert "Đạt 2/5, 1 chưa đạt, 2 chưa kết luận" in said
        assert "Khu dân cư được công nhận 16 / 25 khu = 64 %, dưới mức 70 %." in said
        assert "Quyết định 1/QĐ-MẪU, Điều 2" in said
        assert "hạn 15/11/2026" in said
        assert "chưa kiểm chứng" in said

    def test_a_commune_says_what_is_still_needed(self) -> None:
        assert "→ Cần thêm 2 khu dân cư được công nhận." in self.page(self.address("Sài Gòn"))
        assert "→ 2 more areas recognized are needed." in self.page(self.address("Sài Gòn"), "en")
        assert "dưới mức 70 %. → Cần thêm 2 khu" in self.page(
            f"{self.address('Sài Gòn')}tieu-chi/model-ward/1/2.3/"
        )

    def test_a_province_names_the_units_that_one_figure_keeps_away(self) -> None:
        assert "chỉ còn thiếu một bước?" in self.page(self.address("Hồ Chí Minh"))
        said = self.page(self.address("Hồ Chí Minh") + "?gan=1")
        step = "Ít nhất 70 % khu dân cư được công nhận: cần thêm 2 khu dân cư được công nhận → Chưa kết luận"
        assert f"Phường Sài Gòn , 2.3 {step}" in said
        assert "Chỉ còn một bước" not in self.page(self.address("Cần Thơ"))

    def test_a_commune_in_english(self) -> None:
        said = self.page(self.address("Sài Gòn"), "en")
        assert "2 of 5 met, 1 not met, 2 not yet judged" in said
        assert "= 64%, below 70%." in said
        assert "due 15 Nov 2026" in said

    def test_the_states_of_a_figure_are_told_apart(self) -> None:
        assert "Vụ cháy (vụ) không áp dụng" in self.page(self.address("Cái Khế"))
        said = self.page(self.address("An Bình"))
        assert "Vụ cháy (vụ) – chưa có số liệu" in said

    def test_where_a_commune_came_from(self) -> None:
        said = self.page(self.address("Cái Khế"))
        assert "thành lập từ Phường An Hòa, Phường Cái Khế, một phần Phường Thới Bình." in said
        assert "mã 31120 · toàn bộ đơn vị · 01/07/2025, Nghị quyết 1668" in said
        assert "khoảng 40 %, cơ sở: diện tích" in said

    def test_a_unit_that_ended_says_when_and_where_it_went(self) -> None:
        said = self.page(f"/don-vi/{self.cast.ended}/")
        assert "Đơn vị này đã kết thúc; ngày cuối cùng là 30/06/2025." in said
        assert "Đã chuyển về: Phường An Bình ." in said
        assert "Quận Ninh Kiều" in said

    def test_a_district_that_ended_has_its_page_too(self) -> None:
        said = self.page(f"/don-vi/{self.cast.ended_district}/")
        assert "ngày cuối cùng là 30/06/2025" in said

    def test_another_period_by_its_code(self) -> None:
        assert "Năm 2025 (16/11/2024 – 15/11/2025)" in self.page(f"{self.address('Sài Gòn')}?ky=2025")
        assert "năm 2025" in self.page(f"{self.address('Việt Nam')}?bo=model-ward&ky=2025")
        assert "năm 2025" in self.page(f"{self.address('Cần Thơ')}?bo=model-ward:1&ky=tt124-commune:2025")

    def test_what_is_not_there_is_told_and_the_nearest_is_shown(self) -> None:
        for query, said in {
            "ky=2031": "Bộ tiêu chí này chưa được xét cho năm 2031.",
            "ky=abc": "“abc” không phải là kỳ của lịch “Năm xét xã, phường theo Thông tư 124”.",
            "ky=nope:2026": "Không có lịch “nope”.",
            "bo=model-wards": "Không có bộ tiêu chí “model-wards”. Có phải “model-ward”?",
            "bo=model-ward:7": "Bộ tiêu chí “model-ward:7” chưa được xét cho đơn vị nào ở đây.",
            "bo=%00%27%22%3Cscript%3E": "Không có bộ tiêu chí",
        }.items():
            for name in ("Việt Nam", "Cần Thơ", "Sài Gòn"):
                page = self.page(f"{self.address(name)}?{query}", status=400)
                assert said in page, (name, query)
                assert "năm 2026" in page.lower()
        assert "Không có kết quả “khac”." in self.page(f"{self.address('Cần Thơ')}?kq=khac", status=400)

    def test_words_from_an_address_are_never_markup(self) -> None:
        html = self.client.get(f"{self.address('Cần Thơ')}?bo=<script>alert(1)</script>&kq='\"<b>")
        assert "<script>" not in html.content.decode()
        assert "<b>" not in html.content.decode()

    def test_search_finds_without_accents_by_code_and_in_the_past(self) -> None:
        assert "Tìm thấy 2 đơn vị" in self.page("/tim/?q=cai+khe")
        assert "31312 · Quận Ninh Kiều, Thành phố Cần Thơ · 01/01/2020 – 30/06/2025" in self.page(
            "/tim/?q=MY KHANH"
        )
        assert "Phường Sài Gòn" in self.page("/tim/?q=26740")
        first = self.page("/tim/?q=cái khế")
        assert first.index("31135") < first.index("31117")

    def test_search_puts_the_exact_name_first_then_those_that_begin_so(self) -> None:
        """A name of today that merely holds the words comes after one of the past that is them."""
        load_rows([dict(zip(KEYS, row, strict=True)) for row in HUNG], [], actor=None, register="vn")
        said = self.page("/tim/?q=An Hưng")
        found = [said.index(name) for name in ("Phường An Hưng ", "An Hưng Tây", "Tân An Hưng", "Thuận Hưng")]
        assert found == sorted(found), said

    def test_results_from_figures_say_so(self) -> None:
        for name in ("Việt Nam", "Cần Thơ", "Sài Gòn"):
            assert "Đây là kết quả chỉ tính từ số liệu" in self.page(self.address(name)), name

    def test_search_offers_what_is_like_the_words(self) -> None:
        said = self.page("/tim/?q=sai gonn")
        assert "Tìm thấy 0 đơn vị" in said
        assert "Có phải bạn tìm: Phường Sài Gòn" in said
        assert "Tìm thấy 0 đơn vị" in self.page("/tim/?q=%25_%00%27")

    def test_head_answers_like_get_without_a_page(self) -> None:
        for address in ("/", self.address("Cần Thơ"), self.address("Sài Gòn"), "/tim/?q=an"):
            response = self.client.head(address)
            assert response.status_code == 200
            assert response.content == b""
