"""Pages of programmes: who sees and changes what, in both languages; nothing typed is lost."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kieumau.accounts.acting import acting
from kieumau.accounts.row_security import ROLE
from kieumau.accounts.tests.granting import grant
from kieumau.programmes import budget
from kieumau.programmes.models import BudgetLine, Member, PlanStage, Programme, Target
from kieumau.programmes.rules import LineFacts, SeatFacts, StageFacts, Sum, TargetFacts
from kieumau.programmes.tests.cast import CODE, TODAY, Cast, load_cast, somebody

PAGE = f"/chuong-trinh/{CODE}/"
TABS = ("", "ke-hoach/", "don-vi/", "kinh-phi/")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def fill(cast: Cast) -> dict[str, int]:
    """A row of every kind in Thanh Hóa; their numbers by slug."""
    province, ward = cast.units["38"], cast.units["14812"]
    rows = {
        "ke-hoach": StageFacts(province, "Thí điểm", date(2023, 4, 1), date(2023, 10, 12), None, None),
        "thanh-phan": SeatFacts(
            province, "steering", "head", "Phó Chủ tịch UBND", province, "", date(2023, 4, 1), None
        ),
        "muc-tieu": TargetFacts(province, 2026, Decimal("0.3")),
        "kinh-phi": LineFacts(
            ward, 2023, "Trụ sở", "Ngân sách tỉnh", "VND", Decimal(4_638_000_000), None, Decimal(0), None
        ),
    }
    cast.choose("14812")
    made = {slug: cast.add(facts).pk for slug, facts in rows.items()}
    return made | {"don-vi": Member.objects.get().pk}


# Who: reads the programme, sees its money (lines), may change the plan of Thanh Hóa, the programme itself.
SEES: list[tuple[str, str, str, str, int, int | None, int, int]] = [
    ("programme_office", "VN", "", "all of the country", 200, 1, 200, 200),
    ("programme_office", "38", "", "the province", 200, 1, 200, 403),
    ("programme_office", "38", CODE, "the province, this programme", 200, 1, 200, 403),
    ("programme_office", "38", "khac", "another programme", 404, None, 404, 404),
    ("programme_office", "92", "", "another province", 200, 0, 403, 403),
    ("officer", "14812", "", "the ward", 200, 1, 403, 403),
    ("officer", "14814", "", "a ward beside", 200, 0, 403, 403),
    ("verifier", "38", "", "verifies", 200, 1, 403, 403),
    ("auditor", "VN", "", "reads all", 200, 1, 403, 403),
    ("administrator", "VN", "", "looks after accounts", 200, None, 403, 403),
]


@pytest.mark.parametrize(("role", "unit", "programme", "who", "reads", "lines", "plan", "head"), SEES)
def test_who_sees_and_changes_what(
    cast: Cast,
    role: str,
    unit: str,
    programme: str,
    who: str,
    reads: int,
    lines: int | None,
    plan: int,
    head: int,
) -> None:
    made = fill(cast)
    client = signed_in(somebody("chi", role, cast.units[unit], programme))
    for tab in TABS:
        answer = client.get(PAGE + tab)
        assert answer.status_code == reads, who
    if reads == 200:
        page = answer.context.get("page")
        assert (None if page is None else page.paginator.count) == lines, who
    for slug in ("ke-hoach", "thanh-phan", "muc-tieu", "don-vi"):
        assert client.get(f"{PAGE}{slug}/{made[slug]}/").status_code == plan, (who, slug)
        assert client.post(f"{PAGE}{slug}/{made[slug]}/bo/", {"version": "9"}).status_code == (
            409 if plan == 200 else plan
        )
    assert client.get(f"{PAGE}don-vi/chon/?noi={cast.units['38']}").status_code == plan, who
    assert client.get(f"{PAGE}sua/").status_code == head, who
    assert client.get(f"{PAGE}bo-tieu-chi/moi/").status_code == head, who
    assert client.get("/chuong-trinh/moi/").status_code == (200 if role == "programme_office" else 403), who


# Who: where a new budget line begins (None: it is not offered), whether the ward's line can be opened.
OFFERED = [
    ("programme_office", "VN", "VN", True, "keeps all of it"),
    ("programme_office", "38", "38", True, "looks at the country, begins in the own province"),
    ("programme_office", "14812", "14812", True, "begins in the own ward"),
    ("programme_office", "92", "92", False, "another province"),
    ("verifier", "38", None, False, "reads the money only"),
]


@pytest.mark.parametrize(("role", "unit", "begins", "opens", "who"), OFFERED)
def test_no_link_to_the_budget_leads_to_a_closed_door(
    cast: Cast, role: str, unit: str, begins: str | None, opens: bool, who: str
) -> None:
    fill(cast)
    client = signed_in(somebody("chi", role, cast.units[unit]))
    html = client.get(f"{PAGE}kinh-phi/").content.decode()
    offered = set(re.findall(rf'href="({PAGE}kinh-phi/[^"#]+)"', html))
    new = f"{PAGE}kinh-phi/moi/?noi={cast.units[begins]}" if begins else None
    line = f"{PAGE}kinh-phi/{BudgetLine.objects.get().pk}/"
    assert offered == ({new} if new else set()) | ({line} if opens else set()), who
    assert {client.get(address).status_code for address in offered} <= {200}, who


def test_a_stranger_sees_nothing_where_reading_is_closed_and_no_money_where_it_is_open(
    cast: Cast, settings: Any
) -> None:
    made = fill(cast)
    closed = Client()
    for tab in TABS:
        assert closed.get(PAGE + tab).status_code == 302
    assert signed_in(somebody("nobody")).get(PAGE).status_code == 404
    assert signed_in(somebody("none")).get("/chuong-trinh/").context["rows"] == []
    settings.KIEUMAU_OPEN_READING = True
    for language in ("vi", "en"):
        closed.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for tab in TABS:
            html = closed.get(PAGE + tab).content.decode()
            assert html.count("<h1") == 1
            assert "4,6" not in html
            assert "4.6" not in html
        assert closed.get(f"{PAGE}kinh-phi/{made['kinh-phi']}/").status_code == 302
    assert closed.get("/chuong-trinh/khac/").status_code == 404
    for nonsense in ("noi=abc", "noi=99999999", "nam=0", "nam=9999", "trang=x", "giai-doan=%00", "tim=%00"):
        for tab in TABS:
            assert closed.get(f"{PAGE}{tab}?{nonsense}").status_code == 200, (tab, nonsense)


def test_a_unit_that_cannot_be_looked_at_is_said(cast: Cast) -> None:
    """The whole programme is shown then, and no page is silent about it."""
    fill(cast)
    client = signed_in(somebody("an", "programme_office", cast.units["VN"]))
    said = {
        cast.units["31135"]: "Phường An Hòa chỉ tồn tại đến hết ngày 30/06/2025.",
        99999999: "Không có đơn vị được hỏi.",
    }
    for unit_id, sentence in said.items():
        for tab in TABS:
            html = " ".join(client.get(f"{PAGE}{tab}?noi={unit_id}").content.decode().split())
            assert sentence in html, (unit_id, tab)
            assert "Nội dung dưới đây là của Việt Nam." in html
    ward = client.get(f"{PAGE}ke-hoach/?noi={cast.units['31150']}")
    assert ward.context["area"].code == "31150"
    assert "Địa bàn này chưa có kế hoạch cho chương trình." in ward.content.decode()
    assert "Nội dung dưới đây" not in ward.content.decode()


@pytest.mark.parametrize(("words", "is_found"), [("an hung", True), ("AN HƯNG", True), ("an hòa", False)])
def test_units_are_found_without_their_marks(cast: Cast, words: str, is_found: bool) -> None:
    client = signed_in(somebody("chi", "programme_office", cast.units["VN"]))
    choosing = client.get(f"{PAGE}don-vi/chon/", {"noi": str(cast.units["38"]), "tim": words})
    assert ("An Hưng" in str(choosing.context["offered"])) is is_found
    cast.choose("14812")
    members = client.get(f"{PAGE}don-vi/", {"tim": words})
    assert members.context["page"].paginator.count == is_found


def test_a_forgotten_filter_shows_no_money_of_another_province(cast: Cast) -> None:
    fill(cast)

    def seen(user: Any) -> int:
        with acting(user), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {ROLE}")
            count = BudgetLine.objects.count()
            cursor.execute("RESET ROLE")
        return count

    assert seen(somebody("an", "auditor", cast.units["38"])) == 1
    assert seen(somebody("binh", "auditor", cast.units["92"])) == 0
    assert seen(somebody("chi", "administrator", cast.units["VN"])) == 0
    assert seen(AnonymousUser()) == 0


def typed(cast: Cast) -> dict[str, dict[str, Any]]:
    province = cast.units["38"]
    return {
        "ke-hoach": {
            "area": province,
            "name": "Tổ chức  thí điểm",
            "starts_on": "2023-04-01",
            "ends_on": "2023-10-12",
        },
        "thanh-phan": {
            "area": province,
            "body": "helpers",
            "role": "member",
            "post": "Phó Trưởng Công an phường",
            "of_unit": "An Hưng",
            "starts_on": "2023-04-01",
        },
        "muc-tieu": {"area": province, "year": "2025", "share": "33,3 %"},
        "kinh-phi": {
            "unit": "14812",
            "year": "2023",
            "purpose": "Trang bị",
            "currency": "VND",
            "planned": "4,6 tỷ",
            "approved": "",
            "spent": "0",
        },
    }


def test_rows_are_put_down_on_pages(cast: Cast) -> None:
    client = signed_in(somebody("an", "programme_office", cast.units["38"]))
    for slug, data in typed(cast).items():
        address = f"{PAGE}{slug}/moi/?noi={cast.units['38']}"
        assert client.get(address).status_code == 200, slug
        assert client.post(address, {}).status_code == 422, slug
        answer = client.post(address, data)
        assert answer.status_code == 302, (slug, answer.context and answer.context["form"].errors)
        assert client.get(answer["location"]).status_code == 200
    assert PlanStage.objects.get().name == "Tổ chức thí điểm"
    assert Target.objects.get().share == Decimal("0.333")
    line = BudgetLine.objects.get()
    assert (line.planned, line.approved, line.spent) == (Decimal(4_600_000_000), None, Decimal(0))
    html = client.get(f"{PAGE}kinh-phi/").content.decode()
    assert '<span class="money" title="4.600.000.000 đồng">4,6 tỷ đồng</span>' in html
    assert "1 dòng chưa có số" in html or "1 line without a figure" in html


def test_elsewhere_nothing_is_put_down(cast: Cast) -> None:
    client = signed_in(somebody("an", "programme_office", cast.units["92"]))
    for slug, data in typed(cast).items():
        assert client.post(f"{PAGE}{slug}/moi/", data).status_code in {403, 422}, slug
    minh = signed_in(somebody("minh", "officer", cast.units["38"]))
    for slug, data in typed(cast).items():
        assert minh.post(f"{PAGE}{slug}/moi/", data).status_code == 403, slug
    assert not PlanStage.objects.exists()
    assert not BudgetLine.objects.exists()


def test_the_second_editor_sees_both_and_loses_nothing(cast: Cast) -> None:
    made = fill(cast)
    an = signed_in(somebody("an", "programme_office", cast.units["VN"]))
    for slug, changed, first, second in (
        ("ke-hoach", "name", "Của người thứ nhất", "Của người thứ hai"),
        ("thanh-phan", "post", "Chức vụ một", "Chức vụ hai"),
        ("muc-tieu", "share", "41", "42"),
        ("kinh-phi", "purpose", "Nội dung một", "Nội dung hai"),
        ("don-vi", "starts_on", "2023-04-02", "2023-04-03"),
    ):
        address = f"{PAGE}{slug}/{made[slug]}/"
        form = an.get(address).context["form"]
        read = {name: field.initial for name, field in ((one.name, one) for one in form) if field.initial}
        assert an.post(address, {**read, changed: first}).status_code == 302, slug
        answer = an.post(address, {**read, changed: second})
        html = answer.content.decode()
        assert answer.status_code == 409, slug
        assert second in html, slug
        assert first in html or slug == "don-vi", slug
        again = answer.context["form"]
        assert an.post(address, {name: again[name].value() or "" for name in again.fields}).status_code == 302
    assert Target.objects.get().share == Decimal("0.42")


def test_a_programme_is_set_up_and_changed_on_pages(cast: Cast) -> None:
    client = signed_in(somebody("an", "programme_office", cast.units["38"]))
    data = {
        "code": "xa-dien-hinh",
        "area": cast.units["38"],
        "name_vi": "Xã điển hình",
        "name_en": "Exemplary communes",
        "title_vi": "Xã điển hình",
        "title_en": "Exemplary commune",
        "legal_basis": "Quyết định 9745",
        "level": "3",
        "kinds": ["xa"],
        "first_year": "2026",
        "lasts_months": "12",
    }
    assert client.post("/chuong-trinh/moi/", data | {"area": cast.units["92"]}).status_code == 422
    assert client.post("/chuong-trinh/moi/", data | {"code": "Xã"}).status_code == 422
    assert client.post("/chuong-trinh/moi/", data).status_code == 302
    made = Programme.objects.get(code="xa-dien-hinh")
    assert (made.kinds, made.last_year) == (["xa"], None)
    assert "Xã điển hình · từ năm 2026" in " ".join(
        client.get("/chuong-trinh/xa-dien-hinh/").content.decode().split()
    )
    address = "/chuong-trinh/xa-dien-hinh/sua/"
    assert client.post(address, data | {"version": 1, "name_vi": "Một"}).status_code == 302
    answer = client.post(address, data | {"version": 1, "name_vi": "Hai"})
    assert answer.status_code == 409
    assert "Hai" in answer.content.decode()
    assert "Một" in answer.content.decode()
    assert Programme.objects.get(code="xa-dien-hinh").name_vi == "Một"


def test_units_are_ticked_pasted_or_all_of_an_area(cast: Cast) -> None:
    client = signed_in(somebody("an", "programme_office", cast.units["38"]))
    address, base = (
        f"{PAGE}don-vi/chon/",
        {"noi": cast.units["38"], "phase": "pilot", "starts_on": "2023-04-01"},
    )
    pasted = "14812\tAn Hưng\n31150\nkhông có\nAn Bình"
    answer = client.post(address, base | {"pasted": pasted, "unit": cast.units["14814"]})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert not Member.objects.exists()
    assert len(answer.context["problems"]) == 3, "every fault at once: another's, unknown, several"
    assert "không có" in html
    assert re.search(rf'value="{cast.units["14814"]}"\s+checked', html)
    answer = client.post(address, base | {"pasted": "14812", "unit": cast.units["14814"]})
    assert answer.status_code == 302
    assert Member.objects.count() == 2
    answer = client.post(address, base | {"starts_on": "2026-11-22", "phase": "roll_out", "everything": "on"})
    assert answer.status_code == 302
    assert Member.objects.count() == 3
    assert client.post(address, base).status_code == 422
    page = client.get(f"{PAGE}don-vi/?noi={cast.units['38']}&giai-doan=pilot&tim=hưng")
    assert [one.unit_id for one, _, _ in page.context["rows"]] == [cast.units["14812"]]


@pytest.mark.parametrize("more", [0, 60])
def test_no_page_takes_more_than_twelve_queries(db: None, more: int) -> None:
    cast = load_cast(more)
    fill(cast)
    cast.add(TargetFacts(cast.units["VN"], 2025, Decimal("0.3")))
    codes = [code for code in cast.units if code.startswith("5")]
    if codes:
        cast.choose(*codes, phase="roll_out")
    for place in [cast.units[code] for code in codes]:
        cast.add(LineFacts(place, 2024, "Trang bị", "", "VND", Decimal(1), None, None, None))
    client = signed_in(somebody("an", "programme_office", cast.units["VN"]))
    taken = {}
    for address in (
        "/chuong-trinh/",
        *(PAGE + tab for tab in TABS),
        f"{PAGE}?noi={cast.units['38']}&nam=2025",
    ):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        taken[address.rpartition("&")[0] or address] = len(queries)
    assert max(taken.values()) <= 12, taken


def test_a_programme_from_before_without_an_area_is_of_the_whole_country(cast: Cast) -> None:
    fill(cast)
    Programme.objects.update(area=None)
    an = somebody("an", "officer", cast.units["14812"])
    client = signed_in(an)
    for tab in TABS:
        assert client.get(PAGE + tab).status_code == 200
    grant(an, "programme_office", cast.units["VN"])
    assert signed_in(an).get(f"{PAGE}sua/").status_code == 200


def test_money_of_a_unit_that_is_no_more_counts_where_it_went(cast: Cast) -> None:
    """An Hòa of before the merger counts in today's Cần Thơ; each year and place by itself."""
    for code, year, planned in (
        ("31135", 2024, 5),
        ("31149", 2026, 7),
        ("14812", 2026, 11),
        ("14814", 2026, None),
    ):
        amount = None if planned is None else Decimal(planned)
        cast.add(LineFacts(cast.units[code], year, "Trụ sở", "", "VND", amount, None, None, None))
    sums = budget.totals(BudgetLine.objects.all(), TODAY)
    by_year = {key: one.planned for key, one in budget.by(sums, 0)}
    by_place = {key: one.planned for key, one in budget.by(sums, 1)}
    assert by_year == {2024: Sum(Decimal(5), 0), 2026: Sum(Decimal(18), 1)}
    assert by_place == {cast.units["92"]: Sum(Decimal(12), 0), cast.units["38"]: Sum(Decimal(11), 1)}
    assert [one.planned for one in budget.whole(sums.values())] == [Sum(Decimal(23), 1)]
    assert budget.by(sums, 1, 2024)[0][1].spent == Sum(None, 1)
