"""The account of the demo: the same each time, its password for its owner's eyes only."""

import stat
from pathlib import Path

import pytest

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import countries
from kieumau.demo.office import FILE, office_account


@pytest.mark.django_db
def test_the_account_may_issue_and_stays_the_same(tmp_path: Path) -> None:
    countries()
    home = tmp_path / "home"
    account = office_account(home)
    user = User.objects.get(username=account.name)
    assert user.check_password(account.password)
    assert user.has_perm("criteria.issue_set")
    assert not user.is_superuser
    assert len(account.password) >= 16
    assert stat.S_IMODE((home / FILE).stat().st_mode) == 0o600
    assert office_account(home) == account


@pytest.mark.django_db
def test_a_lost_file_gives_a_new_password(tmp_path: Path) -> None:
    account = office_account(tmp_path)
    (tmp_path / FILE).unlink()
    again = office_account(tmp_path)
    assert again.password != account.password
    assert User.objects.get(username=again.name).check_password(again.password)


@pytest.mark.django_db
def test_a_password_that_was_changed_is_the_one_in_the_file_again(tmp_path: Path) -> None:
    account = office_account(tmp_path)
    user = User.objects.get(username=account.name)
    user.set_password("khác hẳn đi rồi")
    user.save()
    assert office_account(tmp_path) == account
    assert User.objects.get(username=account.name).check_password(account.password)
