"""What people type into the pages of exports: periods as they write them, units by name, all faults told."""

from datetime import date

import pytest

from kieumau.assessments.tests.cast import Cast
from kieumau.exports.asking import ask
from kieumau.exports.periods import as_code, as_typed, place_named, run_of
from kieumau.exports.verdicts import ask_verdicts
from kieumau.kernel.messages import Refused

TODAY = date(2026, 11, 22)
WRITTEN = [
    ("9/2026", "2026-09"),
    ("09/2026", "2026-09"),
    ("tháng 9/2026", "2026-09"),
    ("Tháng 9 năm 2026", "2026-09"),
    ("September 2026", "2026-09"),
    ("Sep 2026", "2026-09"),
    ("Q3/2026", "2026-Q3"),
    ("quý III/2026", "2026-Q3"),
    ("Quý 3 năm 2026", "2026-Q3"),
    ("H1/2026", "2026-H1"),
    ("năm 2026", "2026"),
    ("2026", "2026"),
    ("2026-09", "2026-09"),
    ("nd09:2026-09", "nd09:2026-09"),
    ("13/2026", "13/2026"),
    ("hôm nay", "hôm nay"),
]


@pytest.mark.parametrize(("text", "code"), WRITTEN)
def test_a_period_is_read_as_people_write_it(text: str, code: str) -> None:
    assert as_code(text) == code


@pytest.mark.parametrize("code", ["2026-09", "2026-11", "2026-Q3", "2026-H1", "2026"])
def test_a_period_is_written_so_that_it_is_read_again(code: str) -> None:
    assert as_code(as_typed(code)) == code


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("2025-01..2025-12", ("2025-01", "2025-12")),
        ("1/2026 – 9/2026", ("2026-01", "2026-09")),
        ("1/2026 - 9/2026", ("2026-01", "2026-09")),
        ("tháng 1/2026 đến tháng 9/2026", ("2026-01", "2026-09")),
        ("9/2026", ("2026-09", "")),
        ("", ("", "")),
    ],
)
def test_a_run_of_periods_has_a_first_and_a_last(text: str, run: tuple[str, str]) -> None:
    assert run_of(text) == run


@pytest.mark.django_db
def test_a_unit_is_meant_by_its_name_or_its_code(kept_judged: Cast) -> None:
    for text in ("Cái Khế", "phường cái khế", "31135", "vn:31135", "Phường Cái Khế (31135)"):
        assert place_named(text, TODAY).unit_id == kept_judged.unit("Cái Khế"), text
    with pytest.raises(Refused, match="no unit “Không Đâu” on 22 Nov 2026"):
        place_named("Không Đâu", TODAY)


@pytest.mark.django_db
def test_every_fault_is_told_at_once(kept_judged: Cast) -> None:
    with pytest.raises(Refused) as refused:
        ask(indicators=["main"], period="13/2026", within="Không Đâu", today=TODAY)
    codes = {one.code for one in refused.value.problems}
    assert len(refused.value.problems) == 2, refused.value.problems
    assert "unknown-period" in codes
    with pytest.raises(Refused) as refused:
        ask_verdicts(criteria_set="model-ward/1", period="13/2026", within="Không Đâu", today=TODAY)
    assert len(refused.value.problems) == 2, refused.value.problems


@pytest.mark.django_db
def test_a_fault_names_no_code_of_a_calendar(kept_judged: Cast) -> None:
    with pytest.raises(Refused) as refused:
        ask(indicators=["main"], period="hôm nay", today=TODAY)
    said = " ".join(f"{one.reason.vi} {one.reason.en}" for one in refused.value.problems)
    assert "nd09" not in said
    assert "Chế độ báo cáo hành chính" in said
