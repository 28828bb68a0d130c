"""The visit of 12 October 2023: what was found and concluded, and what became of the conclusions.

That there was one, its day and that the model was to be replicated is as published; the words are made up.
"""

from datetime import date, timedelta

from kieumau.assignments.actions import (
    Pick,
    VisitFacts,
    assign_conclusions,
    close,
    record_visit,
    report,
)
from kieumau.assignments.models import Assignment, Visit
from kieumau.assignments.rules import OPEN
from kieumau.demo import an_hung_plan
from kieumau.demo.an_hung_steps import INSPECTED, NEXT_LOOKED, VERIFIED, Cast, beside
from kieumau.demo.posts import OFFICER, PROVINCE, UNITS, account

PURPOSE = "Kiểm tra kết quả xây dựng Công an phường An Hưng điển hình, kiểu mẫu"
CAME = (
    ("Phó Giám đốc", an_hung_plan.POLICE),
    ("Trưởng phòng Xây dựng phong trào bảo vệ an ninh Tổ quốc", an_hung_plan.POLICE),
    ("Phó Chủ tịch", "Ủy ban nhân dân thành phố Thanh Hóa"),
    ("Trưởng Công an phường", "Công an phường An Hưng"),
)
FOUND = (
    ("Kết quả", "Đạt 18/22 tiêu chí; 4 tiêu chí còn lại đến cuối năm mới đến hạn đánh giá."),
    ("Tội phạm", "Tội phạm về trật tự xã hội giảm gần 17 % so với cùng kỳ; làm rõ 79,5 %."),
    ("Tin báo", "100 % tin báo, tố giác về tội phạm được tiếp nhận, giải quyết."),
)
CONCLUDED = (
    "Duy trì 18 tiêu chí đã đạt; hoàn thành 4 tiêu chí còn lại trước ngày 14/12/2023",
    "Khảo sát ẩn danh sự hài lòng của người dân, lập biên bản số phiếu phát ra và thu về",
    "Nhân rộng cách làm của phường An Hưng ra các phường khác của thành phố",
)


def visit(cast: Cast) -> None:
    """12 October 2023: the visit is put down; the conclusions go to the ward, the last to three others."""
    if Visit.objects.filter(unit=cast.ward).exists():
        return
    office, day = account(PROVINCE.name, INSPECTED), INSPECTED.date()
    facts = VisitFacts(
        unit_id=cast.ward,
        leader_id=cast.province,
        starts_on=day,
        ends_on=day,
        purpose=PURPOSE,
        participants=CAME,
        observations=FOUND,
        conclusions=CONCLUDED,
        programme=an_hung_plan.CODE,
    )
    made = record_visit(facts, actor=office, now=INSPECTED)
    first, second, third = made.conclusions.order_by("number")
    picks = [Pick(first.pk, cast.ward, date(2023, 12, 18)), Pick(second.pk, cast.ward, date(2024, 1, 10))]
    picks += [Pick(third.pk, ward, date(2024, 12, 31)) for ward in beside(cast)]
    assign_conclusions(made.pk, picks, giver_id=cast.province, actor=office, now=INSPECTED)


def done_by_the_ward(cast: Cast) -> None:
    """12 January 2024: the ward has reported on both, and the province closes them."""
    officer, office = account(OFFICER.name, VERIFIED), account(PROVINCE.name, VERIFIED)
    due = Assignment.objects.filter(owner=cast.ward, state__in=OPEN, conclusion__visit__unit=cast.ward)
    for one in due.order_by("due_on"):
        reported = VERIFIED - timedelta(days=25 if one.due_on.year == 2023 else 8)
        report(one.pk, text="Đã hoàn thành, có văn bản kèm hồ sơ.", percent=100, actor=officer, now=reported)
        close(one.pk, actor=office, now=VERIFIED)


def replicated(cast: Cast) -> None:
    """December 2024: the other wards have taken it over, as they report."""
    units, office = account(UNITS, NEXT_LOOKED), account(PROVINCE.name, NEXT_LOOKED)
    due = Assignment.objects.filter(state__in=OPEN, conclusion__visit__unit=cast.ward)
    for one in due.exclude(owner=cast.ward).order_by("owner"):
        text = "Đã áp dụng; tham gia đợt đánh giá năm 2024."
        report(one.pk, text=text, percent=100, actor=units, now=NEXT_LOOKED - timedelta(days=9))
        close(one.pk, actor=office, now=NEXT_LOOKED)
