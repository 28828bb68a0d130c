"""Whoever forgets the filter reads no log, no roles and no invitations of another province."""

from typing import Any

import pytest
from django.db import Error, transaction
from django.test import Client
from django.utils import timezone

from kieumau.accounts.acting import acting
from kieumau.accounts.granting import CannotEnd, Wanted, end_role, give_role
from kieumau.accounts.held import grants_in_force, today
from kieumau.accounts.models import Grant, User
from kieumau.accounts.scopes import holders, nearest_holders
from kieumau.accounts.signing.invitations import accept, invite, open_invitation
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tests.test_row_security import column, serving, units
from kieumau.audit.actions import record
from kieumau.audit.verbs import known
from kieumau.units.models import Term

__all__ = ["units"]  # a fixture
pytestmark = pytest.mark.django_db

CODES = ("N", "P1", "P2", "C11", "C12", "C21", "OLD")


def people(units: dict[str, int]) -> None:
    """Over each unit an officer named like it, an invitation and an entry of the log; an entry of no unit."""
    root = User.objects.create_superuser("root")
    for code in CODES:
        if code != "OLD":
            grant(User.objects.create_user(code), "officer", units[code])
            invite(actor=root, name=f"x-{code}", unit_id=units[code], roles=["officer"], now=timezone.now())
        record(actor="ghi", verb=known()[0], name=code, object=("tests", code), unit_id=units[code])
    record(actor="ghi", verb=known()[0], name="-", object=("tests", "-"))


# Role and unit; what `SELECT *` gives: entries of the log, roles (of whom), invitations (to where).
SEEN = [
    ("auditor", "N", "- C11 C12 C21 N OLD P1 P2", "C11 C12 C21 N P1 P2", "C11 C12 C21 N P1 P2"),
    ("auditor", "P1", "C11 C12 OLD P1", "C11 C12 N P1", "C11 C12 P1"),  # roles of those above as well
    ("administrator", "P2", "C21 P2", "C21 N P2", "C21 P2"),
    ("administrator", "N", "- C11 C12 C21 N OLD P1 P2", "C11 C12 C21 N P1 P2", "C11 C12 C21 N P1 P2"),
    ("officer", "C11", "C11 OLD", "C11 N P1", "C11"),
    ("open_data_editor", "P2", "C21 P2", "C21 N P2", "C21 P2"),
    (None, None, "", "", ""),
]


@pytest.mark.parametrize(("role", "unit", "entries", "roles", "invitations"), SEEN)
def test_a_forgotten_filter_shows_what_is_in_reach(
    units: dict[str, int], role: str | None, unit: str | None, entries: str, roles: str, invitations: str
) -> None:
    people(units)
    user = User.objects.create_user("chi")
    if role and unit:
        grant(user, role, units[unit])
    with acting(user), serving():
        logged = column("SELECT object_name FROM audit_entry WHERE object_kind = 'tests' ORDER BY 1")
        held = column(
            "SELECT u.username FROM account_grant g JOIN account_user u ON u.id = g.user_id"
            " WHERE u.username <> 'chi' ORDER BY 1"
        )
        invited = column("SELECT substr(name, 3) FROM account_invitation ORDER BY 1")
    assert (" ".join(logged), " ".join(held), " ".join(invited)) == (entries, roles, invitations)


def test_one_sees_what_one_did_oneself(units: dict[str, int]) -> None:
    people(units)
    user = User.objects.create_user("chi")
    record(actor=user, verb=known()[0], name="của tôi", unit_id=units["C21"])
    grant(user, "officer", units["C11"])
    with acting(user), serving():
        own = column("SELECT object_name FROM audit_entry WHERE actor_name = 'chi'")
        assert own == ["của tôi"]
        assert column("SELECT role FROM account_grant WHERE user_id = %s", user.pk) == ["officer"]
    with acting(None), serving():
        assert column("SELECT id FROM audit_entry UNION ALL SELECT id FROM account_grant") == []


def test_everybody_adds_to_the_log_and_gives_roles_only_in_reach(units: dict[str, int]) -> None:
    chi, binh = User.objects.create_user("chi"), User.objects.create_user("binh")
    grant(chi, "administrator", units["P1"])
    now = timezone.now()
    with acting(chi), serving():
        record(actor=chi, verb=known()[0], unit_id=units["C21"])
        given = give_role(user=binh, wanted=Wanted("officer", units["C11"]), actor=chi, now=now)
        end_role(grant_id=given.pk, reason="xong", actor=chi, now=now)
        with pytest.raises(Error), transaction.atomic():
            Grant.objects.create(
                user=binh, role="officer", unit_id=units["C21"], starts_on=today(), given_at=now
            )


# What somebody tries with a grant of his own, or of whom he looks after: what comes of it.
CHANGES = [
    ("role = 'administrator'", "ended_at IS NULL", False),
    ("unit_id = {N}", "ended_at IS NULL", False),
    ("programme = ''", "ended_at IS NULL", False),
    ("ends_before = NULL", "ended_at IS NULL", False),
    ("given_by_id = NULL", "ended_at IS NULL", False),
    ("ended_at = NULL, ended_by_id = NULL, end_reason = ''", "ended_at IS NOT NULL", False),
    ("end_reason = 'khác'", "ended_at IS NOT NULL", False),
    ("end_reason = ''", "ended_at IS NULL", False),
    ("ended_at = now(), end_reason = 'xong'", "ended_at IS NULL", True),
]


@pytest.mark.parametrize(("change", "which", "may"), CHANGES)
@pytest.mark.parametrize("who", ["chi", "office"])
def test_a_grant_only_ends(units: dict[str, int], change: str, which: str, may: bool, who: str) -> None:
    chi, office, now = User.objects.create_user("chi"), User.objects.create_user("office"), timezone.now()
    grant(office, "administrator", units["P1"])
    for role in ("officer", "approver"):
        grant(chi, role, units["C11"])
    first = Grant.objects.filter(user=chi).order_by("pk")[0]
    end_role(grant_id=first.pk, reason="xong", actor="tests", now=now)
    sql = f"UPDATE account_grant SET {change.format(**units)} WHERE user_id = %s AND {which} RETURNING id"
    with acting(User.objects.get(username=who)), serving():
        try:
            with transaction.atomic():
                done = column(sql, chi.pk)
        except Error:
            done = []
    assert bool(done) is may


@pytest.mark.parametrize("column_", ["is_superuser", "is_staff"])
def test_nobody_is_made_a_superuser_by_whoever_serves(column_: str, units: dict[str, int]) -> None:
    chi, chief = User.objects.create_user("chi"), User.objects.create_superuser("chief")
    with acting(chi), serving():
        for wrong in (
            lambda: User.objects.filter(pk=chi.pk).update(**{column_: True}),
            lambda: User.objects.create(username="moi", **{column_: True}),
        ):
            with pytest.raises(Error, match="command line"), transaction.atomic():
                wrong()
        chief.last_login = chi.last_login = timezone.now()
        chief.save()  # every column, as it stood
        chi.save()
    chi.refresh_from_db()
    assert not getattr(chi, column_)


def test_one_gives_ones_own_role_back(units: dict[str, int]) -> None:
    chi = User.objects.create_user("chi")
    (given,) = grant(chi, "officer", units["C11"])
    with acting(chi), serving():
        end_role(grant_id=given.pk, reason="nghỉ hưu", actor=chi, now=timezone.now())
        with pytest.raises(CannotEnd):
            end_role(grant_id=given.pk, reason="nghỉ hưu", actor=chi, now=timezone.now())
    given.refresh_from_db()
    assert given.ended_by == chi


def test_who_is_to_be_told_is_known_wherever_he_is(units: dict[str, int]) -> None:
    """A ward tells its partner in another province, though it sees no role there."""
    people(units)
    chi = User.objects.create_user("chi")
    grant(chi, "officer", units["C11"])
    verifier = User.objects.create_user("verifier")
    grant(verifier, "verifier", units["P2"])
    with acting(chi), serving():
        for found, who in (
            (holders("rounds.assess", units["C21"]), ["C21"]),
            (nearest_holders("rounds.verify", units["C21"]), ["verifier"]),
        ):
            assert [one.username for one in User.objects.filter(pk__in=found)] == who
        assert [one.role for one in grants_in_force(verifier, today())] == ["verifier"]


def test_an_invitation_is_accepted_by_nobody_yet(units: dict[str, int]) -> None:
    chi, now = User.objects.create_user("chi"), timezone.now()
    grant(chi, "administrator", units["P1"])
    with acting(chi), serving():
        made, secret = invite(actor=chi, name="mới", unit_id=units["C11"], roles=["officer"], now=now)
    with acting(None), serving():
        assert open_invitation(secret, now=now) == made
        user = accept(invitation_id=made.pk, password="mật khẩu dài 12", now=now)
        assert column("SELECT id FROM account_grant") == []
    assert Grant.objects.get(user=user).given_by == chi


def test_a_second_factor_is_asked_of_whoever_is_just_coming_in(units: dict[str, int], settings: Any) -> None:
    settings.KIEUMAU_SECOND_FACTOR = {"auditor"}
    chi = User.objects.create_user("chi", password="mật khẩu dài 12")
    grant(chi, "auditor", units["P1"])
    with serving():
        client = Client()
        client.post("/dang-nhap/", {"username": "chi", "password": "mật khẩu dài 12"})
        assert client.session.get("second_factor_due") is True
    assert Term.objects.exists()
