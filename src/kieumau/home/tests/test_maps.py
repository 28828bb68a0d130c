"""Figures on the three maps with their marks; reported beside rolled up; what was known when."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

from kieumau.assessments.tests.cast import names
from kieumau.calendars.library import calendar
from kieumau.formulas.values import State
from kieumau.home.mapped import Reader
from kieumau.home.places import place
from kieumau.home.tests.pages import PagesOfTheCast
from kieumau.home.viewing import View, view
from kieumau.indicators.actions import open_source, record_figures, remove_figures
from kieumau.indicators.maps.rules import REPORTED, Map, map_of_today
from kieumau.indicators.models import Figure, Indicator
from kieumau.indicators.queries import catalogue
from kieumau.web.charts import Exact

DECEMBER_2024, DECEMBER_2025 = 2_124_112, 2_125_112
BEFORE_REFORM = date(2025, 1, 1)


class OnMaps(PagesOfTheCast):
    """Cái Khế came from an older Cái Khế, An Hòa, and 40 % of Thới Bình."""

    def record(
        self, rows: Iterable[tuple[int, int, int]], at: datetime | None = None, name: str = "Tệp"
    ) -> int:
        """Traffic accidents of (period, unit, value)."""
        indicator = Indicator.objects.get(code="traffic.accidents").id
        source = open_source(name=name, actor="an", recorded_at=at)
        figures = [(period, unit, indicator, State.VALUE, Decimal(value)) for period, unit, value in rows]
        record_figures(figures, source=source)
        return source.pk

    def predecessors(self) -> None:
        old = names(BEFORE_REFORM)
        self.record(
            [
                (DECEMBER_2024, old["Cái Khế"], 10),
                (DECEMBER_2024, old["An Hòa"], 20),
                (DECEMBER_2024, old["Thới Bình"], 5),
            ]
        )

    def figure_page(self, unit: int, query: str, language: str = "vi") -> str:
        return self.page(f"/don-vi/{unit}/so-lieu/traffic.accidents/?{query}", language)

    def test_a_year_ago_is_that_of_the_same_territory(self) -> None:
        self.predecessors()
        said = self.figure_page(self.cast.unit("Cái Khế"), "ky=2025-12")
        assert "Tháng 12 năm 2024 32 vụ ≈ ước tính" in said
        assert "40 % phường Thới Bình (theo diện tích)" in said
        assert "Phường Cái Khế 100 %" in said
        in_english = self.figure_page(self.cast.unit("Cái Khế"), "ky=2025-12", "en")
        assert "December 2024 32 cases ≈ estimated" in in_english

    def test_as_reported_the_ward_has_no_year_ago(self) -> None:
        self.predecessors()
        said = self.figure_page(self.cast.unit("Cái Khế"), "ky=2025-12&ban-do=bao-cao")
        assert "≠ không so sánh được" in said
        assert "Khi đó địa bàn thuộc" in said

    def test_a_unit_that_ended_is_shown_as_reported(self) -> None:
        self.predecessors()
        said = self.figure_page(names(BEFORE_REFORM)["An Hòa"], "ky=2024-12")
        assert "Tháng 12 năm 2024 20 vụ" in said

    def test_the_page_of_a_unit_says_on_which_map_it_is(self) -> None:
        address = f"/don-vi/{self.cast.unit('Cái Khế')}/"
        assert "Bản đồ ngày 30/06/2025" in self.page(f"{address}?ban-do=2025-06-30")
        assert "cùng địa bàn" in self.page(address)
        assert "“hôm kia” không phải là ngày" in self.page(f"{address}?ban-do=hôm kia", status=400)
        assert "chưa tới" in self.page(f"{address}?biet-ngay=2199-01-01", status=400)

    def test_what_a_province_reported_beyond_its_units_is_told(self) -> None:
        city = self.cast.unit("Hồ Chí Minh")
        self.record([(2_126_111, city, 16_331)])
        assert "16.325 vụ không gắn với" in self.page(f"/don-vi/{city}/")
        assert "16,325 cases not placed in a" in self.page(f"/don-vi/{city}/", "en")
        self.record([(2_126_111, city, 5)])
        assert "1 case more reported by the units below" in self.page(f"/don-vi/{city}/", "en").replace(
            "cases", "case"
        )

    def test_revisions_are_listed_and_any_day_can_be_seen_again(self) -> None:
        unit = self.cast.unit("Sài Gòn")
        period = 2_126_113 - 3  # October 2026
        first = datetime(2026, 11, 23, 3, tzinfo=UTC)
        second = datetime(2026, 11, 25, 17, 30, tzinfo=UTC)  # the 26th in Vietnam
        self.record([(period, unit, 40)], first, "Tháng 10.xlsx")
        self.record([(period, unit, 4)], second, "Sửa tháng 10.xlsx")
        said = self.figure_page(unit, "ky=2026-10")
        assert "00:30 26/11/2026 40 4 an Sửa tháng 10.xlsx" in said
        assert "10:00 23/11/2026" in said
        assert "Tháng 10.xlsx" in said

    def test_a_total_is_known_as_it_was_before_a_correction(self) -> None:
        unit, period = self.cast.unit("Sài Gòn"), 2_126_110
        others = {self.cast.unit("Việt Nam"): 10, unit: 0, self.cast.unit("Hồ Chí Minh"): 0}
        self.record([(period, unit, 40)], datetime(2026, 11, 24, 3, tzinfo=UTC), "Cũ")
        self.record([(period, unit, 4)], datetime(2026, 11, 26, 3, tzinfo=UTC), "Mới")
        for where, beside in others.items():
            for on in (REPORTED, map_of_today(date(2026, 11, 22)), Map(date(2026, 11, 1))):
                assert self.accidents(where, on, None) == 4 + beside
                assert self.accidents(where, on, date(2026, 11, 25)) == 40 + beside
                assert self.accidents(where, on, date(2026, 11, 22)) == 5 + beside
                assert self.accidents(where, on, date(2026, 11, 21)) is None

    def accidents(self, unit: int, on: Map, known_on: date | None) -> Exact | None:
        """Traffic accidents of October 2026."""
        stands = place(unit, date(2026, 11, 22))
        assert stands is not None
        known = catalogue()
        asked = known["traffic.accidents"], calendar("nd09").window("2026-10")
        return Reader(stands, View(on, known_on), known, [asked]).shown(*asked).value

    def test_a_verdict_says_since_when_its_figures_differ(self) -> None:
        unit, indicator = self.cast.unit("Cái Khế"), Indicator.objects.get(code="areas.recognised").id
        verdict = f"/don-vi/{unit}/tieu-chi/model-ward/1/2.3/?ky=2026"
        assert "nay đã khác" not in self.page(verdict)
        source = open_source(name="Sửa", recorded_at=datetime(2026, 11, 28, 18, tzinfo=UTC))
        # Verdicts follow figures that come by the actions; one that could not follow says so.
        changed = Figure.objects.filter(period=2_126_111, unit=unit, indicator=indicator)
        assert changed.update(value=Decimal(1), source=source.pk) == 1
        said = self.page(verdict)
        assert "nay đã khác: số đầu tiên được gửi hoặc sửa ngày 29/11/2026" in said
        assert "20 / 25 khu" in said

    def test_a_figure_that_was_removed_says_so(self) -> None:
        unit, period = self.cast.unit("Sài Gòn"), 2_126_110
        indicator = Indicator.objects.get(code="traffic.accidents").id
        source = open_source(name="Gửi nhầm", actor="an")
        remove_figures([(period, unit, indicator)], source=source)
        assert "không có an Gửi nhầm" in self.figure_page(unit, "ky=2026-10")


def test_the_usual_view_of_a_day_known_is_the_map_of_that_day() -> None:
    today = date(2026, 11, 22)
    usual = view({}, today=today, is_there_today=True)
    assert (usual.on.is_today, usual.query, usual.known_at) == (True, "", None)
    ended = view({}, today=today, is_there_today=False)
    assert ended.is_reported
    known = view({"biet-ngay": "2025-10-10"}, today=today, is_there_today=True)
    assert known.on.day == date(2025, 10, 10)
    assert known.known_at is not None
    assert known.known_at.isoformat() == "2025-10-10T23:59:59.999999+07:00"
    both = view({"biet-ngay": "2025-10-10", "ban-do": "bao-cao"}, today=today, is_there_today=True)
    assert both.is_reported
    assert both.query == "ban-do=bao-cao&biet-ngay=2025-10-10"
