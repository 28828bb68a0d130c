"""Pages as known on a day are drawn on the tree recorded by that day."""

import re
from datetime import date, timedelta

from kieumau.assessments.tests.cast import NOW
from kieumau.home.tests.pages import PagesOfTheCast
from kieumau.units.actions import record_change
from kieumau.units.models import Term
from kieumau.units.rules import Act, TermRow, even_shares

THEN, LATER = "biet-ngay=2026-11-10", "biet-ngay=2026-11-20"


class Renamed(PagesOfTheCast):
    """A week before it was judged it was written down that Sài Gòn has been Bến Nghé since January; and that
    An Bình went into a new ward, An Phú, in October."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        terms = Term.objects.filter(name__in=["Sài Gòn", "An Bình"], valid__endswith__isnull=True)
        sai_gon, an_binh = (terms.get(name=name).unit.key for name in ("Sài Gòn", "An Bình"))
        register, parents = terms[0].register, {one.name: one.parent.key for one in terms if one.parent}
        january, october = date(2026, 1, 1), date(2026, 10, 1)
        renamed = TermRow(sai_gon, register, "26740", "Bến Nghé", "phuong", parents["Sài Gòn"], january)
        begun = TermRow("new/an-phu", register, "31151", "An Phú", "phuong", parents["An Bình"], october)
        for act in (
            Act(
                "rename", january, ends=(sai_gon,), begins=(renamed,), shares=even_shares(sai_gon, [sai_gon])
            ),
            Act("merge", october, ends=(an_binh,), begins=(begun,), shares=even_shares(an_binh, [begun.key])),
        ):
            record_change(act=act, actor=None, now=NOW - timedelta(days=7))

    def test_the_name_on_its_pages(self) -> None:
        unit = self.cast.unit("Sài Gòn")
        for address in (f"/don-vi/{unit}/?ky=2026", f"/don-vi/{unit}/tieu-chi/model-ward/1/2.3/?ky=2026"):
            for day, name in ((THEN, "Sài Gòn"), (LATER, "Bến Nghé"), ("", "Bến Nghé")):
                said = self.page(f"{address}&{day}")
                assert f"Phường {name}" in said, (address, day)

    def test_the_units_of_a_province(self) -> None:
        address = f"/don-vi/{self.cast.unit('Hồ Chí Minh')}/?ky=2026"
        assert "Sài Gòn" in self.page(f"{address}&{THEN}")
        assert "Bến Nghé" in self.page(f"{address}&{LATER}")

    def test_a_unit_that_had_ended_by_an_act_not_yet_known(self) -> None:
        unit = self.cast.unit("An Bình")
        assert "Đơn vị này đã kết thúc" not in self.page(f"/don-vi/{unit}/?{THEN}")
        assert "An Phú" not in self.page(f"/don-vi/{unit}/?{THEN}")
        assert "An Phú" in self.page(f"/don-vi/{unit}/?{LATER}")

    def test_a_unit_that_nobody_knew_then(self) -> None:
        unit = Term.objects.get(name="An Phú").unit_id
        assert "Chưa được ghi nhận đến ngày đó" in self.page(f"/don-vi/{unit}/?{THEN}", status=404)
        self.page(f"/don-vi/{unit}/?{LATER}")

    def test_days_in_sentences_are_written_as_people_write_them(self) -> None:
        """`2026-11-10` belongs in addresses and forms, never in a sentence."""
        an_phu = Term.objects.get(name="An Phú").unit_id
        said = self.page(f"/don-vi/{an_phu}/?{THEN}", status=404)
        assert "(10/11/2026)" in said
        assert "(10 Nov 2026)" in self.page(f"/don-vi/{an_phu}/?{THEN}", "en", status=404)
        pages = [self.page(f"/don-vi/{self.cast.unit(name)}/?{THEN}") for name in ("Việt Nam", "Cần Thơ")]
        pages += [self.page(f"/don-vi/{self.cast.unit('Sài Gòn')}/?{day}") for day in (THEN, LATER)]
        for page in (said, *pages):
            assert not re.search(r"\d{4}-\d\d-\d\d", page), page
