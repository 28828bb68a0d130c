"""Pages as known on a day: the results that were seen then."""

from datetime import timedelta
from decimal import Decimal

from kieumau.assessments.models import Assessment
from kieumau.assessments.setting import period_id
from kieumau.assessments.tests.cast import NOW
from kieumau.calendars.library import calendar
from kieumau.calendars.working_days import day_of
from kieumau.formulas.values import State
from kieumau.home.tests.pages import PagesOfTheCast
from kieumau.indicators.actions import open_source, record_figures
from kieumau.indicators.models import Indicator

THEN = "biet-ngay=2026-11-22"


class Corrected(PagesOfTheCast):
    """Sài Gòn had 16 of 25 areas recognized when it was judged; a correction of the next day says 20."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        nd09 = calendar("nd09")
        [period] = nd09.period_ids(nd09.window("2026-11"))
        recognised = Indicator.objects.get(code="areas.recognised").pk
        source = open_source(name="Đính chính", recorded_at=NOW + timedelta(days=1))
        row = (period, cls.cast.unit("Sài Gòn"), recognised, State.VALUE, Decimal(20))
        record_figures([row], source=source)


class KnownThen(Corrected):
    """What pages say of it."""

    def why(self, query: str) -> str:
        unit = self.cast.unit("Sài Gòn")
        return self.page(f"/don-vi/{unit}/tieu-chi/model-ward/1/2.3/?ky=2026{query}")

    def test_the_explanation(self) -> None:
        assert "20 / 25 khu = 80 %" in self.why("")
        then = self.why(f"&{THEN}")
        assert "16 / 25 khu = 64 %, dưới mức 70 %" in then
        assert "Đính chính" not in then

    def test_one_day_for_one_matter(self) -> None:
        """It was judged again when the correction came: that day, on both pages and at both places."""
        found = Assessment.objects.get(
            criteria_set=self.cast.criteria_set.pk,
            unit=self.cast.unit("Sài Gòn"),
            period=period_id(self.cast.criteria_set, calendar("tt124-commune").window("2026")),
        )
        judged, asked = f"{day_of(found.judged_at):%d/%m/%Y}", f"{found.judged_on:%d/%m/%Y}"
        why = " ".join(self.why("").split())
        assert f"được xét gần nhất, ngày {judged}." in why
        assert f" Ngày đánh giá {judged} " in why
        assert (f"việc đã đến hạn hay chưa được xét ngày {asked}" in why) is (asked != judged)
        unit = " ".join(self.page(f"/don-vi/{self.cast.unit('Sài Gòn')}/?ky=2026").split())
        assert f"đánh giá ngày {judged}" in unit

    def test_a_day_before_anybody_was_judged(self) -> None:
        unit = self.cast.unit("Sài Gòn")
        address = f"/don-vi/{unit}/tieu-chi/model-ward/1/2.3/?biet-ngay=2026-11-20"
        assert "64 %" not in self.page(address)
        assert "64 %" not in self.page(f"/don-vi/{unit}/?biet-ngay=2026-11-20")

    def test_a_day_that_is_none_or_to_come(self) -> None:
        unit = self.cast.unit("Sài Gòn")
        for day in ("abc", "2199-01-01"):
            self.page(f"/don-vi/{unit}/tieu-chi/model-ward/1/2.3/?ky=2026&biet-ngay={day}", status=400)

    def test_the_pages_of_units(self) -> None:
        ward = f"/don-vi/{self.cast.unit('Sài Gòn')}/?ky=2026"
        assert "20 / 25 khu" in self.page(ward)
        assert "16 / 25 khu" in self.page(f"{ward}&{THEN}")

    def test_the_matrix_of_a_province_and_the_counts_of_a_nation(self) -> None:
        province = f"/don-vi/{self.cast.unit('Hồ Chí Minh')}/?ky=2026"
        now, then = self.page(province), self.page(f"{province}&{THEN}")
        assert now != then
        nation = f"/don-vi/{self.cast.unit('Việt Nam')}/?ky=2026"
        assert self.page(nation) != self.page(f"{nation}&{THEN}")

    def test_links_keep_the_day(self) -> None:
        response = self.client.get(f"/don-vi/{self.cast.unit('Hồ Chí Minh')}/?ky=2026&{THEN}")
        unit = self.cast.unit("Sài Gòn")
        assert f"/don-vi/{unit}/?bo=model-ward:1&amp;ky=2026&amp;{THEN}" in response.content.decode()


class CriterionThen(Corrected):
    """The page of one criterion over all units, on a map and as known on a day."""

    def listed(self, query: str) -> str:
        return self.page(f"/bo-tieu-chi/model-ward/1/2.3/?ky=2026{query}")

    def test_what_was_known(self) -> None:
        now, then = self.listed(""), self.listed(f"&{THEN}")
        assert "Đạt 80 %" in now.split("Phường Sài Gòn")[1][:60]
        assert "Chưa đạt 64 %" in then.split("Phường Sài Gòn")[1][:60]
        assert "Phường Sài Gòn" not in self.listed(f"&kq=met&{THEN}")
        assert "Kết quả như đã biết đến hết ngày 22/11/2026" in then

    def test_links_keep_the_day(self) -> None:
        found = self.client.get(f"/bo-tieu-chi/model-ward/1/2.3/?ky=2026&{THEN}").content.decode()
        unit = self.cast.unit("Sài Gòn")
        assert f"/don-vi/{unit}/tieu-chi/model-ward/1/2.3/?ky=2026&amp;{THEN}" in found

    def test_a_verdict_stands_with_whoever_has_the_territory(self) -> None:
        """In June 2025 Cái Khế of today was Cái Khế, An Hòa and 40 % of Thới Bình."""
        june = self.listed("&ban-do=2025-06-30")
        for name in ("Phường An Hòa", "Phường Thới Bình"):
            assert "Kết quả của Phường Cái Khế" in june.split(name)[1][:80], name
        assert "không đánh giá lại" in june
        assert "Kết quả của" not in self.listed("")
        assert "Kết quả của" not in self.listed("&ban-do=hom-nay")

    def test_both_together_and_what_is_no_day(self) -> None:
        both = self.listed(f"&ban-do=2025-06-30&{THEN}")
        assert "Kết quả của Phường Cái Khế" in both
        self.page("/bo-tieu-chi/model-ward/1/2.3/?ky=2026&ban-do=abc", status=400)
        self.page("/bo-tieu-chi/model-ward/1/2.3/?ky=2026&biet-ngay=2199-01-01", status=400)
