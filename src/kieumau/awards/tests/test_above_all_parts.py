"""The title of a unit that was divided is withdrawn and put right by whoever is above all of its parts."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tests.test_row_security import serving
from kieumau.awards import queries
from kieumau.awards.actions import Recognition, record_earlier, withdraw
from kieumau.awards.models import Title, Withdrawal
from kieumau.awards.rules import Decision, Ground
from kieumau.documents.models import Document
from kieumau.kernel.messages import Refused, Text
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

pytestmark = pytest.mark.django_db

UNITS = [
    ("N", "Nước Mẫu", "quoc-gia", "", ""),
    ("P", "Hải Phòng", "tinh", "N", ""),
    ("P2", "Hưng Yên", "tinh", "N", ""),
    ("HA", "Hồng An", "phuong", "P", ""),
    ("AD", "An Dương", "phuong", "P", ""),
    ("YM", "Yên Mỹ", "xa", "P2", ""),
    ("AH", "An Hưng", "phuong", "P", "2025-07-01"),
    ("TC", "Tân Châu", "xa", "P", "2025-07-01"),
]
SHARES = [("AH", "HA", "0.7"), ("AH", "AD", "0.3"), ("TC", "AD", "0.5"), ("TC", "YM", "0.5")]
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
NAME = Text(vi="Công an phường kiểu mẫu", en="Model ward police")


@pytest.fixture
def units() -> dict[str, int]:
    """On 1 July 2025 An Hưng was divided between two wards of its province, Tân Châu over two provinces."""
    keys = ("code", "name", "kind", "parent", "valid_to")
    rows = [dict(zip(keys, row, strict=True)) | {"valid_from": "2020-01-01"} for row in UNITS]
    day = {"act": "2025", "takes_effect_on": "2025-07-01", "reference": "NQ 1", "basis": "people"}
    shares = [*SHARES, *((one, one, "1") for one in ("HA", "AD", "YM"))]
    acts = [day | {"predecessor": a, "successor": b, "share": share} for a, b, share in shares]
    load_rows(rows, acts, actor=None, register="m")
    return dict(Term.objects.values_list("code", "unit_id"))


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def title(unit_id: int) -> Title:
    decision = Decision("3266/QĐ", date(2024, 12, 1), "Bộ Công an")
    said = Recognition(starts_on=date(2024, 12, 1), ends_before=date(2029, 12, 1))
    return record_earlier(unit_id, NAME, decision, said, programme=None, actor="tests", now=NOW)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# Where an office is; whose title; may it?
TABLE = [
    ("P", "AH", True),
    ("N", "AH", True),
    ("HA", "AH", False),  # most of it went there
    ("AD", "AH", False),
    ("P2", "AH", False),
    ("P", "TC", False),
    ("P2", "TC", False),
    ("N", "TC", True),
]


@pytest.mark.parametrize(("place", "unit", "may"), TABLE)
def test_who_withdraws_and_puts_right(units: dict[str, int], place: str, unit: str, may: bool) -> None:
    made = title(units[unit])
    office = User.objects.create_user("chi")
    grant(office, "programme_office", units[place])
    client = client_of(office)
    withdrawn = {"reference": "9/QĐ", "decided_on": "2026-02-01", "issuer": "Bộ Công an"}
    withdrawn |= {"ground": "standard_not_met", "reason": "Vi phạm", "compared": "on"}
    with serving():  # as the role that serves pages: the database says the same
        text = client.get(reverse("title", args=[made.pk])).content.decode()
        put = client.get(reverse("title_put_right", args=[made.pk]))
        took = client.post(reverse("title_withdraw", args=[made.pk]), withdrawn)
    assert (reverse("title_withdraw", args=[made.pk]) in text) is may
    assert (put.status_code, took.status_code) == ((200, 302) if may else (404, 404))
    assert Withdrawal.objects.filter(title=made).exists() is may


# Whose shelf the decision to withdraw is on; whose title; does it show it?
SHELVES = [("P", "AH", True), ("N", "AH", True), ("AH", "AH", True), ("HA", "AH", False), ("P", "TC", False)]


@pytest.mark.parametrize(("shelf", "unit", "shows"), SHELVES)
def test_the_decision_is_of_the_shelf_of_those_above(
    units: dict[str, int], shelf: str, unit: str, shows: bool
) -> None:
    made = title(units[unit])
    day, nation = date(2026, 2, 1), User.objects.create_user("chi")
    grant(nation, "programme_office", units["N"])
    paper = Document.objects.create(
        unit_id=units[shelf],
        kind="plan",
        summary="Thu hồi",
        issued_on=day,
        version=1,
        added_at=NOW,
        changed_at=NOW,
    )
    offered = queries.offered(nation, made.unit_id, NOW.date(), made.decided_on)
    assert (paper in offered) is shows

    def take_back() -> Withdrawal:
        decision = Decision("9/QĐ", day, "Bộ Công an")
        ground = Ground.STANDARD_NOT_MET
        return withdraw(
            made.pk, decision, ground=ground, reason="Vi phạm", document=paper, actor=nation, now=NOW
        )

    if shows:
        assert take_back().document == paper
    else:
        with pytest.raises(Refused, match="another unit"):
            take_back()


def test_earlier_titles_are_put_down_by_the_same(units: dict[str, int]) -> None:
    for number, (place, may) in enumerate({"P": True, "AD": False}.items()):
        office = User.objects.create_user(place)
        grant(office, "programme_office", units[place])
        said = {
            "unit": "An Hưng",
            "name_vi": NAME.vi,
            "name_en": NAME.en,
            "reference": f"{number}/QĐ",
            "decided_on": "2024-12-01",
            "issuer": "Bộ Công an",
            "starts_on": "2024-12-01",
        }
        with serving():
            answer = client_of(office).post(reverse("title_earlier"), said)
        assert answer.status_code == (302 if may else 422), answer.content.decode()
        assert Title.objects.filter(reference=f"{number}/QĐ").exists() is may
