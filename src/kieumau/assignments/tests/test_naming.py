"""What an assignment comes from, as each reader is used to."""

from datetime import date

import pytest

from kieumau.assignments.naming import about_in_words, conclusion_named

KEPT = [
    (
        conclusion_named("Kiểm tra", date(2023, 10, 12), 1),
        "Kiểm tra, 12/10/2023, kết luận 1",
        "Kiểm tra, 12 Oct 2023, conclusion 1",
    ),
    # As it was kept before.
    (
        "Kiểm tra: lần 2, 12/10/2023: 3",
        "Kiểm tra: lần 2, 12/10/2023, kết luận 3",
        "Kiểm tra: lần 2, 12 Oct 2023, conclusion 3",
    ),
    ("Đợt 2026: 1.2. Nghị quyết", "Đợt 2026: 1.2. Nghị quyết", "Đợt 2026: 1.2. Nghị quyết"),
    ("Kiểm tra, 99/99/2023: 1", "Kiểm tra, 99/99/2023: 1", "Kiểm tra, 99/99/2023: 1"),
    ("", "", ""),
]


@pytest.mark.parametrize(("kept", "vi", "en"), KEPT)
def test_where_an_assignment_comes_from(kept: str, vi: str, en: str) -> None:
    assert (about_in_words(kept).vi, about_in_words(kept).en) == (vi, en)
