"""What the pages of criteria sets, criteria and single verdicts say."""

from kieumau.home.tests.pages import PagesOfTheCast

SET = "/bo-tieu-chi/model-ward/1/"


class VerdictPages(PagesOfTheCast):
    """Read as a visitor reads them."""

    def why(self, name: str, criterion: str) -> str:
        return f"/don-vi/{self.cast.unit(name)}/tieu-chi/model-ward/1/{criterion}/"

    def test_the_list_of_sets(self) -> None:
        said = self.page("/bo-tieu-chi/")
        assert "1 đang có hiệu lực 01/01/2022 – không thời hạn 5 đã đối chiếu văn bản" in said

    def test_a_set_says_its_rule_its_criteria_and_what_it_leaves_out(self) -> None:
        said = self.page(SET)
        assert "Cách xét Phải đạt mọi tiêu chí." in said
        assert "hằng năm, 16/11 – 15/11" in said
        assert "Đo bằng số liệu: Khu dân cư được công nhận; " in said
        # The formula itself is folded away.
        assert "Công thức areas.recognised / areas.total &gt;= 70%" in said
        assert "Thể hiện bằng văn bản: Nghị quyết của Đảng ủy, ký từ 1/1 đến 31/3" in said
        assert "hạn 31/3" in said
        assert "Nội dung đã bỏ ra và lý do" in said
        assert "What was left out, and why" in self.page(SET, "en")

    def test_a_criterion_over_all_units(self) -> None:
        said = self.page(f"{SET}2.3/?ky=2026")
        assert "Đạt 1/3, 1 chưa đạt, 1 thiếu số liệu" in said
        assert "Phường Sài Gòn Thành phố Hồ Chí Minh Chưa đạt 64 %" in said
        assert said.index("Phường An Bình") < said.index("Phường Cái Khế") < said.index("Phường Sài Gòn")

    def test_a_criterion_filtered(self) -> None:
        can_tho = self.cast.unit("Cần Thơ")
        assert "Phường Sài Gòn" not in self.page(f"{SET}2.3/?kq=met")
        assert "Phường Sài Gòn" not in self.page(f"{SET}2.3/?tinh={can_tho}")
        assert "Không có đơn vị nào có kết quả này" in self.page(f"{SET}2.3/?tinh={can_tho}&kq=not_met")
        for query in ("kq=khac", "tinh=abc", "tinh=999999999999", "ky=abc", "tinh=%00"):
            assert "Đạt 1/3, 1 chưa đạt, 1 thiếu số liệu" in self.page(f"{SET}2.3/?{query}", status=400)

    def test_a_page_that_is_not_there_is_the_nearest(self) -> None:
        assert "Phường An Bình" in self.page(f"{SET}2.3/?trang=99")
        assert "Phường An Bình" in self.page(f"{SET}2.3/?trang=x")

    def test_a_verdict_step_by_step(self) -> None:
        said = self.page(self.why("Sài Gòn", "2.3"))
        assert "Khu dân cư được công nhận 16 / 25 khu = 64 %, dưới mức 70 %." in said
        assert "Khu dân cư được công nhận / Khu dân cư ≥ 70 %" in said
        assert "Khu dân cư được công nhận / Khu dân cư 64 %" in said
        assert "Khu dân cư, năm 2026 25 khu Báo cáo tháng, 22/11/2026" in said
        assert "phiên bản 1" in said

    def test_a_verdict_in_english(self) -> None:
        said = self.page(self.why("Sài Gòn", "2.3"), "en")
        assert "below 70%" in said
        assert "version 1" in said
        assert "Báo cáo tháng, 22 Nov 2026" in said

    def test_what_nobody_has_decided_yet(self) -> None:
        said = self.page(self.why("Sài Gòn", "1.2"))
        assert "Chưa kết luận" in said
        assert "Chưa có người kết luận." in said

    def test_several_conditions_each_with_their_numbers(self) -> None:
        said = self.page(self.why("Sài Gòn", "2.2"))
        assert "Tất cả các điều kiện" in said
        assert said.count("25 cơ sở") >= 2

    def test_a_year_in_which_the_unit_was_not_judged(self) -> None:
        ended = self.cast.ended
        said = self.page(f"/don-vi/{ended}/tieu-chi/model-ward/1/2.3/", status=400)
        assert "Đơn vị chưa được xét theo model-ward, năm 2026." in said
        assert "chưa được xét cho năm 2031" in self.page(self.why("Sài Gòn", "2.3") + "?ky=2031", status=400)

    def test_what_does_not_exist_is_a_page_in_words(self) -> None:
        sai_gon = self.cast.unit("Sài Gòn")
        for address in (
            "/bo-tieu-chi/khac/1/",
            "/bo-tieu-chi/model-ward/9/",
            "/bo-tieu-chi/model-ward/99999999999999999999/",
            f"{SET}9.9/",
            f"/don-vi/{sai_gon}/tieu-chi/model-ward/1/9.9/",
            f"/don-vi/{sai_gon}/tieu-chi/khac/1/2.3/",
            "/don-vi/999999/tieu-chi/model-ward/1/2.3/",
            "/don-vi/999999/",
            "/don-vi/99999999999999999999/",
            "/bo-tieu-chi/%00/1/",
        ):
            assert "Không có trang này" in self.page(address, status=404), address
