"""Files whose figures cannot be believed: what is refused, where, what is asked for, what is kept."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.imports.tests.cast import Units, make_units
from kieumau.indicators.imports.tests.files import write_workbook
from kieumau.indicators.imports.tests.trial import INDICATORS, LONG, MONTHS, load, load_text, stored
from kieumau.indicators.models import Remark, Source

pytestmark = pytest.mark.django_db

CHECKS = """
checks:
  - code: solved-part
    title: {vi: Vụ khám phá là một phần, en: Offences solved are a part}
    condition: crime.solved <= crime.total
    severity: hard
    action: {vi: Xem lại., en: Look again.}
  - code: jump
    title: {vi: Tăng đột biến, en: Sudden rise}
    condition: crime.total <= 10 or crime.total <= 2 * previous(crime.total)
    severity: soft
    action: {vi: Nêu nguyên nhân., en: Say why.}
"""
WITH_REMARKS = LONG + 'remarks: "{note}"\n'


@pytest.fixture(autouse=True)
def units(tmp_path: Path) -> Units:
    made = make_units()
    path = tmp_path / "catalogue.yaml"
    text = Path(__file__).with_name("catalogue.yaml").read_text(encoding="utf-8")
    path.write_text(text + CHECKS, encoding="utf-8")
    load_catalogue(path)
    return made


def rows(*figures: str) -> str:
    return "unit,indicator,period,value\n" + "".join(f"{figure}\n" for figure in figures)


BAD = rows(
    "00101,crime.total,2025-08,3",
    "00101,crime.solved,2025-08,4",
    "00102,crime.total,2025-08,5",
    "00102,crime.solved,2025-08,1",
)
DOUBTFUL = rows("00101,crime.total,2025-08,6", "00101,crime.total,2025-09,14", "00102,crime.total,2025-09,5")


def test_a_hard_check_refuses_the_file_and_names_the_cells(tmp_path: Path) -> None:
    report = load_text(tmp_path, BAD)
    assert report.has_failed
    assert stored() == {}
    (problem,) = report.problems
    assert problem.code == "implausible"
    assert (problem.place.row, problem.place.column) == (2, "D (value)")
    assert "row 3, column D (value)" in problem.in_("en")
    assert "An Bình" in problem.in_("vi")
    assert {code: one.failing for code, one in report.checks.items()} == {"solved-part": 1}


def test_a_dry_run_says_the_same(tmp_path: Path) -> None:
    report = load_text(tmp_path, BAD, dry_run=True)
    assert [problem.code for problem in report.problems] == ["implausible"]


def test_keep_good_leaves_the_unit_and_period_out(tmp_path: Path) -> None:
    report = load_text(tmp_path, BAD, keep_good=True)
    assert not report.has_failed
    assert (report.inserted, report.figures_left_out, report.implausible_left_out) == (2, 2, 2)
    assert {key[0] for key in stored()} == {"00102"}


def test_what_is_left_out_is_not_looked_back_at(tmp_path: Path) -> None:
    text = rows(
        "00101,crime.total,2025-08,8",
        "00101,crime.solved,2025-08,9",
        "00101,crime.total,2025-09,14",
        "00101,crime.total,2025-07,3",
    )
    report = load_text(tmp_path, text, keep_good=True)
    assert {key[2] for key in stored()} == {"2025-07", "2025-09"}
    assert report.problem_counts == {"implausible": 1}


def test_a_soft_check_asks_for_a_remark(tmp_path: Path) -> None:
    report = load_text(tmp_path, DOUBTFUL)
    assert (report.has_failed, report.needs_remarks, stored()) == (True, True, {})
    (problem,) = report.problems
    assert (problem.code, problem.place.row) == ("needs-remark", 3)
    assert "jump" in problem.in_("vi")


def test_one_remark_for_the_file(tmp_path: Path) -> None:
    report = load_text(tmp_path, DOUBTFUL, remark="chiến dịch")
    assert (report.has_failed, report.inserted, report.warning_count) == (False, 3, 1)
    remark = Remark.objects.get()
    assert (remark.check_code, remark.text) == ("jump", "chiến dịch")
    assert remark.source == Source.objects.get().id
    assert report.as_dict()["checks"]["jump"]["remarked"] == 1
    again = load_text(tmp_path, DOUBTFUL)
    assert (again.has_failed, again.unchanged) == (False, 3)


def test_a_column_of_remarks(tmp_path: Path) -> None:
    lines = DOUBTFUL.splitlines()
    text = "\n".join(
        [f"{lines[0]},note", f"{lines[1]},", f"{lines[2]},đợt cao điểm", f"{lines[3]},không cần"]
    )
    report = load_text(tmp_path, text, WITH_REMARKS)
    assert not report.has_failed
    assert Remark.objects.get().text == "đợt cao điểm"


def test_keep_good_leaves_out_what_nobody_explains(tmp_path: Path) -> None:
    report = load_text(tmp_path, DOUBTFUL, keep_good=True)
    assert report.inserted == 2
    assert ("00101", "crime.total", "2025-09") not in stored()


def test_cells_of_the_other_layouts(tmp_path: Path) -> None:
    text = "unit,indicator,202508,202509\n00101,crime.total,1,2\n00101,crime.solved,0,4\n"
    (problem,) = load_text(tmp_path, text, MONTHS).problems
    assert (problem.place.row, problem.place.column) == (2, "D (202509)")
    header = ["Tỉnh", "Đơn vị", "Số vụ phạm pháp", "Số vụ điều tra, khám phá"]
    path = write_workbook(tmp_path / "a.xlsx", **{"2025-09": [header, ["Cần Thơ", "An Bình", 1, 2]]})
    (problem,) = load(path, INDICATORS).problems
    assert problem.place.sheet == "2025-09"
    assert (problem.place.row, problem.place.column) == (
        2,
        "C (Số vụ phạm pháp), D (Số vụ điều tra, khám phá)",
    )


def test_a_later_period_is_only_told_of(tmp_path: Path) -> None:
    load_text(tmp_path, rows("00101,crime.total,2025-09,14", "00101,crime.total,2025-08,8"))
    report = load_text(tmp_path, rows("00101,crime.total,2025-08,2"))
    assert (report.has_failed, report.revised) == (False, 1)
    assert [warning.code for warning in report.warnings] == ["later-period"]
    assert stored()["00101", "crime.total", "2025-08"] == Decimal(2)
    assert report.checks["jump"].later == 1


def test_beyond_what_is_shown_problems_are_counted(tmp_path: Path) -> None:
    figures = [
        f"00101,{code},{year}-{month:02},{value}"
        for year in range(2005, 2025)
        for month in range(1, 13)
        for code, value in (("crime.total", 1), ("crime.solved", 2))
    ]
    report = load_text(tmp_path, rows(*figures, *(one.replace("00101", "00102") for one in figures)))
    assert report.problem_count == 480
    assert report.checks["solved-part"].failing == 480


def sent_days_ago(tmp_path: Path, text: str) -> None:
    """A first load, three days ago."""
    assert not load_text(tmp_path, text).has_failed
    Source.objects.update(recorded_at=timezone.now() - timedelta(days=3))


FIRST = rows("00101,crime.total,2025-08,40", "00102,crime.total,2025-08,40")
AGAIN = rows("00101,crime.total,2025-08,4", "00102,crime.total,2025-08,41")


def test_a_figure_that_changes_much_since_it_was_sent_needs_a_reason(tmp_path: Path) -> None:
    sent_days_ago(tmp_path, FIRST)
    report = load_text(tmp_path, AGAIN)
    assert report.needs_remarks
    (problem,) = report.problems
    assert (problem.code, problem.place.row) == ("needs-remark", 2)
    assert "đã gửi 40, nay là 4" in problem.reason.vi
    assert report.checks["restatement"].failing == 1
    assert set(stored().values()) == {Decimal(40)}


def test_with_a_reason_it_is_kept(tmp_path: Path) -> None:
    sent_days_ago(tmp_path, FIRST)
    report = load_text(tmp_path, AGAIN, remark="Nhập nhầm")
    assert not report.has_failed
    assert [(one.check_code, one.text) for one in Remark.objects.all()] == [("restatement", "Nhập nhầm")]
    assert sorted(stored().values()) == [Decimal(4), Decimal(41)]


def test_without_one_the_rest_can_be_kept(tmp_path: Path) -> None:
    sent_days_ago(tmp_path, FIRST)
    report = load_text(tmp_path, AGAIN, keep_good=True)
    assert report.is_stored
    assert sorted(stored().values()) == [Decimal(40), Decimal(41)]
    assert not Remark.objects.exists()


def test_what_was_sent_just_now_is_mended_freely(tmp_path: Path) -> None:
    load_text(tmp_path, FIRST)
    assert not load_text(tmp_path, AGAIN).has_failed


def test_what_cannot_be_is_not_asked_why_it_changed(tmp_path: Path) -> None:
    sent_days_ago(tmp_path, rows("00101,crime.total,2025-08,50", "00101,crime.solved,2025-08,1"))
    report = load_text(tmp_path, rows("00101,crime.solved,2025-08,51"))
    assert [problem.code for problem in report.problems] == ["implausible"]
    assert "restatement" not in report.checks


def test_what_is_left_out_unexplained_is_no_longer_looked_at(tmp_path: Path) -> None:
    """The total that fell stays what it was, for want of a reason; the other unit is stored."""
    sent_days_ago(tmp_path, rows("00101,crime.total,2025-08,50", "00101,crime.solved,2025-08,20"))
    changed = rows("00101,crime.total,2025-08,21", "00102,crime.total,2025-08,3")
    report = load_text(tmp_path, changed, keep_good=True)
    assert report.is_stored
    assert sorted(stored().values()) == [Decimal(3), Decimal(20), Decimal(50)]
