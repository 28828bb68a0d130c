"""What the pages say before there is anything to show."""

import pytest
from django.test import Client

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import NOW, SET, TODAY, load_units
from kieumau.criteria.actions import load_set
from kieumau.home.tests.pages import words
from kieumau.indicators.actions import load_catalogue
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

pytestmark = pytest.mark.django_db


def said(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return words(response.content.decode())


def test_nothing_is_loaded(client: Client) -> None:
    page = said(client, "/")
    assert "Chưa có dữ liệu" in page
    assert "kieumau units load-vietnam" in page
    assert "make demo" in page
    assert "Chưa nạp bộ tiêu chí nào" in said(client, "/bo-tieu-chi/")
    client.force_login(User.objects.create_user("an"))
    page = said(client, "/")
    assert "Hãy hỏi người vận hành." in page
    assert "kieumau units" not in page, "whoever came later cannot do it"
    assert "Tìm thấy 0 đơn vị" in said(client, "/tim/?q=an")


def test_units_but_nothing_judged(client: Client) -> None:
    load_units()
    ids = dict(Term.objects.filter(valid__contains=TODAY).values_list("name", "unit_id"))
    assert "Ở đây chưa có đánh giá nào" in said(client, "/")
    province = said(client, f"/don-vi/{ids['Cần Thơ']}/")
    assert "kieumau assess" not in province
    assert "Hãy hỏi cơ quan thường trực." in province
    assert "Phường An Bình" in province
    commune = said(client, f"/don-vi/{ids['Sài Gòn']}/")
    assert "Chưa đánh giá" in commune
    assert "Ở đây chưa có số liệu." in commune


def test_a_set_that_nobody_was_judged_by(client: Client) -> None:
    load_units()
    load_catalogue("vn-commune")
    load_set(SET, actor="tests", now=NOW)
    page = said(client, "/bo-tieu-chi/model-ward/1/2.3/")
    assert "Bộ tiêu chí này chưa được đánh giá" in page
    assert "kieumau assess" not in page
    client.force_login(User.objects.create_superuser("chu"))
    assert "kieumau assess model-ward --period" in said(client, "/bo-tieu-chi/model-ward/1/2.3/")
    client.logout()
    unit_id = Term.objects.get(name="Sài Gòn").unit_id
    why = said(client, f"/don-vi/{unit_id}/tieu-chi/model-ward/1/2.3/")
    assert "Bộ tiêu chí này chưa được đánh giá" in why


def test_two_places_side_by_side(client: Client) -> None:
    load_units()
    london = {"code": "E12", "name": "London", "kind": "city", "parent": "", "valid_from": "2020-01-01"}
    load_rows([london], actor=None, register="gss")
    page = said(client, "/")
    assert "Nơi nào?" in page
    assert page.index("London") < page.index("Việt Nam")


def test_a_tree_with_one_province_leads_straight_to_it(client: Client) -> None:
    rows = [
        {"code": "VN", "name": "Việt Nam", "kind": "quoc-gia", "parent": "", "valid_from": "2020-01-01"},
        {"code": "92", "name": "Cần Thơ", "kind": "thanh-pho", "parent": "VN", "valid_from": "2020-01-01"},
    ]
    load_rows(rows, actor=None, register="vn")
    response = client.get("/")
    assert response.status_code == 302
    assert "Thành phố Cần Thơ" in said(client, response.headers["Location"])


def test_empty_pages_name_commands_to_nobody_but_superusers(client: Client) -> None:
    """A table of the pages that are empty in a new installation, for somebody who has signed in."""
    load_units()
    client.force_login(User.objects.create_user("an"))
    unit_id = Term.objects.get(name="Sài Gòn").unit_id
    for address in ("/", f"/don-vi/{unit_id}/", "/bo-tieu-chi/", "/bao-cao/", "/ra-soat/", "/bieu-mau/"):
        page = words(client.get(address, follow=True).content.decode())
        assert "kieumau " not in page.replace("kieumau.", ""), address
