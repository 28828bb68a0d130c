"""A small country with two provinces, a merger, and a programme over it: made by the real actions."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.programmes.actions import Choice, Row, add_row, choose_units, make_programme
from kieumau.programmes.models import Programme
from kieumau.programmes.rules import MemberFacts, ProgrammeFacts
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)  # nine in the morning there
TODAY = date(2026, 11, 22)
CODE = "phuong-kieu-mau"

_KEYS = ("code", "name", "kind", "parent", "valid_from", "valid_to")
_LONG_AGO = "2020-01-01"
_COUNTRY = [
    ("VN", "Việt Nam", "quoc-gia", "", _LONG_AGO, ""),
    ("92", "Cần Thơ", "thanh-pho", "VN", _LONG_AGO, ""),
    ("38", "Thanh Hóa", "tinh", "VN", _LONG_AGO, ""),
    ("31149", "Cái Khế", "phuong", "92", _LONG_AGO, ""),
    ("31135", "An Hòa", "phuong", "92", _LONG_AGO, "2025-07-01"),
    ("31150", "An Bình", "phuong", "92", _LONG_AGO, ""),
    ("31174", "Mỹ Khánh", "xa", "92", _LONG_AGO, ""),
    ("14812", "An Hưng", "phuong", "38", _LONG_AGO, ""),
    ("14813", "An Bình", "xa", "38", _LONG_AGO, ""),
    ("14814", "Đông Sơn", "phuong", "38", _LONG_AGO, ""),
]
_ACT = {"act": "2025", "takes_effect_on": "2025-07-01", "successor": "31149", "reference": "NQ 1668"}


@dataclass(frozen=True, slots=True)
class Cast:
    """The programme, and units by their codes (also of the one that is no more)."""

    programme: Programme
    units: dict[str, int]

    def add(self, facts: Any) -> Row:
        """A row of the programme."""
        return add_row(self.programme, facts, actor="tests", now=NOW)

    def choose(self, *codes: str, phase: str = "pilot", since: date = date(2023, 4, 1)) -> None:
        """Units take part from a day on."""
        choice = Choice([self.units[code] for code in codes], MemberFacts(phase, since, None, None))
        choose_units(self.programme, choice, actor="tests", now=NOW)


def load_country(more: int = 0) -> dict[str, int]:
    """Units by code; `more` communes in Thanh Hóa."""
    rows = [dict(zip(_KEYS, row, strict=True)) for row in _COUNTRY]
    rows += [
        dict(zip(_KEYS, (f"5{n:04}", f"Xuân {n}", "xa", "38", _LONG_AGO, ""), strict=True))
        for n in range(more)
    ]
    acts = [_ACT | {"predecessor": code} for code in ("31135", "31149")]
    load_rows(rows, acts, actor=None, register="vn")
    return dict(Term.objects.values_list("code", "unit_id"))


def facts(area_id: int, **other: Any) -> ProgrammeFacts:
    """A programme of wards from 2023 on."""
    said: dict[str, Any] = {
        "name_vi": "Phường kiểu mẫu",
        "name_en": "Model wards",
        "title_vi": "Công an phường kiểu mẫu",
        "title_en": "Model ward police",
        "legal_basis": "Kế hoạch 01/KH-BCA",
        "level": 3,
        "kinds": (),
        "first_year": 2023,
        "last_year": 2030,
        "lasts_months": 12,
    }
    return ProgrammeFacts(area_id=area_id, **(said | other))


def load_cast(more: int = 0) -> Cast:
    """The country and its programme."""
    units = load_country(more)
    return Cast(make_programme(CODE, facts(units["VN"]), actor="tests", now=NOW), units)


def somebody(name: str, role: str = "", unit_id: int | None = None, programme: str = "") -> User:
    """Somebody who holds a role over a unit."""
    found = User.objects.create_user(name)
    if role:
        grant(found, role, unit_id, programme)
    return found
