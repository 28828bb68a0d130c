"""What is done to accounts."""

from datetime import datetime

from django.contrib.auth.models import Permission
from django.db import transaction

from kieumau.accounts import verbs
from kieumau.accounts.models import User
from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor


@transaction.atomic
def add_user(*, name: str, password: str, actor: Actor = None, now: datetime | None = None) -> User:
    """Somebody new who may sign in, by a password that was found good. The name must be free."""
    user = User.objects.create_user(name, password=password)
    audit.record(actor=actor, verb=verbs.ADD_USER, object=("user", user.pk), name=name, now=now)
    return user


@transaction.atomic
def let_issue(*, user: User, actor: Actor = None, now: datetime | None = None) -> None:
    """Let somebody issue criteria sets, as the programme office does. Twice does no harm."""
    permission = Permission.objects.get(content_type__app_label="criteria", codename="issue_set")
    if user.user_permissions.contains(permission):
        return
    user.user_permissions.add(permission)
    name = user.get_username()
    audit.record(actor=actor, verb=verbs.LET_ISSUE, object=("user", user.pk), name=name, now=now)
