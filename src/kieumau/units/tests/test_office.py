"""The statistics office's table against what is stored: every difference is one that we know and print."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from kieumau.kernel.messages import Refused
from kieumau.kernel.tests.published import ABSENT, OFFICE, published
from kieumau.units.actions import load_vietnam
from kieumau.units.office import OfficeRow, compare, read_office, stored_shares

TABLE = published(OFFICE)
CODE = re.compile(r"\b[0-9]{5}\b")
pytestmark = pytest.mark.django_db
# Codes that the table contradicts itself about, a note that says all although there are three parts, land
# that was no unit, spellings; and where the package is put right.
KNOWN = {
    "successors": 4,
    "absent": 2,
    "relation": 1,
    "unknown": 1,
    "name": 30,
    "corrected": 33,
}


@pytest.mark.parametrize(
    ("note", "is_part", "has_all_people"),
    [
        ("Nhập toàn bộ", False, False),
        ("Giữ nguyên", False, False),
        ("Đổi tên", False, False),
        ("Sắp xếp toàn bộ huyện Cồn Cỏ thành đặc khu Cồn Cỏ", False, False),
        ("Nhập một phần", True, False),
        ("Nhâp một phần diện tích", True, False),
        ("Nhập một  phần", True, False),
        ("Nhập một phần diện tích, toàn bộ dân số", True, True),
        ("Đổi tên từ một phần Phường 15", True, False),
        ("Phần còn lại sau khi tách một phần vào xã Canh Vinh", True, False),
    ],
)
def test_what_a_note_means(note: str, is_part: bool, has_all_people: bool) -> None:
    row = OfficeRow(1, "00004", "", "00004", "", note)
    assert (row.is_part, row.has_all_people) == (is_part, has_all_people)


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_office(path)
    assert refused.value.problems[0].code == "not-the-table"


@pytest.fixture(scope="module")
def nation(beneath_a_module: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        load_vietnam(actor=None)
        yield
        transaction.set_rollback(True)


@pytest.mark.skipif(TABLE is None, reason=ABSENT)
def test_all_communes_agree_but_for_the_printed_list(nation: None) -> None:
    assert TABLE is not None
    rows = read_office(TABLE)
    assert len(rows) == 10_571
    assert len({row.new_code for row in rows}) == 3_321
    differences = compare(rows)
    assert Counter(each.kind for each in differences) == KNOWN
    ours = stored_shares()
    excused = {each.code for each in differences if each.kind in ("successors", "relation", "unknown")}
    for row in rows:
        if row.old_code not in excused:
            share, basis = ours[row.old_code][row.new_code]
            assert row.is_part == (basis != "whole")
            assert (share == 1 and basis == "people") == row.has_all_people
            assert share < 1 or not row.is_part or row.has_all_people
    told = {"successors", "absent", "unknown"}
    doubtful = {
        new for each in differences if each.kind in told for new in CODE.findall(each.office + each.product)
    }
    by_office, by_us = defaultdict(set), defaultdict(set)
    for row in rows:
        by_office[row.new_code].add(row.old_code)
    for old, news in ours.items():
        for new in news:
            by_us[new].add(old)
    assert len(by_us) == 3_321
    assert {new for new in by_us if by_us[new] != by_office[new]} <= doubtful
    assert len(doubtful) < 20
    alone = [old for old, news in ours.items() if (Decimal(1), "people") in news.values()]
    assert len(alone) == 57
    assert all({basis for _, basis in ours[old].values()} == {"people"} for old in alone)
    assert all(sum(share for share, _ in news.values()) == 1 for news in ours.values())


@pytest.mark.skipif(TABLE is None, reason=ABSENT)
def test_the_list_says_what_each_side_says(nation: None) -> None:
    assert TABLE is not None
    told = {(each.kind, each.code): each for each in compare(read_office(TABLE))}
    assert {code for kind, code in told if kind == "successors"} == {"00553", "00556", "01615", "02485"}
    assert {code for kind, code in told if kind == "absent"} == {"01651", "02482"}
    assert {code for kind, code in told if kind == "unknown"} == {""}
    ky_loi = told["relation", "18796"]
    assert ky_loi.office == "18823: Nhập toàn bộ diện tích"
    assert "0.3333333333 even" in ky_loi.product
    hong_phong = told["corrected", "06079"]
    assert hong_phong.product == "06079"
    assert hong_phong.package != "06079"
