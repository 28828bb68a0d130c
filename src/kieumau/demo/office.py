"""The account of the programme office in the demo, so that a newcomer can sign in at once."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from kieumau.accounts.actions import let_issue
from kieumau.accounts.models import User

NAME = "van-phong"
FILE = "demo-account"


@dataclass(frozen=True, slots=True)
class Account:
    """A name and its password, to be told to whoever started the demo."""

    name: str
    password: str


def office_account(home: Path) -> Account:
    """The account that may write and issue criteria sets; made once, the same each time.

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
    let_issue(user=user, actor="kieumau demo")
    return Account(NAME, password)
