"""The account of the programme office in the demo, so that a newcomer can sign in at once."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from kieumau.accounts.granting import Wanted, give_role
from kieumau.accounts.held import today
from kieumau.accounts.models import Grant, User
from kieumau.units.queries import terms

NAME = "van-phong"
ROLES = ("programme_office", "auditor")
ACTOR = "kieumau demo"
FILE = "demo-account"


@dataclass(frozen=True, slots=True)
class Account:
    """A name and its password, to be told to whoever started the demo."""

    name: str
    password: str


def office_account(home: Path) -> Account:
    """The account of the programme office of every country loaded; made once, the same each time.

    The random password is kept in the home folder, for its owner's eyes only. Where the file is gone,
    or the password was changed since, the account gets a new one.
    """
    path = home / FILE
    password = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
    user = User.objects.filter(username=NAME).first() or User(username=NAME)
    if not password:
        password = secrets.token_urlsafe(12)
        home.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(f"{password}\n", encoding="utf-8")
    if not user.pk or not user.check_password(password):
        user.set_password(password)
        user.save()
    _give(user)
    return Account(NAME, password)


def _give(user: User) -> None:
    """Its roles over every country there is, unless it holds them."""
    countries = terms(today()).filter(parent=None).values_list("unit_id", flat=True)
    held = set(Grant.objects.in_force(today()).filter(user=user).values_list("role", "unit_id"))
    for wanted in (Wanted(role, unit_id) for unit_id in countries for role in ROLES):
        if (wanted.role, wanted.unit_id) not in held:
            give_role(user=user, wanted=wanted, actor=ACTOR, now=timezone.now())
