"""Acts recorded on the page: found, weighed, recorded, undone; impossible ones told in both languages."""

import re
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.tests.cast import Cast
from kieumau.audit.models import Entry
from kieumau.home.acts.queries import becomes
from kieumau.home.acts.typed import Typed
from kieumau.home.tests.pages import PagesOfTheCast, words
from kieumau.units.models import Change, Term
from kieumau.units.registry import hanging

FORM = "/don-vi/thay-doi/moi/"
DECISION = {"reference": "NQ 12/2026", "on": "2026-12-01"}


class Acts(PagesOfTheCast):
    """Somebody of the programme office at the form."""

    cast: ClassVar[Cast]

    def setUp(self) -> None:
        self.office = User.objects.create_user("office")
        grant(self.office, "programme_office")
        self.client.force_login(self.office)

    def send(self, do: str, status: int = 200, language: str = "vi", **typed: Any) -> str:
        """What the page says after a button was pressed."""
        self.client.cookies["django_language"] = language
        response = self.client.post(FORM, {"do": do, **DECISION, **typed})
        assert response.status_code == status, (response.status_code, words(response.content.decode()))
        return words(response.content.decode())

    def test_only_those_who_may_see_the_form(self) -> None:
        self.client.force_login(User.objects.create_user("an"))
        for answer in (self.client.get(FORM), self.client.post(FORM, {"do": "record"})):
            assert answer.status_code == 403
            assert "units.record_act" in answer.content.decode()  # the way to the reasons
        assert "Chuyển sang cấp trên khác" not in self.page("/don-vi/thay-doi/")

    def test_the_list_names_the_units_and_finds_them_by_name(self) -> None:
        page = self.page("/don-vi/thay-doi/")
        assert "→" in page
        assert "Phường Cái Khế" in page
        assert "Phường Cái Khế" in self.page("/don-vi/thay-doi/?tim=an+hoa")
        assert "Phường Cái Khế" not in self.page("/don-vi/thay-doi/?tim=zzzz")

    def test_units_are_found_without_accents_and_chosen(self) -> None:
        assert "Phường Cái Khế" in self.send("find", tim="cai khe")
        chosen = self.send("add vn:31135", units=["vn:31150"])
        assert "Phường An Bình 31150" in chosen
        assert "Phường Cái Khế 31135" in chosen
        assert "vn:" not in chosen
        assert "Phường An Bình" not in self.send("remove vn:31150", units=["vn:31150"])

    def merger(self) -> dict[str, Any]:
        return {"loai": "sap-nhap", "units": ["vn:31135", "vn:31150"], "name": "Ninh Kiều", "code": "31160"}

    def test_a_merger_is_weighed_recorded_and_undone(self) -> None:
        before = self.page(f"/don-vi/{self.cast.unit('Cần Thơ')}/")
        seen = self.send("preview", **self.merger())
        assert "Chưa ghi gì" in seen
        assert "Phường Ninh Kiều, mã 31160: đơn vị mới." in seen
        assert not Change.objects.filter(is_recorded=True).exists()
        self.send("record", status=302, **self.merger())
        change = Change.objects.get(is_recorded=True)
        said = self.page(f"/don-vi/thay-doi/{change.pk}/")
        assert said.count("Phường Ninh Kiều 31160") == 2
        assert Term.objects.filter(name="Ninh Kiều", kind="phuong").exists()
        undo = f"/don-vi/thay-doi/{change.pk}/hoan-tac/"
        assert "Hoàn tác quyết định này?" in self.page(undo)
        assert "Cần ghi vì sao hoàn tác." in self.client.post(undo, {"why": " "}).content.decode()
        assert Change.objects.filter(is_recorded=True).exists()
        done = self.client.post(undo, {"why": "Ghi nhầm ngày"}, follow=True)
        assert "Đã hoàn tác: NQ 12/2026." in done.content.decode()
        entry = Entry.objects.latest("id")
        assert (entry.why, entry.object_name) == ("Ghi nhầm ngày", "NQ 12/2026")
        was = entry.old or {}
        assert was["units_after"] == ["Phường Ninh Kiều (31160)"]
        assert was["units_before"] == ["Phường An Bình (31150)", "Phường Cái Khế (31135)"]
        assert not Change.objects.filter(is_recorded=True).exists()
        assert self.page(f"/don-vi/{self.cast.unit('Cần Thơ')}/") == before

    def test_an_act_is_called_by_its_units_and_its_number(self) -> None:
        self.send("record", status=302, **self.merger())
        change = Change.objects.get(is_recorded=True)
        for page in (f"/don-vi/thay-doi/{change.pk}/", f"/don-vi/thay-doi/{change.pk}/hoan-tac/"):
            said = self.page(page)
            assert "Phường Cái Khế" in said
            assert "→ Phường Ninh Kiều" in said
            assert "NQ 12/2026" in said
            assert "sap-nhap" not in said
        self.client.post(f"/don-vi/thay-doi/{change.pk}/hoan-tac/", {"why": "Nhầm"})
        self.send("record", status=302, loai="doi-ten", units=["vn:31150"], name="An Bình Mới")
        renamed = Change.objects.get(is_recorded=True)
        assert "Phường An Bình → Phường An Bình Mới" in self.page(f"/don-vi/thay-doi/{renamed.pk}/")

    def test_the_preview_says_what_hangs_on_the_units_that_end(self) -> None:
        grant(User.objects.create_user("hoa"), "officer", self.cast.unit("An Bình"))
        grant(User.objects.create_user("lan"), "approver", self.cast.unit("An Bình"))
        before = len(hanging)
        with CaptureQueriesContext(connection) as asked:
            made, ending = becomes(Typed.of(QueryDict(urlencode(DECISION | self.merger(), doseq=True))).act())
        own = [one for one in asked.captured_queries if "unit_term" not in one["sql"]]
        assert len(own) <= before + 2 <= 12, asked.captured_queries
        assert [(one.name.en, one.lives_on) for one in made] == [("Ninh Kiều Ward", False)]
        assert {one.name.vi for one in ending} == {"Phường Cái Khế", "Phường An Bình"}
        seen = self.send("preview", **self.merger())
        assert "Phường An Bình Vai trò của người dùng ở đó: 2" in seen, seen
        assert "Phường Cái Khế Không có gì." in seen
        # A code that another unit has is named; a unit that lives on is not among those that end.
        seen = self.send("preview", **(self.merger() | {"code": ""}))
        assert "mã 31135: đơn vị mới. Cho đến lúc đó, đây là mã của Phường Cái Khế." in seen
        seen = self.send("preview", **(self.merger() | {"into": "vn:31150", "name": ""}))
        assert "Vai trò của người dùng ở đó" not in seen
        assert "thuộc các đơn vị kết thúc Phường Cái Khế Không có gì." in seen, seen

    def test_the_kinds_offered_are_those_of_the_country(self) -> None:
        page = self.client.get(FORM).content.decode()
        offered = re.search(r'<select[^>]*name="kind".*?</select>', page, re.DOTALL)
        assert offered is not None
        names = re.findall(r'<option\s+value="[^"]+"[^>]*>\s*(.*?)\s*</option>', offered[0])
        assert "Phường" in names
        assert "Vùng" not in names
        assert len(names) == len(set(names))
        wrong = self.send("preview", status=422, **(self.merger() | {"kind": "ward"}))
        assert "“Ninh Kiều” không thể mang loại “ward”: đó là loại đơn vị của nước khác." in wrong
        self.send("record", status=422, **(self.merger() | {"kind": "ward"}))
        assert not Change.objects.filter(is_recorded=True).exists()

    def test_units_may_go_into_one_that_lives_on(self) -> None:
        self.send("record", status=302, **(self.merger() | {"into": "vn:31135", "name": ""}))
        assert Term.objects.get(unit=self.cast.unit("An Bình")).valid.upper.isoformat() == "2026-12-01"
        assert Term.objects.filter(unit=self.cast.unit("Cái Khế"), valid__upper_inf=True).exists()

    def test_a_split_by_shares(self) -> None:
        typed: dict[str, Any] = {
            "loai": "chia-tach",
            "units": ["vn:31135"],
            "part_name": ["Cái Khế", "An Hòa"],
            "part_code": ["31135", "31136"],
            "part_share": ["0,6", "0.4"],
            "part_kind": ["", ""],
            "lives_on": "0",
            "basis": "people",
        }
        wrong = self.send("preview", status=422, **(typed | {"part_share": ["0.6", "0.5"]}))
        assert "cộng lại bằng 1.1" in wrong
        assert "ước tính" in self.send("preview", **typed)
        self.send("record", status=302, **typed)
        said = self.page(f"/don-vi/thay-doi/{Change.objects.get(is_recorded=True).pk}/")
        assert re.search(r"Phường Cái Khế 31135 60 % dân số Phường Cái Khế 31135", said), said

    def test_a_unit_moves_to_another_province(self) -> None:
        typed: dict[str, Any] = {"loai": "chuyen", "units": ["vn:31150"], "to": "vn:79"}
        assert "Hồ Chí Minh" in self.send("preview", **typed)
        self.send("record", status=302, **typed)
        term = Term.objects.get(unit=self.cast.unit("An Bình"), valid__upper_inf=True)
        assert term.parent_id == self.cast.unit("Hồ Chí Minh")

    def test_a_unit_gets_another_name_and_kind(self) -> None:
        self.send("record", status=302, loai="doi-ten", units=["vn:31150"], name="An Bình Mới", kind="xa")
        term = Term.objects.get(unit=self.cast.unit("An Bình"), valid__upper_inf=True)
        assert (term.name, term.kind_id) == ("An Bình Mới", "xa")

    def test_impossible_acts_are_told_in_both_languages(self) -> None:
        for typed, vi, en in (
            ({"units": ["vn:31135"]}, "Sáp nhập cần từ hai đơn vị", "A merger takes two units"),
            ({"name": ""}, "Hãy ghi tên đơn vị mới", "Name the new unit"),
            ({"reference": ""}, "Hãy ghi số quyết định", "Say which decision"),
            ({"on": "hôm nay"}, "Hãy chọn ngày có hiệu lực", "Choose the day"),
            ({"units": ["vn:31135", "vn:99999"]}, "99999", "99999"),
            (
                {"loai": "chuyen", "units": ["vn:31135"], "to": ""},
                "Hãy chọn cấp trên mới",
                "Choose the new par",
            ),
            (
                {"loai": "doi-ten", "units": ["vn:31135"], "name": "", "code": ""},
                "tên, loại hoặc mã",
                "new name",
            ),
            ({"loai": "chia-tach", "units": ["vn:31135"]}, "Chia tách cần từ hai phần", "A split takes two"),
        ):
            sent: dict[str, Any] = self.merger() | typed
            assert vi in self.send("preview", status=422, **sent)
            assert en in self.send("record", status=422, language="en", **sent)
        assert not Change.objects.filter(is_recorded=True).exists()

    def test_what_was_typed_stays_in_the_form(self) -> None:
        kept = self.client.post(FORM, {"do": "preview", **DECISION, **self.merger(), "name": ""})
        page = kept.content.decode()
        assert 'value="NQ 12/2026"' in page
        assert 'name="units" value="vn:31150"' in page
