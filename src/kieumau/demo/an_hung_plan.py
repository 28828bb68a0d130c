"""The programme that An Hưng was the pilot of: plan of April 2023, bodies, targets, money, its papers.

The plan's month, the targets and the sum of money are as published; posts, steps and the parts of the sum
are made up.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from kieumau.accounts.models import User
from kieumau.criteria.models import CriteriaSet
from kieumau.demo import papers
from kieumau.documents.models import Document
from kieumau.documents.rules import Facts as Paper
from kieumau.programmes.actions import Choice, add_row, choose_units, make_programme
from kieumau.programmes.models import Programme
from kieumau.programmes.rules import (
    LineFacts,
    MemberFacts,
    ProgrammeFacts,
    SeatFacts,
    SetFacts,
    StageFacts,
    TargetFacts,
)
from kieumau.units.models import Level

CODE = "cong-an-phuong-kieu-mau"
PLAN_ON = date(2023, 4, 14)
PLAN_REFERENCE = "98/KH-CAT"
POLICE = "Công an tỉnh Thanh Hóa"
SHARES = ((2025, Decimal("0.3")), (2030, Decimal(1)))
# Purpose, planned and approved, spent: 4.6 billion VND together.
MONEY = (
    ("Sửa chữa, mở rộng trụ sở làm việc", 2_900_000_000, 2_874_000_000),
    ("Trang thiết bị, phương tiện nghiệp vụ", 1_250_000_000, 1_238_500_000),
    ("Phòng tiếp công dân, máy tính, đường truyền", 450_000_000, None),
)
SEATS = (
    ("steering", "head", "Phó Giám đốc Công an tỉnh", "Chỉ đạo chung"),
    ("steering", "deputy", "Phó Chủ tịch Ủy ban nhân dân thành phố", "Trụ sở, trang thiết bị, kinh phí"),
    ("steering", "standing", "Trưởng phòng Xây dựng phong trào", "Thường trực, tổng hợp kết quả"),
    ("steering", "member", "Trưởng Công an thành phố", "Con người, tập huấn"),
    ("helpers", "head", "Phó Trưởng phòng Xây dựng phong trào", "Hướng dẫn nhóm tiêu chí I"),
    ("helpers", "member", "Đội trưởng Đội Quản lý hành chính", "Hướng dẫn nhóm tiêu chí II"),
    ("helpers", "member", "Đội trưởng Đội Cảnh sát hình sự", "Hướng dẫn nhóm tiêu chí III"),
    ("helpers", "member", "Đội trưởng Đội Tham mưu", "Hướng dẫn nhóm tiêu chí IV"),
)
STEPS = (
    ("Ban hành kế hoạch, thành lập Ban Chỉ đạo và tổ giúp việc", (2023, 4, 3), (2023, 4, 28), (2023, 4, 14)),
    ("Sửa chữa trụ sở, mua sắm trang thiết bị", (2023, 5, 1), (2023, 8, 31), (2023, 8, 25)),
    ("Các tổ kiểm tra, hướng dẫn, đôn đốc từng tiêu chí", (2023, 5, 4), (2023, 9, 30), (2023, 9, 28)),
    ("Kiểm tra kết quả thực hiện tại phường An Hưng", (2023, 10, 9), (2023, 10, 13), (2023, 10, 12)),
    ("Tự đánh giá cuối năm, thẩm định, đề nghị công nhận", (2023, 12, 14), (2024, 1, 31), (2024, 1, 12)),
    ("Nhân rộng ra các phường khác của thành phố", (2024, 1, 2), (2024, 12, 31), None),
)


def make(
    *,
    nation: int,
    province: int,
    ward: int,
    criteria_set: CriteriaSet,
    ministry: User,
    office: User,
    now: datetime,
) -> Programme:
    """The programme with everything that was planned in April 2023. Once."""
    programme = make_programme(CODE, _facts(nation), actor=ministry, now=now)
    plan = _paper(province, "plan", PLAN_REFERENCE, PLAN_ON, _PLAN, office, now)
    _paper(province, "decision", "412/QĐ-CAT", PLAN_ON, _BODIES, office, now)
    money = _paper(province, "decision", "1205/QĐ-UBND", date(2023, 4, 12), _MONEY, office, now)
    add_row(programme, SetFacts(criteria_set.pk, 2023), actor=ministry, now=now)
    for facts in _rows(province, ward, plan, money):
        add_row(programme, facts, actor=office, now=now)
    pilot = MemberFacts("pilot", PLAN_ON, None, plan.pk)
    choose_units(programme, Choice([ward], pilot), actor=office, now=now)
    return programme


def roll_out(programme: Programme, wards: list[int], *, first_day: date, office: User, now: datetime) -> None:
    """Other wards follow the pilot."""
    facts = MemberFacts("roll_out", first_day, None, None)
    choose_units(programme, Choice(wards, facts), actor=office, now=now)


_PLAN = "Kế hoạch xây dựng thí điểm Công an phường An Hưng điển hình, kiểu mẫu"
_BODIES = "Quyết định thành lập Ban Chỉ đạo và tổ giúp việc xây dựng Công an phường điển hình"
_MONEY = "Quyết định phê duyệt kinh phí trụ sở và trang thiết bị Công an phường An Hưng"


def _facts(nation: int) -> ProgrammeFacts:
    return ProgrammeFacts(
        area_id=nation,
        name_vi="Công an phường điển hình, kiểu mẫu về an ninh trật tự và văn minh đô thị",
        name_en="Model ward police in public order and urban civility",
        title_vi="Công an phường điển hình, kiểu mẫu",
        title_en="Model ward police",
        legal_basis="Kế hoạch của Bộ Công an về Công an phường điển hình, kiểu mẫu (chưa kiểm chứng)",
        level=Level.COMMUNE,
        kinds=("phuong",),
        first_year=2023,
        last_year=2030,
        lasts_months=12,
    )


def _rows(
    province: int, ward: int, plan: Document, money: Document
) -> Iterator[SeatFacts | StageFacts | TargetFacts | LineFacts]:
    for body, role, post, task in SEATS:
        yield SeatFacts(province, body, role, post, province, task, PLAN_ON, None)
    for name, first, last, done in STEPS:
        done_on = date(*done) if done else None
        yield StageFacts(province, name, date(*first), date(*last), done_on, plan.pk)
    for year, share in SHARES:
        yield TargetFacts(province, year, share)
    for purpose, approved, spent in MONEY:
        yield LineFacts(
            ward,
            2023,
            purpose,
            "Ngân sách thành phố (giả lập)",
            "VND",
            Decimal(approved),
            Decimal(approved),
            None if spent is None else Decimal(spent),
            money.pk,
        )


def _paper(
    unit_id: int, kind: str, reference: str, day: date, summary: str, actor: User, now: datetime
) -> Document:
    facts = Paper(kind=kind, issued_on=day, summary=summary, reference=reference, issuer=POLICE)
    return papers.put(unit_id, facts, actor=actor, now=now)
