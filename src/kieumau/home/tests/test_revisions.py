"""What was sent and corrected: of a merged unit that of the units it came from, page by page."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from kieumau.assessments.tests.cast import names
from kieumau.formulas.values import State
from kieumau.home.tests.pages import PagesOfTheCast
from kieumau.indicators.actions import open_source, record_figures
from kieumau.indicators.models import Indicator

DECEMBER_2024 = 2_124_112
FIRST = datetime(2026, 11, 23, 3, tzinfo=UTC)


class Revisions(PagesOfTheCast):
    """Cái Khế came from an older Cái Khế, An Hòa and 40 % of Thới Bình."""

    def setUp(self) -> None:
        self.old = names(date(2025, 1, 1))

    def record(self, unit: str, value: int, after: int = 0, name: str = "Tệp") -> None:
        indicator = Indicator.objects.get(code="traffic.accidents").id
        source = open_source(name=name, actor="an", recorded_at=FIRST + timedelta(hours=after))
        row = (DECEMBER_2024, self.old[unit], indicator, State.VALUE, Decimal(value))
        record_figures([row], source=source)

    def says(self, unit: int, more: str = "", language: str = "vi") -> str:
        address = f"/don-vi/{unit}/so-lieu/traffic.accidents/?ky=2024-12{more}"
        return self.page(address, language).partition("Đã gửi gì, khi nào")[2] or self.page(address, language)

    def test_of_a_merged_unit_those_of_its_origins_by_name(self) -> None:
        self.record("An Hòa", 20)
        self.record("An Hòa", 21, 1, "Sửa")
        self.record("Thới Bình", 5, 2)
        said = self.says(self.cast.unit("Cái Khế"))
        assert "12:00 23/11/2026 Phường Thới Bình không có 5 an Tệp" in said
        assert "11:00 23/11/2026 Phường An Hòa 20 21 an Sửa" in said
        assert "10:00 23/11/2026 Phường An Hòa không có 20 an Tệp" in said
        assert "An Hòa" not in self.says(self.cast.unit("An Bình"))
        in_english = self.says(self.cast.unit("Cái Khế"), language="en")
        assert "An Hòa Ward 20 21 an Sửa" in in_english
        # As reported the ward of today had sent nothing.
        assert "An Hòa" not in self.says(self.cast.unit("Cái Khế"), "&ban-do=bao-cao")

    def test_of_a_city_on_todays_map_those_that_went_into_its_communes(self) -> None:
        self.record("An Hòa", 20)
        self.record("An Hòa", 21, 1)
        for more in ("", "&ban-do=bao-cao", "&ban-do=2025-06-30"):
            assert "Phường An Hòa 20 21 1 23/11/2026" in self.says(self.cast.unit("Cần Thơ"), more)
        assert "An Hòa" not in self.says(self.cast.unit("Hồ Chí Minh"))

    def test_as_known_on_a_day_only_what_was_recorded_by_then(self) -> None:
        for value, hours in ((20, -240), (21, -239), (22, -216), (23, -192)):
            self.record("An Hòa", value, hours)
        ward, city = self.cast.unit("Cái Khế"), self.cast.unit("Cần Thơ")
        now, then = (self.says(ward, more) for more in ("", "&biet-ngay=2026-11-13&ban-do=hom-nay"))
        assert "Phường An Hòa 22 23 an" in now
        assert "Phường An Hòa 20 21 an" in then
        assert "21 22" not in then
        assert "Phường An Hòa 20 23 3 15/11/2026" in self.says(city)
        assert "Phường An Hòa 20 22 2 14/11/2026" in self.says(city, "&biet-ngay=2026-11-14&ban-do=hom-nay")

    def test_many_are_cut_into_pages_and_the_page_says_so(self) -> None:
        for number in range(60):
            self.record("An Hòa", number, number)
        ward = self.cast.unit("Cái Khế")
        assert "1–50 trong tổng số 60" in self.says(ward)
        assert "51–60 trong tổng số 60" in self.says(ward, "&trang=2")
        assert "không có 0 an Tệp" in self.says(ward, "&trang=2")
        assert "51–60 trong tổng số 60" in self.says(ward, "&trang=99")
