"""Who may enter and who may review the returns of which unit."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kieumau.accounts.models import User
from kieumau.indicators.models import Figure
from kieumau.returns.access import closed_to_entry, may_enter, may_review
from kieumau.returns.models import Return
from kieumau.returns.tests.cast import World, give

pytestmark = pytest.mark.django_db

# Role and unit held; the units whose returns may be entered, reviewed. C11 and C12 lie in P1, C21 in P2.
HELD = [
    ("", "", "", ""),
    ("officer", "C11", "C11", ""),
    ("officer", "P1", "P1", ""),  # for the province's own return, not for its communes'
    ("approver", "C11", "", ""),
    ("verifier", "P1", "", "C11 C12 P1"),
    ("verifier", "N", "", "C11 C12 C21 P1"),
    ("programme_office", "P1", "", "C11 C12 P1"),
    ("auditor", "N", "", ""),
    ("administrator", "N", "", ""),
]


@pytest.mark.parametrize(("role", "unit", "entered", "reviewed"), HELD)
def test_what_each_role_may(world: World, role: str, unit: str, entered: str, reviewed: str) -> None:
    user = User.objects.create_user("chi")
    units = {code: world.country.units[code] for code in ("C11", "C12", "C21", "P1")}
    if role:
        give(user, role, world.country.units[unit])
    assert " ".join(code for code, pk in units.items() if may_enter(user, pk)) == entered
    assert " ".join(code for code, pk in units.items() if may_review(user, pk)) == reviewed
    assert (may_enter(user, None), may_review(user, None)) == (bool(entered), bool(reviewed))
    closed = set(closed_to_entry(user, list(units.values())))
    assert closed == {pk for code, pk in units.items() if code not in entered.split()}


def test_a_merged_commune_s_officer_enters_what_its_predecessors_owed(world: World) -> None:
    user = User.objects.create_user("chi")
    give(user, "officer", world.country.units["C15"])
    assert may_enter(user, world.country.units["C15"])
    assert not may_enter(user, world.country.units["C12"])


def test_nobody_and_somebody_blocked_may_nothing(world: World) -> None:
    world.an.is_active = False
    for user in (None, world.an):
        assert not may_enter(user, world.country.units["C11"])
        assert not may_review(user, None)
    assert may_enter(User(username="gốc", is_superuser=True, is_active=True), world.country.units["C11"])


# How somebody without the role is answered, and what he sees: nothing to type in, nothing to decide.
def test_the_page_without_the_role_reads_only(world: World, client: Client) -> None:
    Return.objects.update(locks_at=timezone.now() + timedelta(days=3))
    chi = User.objects.create_user("chi")
    give(chi, "officer", world.country.units["C12"])
    client.force_login(chi)
    own, other = (f"/bao-cao/{world.report(code).pk}/" for code in ("C12", "C11"))
    assert 'name="v-people"' in client.get(own).content.decode()
    assert client.get(other).status_code == 403
    give(chi, "auditor", world.country.units["C11"])
    page = client.get(other)
    assert page.status_code == 200
    assert 'name="v-people"' not in page.content.decode()
    typed = {"v-people": "931", "o-people": "", "version": "1"}
    response = client.post(other, typed)
    assert response.status_code == 403
    assert "Bạn không có quyền nhập báo cáo của đơn vị này" in response.content.decode()
    assert 'value="931"' in response.content.decode()  # still there, to be taken elsewhere
    assert client.post(f"{other}giai-trinh/", {"r-few": "vì"}).status_code == 404
    for address in (own, other):
        assert client.post(f"{address}quyet-dinh/", {"do": "accept"}).status_code == 404
    assert not Figure.objects.exists()
