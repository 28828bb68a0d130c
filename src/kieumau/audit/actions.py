"""Writing the log: the one thing every action does before it is done."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from kieumau.audit import requests
from kieumau.audit.verbs import Verb

Actor = AbstractBaseUser | str | None  # a person, the name of a command, or the installation itself
Object = tuple[str, int | str]  # its kind and its id: ("figure_source", 7)
Said = Mapping[str, Any]

_INSERT = """
    INSERT INTO audit_entry (at, actor_id, actor_name, unit_id, object_kind, object_id, object_name, verb,
        old, new, why, request_id)
    VALUES (%(at)s, %(actor_id)s, %(actor_name)s, %(unit_id)s, %(object_kind)s, %(object_id)s,
        %(object_name)s, %(verb)s, %(old)s, %(new)s, %(why)s, %(request_id)s)
"""


def record(
    *,
    actor: Actor,
    verb: Verb,
    now: datetime | None = None,
    object: Object | None = None,
    name: str = "",
    unit_id: int | None = None,
    old: Said | None = None,
    new: Said | None = None,
    why: str = "",
) -> None:
    """Write down one action, inside its transaction: both are kept, or neither.

    `now` is the moment the action speaks of, the clock's where it speaks of none. `name` is what the object
    is called now, for the day when it is gone. Of `old` and `new` only what differs is kept; they hold what
    JSON can (numbers exact, as text) and no personal data. Best called last: the chain is locked when the
    transaction ends, in the order in which its deferred work was left.
    Raises TransactionManagementError outside a transaction. Cost: a fifth of a millisecond. Whoever adds an
    entry need not be let to read it, so that nothing of it comes back.
    """
    kind, object_id = object or ("", "")
    said = {"object_kind": kind, "object_id": str(object_id), "object_name": name, "unit_id": unit_id}
    before, after = _differing(old, new)
    _insert(
        {**_named(actor), **said, "verb": verb.code, "at": now or timezone.now(), "why": why.strip()},
        before,
        after,
    )


def name_of(actor: Actor) -> str:
    """Who did it, as tables keep it beside what was done: 150 characters at most, empty for nobody."""
    return _named(actor)["actor_name"][:150]


def _insert(columns: dict[str, Any], old: Said | None, new: Said | None) -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("an action and its entry in the log are one transaction")
    columns |= {"old": _as_json(old), "new": _as_json(new), "request_id": requests.current()}
    with connection.cursor() as cursor:  # once per form that is saved: the ORM takes longer than the query
        cursor.execute(_INSERT, columns)


def _as_json(said: Said | None) -> str | None:
    return None if said is None else json.dumps(said, cls=DjangoJSONEncoder)


def _named(actor: Actor) -> dict[str, str]:
    if actor is None or isinstance(actor, str):
        return {"actor_id": "", "actor_name": actor or ""}
    return {"actor_id": str(actor.pk), "actor_name": actor.get_username()}


def _differing(old: Said | None, new: Said | None) -> tuple[Said | None, Said | None]:
    """Both without what they have in common; None where nothing is said."""
    if old is None or new is None:
        return old or None, new or None
    same = {key for key, value in old.items() if key in new and new[key] == value}
    return (
        {key: value for key, value in old.items() if key not in same} or None,
        {key: value for key, value in new.items() if key not in same} or None,
    )
