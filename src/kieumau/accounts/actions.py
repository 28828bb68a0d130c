"""What is done to accounts."""

from datetime import datetime

from django.db import transaction

from kieumau.accounts import verbs
from kieumau.accounts.models import User
from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor


@transaction.atomic
def add_user(*, name: str, password: str | None, actor: Actor = None, now: datetime | None = None) -> User:
    """Somebody new who may sign in, by a password that was found good; without one: not yet.

    The name must be free.
    """
    user = User.objects.create_user(name, password=password)
    audit.record(actor=actor, verb=verbs.ADD_USER, object=("user", user.pk), name=name, now=now)
    return user
