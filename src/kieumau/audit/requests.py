"""Which request an entry belongs to: one id for all that one click, one file or one command did."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

# What a proxy in front may have given: 8 to 64 letters, digits and -_. so that nothing else is kept.
_GOOD = re.compile(r"[A-Za-z0-9._-]{8,64}")
_current: ContextVar[str] = ContextVar("kieumau_request", default="")


def checked(given: str) -> str:
    """The id as it was given, where it looks like one; otherwise a new one."""
    return given if _GOOD.fullmatch(given) else uuid.uuid4().hex


@contextmanager
def within(given: str = "") -> Iterator[str]:
    """Whatever is recorded inside carries this id; a new one where none, or no good one, is given."""
    token = _current.set(checked(given))
    try:
        yield _current.get()
    finally:
        _current.reset(token)


def current() -> str:
    """The id of what is going on. Outside a request the run itself gets one, once: a command is one run."""
    if not _current.get():
        _current.set(f"run-{uuid.uuid4().hex}")
    return _current.get()


def actor_of(request: HttpRequest) -> AbstractBaseUser | None:
    """Who acts: the person who has signed in, with id and name."""
    return request.user if isinstance(request.user, AbstractBaseUser) else None
