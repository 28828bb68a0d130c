"""The style guide: every component in every state, for those who build pages."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kieumau.kernel.messages import Text
from kieumau.web.charts import Series
from kieumau.web.matrix import Column, Matrix, Row
from kieumau.web.outcomes import WORDS
from kieumau.web.paging import sort_of
from kieumau.web.trace import Step

UNITS = (
    "Phường An Bình",
    "Phường Cái Khế",
    "Xã Thạnh Phú",
    "Phường Ninh Kiều",
    "Xã Phong Điền",
    "Phường Vĩnh Châu",
    "Xã Long Phú",
    "Phường Ngã Bảy",
    "Xã Thới An Hội",
    "Xã Nhơn Mỹ và các ấp sáp nhập năm 2025",
)
GROUPS = ("Chỉ đạo, tổ chức", "Phòng ngừa", "Quản lý nhà nước", "Lực lượng")
CRITERIA = (
    "Có nghị quyết của cấp ủy và kế hoạch của Ủy ban nhân dân trong quý I",
    "Tội phạm về trật tự xã hội giảm ít nhất 5 % so với cùng kỳ năm trước",
    "Tin báo, tố giác được tiếp nhận và giải quyết trên 95 %",
    "Không có cán bộ, chiến sĩ vi phạm bị xử lý kỷ luật",
    "Ít nhất 70 % khu dân cư được công nhận đạt tiêu chuẩn",
)


def styleguide(request: HttpRequest) -> HttpResponse:
    """Shows the guide; its texts are samples and are not translated."""
    sort, falls = sort_of(request, {"name", "met"}, "-met")
    return render(request, "web/styleguide.html", {**_components(), "sort": sort, "falls": falls})


def _components() -> dict[str, Any]:
    return {**_frame(), **_numbers(), **_verdicts(), **_forms()}


def _frame() -> dict[str, Any]:
    """What stands around and beside the content of a page."""
    return {
        "crumbs": [("Cả nước", "/"), ("Thành phố Cần Thơ", "/style/"), ("Phường Cái Khế", "")],
        "is_synthetic": True,
        "page": Paginator(range(3321), 50).page(7),
        "facts": [
            ("Diện tích", "1.061 ha"),
            ("Hộ dân", "3.509"),
            ("Tổ tự quản", "68 tổ, 8 ấp"),
            ("Danh hiệu", _LONG),
        ],
    }


def _numbers() -> dict[str, Any]:
    """Numbers, changes, a name, a day, and series for charts."""
    return {
        "nothing": None,
        "number": Decimal("1061.5"),
        "third": Fraction(1, 3),
        "changes": [
            (Fraction(-17, 100), -1),
            (Fraction(23, 200), -1),
            (Fraction(23, 200), 1),
            (Fraction(4, 100), 0),
        ],
        "zero": Decimal(0),
        "text": Text(vi="Tỷ lệ phá án", en="Clearance rate"),
        "day": date(2026, 11, 21),
        "series": _series(),
        "gaps": _series_with_gaps(),
        "no_series": Series(["T1", "T2"], [None, None]),
    }


def _verdicts() -> dict[str, Any]:
    """Outcomes: each by itself, counted, in a list, in a matrix, explained."""
    counts = {"met": 11, "not_met": 3, "not_due": 4, "no_data": 2, "not_judged": 1, "not_applicable": 1}
    return {
        "outcomes": list(WORDS),
        "counts": {"met": 18, "not_due": 4},
        "all_counts": counts,
        "rows": _rows(counts),
        "matrix": _matrix(),
        "steps": _steps(),
    }


def _forms() -> dict[str, Any]:
    """A form that was filled in wrongly."""
    return {
        "problems": [
            "Trang “T10”, dòng 5, cột C: “1.061,5x” không phải là số.",
            "Dòng 9: không có đơn vị mang mã 31999.",
        ],
        "options": [("2025", "Năm 2025 (16/11/2024 – 15/11/2025)"), ("2024", "Năm 2024")],
        "field": SimpleNamespace(
            label="Mã đơn vị", id_for_label="f", errors=["Hãy nhập mã gồm 5 chữ số."], help_text=""
        ),
    }


_LONG = (
    "Xã 3 không: không ma túy, không mại dâm, không tội phạm nghiêm trọng; giữ liên tục từ năm 2019 đến nay"
)


def _rows(counts: dict[str, int]) -> list[dict[str, Any]]:
    values = [None, 0, 12, 1061, Decimal("20931.5"), 7, 88, None, 3, 412]
    return [
        {
            "name": name,
            "value": value,
            "change": Fraction(index * 7 - 24, 200) if value else None,
            "counts": counts if index % 2 else {"met": 22 - index, "not_met": index},
            "series": Series(
                ["a"] * 12, [Decimal((index * 7 + month * month * 5) % 31) for month in range(12)]
            ),
            "outcome": list(WORDS)[index % 6],
        }
        for index, (name, value) in enumerate(zip(UNITS, values, strict=True))
    ]


def _matrix() -> Matrix:
    columns = [
        Column(f"{group + 1}.{item + 1}", CRITERIA[item], f"#c{group}{item}", GROUPS[group])
        for group in range(4)
        for item in range(5)
    ]
    keys = list(WORDS)
    rows = [
        Row(
            name=UNITS[row % 10],
            href=f"#u{row}",
            cells_href=f"#u{row}-",
            outcomes=[
                keys[0 if (row * 7 + column * 3) % 5 < 3 else (row * row + column) % 6]
                for column in range(20)
            ],
        )
        for row in range(103)
    ]
    return Matrix("Các xã, phường theo từng tiêu chí", "Xã, phường", columns, rows)


def _series() -> Series:
    labels = [f"{month}/{year}" for year in (2023, 2024, 2025) for month in range(1, 13)][:34]
    values = [
        Decimal(120 + (index * 37) % 23 - index + (18 if index % 12 in (0, 1) else 0)) for index in range(34)
    ]
    return Series(labels, values, [None] * 12 + list(values[:22]))


def _series_with_gaps() -> Series:
    values = [14, 17, None, None, 11, None, 9, 0, 4, 8, None, 12, 13, 15, None]
    return Series([f"Tháng {n}" for n in range(1, 16)], values)


def _steps() -> list[Step]:
    recognized = Step("Số khu dân cư được công nhận", "16", "Báo cáo năm 2025, gửi ngày 02/11/2025")
    total = Step("Tổng số khu dân cư", "25", "Danh mục đơn vị, từ 01/07/2025")
    ratio = Step("Đã công nhận / tổng số", "64 %", steps=[recognized, total])
    first = Step("64 % nhỏ hơn mức 70 %; cần thêm 2 khu dân cư", outcome="not_met", steps=[ratio])
    second = Step("Đã đăng ký 25 / 25 khu dân cư", "100 %", outcome="met")
    return [Step("Cả hai điều kiện phải đạt", outcome="not_met", steps=[first, second])]
