"""Two provinces with wards, and the people who give, do and read."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assignments.actions import (
    DirectiveFacts,
    Task,
    VisitFacts,
    give,
    record_directive,
    record_visit,
)
from kieumau.assignments.models import Assignment, Directive, Visit
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)  # nine in the morning there
TODAY = date(2026, 11, 22)
DUE = TODAY + timedelta(days=10)
UNITS = [
    ("VN", "Việt Nam", "quoc-gia", ""),
    ("92", "Cần Thơ", "thanh-pho", "VN"),
    ("31150", "An Bình", "phuong", "92"),
    ("31135", "Cái Khế", "phuong", "92"),
    ("48", "Đà Nẵng", "thanh-pho", "VN"),
    ("20242", "Hải Châu", "phuong", "48"),
]


@dataclass(frozen=True, slots=True)
class Cast:
    """Units by name; officer and approver of An Bình, the offices of Cần Thơ and Đà Nẵng, an auditor."""

    units: dict[str, int]
    officer: User
    approver: User
    office: User
    second: User
    elsewhere: User
    auditor: User


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def cast(kept_assigned: Cast) -> Cast:
    """Everybody, with his role."""
    return kept_assigned


def people() -> Cast:
    """Load the units and make the people."""
    keys = ("code", "name", "kind", "parent")
    rows = [dict(zip(keys, row, strict=True)) | {"valid_from": "2020-01-01", "valid_to": ""} for row in UNITS]
    load_rows(rows, [], actor=None, register="vn")
    units = dict(Term.objects.values_list("name", "unit_id"))
    roles = (
        ("hoa", "officer", "An Bình"),
        ("lan", "approver", "An Bình"),
        ("minh", "programme_office", "Cần Thơ"),
        ("nga", "programme_office", "Cần Thơ"),
        ("oanh", "programme_office", "Đà Nẵng"),
        ("phuc", "auditor", "Việt Nam"),
    )
    made: list[Any] = []
    for name, role, unit in roles:
        made.append(User.objects.create_user(name))
        grant(made[-1], role, units[unit])
    return Cast(units, *made)


@pytest.fixture
def task(cast: Cast) -> Assignment:
    """What An Bình is to do for Cần Thơ, with Cái Khế, in ten days."""
    return given(cast)


def given(cast: Cast, owner: str = "An Bình", due_on: date = DUE) -> Assignment:
    """Given by the office of Cần Thơ."""
    wanted = Task(cast.units[owner], "Sửa chữa trụ sở", due_on, (cast.units["Cái Khế"],))
    return give([wanted], giver_id=cast.units["Cần Thơ"], actor=cast.office, now=NOW)[0]


def visit(cast: Cast, **more: Any) -> VisitFacts:
    """A visit of Cần Thơ to An Bình, with two conclusions, but for what is said otherwise."""
    said: dict[str, Any] = {
        "unit_id": cast.units["An Bình"],
        "leader_id": cast.units["Cần Thơ"],
        "starts_on": date(2026, 11, 12),
        "ends_on": date(2026, 11, 13),
        "purpose": "Kiểm tra xây dựng phường kiểu mẫu",
        "participants": (("Phó Giám đốc", "Công an thành phố"),),
        "observations": (("Trụ sở", "xuống cấp"),),
        "conclusions": ("Sửa chữa trụ sở.", "Bổ sung trang thiết bị."),
        **more,
    }
    return VisitFacts(**said)


@pytest.fixture
def sources(cast: Cast) -> tuple[Visit, Directive]:
    """A visit to An Bình and a directive of Cần Thơ."""
    facts = DirectiveFacts(
        source=Directive.Source.CONFERENCE,
        issuer_id=cast.units["Cần Thơ"],
        issued_on=TODAY,
        title="Hội nghị sơ kết",
        text="Các đơn vị rà soát trụ sở",
    )
    made = record_visit(visit(cast), actor=cast.office, now=NOW)
    return made, record_directive(facts, actor=cast.office, now=NOW)
