"""The two worked examples of docs/how-to/import-figures.md, run as they stand there."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from kieumau.formulas.values import State
from kieumau.indicators.imports.tests.cast import Units
from kieumau.indicators.imports.tests.files import change_workbook, write_csv, write_workbook
from kieumau.indicators.imports.tests.trial import load, stored

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).resolve().parents[5] / "docs" / "how-to" / "import-figures.md"
OUR_WORDS = {"31117": "00101", "31120": "00102", "register: vn": "register: test", " hình sự": ""}


def blocks(language: str) -> list[str]:
    """The code blocks of the page, with its places and names changed to those of the cast."""
    found = re.findall(
        rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    for old, new in OUR_WORDS.items():
        found = [block.replace(old, new) for block in found]
    return found


@pytest.fixture(autouse=True)
def _cast(kept_places: Units) -> None:
    """Units and indicators."""


def test_the_commune_s_register(tmp_path: Path) -> None:
    report = load(write_csv(tmp_path / "a.csv", blocks("csv")[0]), blocks("yaml")[0])
    assert report.problems == []
    assert stored() == {
        ("00101", "crime.total", "2025-10"): Decimal(12),
        ("00101", "area", "2025"): Decimal("1061.5"),
        ("00102", "crime.total", "2025-10"): State.NOT_APPLICABLE,
    }


def test_the_province_s_table(tmp_path: Path) -> None:
    head = [
        ["Huyện cũ", "Đơn vị", "Năm 2025", "", "", "Ghi chú"],
        ["", "", "Tháng 1", "Tháng 2", "Tháng 3", ""],
    ]
    totals = ["", "Tổng cộng", 31, 27, 19, ""]
    path = write_workbook(
        tmp_path / "a.xlsx",
        **{
            "Vụ việc": [*head, ["Phong Điền", "Xã Mỹ Khánh", 4, 0, "–", ""], totals],
            "Cháy": [*head, ["Phong Điền", "Hòa Phú", 1, "", "…", "sơ bộ"], totals],
        },
    )
    book, _ = change_workbook(path, "Cháy")
    for name in ("Vụ việc", "Cháy"):
        book[name].merge_cells("C1:E1")
    book.save(path)
    report = load(path, blocks("yaml")[1])
    assert report.problems == []
    assert report.rows_ignored == 2
    assert stored() == {
        ("00103", "crime.total", "2025-01"): Decimal(4),
        ("00103", "crime.total", "2025-02"): Decimal(0),
        ("00103", "crime.total", "2025-03"): Decimal(0),
        ("00102", "fire.total", "2025-01"): Decimal(1),
        ("00102", "fire.total", "2025-03"): State.MISSING,
    }
